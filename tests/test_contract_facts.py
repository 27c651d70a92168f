"""Compares the contract with what Medusa publishes, field by field; every difference has an entry in the ledger."""

import copy
import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from openapi_spec_validator import validate

from mockserver.contract import Contract, Document, resolve
from mockserver.contract.operations import read_operations

DOCUMENT = Contract().document
FACTS = sorted(Path(__file__).with_name("facts").glob("*.json"))  # a file for each resource
LEDGER = yaml.safe_load((files("mockserver.contract") / "deviations.yaml").read_text("utf-8"))
OPERATIONS = {operation.id: operation for operation in read_operations(DOCUMENT)}

WORDS = {
    "description",
    "summary",
    "example",
    "examples",
    "links",
    "x-entity",
    "x-new-entity",
    "x-means",
    "x-usual",
}  # they explain, and constrain nothing
LEFT_OUT = {("Country", "region")}  # no expand of regions leads there (tests/facts/catalog.md 9)
KEYS = {"id", "operations", "status", "published", "real", "mock", "why", "evidence"}
NULL, NOTHING = {"type": "null"}, object()


def published() -> Document:
    """Return what Medusa publishes of all resources that we have the facts of."""
    joined: Document = {}
    for file in FACTS:
        for kind, named in json.loads(file.read_text("utf-8")).items():
            joined[kind] = {**joined.get(kind, {}), **named}
    return joined


PUBLISHED = published()


def facts(document: Document) -> Document:
    """Return what an OpenAPI 3.1 document says, without its words."""
    components = document["components"]
    return {
        "operations": {
            operation["operationId"]: _operation_facts(document, method, path, operation)
            for path, item in document["paths"].items()
            for method, operation in item.items()
        },
        "responses": {name: _content_facts(response) for name, response in components["responses"].items()},
        "security_schemes": {name: _wordless(scheme) for name, scheme in components["securitySchemes"].items()},
        "schemas": {name: _schema_facts(schema) for name, schema in components["schemas"].items()},
    }


def _operation_facts(document: Document, method: str, path: str, operation: Document) -> Document:
    parameters = [resolve(document, parameter) for parameter in operation["parameters"]]
    security = operation.get("security", document.get("security", []))
    said: Document = _wordless(operation) | {"method": method.upper(), "path": path, "security": security}
    said["parameters"] = {
        parameter["name"]: {"required": False}
        | {key: value for key, value in _wordless(parameter).items() if key != "name"}
        | {"schema": _schema_facts(parameter["schema"])}
        for parameter in parameters
    }
    if "requestBody" in operation:
        body = operation["requestBody"]
        said["requestBody"] = {"required": body.get("required", False), "content": _content_facts(body)}
    said["responses"] = {
        str(status): {"response": _last(response)} if "$ref" in response else _content_facts(response)
        for status, response in operation["responses"].items()
    }
    return said


def _content_facts(holder: Document) -> Document:
    return {media: _schema_facts(content["schema"]) for media, content in holder.get("content", {}).items()}


def _schema_facts(schema: Document) -> Document:
    """Return a schema in the words of OpenAPI 3.0: `nullable`, and `required` at the property."""
    said = _wordless(schema)
    choices = said.get("anyOf", [])
    if NULL in choices:
        del said["anyOf"]
        rest = [choice for choice in choices if choice != NULL]
        said |= (rest[0] if len(rest) == 1 else {"anyOf": rest}) | {"nullable": True}
    if isinstance(said.get("type"), list) and "null" in said["type"]:
        types = [kind for kind in said["type"] if kind != "null"]
        said |= {"type": types[0] if len(types) == 1 else types, "nullable": True}
    if said.get("nullable") and None in said.get("enum", ()):
        said["enum"] = [value for value in said["enum"] if value is not None]
    if "$ref" in said:
        said["ref"] = _last(said, "#/components/schemas/")
        del said["$ref"]
    for keyword in ("oneOf", "anyOf", "allOf"):
        if keyword in said:
            said[keyword] = [_schema_facts(choice) for choice in said[keyword]]
    if "items" in said:
        said["items"] = _schema_facts(said["items"])
    required = said.pop("required", ())
    if "properties" in said:
        properties = {name: _schema_facts(inner) for name, inner in said["properties"].items()}
        said["properties"] = {
            name: inner | ({"required": True} if name in required else {}) for name, inner in properties.items()
        }
    return said


def _wordless(node: Document) -> Document:
    return {key: value for key, value in node.items() if key not in WORDS}


def _last(node: Document, prefix: str = "#/components/responses/") -> str:
    reference: str = node["$ref"]
    return reference.removeprefix(prefix)


def differences(published: Any, ours: Any, place: str = "") -> Iterator[str]:
    """Yield one line for each place where two tables of facts say different things, or only one says anything."""
    if _show(published) == _show(ours):
        return
    if isinstance(published, dict) and isinstance(ours, dict):
        for key in published | ours:
            inner = f"{place}.{key}" if place else key
            yield from differences(published.get(key, NOTHING), ours.get(key, NOTHING), inner)
    else:
        yield f"{place}: published {_show(published)}, ours {_show(ours)}"


def _show(value: Any) -> str:
    return "nothing" if value is NOTHING else json.dumps(value, sort_keys=True)


def _unexplained(lines: list[str]) -> list[str]:
    return [line for line in lines if not any(fnmatchcase(line, glob) for _, glob in GLOBS)]


GLOBS = [(entry["id"], glob) for entry in LEDGER for glob in entry.get("contract", ())]
LINES = list(differences(PUBLISHED, facts(DOCUMENT)))


def test_every_difference_is_explained() -> None:
    """The contract says what Medusa publishes, in every field, except where the ledger says why not."""
    assert [] == _unexplained(LINES)


@pytest.mark.parametrize(("entry", "glob"), GLOBS)
def test_every_explanation_is_needed(entry: str, glob: str) -> None:
    """The ledger explains no difference that the contract does not have."""
    matched = [line for line in LINES if fnmatchcase(line, glob)]

    assert matched, f"{entry}: nothing matches {glob}"


@pytest.mark.parametrize(
    ("place", "change", "line"),
    [
        ("amount", {"type": ["string", "null"]}, 'amount.type: published "integer", ours "string"'),
        ("amount", {"type": "integer"}, "amount.nullable: published true, ours nothing"),
        ("surprise", {"type": "string"}, 'surprise: published nothing, ours {"type": "string"}'),
    ],
)
def test_a_changed_field_is_named(place: str, change: Document, line: str) -> None:
    """A field that is changed, or added, without an entry in the ledger is named."""
    changed = copy.deepcopy(DOCUMENT)
    changed["components"]["schemas"]["PaymentSession"]["properties"][place] = change

    assert f"schemas.PaymentSession.properties.{line}" in _unexplained(list(differences(PUBLISHED, facts(changed))))


@pytest.mark.parametrize("entry", LEDGER, ids=lambda entry: entry["id"])
def test_ledger_entries_are_whole(entry: Document) -> None:
    """Every deviation says what is published, what is real, what the mock follows, why, and on what evidence."""
    statuses = entry["status"] if isinstance(entry["status"], list) else [entry["status"]]

    assert set() == KEYS - entry.keys()
    assert set() == entry.keys() - KEYS - {"cause", "checks", "contract", "drift", "journeys", "recordings"}
    assert entry["mock"] in {"contract", "real", "own"}
    assert set() == set(entry["operations"]) - OPERATIONS.keys() - {"all"}
    assert ["all"] == statuses or all(isinstance(status, int) for status in statuses)
    assert all(entry[key] for key in KEYS)


def test_ledger_ids_are_unique() -> None:
    """No two deviations have one id."""
    ids = [entry["id"] for entry in LEDGER]

    assert sorted(set(ids)) == sorted(ids)


def test_the_document_is_openapi() -> None:
    """The contract is a valid OpenAPI 3.1 document."""
    validate(DOCUMENT)

    assert "3.1.0" == DOCUMENT["openapi"]


def _nodes(node: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Document]]:
    """Yield every mapping of a document with its place, except those inside examples."""
    if isinstance(node, dict):
        yield place, node
        for key, value in node.items():
            if key not in {"example", "examples", "default"} or place[-1:] == ("properties",):
                yield from _nodes(value, (*place, str(key)))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _nodes(value, (*place, str(index)))


def _described(place: tuple[str, ...]) -> bool:
    """Say whether what stands in a place is a schema, property, parameter, body, response or operation."""
    parent = place[-2] if len(place) > 1 else ""
    return (
        parent in {"properties", "schemas", "responses", "parameters", "securitySchemes", "links", "tags"}
        or place[-1:] == ("requestBody",)
        or (len(place) == 3 and place[0] == "paths")
    )


def test_everything_is_described() -> None:
    """Every operation, parameter, body, response, schema and property has a description."""
    bare = [
        ".".join(place)
        for place, node in _nodes(DOCUMENT)
        if _described(place) and not (node.get("description") or resolve(DOCUMENT, node).get("description"))
    ]

    assert [] == bare


def _examples(node: Document) -> Iterator[Any]:
    """Yield the examples that a schema, a parameter or a body gives."""
    given = node.get("examples", [])
    yield from [example["value"] for example in given.values()] if isinstance(given, dict) else given
    yield from [node[key] for key in ("example", "default") if key in node]


def test_examples_are_valid() -> None:
    """Every example and every default in the contract is what its own schema accepts."""
    components = {"components": DOCUMENT["components"]}
    wrong = [
        f"{'.'.join(place)}: {error.message}"
        for place, node in _nodes(DOCUMENT)
        if place[-1:] != ("properties",)
        for example in _examples(node)
        for error in jsonschema_rs.Draft202012Validator(
            node.get("schema", node) | components, validate_formats=True
        ).iter_errors(example)
    ]

    assert [] == wrong


BORROWED = re.compile(r"#/components/schemas/(\w+)/properties/")


def _selections() -> Iterator[tuple[str, str, Document]]:
    """Yield each schema that borrows properties, the entity that it borrows them from, and itself."""
    for name, schema in DOCUMENT["components"]["schemas"].items():
        properties = schema.get("properties", {}).values()
        for entity in {found[1] for one in properties if (found := BORROWED.match(one.get("$ref", "")))}:
            yield name, entity, schema


@pytest.mark.parametrize(("name", "entity", "selection"), list(_selections()))
def test_a_selection_has_all_that_its_entity_has(name: str, entity: str, selection: Document) -> None:
    """A column or relation that is added to an entity is not forgotten where it is selected from, and borrowed under its own name."""
    there, here = DOCUMENT["components"]["schemas"][entity]["properties"], selection["properties"]
    renamed = [
        key for key, one in here.items() if BORROWED.match(one.get("$ref", "")) and not one["$ref"].endswith(f"/{key}")
    ]

    assert [] == renamed, name
    assert [] == [key for key in there if key not in here and (entity, key) not in LEFT_OUT]


@pytest.mark.parametrize("name", [name for name, one in DOCUMENT["components"]["schemas"].items() if "x-usual" in one])
def test_what_is_usual_is_there(name: str) -> None:
    """A sample can only hold what its schema has: each name in `x-usual` is one of its properties, or begins with one."""
    schema = DOCUMENT["components"]["schemas"][name]

    assert [] == [one for one in schema["x-usual"] if one.partition(".")[0] not in schema["properties"]]


def test_links_lead_somewhere() -> None:
    """Every link names an operation of the contract, with each of its path parameters."""
    takes = {operation.id: set(operation.path_parameters) for operation in OPERATIONS.values()}
    links = [link for place, link in _nodes(DOCUMENT) if place[-2:-1] == ("links",)]

    assert links
    assert [takes[link["operationId"]] for link in links] == [set(link["parameters"]) for link in links]
