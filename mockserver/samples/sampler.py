"""Invents documents that a schema accepts, the same ones for the same question."""

import hashlib
import re
from base64 import b32encode
from collections.abc import Callable, Container, Iterator, Mapping
from threading import local
from typing import Any

from ..clock import isoformat
from ..contract import Contract, Document, Operation, resolve
from .kinship import KEYS, agree, name

BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U (tests/facts/server.md 2)
_CROCKFORD = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", BASE32.encode())
YEAR_2024 = 1_704_067_200_000
_ID = re.compile(r"([a-z]+)_[0-9A-HJKMNP-TV-Z]{26}")
_AMOUNT = re.compile(r"(^|_)(amount|total|subtotal|price)$")
_DEPTH = 12  # the deepest chain of required references in the contract is 3


class Draw:
    """
    One document in the making: each value depends on the seed and its own place, never on what was drawn before.

    `now` is the document's latest time, in milliseconds.
    """

    __slots__ = ("_seed", "now")

    def __init__(self, seed: str, now: int) -> None:
        self._seed = seed
        self.now = now

    def number(self, place: str) -> int:
        """Return a 128-bit number that belongs to a place of the document."""
        return int.from_bytes(
            hashlib.blake2b(f"{self._seed} {place}".encode(errors="replace"), digest_size=16).digest(), "big"
        )

    def between(self, place: str, low: int, high: int) -> int:
        """Return an integer from `low` to `high`, both included."""
        return low + self.number(place) % (high - low + 1)

    def identifier(self, place: str, prefix: str) -> str:
        """Return an id as Medusa writes it: prefix and ULID, whose time lies in 2024 whatever the clock says."""
        number = self.number(place)
        return f"{prefix}_{_ulid(YEAR_2024 + (number >> 80) % 31_536_000_000, number)}"

    def faker(self, place: str) -> Any:
        """Return a Faker of its own for a place."""
        faker = _faker()
        faker.seed_instance(f"{self._seed} {place}")
        return faker


Maker = Callable[[Draw, str], Any]


class Sampler:
    """Makes documents for the schemas of a contract; schemas are compiled once, when first asked for."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._makers: dict[str, Maker] = {}
        self._fields: dict[str, list[tuple[str, Maker]]] = {}

    def answer(self, operation: Operation, parameters: Mapping[str, str], seed: str, now: int) -> Any:
        """
        Return what an operation answers where all goes well, with the ids that were asked for in the entities they name.

        It is a document, a text, or None where the answer has no body.

        The same seed, operation and parameters give the same document, apart from its times.
        """
        place = " ".join(f"{key}={value}" for key, value in sorted(parameters.items()))
        draw = Draw(f"{seed} {operation.id} {place}", now)
        schema = operation.schema(operation.success)
        document = None if schema is None else self._maker(operation.id, schema)(draw, "")
        if isinstance(document, dict):
            name(document, operation, parameters)
            agree(document)
        return document

    def entity(self, schema: str, key: str, seed: str, now: int, known: Container[str] = ()) -> Document:
        """
        Return an entity such as `PaymentSession`, its required fields only; `key` tells it from its like.

        Fields that are `known` are left out.
        """
        if schema not in self._fields:
            self._fields[schema] = _Compiler(self._contract.document).fields(schema)
        draw = Draw(f"{seed} {schema} {key}", now)
        return {name: make(draw, f".{name}") for name, make in self._fields[schema] if name not in known}

    def _maker(self, key: str, schema: Document) -> Maker:
        if key not in self._makers:
            self._makers[key] = _Compiler(self._contract.document).compile(schema, "", frozenset())
        return self._makers[key]


def _usual(schema: Document, name: str) -> Iterator[str]:
    """Yield the dotted paths of what an answer usually holds although its schema does not require it: columns, relations."""
    expanded = schema.get("x-expanded-relations", {})
    for relation in expanded.get("relations", ()):
        yield f"{expanded['field']}.{relation}"
    for field in schema.get("x-usual", ()):
        yield f"{name}.{field}" if name else field


class _Compiler:
    """Turns a schema into a function; what the schema says is decided here, once, and only drawing is left to do."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def compile(self, schema: Document, name: str, usual: frozenset[str], depth: int = 0) -> Maker:
        if depth > _DEPTH:
            raise RecursionError(f"the schema of {name!r} requires itself")  # a contract without any finite answer
        schema = resolve(self._document, schema)
        usual |= frozenset(_usual(schema, name))
        for keyword in ("anyOf", "oneOf"):
            if keyword in schema:
                return self._choice(schema[keyword], name, usual, depth)
        kinds = schema.get("type", "object")
        if "enum" in schema or "default" in schema or "const" in schema:
            fixed = schema.get("default", schema.get("const", schema.get("enum", [None])[0]))
            return lambda _draw, _place: fixed
        if "null" in kinds and isinstance(kinds, list):
            if "examples" not in schema:
                return lambda _draw, _place: None
            kinds = next(kind for kind in kinds if kind != "null")  # null is allowed, yet an example says what is usual
        if kinds == "object":
            return self._object(schema, name, usual, depth)
        if kinds == "array":
            return self._array(schema, name, usual, depth)
        return _scalar(kinds, schema, name)

    def fields(self, schema: str) -> list[tuple[str, Maker]]:
        """Return what draws the required fields of an entity, one by one."""
        entity = resolve(self._document, {"$ref": f"#/components/schemas/{schema}"})
        return self._fields_of(entity, "", frozenset(), 0)

    def _choice(self, choices: list[Document], name: str, usual: frozenset[str], depth: int) -> Maker:
        if {"type": "null"} in choices and not _wanted(name, usual):
            return lambda _draw, _place: None
        first = next(choice for choice in choices if choice != {"type": "null"})
        return self.compile(first, name, usual, depth + 1)

    def _object(self, schema: Document, name: str, usual: frozenset[str], depth: int) -> Maker:
        fields = self._fields_of(schema, name, usual, depth)
        return lambda draw, place: {key: make(draw, f"{place}.{key}") for key, make in fields}

    def _fields_of(self, schema: Document, name: str, usual: frozenset[str], depth: int) -> list[tuple[str, Maker]]:
        required = schema.get("required", ())
        fields: list[tuple[str, Maker]] = []
        for key, value in schema.get("properties", {}).items():
            inner = f"{name}.{key}" if name else key
            if key in required or _wanted(inner, usual):
                named = self._named(schema, key, value)
                fields.append((key, self.compile(named, inner, usual, depth + 1)))
        return fields

    def _named(self, schema: Document, column: str, value: Document) -> Document:
        """Return the schema of the id that a column such as `region_id` holds, where `region` is beside it; else its own."""
        relation, _, key = column.rpartition("_")
        own = resolve(self._document, value)
        if key not in KEYS or own.get("type") != "string" or own.keys() & {"examples", "enum", "default"}:
            return value
        beside = resolve(self._document, schema["properties"].get(relation, {}))
        for choice in (beside, *beside.get("anyOf", ())):
            found: Document = resolve(self._document, choice).get("properties", {}).get(key, value)
            if found is not value:
                return found
        return value

    def _array(self, schema: Document, name: str, usual: frozenset[str], depth: int) -> Maker:
        if not (_wanted(name, usual) or schema.get("minItems")):
            return lambda _draw, _place: []
        item = self.compile(schema["items"], name, usual, depth + 1)
        return lambda draw, place: [item(draw, f"{place}.0")]


def _wanted(name: str, usual: frozenset[str]) -> bool:
    return any(one == name or one.startswith(f"{name}.") for one in usual)


def _scalar(kind: str, schema: Document, name: str) -> Maker:
    """Return what draws a text, a number or a boolean."""
    key = name.rpartition(".")[2]
    if kind == "boolean":
        return lambda _draw, _place: False
    if kind in ("integer", "number"):
        return _number(schema, key)
    if schema.get("format") == "date-time":
        back = {"created_at": 2000, "updated_at": 1000}.get(key, 0)  # created before updated before all the rest
        return lambda draw, _place: isoformat(draw.now - back)
    return _text(schema, key)


def _number(schema: Document, key: str) -> Maker:
    """Return what draws an amount in minor units, or the number that the schema names."""
    if _AMOUNT.search(key):
        return lambda draw, place: draw.between(place, 5, 500) * 100
    fixed = _example(schema, schema.get("minimum", 0))
    return lambda _draw, _place: fixed


def _text(schema: Document, key: str) -> Maker:
    """Return what draws an id, repeats an example such as `eur`, or asks Faker for free text."""
    example = _example(schema, None)
    found = _ID.fullmatch(str(example))
    if found:
        prefix = found[1]
        return lambda draw, place: draw.identifier(place, prefix)
    return _free_text(key) if example is None else lambda _draw, _place: example


def _example(schema: Document, otherwise: Any) -> Any:
    return next(iter(schema.get("examples", ())), schema.get("example", otherwise))


def _free_text(key: str) -> Maker:
    """Return what asks Faker for a text that suits a field's name, or for a word."""
    provider = {
        "email": "email", "phone": "phone_number", "first_name": "first_name", "last_name": "last_name",
        "name": "street_name", "company": "company", "city": "city", "address_1": "street_address", "title": "catch_phrase",
        "description": "sentence", "postal_code": "postcode", "url": "url", "ip": "ipv4",
    }.get(key, "word")  # fmt: skip
    return lambda draw, place: getattr(draw.faker(place), provider)()


def _ulid(milliseconds: int, entropy: int) -> str:
    """Return the 26 characters of a ULID: 48 bits of time, then 80 of entropy."""
    number = (milliseconds << 80) | (entropy & ((1 << 80) - 1))
    return b32encode(number.to_bytes(20, "big")).translate(_CROCKFORD)[6:].decode()  # 130 of 160 bits


class _Fakers(local):
    """The Faker of each thread, for one that is seeded in another between two draws tells another text."""

    faker: Any = None


_FAKERS = _Fakers()


def _faker() -> Any:
    """Return the thread's one Faker, imported late: its words take longer to load than all else, and most answers need none."""
    if _FAKERS.faker is None:
        from faker import Faker  # noqa: PLC0415

        _FAKERS.faker = Faker()
    return _FAKERS.faker
