"""What is said of what comes back: fields in the order of the real server's messages (tests/facts/orders.md 5)."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from typing import Any

from ...contract import Document
from ..shared.bodies import Field, Items, Text, faults


class Filled(Field):
    """A text that is not empty."""

    def faults(self, body: Document) -> Iterator[str]:
        value = body.get(self.name)
        if value in (None, ""):
            yield f"{self.name} should not be empty"
        if not isinstance(value, str):
            yield f"{self.name} must be a string"


class Quantity(Field):
    """A number from one on, though it be a fraction."""

    def faults(self, body: Document) -> Iterator[str]:
        value: Any = body.get(self.name)
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not (is_number and value >= 1):
            yield f"{self.name} must not be less than 1"
        if not is_number or value == inf:  # which JSON has no word for, and 1e999 is read as
            yield f"{self.name} must be a number conforming to the specified constraints"


@dataclass(frozen=True, slots=True)
class Nested(Field):
    """A mapping with `fields` of its own; a list of such passes as well."""

    fields: tuple[Field, ...] = ()

    def faults(self, body: Document) -> Iterator[str]:
        value = body.get(self.name)
        if value is None:
            return
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                yield from faults(one, self.fields)
            else:
                yield f"nested property {self.name} must be either object or array"


ITEM = (Filled("item_id"), Quantity("quantity"), Text("reason_id"), Text("note"))
RETURN = (
    Filled("order_id"),
    Items("items", required=True, fields=ITEM),
    Nested("return_shipping", fields=(Filled("option_id"),)),
)


def items(listed: list[Any]) -> list[Document]:
    """Return what a body lists; a list passes for a mapping, and names nothing."""
    return [one if isinstance(one, dict) else {} for one in listed]


def option_id(shipping: Any) -> str | None:
    """Return which option a body names; a list passes for a mapping, and names none."""
    return shipping["option_id"] if isinstance(shipping, dict) else None
