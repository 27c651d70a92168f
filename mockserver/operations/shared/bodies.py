"""Reads a body as Medusa does: it is described once, field by field, in the order in which the real server complains (tests/facts/carts.md 2)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from ...contract import Document
from ...express.bodies import TOO_DEEP
from ...express.errors import invalid_data, unknown_error
from . import javascript
from .validation import NO_MAPPING, TOLERATED, none_of


@dataclass(frozen=True, slots=True)
class Field:
    """
    A field by its name, of any value; one that is not `required` may be left out, and null stands for that.

    `filled` tells that it must not be empty either.
    """

    name: str
    required: bool = False
    filled: bool = False
    message: ClassVar[str] = ""

    def faults(self, body: Document) -> Iterator[str]:
        """Yield what is said of the value that a body has for it."""
        value = body.get(self.name)
        if value is None and not self.required:
            return
        if not self.fits(value):
            yield f"{self.name} {self.message}"
        if self.filled and value in (None, ""):
            yield f"{self.name} should not be empty"

    def fits(self, _value: Any) -> bool:
        return True


class Text(Field):
    """A text."""

    message: ClassVar[str] = "must be a string"

    def fits(self, value: Any) -> bool:
        return isinstance(value, str)


class Integer(Field):
    """A whole number."""

    message: ClassVar[str] = "must be an integer number"

    def fits(self, value: Any) -> bool:
        return type(value) is int


class Object(Field):
    """A mapping."""

    message: ClassVar[str] = "must be an object"

    def fits(self, value: Any) -> bool:
        return isinstance(value, dict)


@dataclass(frozen=True, slots=True)
class Items(Field):
    """A list of mappings, each with `fields` of its own; a mapping instead of the list is looked at like one of its items."""

    fields: tuple[Field, ...] = ()

    def faults(self, body: Document) -> Iterator[str]:
        value = body.get(self.name)
        if value is None and not self.required:
            return
        if not isinstance(value, list):
            yield f"{self.name} must be an array"
        if self.name not in body:
            return
        for item in _flat(value):
            if isinstance(item, dict):
                yield from faults(item, self.fields)
            else:
                yield f"each value in nested property {self.name} must be either object or array"


def _flat(value: Any) -> Iterator[Any]:
    """Yield what lists hold, however deep; a value that is no list is alone."""
    if isinstance(value, list):
        for one in value:
            yield from _flat(one)
    else:
        yield value


@dataclass(frozen=True, slots=True)
class ObjectOrText(Field):
    """A mapping of a `kind` with `fields` of its own, or a text; what is said of another replaces all other complaints."""

    kind: str = ""
    fields: tuple[Field, ...] = ()

    def faults(self, body: Document) -> Iterator[str]:
        value = body.get(self.name)
        if value is None or isinstance(value, str):
            return
        found = list(faults(value, self.fields)) if isinstance(value, dict) else [NO_MAPPING]
        if found:
            shown = javascript.text(value)
            text = f"String validation failed: {shown} is not a string"
            raise none_of(self.name, f"{self.kind},String", {"String": [text], self.kind: found})
        yield from ()


def mapping(body: Any) -> Document:
    """Return a body that is a mapping; raise VendorError for any other."""
    if body == TOO_DEEP:
        raise unknown_error()
    if isinstance(body, list):
        raise invalid_data(NO_MAPPING)
    found: Document = body
    return found


def read(body: Any, fields: Iterable[Field], *, lists: bool = True) -> Document:
    """
    Return a body whose fields are as they have to be; an empty list passes for an empty body, where `lists` may.

    Raises VendorError with all that is wrong: unknown keys in the order in which they were sent, then what is said of the
    fields in their own order.
    """
    if not lists or body == TOO_DEEP:
        body = mapping(body)
    if isinstance(body, list):
        body, fields = {str(place): item for place, item in enumerate(body)}, ()
    found = list(faults(body, tuple(fields)))
    if found:
        raise invalid_data(", ".join(found))
    read: Document = body
    return read


def faults(body: Document, fields: tuple[Field, ...]) -> Iterator[str]:
    """Yield what is wrong with a mapping."""
    known = {field.name for field in fields} | TOLERATED
    for key in body:
        if key not in known:
            yield f"property {key} should not exist"
    for field in fields:
        yield from field.faults(body)


ADDRESS = (  # an AddressPayload
    Text("first_name"), Text("last_name"), Text("phone"), Object("metadata"), Text("company"), Text("address_1"),
    Text("address_2"), Text("city"), Text("country_code"), Text("province"), Text("postal_code"),
)  # fmt: skip
