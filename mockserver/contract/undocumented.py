"""Finds what an answer says beyond the contract where the contract does not forbid it: fields of no schema."""

from collections.abc import Iterator
from typing import Any

from .operations import Document, resolve

_SCHEMAS = "#/components/schemas/"


def undocumented(document: Document, schema: Document, value: Any, name: str = "") -> Iterator[str]:
    """Yield `PaymentSession.colour` for each field that a value's schemas do not have; what they forbid breaks the contract."""
    choices = list(_choices(document, schema, name))
    if isinstance(value, list):
        for item in value:
            for owner, choice in choices:
                if "items" in choice:
                    yield from undocumented(document, choice["items"], item, owner)
    elif isinstance(value, dict):
        objects = [(owner, choice) for owner, choice in choices if "properties" in choice]
        if not objects or any("additionalProperties" in choice for _, choice in objects):
            return  # whatever it likes, or nothing else at all
        for key, inner in value.items():
            properties = [
                (owner, choice["properties"][key]) for owner, choice in objects if key in choice["properties"]
            ]
            if not properties:
                yield f"{objects[0][0]}.{key}"
            for owner, property in properties:
                yield from undocumented(document, property, inner, f"{owner}.{key}")


def _choices(document: Document, schema: Document, name: str) -> Iterator[tuple[str, Document]]:
    """Yield the schemas that a value may follow, each with what it is called: its own name, or the field that it is in."""
    if "$ref" in schema:
        named = schema["$ref"].removeprefix(_SCHEMAS)
        yield from _choices(document, resolve(document, schema), name if "/" in named else named)
        return
    yield name, schema
    for kind in ("anyOf", "oneOf", "allOf"):
        for choice in schema.get(kind, ()):
            yield from _choices(document, choice, name)
