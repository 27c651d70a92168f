"""What is valid: the OpenAPI document, its operations, its routes, and what Medusa says when it says no."""

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache, partial
from importlib.resources.abc import Traversable
from typing import Any

from ..errors import MockServerError, unknown
from .compiled import load
from .hints import nearest
from .names import Names
from .operations import Document, Operation, read_aliases, read_operations, resolve, told_of
from .replies import PLACEHOLDER, DefaultReplies, fill, filler
from .router import MOST_PATHS, MalformedEscape, Router
from .routes import OwnRoute, own_route
from .undocumented import undocumented

__all__ = [
    "PLACEHOLDER",
    "Contract",
    "Document",
    "MalformedEscape",
    "Operation",
    "OwnRoute",
    "fill",
    "filler",
    "nearest",
    "own_route",
    "packaged",
    "resolve",
    "told_of",
]


class Contract:
    """The OpenAPI document, indexed at start so that a request searches nothing."""

    def __init__(self, folder: Traversable | None = None) -> None:
        """Load the contract of a folder of YAML, the package's own by default; raise MockServerError for what is wrong in it."""
        from .violations import Validators  # noqa: PLC0415  (the wheel's build compiles without jsonschema-rs)

        tables = load(folder)
        self.document: Document = tables["document"]
        self.operations = tuple(read_operations(self.document))
        self.names = Names(self.operations)
        self._router = Router((*self.operations, *read_aliases(self.document, self.operations)))
        # method and path that were probably meant; a client that asks for a wrong path does so again and again
        self.nearest = lru_cache(maxsize=MOST_PATHS)(partial(nearest, self.operations))
        self._replies = DefaultReplies(tables["errors"])
        known = [operation.id for operation in self.operations]
        for id in self._replies:
            if id not in known:
                raise MockServerError(f"contract: errors: {unknown('operation', id, known)}")
        self._validators = Validators(self.document)

    def operation(self, name: str) -> Operation:
        """
        Return an operation by `paymentCollections.retrieve`, by its operationId, or by the method that one resource has.

        Raises MockServerError for a name that is none, with what was probably meant.
        """
        return self.names.find(name)

    def route(self, method: str, path: str) -> tuple[Operation, Mapping[str, str]] | None:
        """Return the operation and the path's values, or None where there is no route. Raises MalformedEscape."""
        return self._router.find(method, path)

    def default_reply(self, operation: Operation, status: int) -> Document | str | None:
        """Return what the real server says for an error status, `{id}` and `{session_id}` still to be filled in."""
        return self._replies.template(operation, status)

    def violations(self, operation: Operation, status: int, media_type: str | None, document: Any) -> Iterator[str]:
        """Yield one sentence for each place where an answer breaks the contract."""
        return self._validators.violations(operation, status, media_type, document)

    def violation(self, operation: Operation, status: int, media_type: str | None, document: Any) -> str | None:
        """Return a sentence for the first place where an answer breaks the contract, or None."""
        try:
            if self._validators.is_valid(operation, status, media_type, document):
                return None
            return next(self.violations(operation, status, media_type, document), None)
        except UnicodeEncodeError:
            return "body: has half a surrogate pair, which is no text"

    def undocumented(self, operation: Operation, status: int, document: Any) -> Iterator[str]:
        """Yield `PaymentSession.colour` for each field of a JSON answer that the contract neither has nor forbids."""
        schema = operation.responses.get(status, {}).get("application/json")
        return undocumented(self.document, schema or {}, document)

    def partial_violations(self, schema: str, entity: Document) -> Iterator[tuple[Any, str]]:
        """Yield place and sentence for each field of a partly written entity that the contract does not allow."""
        return self._validators.partial({"$ref": f"#/components/schemas/{schema}"}, entity)

    def unknown_fields(self, operation: Operation, entity: Document) -> Iterator[tuple[Any, str]]:
        """Yield place and sentence for each field of a partly written success that the operation never answers."""
        schema = operation.schema(operation.success)
        return self._validators.unknown_fields(schema or {}, entity)


@cache
def packaged() -> Contract:
    """Return the package's own contract: the same for all that one process does, as nothing changes it."""
    return Contract()
