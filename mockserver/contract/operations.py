"""The operations of the contract: what each one is called, takes and may answer."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

Document = dict[str, Any]
JSON = "application/json"
METHODS = ("get", "post", "put", "patch", "delete")


def choices(property: Document) -> list[Document]:
    """Return all that a property may hold, each by its schema: itself, any of several, the items of a list."""
    return [property, *property.get("anyOf", ()), property.get("items", {})]


def is_list(property: Document) -> bool:
    """Tell whether a property may hold a list."""
    return any("items" in choice for choice in choices(property))


@dataclass(frozen=True, slots=True)
class Operation:
    """
    One method and path of the contract.

    `id` is the published operationId, which code goes by; `client_method` is the official client's
    (`authorizePaymentSession`), which other resources may have too.
    `entities` says which entity of the answer a path parameter names: `{"session_id": "payment_session"}`, and `examples`
    what such an id looks like.
    `responses` maps a status to its media types, each with its schema; `body` is an example of what is sent, or None, and
    `query` one of what has to be asked.
    """

    id: str
    client_method: str
    resource: str
    method: str
    path: str
    summary: str
    path_parameters: tuple[str, ...]
    query_parameters: tuple[str, ...]
    entities: Mapping[str, str]
    examples: Mapping[str, str]
    responses: Mapping[int, Mapping[str, Document]]
    body: Any = None
    query: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What people read and write: `paymentCollections.authorizePaymentSession`, as in the official client."""
        return f"{self.resource}.{self.client_method}"

    @property
    def success(self) -> int:
        """The status of its answer where all goes well: the lowest documented 2xx."""
        return min((status for status in self.responses if 200 <= status < 300), default=200)  # noqa: PLR2004

    def media_type(self, status: int) -> str | None:
        """Return the media type of its answer with a status, JSON before all others; None for one without a body."""
        contents = self.responses.get(status, {})
        return JSON if JSON in contents else next(iter(contents), None)

    def schema(self, status: int) -> Document | None:
        """Return the schema of its answer with a status; None for one without a body."""
        media_type = self.media_type(status)
        return None if media_type is None else self.responses[status][media_type]

    def __str__(self) -> str:
        return self.name


def read_operations(document: Document) -> Iterator[Operation]:
    """Yield the operations of an OpenAPI document in the order in which they stand there."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield _operation(document, path, method, item[method])


def read_aliases(document: Document, operations: Iterable[Operation]) -> Iterator[Operation]:
    """Yield operations once more under older paths that Medusa still serves, and does not publish (`x-alias`)."""
    for operation in operations:
        alias = document["paths"][operation.path][operation.method.lower()].get("x-alias")
        if alias is not None:
            yield replace(operation, path=alias)


def _operation(document: Document, path: str, method: str, facts: Document) -> Operation:
    parameters = [resolve(document, parameter) for parameter in facts.get("parameters", [])]
    return Operation(
        id=facts["operationId"],
        client_method=facts["x-codegen"]["method"],
        resource=_camel_case(facts["tags"][0]),
        method=method.upper(),
        path=path,
        summary=facts["summary"],
        path_parameters=parameters_of(path),
        query_parameters=tuple(p["name"] for p in parameters if p["in"] == "query"),
        entities={p["name"]: p["x-entity"] for p in parameters if "x-entity" in p},
        examples={p["name"]: p["example"] for p in parameters if p["in"] == "path" and "example" in p},
        responses={
            int(status): {
                media: content["schema"] for media, content in resolve(document, response).get("content", {}).items()
            }
            for status, response in facts["responses"].items()
        },
        body=facts.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example"),
        query={p["name"]: p["example"] for p in parameters if p["in"] == "query" and p.get("required")},
    )


def resolve(document: Document, node: Document) -> Document:
    """Follow a node's local `$ref`, if it has one, to what it names."""
    while "$ref" in node:
        node = _at(document, node["$ref"])
    return node


def lent(document: Document, property: Document) -> Document:
    """Return a property of a selection as its entity has it, where it is borrowed from there; not what that leads to."""
    while "/properties/" in property.get("$ref", ""):
        property = _at(document, property["$ref"])
    return property


def _at(document: Document, reference: str) -> Document:
    target: Any = document
    for step in reference.removeprefix("#/").split("/"):
        target = target[step.replace("~1", "/").replace("~0", "~")]
    found: Document = target
    return found


def parameters_of(path: str) -> tuple[str, ...]:
    """Return the names of what stands in braces in a path."""
    return tuple(re.findall(r"{(\w+)}", path))


def _camel_case(tag: str) -> str:
    first, *rest = tag.split()
    return first.lower() + "".join(word.capitalize() for word in rest)


def told_of(answer: Any, entity: str) -> Document | None:
    """Return what an answer holds of an entity, under its name or its last word (`variant`, of product_variant); or None."""
    for name in (entity, entity.rpartition("_")[2]):
        if isinstance(answer, dict) and isinstance(answer.get(name), dict):
            found: Document = answer[name]
            return found
    return None
