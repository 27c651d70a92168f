"""What of the contract a verification is about: all of it, or the operations that were named."""

from collections.abc import Iterable, Sequence
from typing import Any

from ..contract import Contract, Document, Operation
from ..errors import MockServerError
from ..scenarios.covering import named


def chosen(contract: Contract, names: Iterable[str]) -> Sequence[Operation]:
    """
    Return the operations that names mean, in the contract's order; all of them where nothing is named.

    A name is one that a stub may have: `carts.create`, `carts.*`, `*`. Raises MockServerError for one that means none.
    """
    meant = set()
    for name in names:
        try:
            meant |= {operation.id for operation in named(contract, name)}
        except MockServerError as error:
            raise MockServerError(f"--operation: {error}") from None
    return [operation for operation in contract.operations if not meant or operation.id in meant]


def narrowed(document: Document, operations: Iterable[Operation]) -> Document:
    """Return an OpenAPI document with no other operations, and no links that lead to others."""
    ids = {operation.id for operation in operations}
    paths = {
        path: {method: _linked(one, ids) for method, one in item.items() if one["operationId"] in ids}
        for path, item in document["paths"].items()
    }
    return {**document, "paths": {path: item for path, item in paths.items() if item}}


def _linked(operation: Document, ids: set[str]) -> Document:
    """Return an operation whose answers link to some operations alone."""
    responses = {status: _without(response, ids) for status, response in operation["responses"].items()}
    return {**operation, "responses": responses}


def _without(response: Document, ids: set[str]) -> Document:
    links: dict[str, Any] = {
        name: link for name, link in response.get("links", {}).items() if link["operationId"] in ids
    }
    rest = {key: value for key, value in response.items() if key != "links"}
    return {**rest, "links": links} if links else rest
