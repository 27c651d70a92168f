"""What Medusa answers for an operation and an error status, when nobody said more than the status."""

import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import yaml

from .document import LOADER
from .operations import Operation

Document = dict[str, Any]
_PLACEHOLDER = re.compile(r"\{(\w+)\}")  # never str.format, where `{id.__class__}` would run


class DefaultReplies:
    """The table `errors.yaml`: operation and status to a document with the path's values filled in."""

    def __init__(self) -> None:
        with (files(__package__) / "errors.yaml").open(encoding="utf-8") as text:
            self._table: dict[str, dict[int, Document | str]] = yaml.load(text, Loader=LOADER)  # noqa: S506

    def template(self, operation: Operation, status: int) -> Document | str | None:
        """Return the document with its placeholders, a text, or None when the table has no such status."""
        return self._table.get(operation.name, {}).get(status, self._table["default"].get(status))


def fill(template: Any, parameters: Mapping[str, str]) -> Any:
    """Return a copy of a template whose texts hold the path's values instead of `{id}` and `{session_id}`."""
    if isinstance(template, str):
        return _PLACEHOLDER.sub(lambda found: parameters.get(found[1], found[0]), template)
    if isinstance(template, dict):
        return {key: fill(value, parameters) for key, value in template.items()}
    if isinstance(template, list):
        return [fill(value, parameters) for value in template]
    return template
