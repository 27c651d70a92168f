"""Says where an answer breaks the contract."""

from collections.abc import Iterator
from typing import Any

import jsonschema_rs

from .operations import Document, Operation

_BASE = "contract:///openapi"


class Validators:
    """The schemas of all answers, compiled once each, when first asked for."""

    def __init__(self, document: Document) -> None:
        self._registry = jsonschema_rs.Registry([(_BASE, {"components": document["components"]})])
        self._compiled: dict[tuple[str, int, str], jsonschema_rs.Draft202012Validator] = {}

    def violations(self, operation: Operation, status: int, media_type: str | None, document: Any) -> Iterator[str]:
        """Yield one sentence for each place where an answer is not what the contract says; nothing when it is."""
        contents = operation.responses.get(status)
        if contents is None:
            yield f"status {status} is not documented for {operation}; known: {', '.join(map(str, operation.responses))}"
            return
        essence = (media_type or "").partition(";")[0]
        if essence not in contents:
            yield f"{essence or 'no content type'} is not documented for {operation} {status}; known: {', '.join(contents)}"
            return
        for error in self._validator(operation, status, essence).iter_errors(document):
            where = ".".join(map(str, error.instance_path))
            yield f"{where or 'body'}: {error.message}"

    def _validator(self, operation: Operation, status: int, essence: str) -> jsonschema_rs.Draft202012Validator:
        key = (operation.id, status, essence)
        if key not in self._compiled:
            self._compiled[key] = jsonschema_rs.Draft202012Validator(
                _absolute(operation.responses[status][essence]), registry=self._registry, validate_formats=True
            )
        return self._compiled[key]


def _absolute(schema: Any) -> Any:
    """Return the schema with its local references pointing into the registry."""
    if isinstance(schema, dict):
        return {
            key: _BASE + value if key == "$ref" and value.startswith("#") else _absolute(value)
            for key, value in schema.items()
        }
    return [_absolute(item) for item in schema] if isinstance(schema, list) else schema
