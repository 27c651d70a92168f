"""What Medusa answers for an operation and an error status, when nobody said more than the status."""

import re
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any

import yaml

from .document import LOADER
from .operations import Operation

Document = dict[str, Any]
PLACEHOLDER = re.compile(r"\{(\w+)\}")  # never str.format, where `{id.__class__}` would run


class DefaultReplies:
    """The table `errors.yaml`: operation and status to a document with the path's values filled in."""

    def __init__(self) -> None:
        with (files(__package__) / "errors.yaml").open(encoding="utf-8") as text:
            self._table: dict[str, dict[int, Document | str]] = yaml.load(text, Loader=LOADER)  # noqa: S506

    def template(self, operation: Operation, status: int) -> Document | str | None:
        """Return the document with its placeholders, a text, or None when the table has no such status."""
        return self._table.get(operation.id, {}).get(status, self._table["default"].get(status))


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
