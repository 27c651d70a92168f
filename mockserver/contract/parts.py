"""Reads the YAML that the contract stands in, and joins it: one file for each resource, and what resources share."""

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from ..errors import MockServerError, unknown

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml: far faster, in all usual wheels
RESOURCE = ("tag", "parameters", "paths", "schemas")
Table = dict[str, Any]


def source() -> Traversable:
    """Return the folder that the contract's YAML stands in."""
    return files(__package__)


def join(folder: Traversable) -> Table:
    """
    Return what the contract's YAML says: `document` and `errors`.

    `document` is the whole OpenAPI 3.1 document, all references in it local; `errors` what a real server says for a
    status.
    Raises MockServerError when two files define one name, and for a key that no resource's file has.
    """
    return {
        "document": join_document(folder / "openapi"),
        "errors": _errors(folder / "errors"),
    }


def join_document(folder: Traversable) -> Table:
    """Return the OpenAPI document: `openapi.yaml` with each resource of `resources/` and the entities of `schemas/`."""
    document: Table = _read(folder / "openapi.yaml")
    resources = {f"resources/{part.name}": _resource(part) for part in parts_of(folder / "resources")}
    entities = {f"schemas/{part.name}": _read(part) for part in parts_of(folder / "schemas")}
    components = document["components"]
    document["tags"] = [resource["tag"] for resource in resources.values()]
    document["paths"] = _union({name: resource["paths"] for name, resource in resources.items()})
    parameters = {name: one.get("parameters", {}) for name, one in resources.items()}
    components["parameters"] = _union({"openapi.yaml": components.get("parameters", {}), **parameters})
    components["schemas"] = _union(entities | {name: one.get("schemas", {}) for name, one in resources.items()})
    return document


def parts_of(folder: Traversable) -> Iterator[Traversable]:
    """Yield the YAML files of a folder in the order of their names."""
    return iter(sorted((part for part in folder.iterdir() if part.name.endswith(".yaml")), key=lambda part: part.name))


def _resource(part: Traversable) -> Table:
    """Return a resource's file, each of its operations under its tag."""
    resource: Table = _read(part)
    for key in resource:
        if key not in RESOURCE:
            raise MockServerError(f"contract: {part.name}: {unknown('key', key, list(RESOURCE))}")
    for key in ("tag", "paths"):
        if key not in resource:
            raise MockServerError(f"contract: {part.name}: {key!r} is missing")
    for item in resource["paths"].values():
        for operation in item.values():
            operation["tags"] = [resource["tag"]["name"]]
    return resource


def _errors(folder: Traversable) -> Table:
    """Return the general answers of `general.yaml`, and those of each resource's file by operationId."""
    operations = {f"errors/{part.name}": _read(part) for part in parts_of(folder) if part.name != "general.yaml"}
    return {**_read(folder / "general.yaml"), "operations": _union(operations)}


def _union(parts: dict[str, Table]) -> Table:
    joined: Table = {}
    owner: dict[str, str] = {}
    for part, definitions in parts.items():
        for name, definition in definitions.items():
            if name in joined:
                raise MockServerError(f"contract: {name!r} stands in {owner[name]} and again in {part}")
            joined[name], owner[name] = definition, part
    return joined


def _read(part: Traversable) -> Any:
    with part.open(encoding="utf-8") as text:
        return yaml.load(text, Loader=LOADER)  # noqa: S506  (a safe loader either way)
