"""What Medusa answers for an operation and an error status, when a scenario names only the status."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .operations import Operation

Document = dict[str, Any]
PLACEHOLDER = re.compile(r"\{(\w+)\}")  # never str.format, where `{id.__class__}` would run


class DefaultReplies:
    """The tables of `errors/`: the body for an operation and a status, for an entity, and in general."""

    def __init__(self, tables: Document) -> None:
        self._operations: dict[str, dict[str, Document | str]] = tables["operations"]
        self._statuses: dict[str, Document | str] = tables["statuses"]
        self._messages: dict[str, dict[str, str]] = tables["messages"]

    def __iter__(self) -> Iterator[str]:
        """Yield the ids of the operations that have answers of their own."""
        return iter(self._operations)

    def template(self, operation: Operation, status: int) -> Document | str | None:
        """Return the document with its placeholders, a text, or None when the tables have no such status."""
        own = self._operations.get(operation.id, {}).get(str(status))
        if own is not None:
            return own
        general = self._statuses.get(str(status))
        message = self._message(operation, str(status))
        return general if message is None or not isinstance(general, dict) else general | {"message": message}

    def _message(self, operation: Operation, status: str) -> str | None:
        """Return the body for a status of the entity that the path names first; None where it names none."""
        for parameter in operation.path_parameters:
            entity = operation.entities.get(parameter)
            if entity is not None:
                template = {**self._messages["any"], **self._messages.get(entity, {})}.get(status)
                words = {"entity": entity.capitalize().replace("_", " "), "table": entity.capitalize()}
                return template and fill(template, {**words, "id": f"{{{parameter}}}"})
        return None


def fill(template: Any, parameters: Mapping[str, str]) -> Any:
    """Return a copy of a template whose texts hold the path's values instead of `{id}` and `{session_id}`."""
    if isinstance(template, str):
        return filler(template)(parameters)
    if isinstance(template, dict):
        return {key: fill(value, parameters) for key, value in template.items()}
    if isinstance(template, list):
        return [fill(value, parameters) for value in template]
    return template


def filler(template: str) -> Callable[[Mapping[str, str]], str]:
    """Return what fills a text, which is taken apart only now; what names no value stays as it is."""
    first, *rest = PLACEHOLDER.split(template)
    if not rest:
        return lambda _parameters: template
    names, texts = rest[::2], rest[1::2]
    if len(names) == 1 and not first and not texts[0]:  # `{id}` alone, as most headers are
        name = names[0]
        return lambda parameters: parameters.get(name, template)
    return lambda parameters: (
        first + "".join([parameters.get(name, f"{{{name}}}") + text for name, text in zip(names, texts, strict=True)])
    )
