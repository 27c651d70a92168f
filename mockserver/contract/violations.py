"""Says where an answer breaks the contract."""

from collections.abc import Iterator
from typing import Any

import jsonschema_rs

from ..errors import unknown
from .operations import Document, Operation, choices, is_list, lent, resolve

Place = tuple[str | int, ...]
Problem = tuple[Place, str]
LONGEST = 300  # characters of a sentence, which may repeat what was written
_BASE = "contract:///openapi"


class Validators:
    """The schemas of all answers, compiled once each, when first asked for."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._schemas = Schemas(document["components"]["schemas"])
        self._ready: dict[tuple[str, int, str | None], jsonschema_rs.Draft202012Validator] = {}
        self._compiled: dict[tuple[str, int, str], jsonschema_rs.Draft202012Validator] = {}
        self._properties: dict[int, jsonschema_rs.Draft202012Validator] = {}  # by identity: the document stays as it is

    def is_valid(self, operation: Operation, status: int, media_type: str | None, document: Any) -> bool:
        """Tell whether an answer is known to be what the contract says; of one whose like was never looked at it is not."""
        ready = self._ready.get((operation.id, status, media_type))
        return ready is not None and ready.is_valid(document)

    def violations(self, operation: Operation, status: int, media_type: str | None, document: Any) -> Iterator[str]:
        """Yield one sentence for each place where an answer is not what the contract says; nothing when it is."""
        contents = operation.responses.get(status)
        if contents is None:
            yield f"status {status} is not documented for {operation}; known: {', '.join(map(str, operation.responses))}"
            return
        essence = (media_type or "").partition(";")[0]
        if not contents:
            if essence:
                yield f"{essence} is not documented for {operation} {status}, which has no body"
            return
        if essence not in contents:
            yield f"{essence or 'no content type'} is not documented for {operation} {status}; known: {', '.join(contents)}"
            return
        validator = self._ready[operation.id, status, media_type] = self._validator(operation, status, essence)
        for error in validator.iter_errors(document):
            where = ".".join(map(str, error.instance_path))
            yield f"{where or 'body'}: {_shortened(error.message)}"

    def partial(self, schema: Document, entity: Any) -> Iterator[Problem]:
        """Yield place and sentence for what a partly written entity says wrong; what it does not say is not missed."""
        for place, properties, value in self._fields(schema, entity, ()):
            name = str(place[-1])
            if name not in properties:
                yield place, unknown("field", name, list(properties))
                continue
            property = lent(self._document, properties[name])
            if _target(property) and isinstance(value, (dict, list)):
                yield from _misshapen(property, value, place)
            else:
                for error in self._of_property(property).iter_errors(value):
                    yield place, _shortened(error.message)

    def unknown_fields(self, schema: Document, entity: Any) -> Iterator[Problem]:
        """Yield place and sentence for each field of a partly written entity that is none, whatever the others hold."""
        for place, properties, _ in self._fields(schema, entity, ()):
            if place[-1] not in properties:
                yield place, unknown("field", str(place[-1]), list(properties))

    def _fields(self, schema: Document, entity: Any, where: Place) -> Iterator[tuple[Place, Document, Any]]:
        """Yield each field that is written, with the properties that its entity has, and those of the entities inside it."""
        properties: Document = resolve(self._document, schema).get("properties", {})
        for key, value in entity.items():
            place = (*where, key)
            yield place, properties, value
            property = lent(self._document, properties.get(key, {}))
            target = _target(property)
            if target and isinstance(value, list) is is_list(property):
                for inner, item in _items(value, place):
                    if isinstance(item, dict):
                        yield from self._fields(target, item, inner)

    def _compile(self, schema: Document) -> jsonschema_rs.Draft202012Validator:
        registry = self._schemas.registry(schema)
        return jsonschema_rs.Draft202012Validator(_absolute(schema), registry=registry, validate_formats=True)

    def _of_property(self, property: Document) -> jsonschema_rs.Draft202012Validator:
        validator = self._properties.get(id(property))
        if validator is None:
            validator = self._properties[id(property)] = self._compile(property)
        return validator

    def _validator(self, operation: Operation, status: int, essence: str) -> jsonschema_rs.Draft202012Validator:
        key = (operation.id, status, essence)
        if key not in self._compiled:
            self._compiled[key] = self._compile(operation.responses[status][essence])
        return self._compiled[key]


class Schemas:
    """The component schemas, of which a validator is given those that it can come across: few of all that there are."""

    def __init__(self, schemas: Document) -> None:
        self._schemas = schemas
        self._direct: dict[str, frozenset[str]] = {}
        self._registries: dict[frozenset[str], jsonschema_rs.Registry] = {}

    def registry(self, schema: Document) -> jsonschema_rs.Registry:
        """Return what resolves the references of a schema, and theirs in turn."""
        found: set[str] = set()
        waiting = set(_references(schema))
        while waiting:
            name = waiting.pop()
            found.add(name)
            if name not in self._direct:
                self._direct[name] = frozenset(_references(self._schemas[name]))
            waiting |= self._direct[name] - found
        names = frozenset(found)
        if names not in self._registries:
            needed = {name: self._schemas[name] for name in sorted(names)}
            self._registries[names] = jsonschema_rs.Registry([(_BASE, {"components": {"schemas": needed}})])
        return self._registries[names]


def _references(schema: Any) -> Iterator[str]:
    """Yield the names of the component schemas that a schema refers to, at any depth."""
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key == "$ref":
                yield value.removeprefix("#/components/schemas/").partition("/")[0]  # or to a property of one
            else:
                yield from _references(value)
    elif isinstance(schema, list):
        for item in schema:
            yield from _references(item)


def _target(property: Document) -> Document | None:
    """Return the reference of a property that leads to another entity, or to many; None for a plain value, or for any of several."""
    references = [choice for choice in choices(property) if "$ref" in choice]
    return references[0] if len(references) == 1 else None


def _items(value: Any, place: Place) -> list[tuple[Place, Any]]:
    """Return what a property leads to, each with its place: the items of a list, or the value itself."""
    return (
        [((*place, index), item) for index, item in enumerate(value)] if isinstance(value, list) else [(place, value)]
    )


def _misshapen(property: Document, value: Any, place: Place) -> Iterator[Problem]:
    """Yield what keeps a value from being one entity, or many, as its property leads to."""
    if isinstance(value, list) is not is_list(property):
        yield place, "is a list, and must be one mapping" if isinstance(value, list) else "is no list"
        return
    for inner, item in _items(value, place):
        if not isinstance(item, dict):
            yield inner, _shortened(f"{item!r} is not a mapping")


def _shortened(text: str) -> str:
    """Return a sentence whose middle is left out where it is long: at its end it says what is wrong."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST // 2]} ... {text[-LONGEST // 2 :]}"


def _absolute(schema: Any) -> Any:
    """Return the schema with its local references pointing into the registry."""
    if isinstance(schema, dict):
        return {
            key: _BASE + value if key == "$ref" and value.startswith("#") else _absolute(value)
            for key, value in schema.items()
        }
    return [_absolute(item) for item in schema] if isinstance(schema, list) else schema
