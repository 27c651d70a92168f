"""What a call of the control API is: a method, a path, the shapes of what it takes and gives, and a function that does it."""

import json
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from ..contract import Contract, Operation
from ..engine.serve import Engine
from ..errors import MockServerError, StateFull, unknown
from ..express.javascript import dumps
from ..scenarios import Catalogue
from ..state.entry import deepest
from ..state.sandboxes import Sandboxes
from .listeners import Listeners
from .waiters import Waiters

MAX_DEPTH = 60
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
MAX_VALUES = 50_000  # of a JSON body, counted by what begins one: others wait while they are read
MOST_PROBLEMS = 20  # that a refusal names
Shape = TypeVar("Shape", bound=BaseModel)


class Refused(Exception):
    """A call that is refused: with a status, and a sentence that says what is wrong and what is known."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Controlled:
    """
    What the control API controls.

    `default` names the scenario of requests that choose none, `answering` counts the requests that are being answered,
    `numbers` are those of sandboxes that are made without a name.
    """

    engine: Engine
    catalogue: Catalogue
    sandboxes: Sandboxes
    contract: Contract
    listeners: Listeners
    waiters: Waiters
    default: str
    answering: Callable[[], int]
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def operations(self) -> Iterator[Operation]:
        """Yield what can be asked: the operations of the contract, then the routes of all scenarios."""
        yield from self.contract.operations
        yield from self.routes().values()

    def routes(self) -> Mapping[str, Operation]:
        """Return the routes of all scenarios, by method and path."""
        return {route.id: route for scenario in self.catalogue.values() for route in scenario.own_routes()}


@dataclass(frozen=True, slots=True)
class Received:
    """One call as it came in: the values of its path, its query and body in their shapes, and the text of its body."""

    controlled: Controlled
    path: Mapping[str, str]
    request: Request
    query: Any = None
    body: Any = None
    text: str = ""


Handler = Callable[[Received], Awaitable[BaseModel | Response | tuple[int, BaseModel] | None]]


@dataclass(frozen=True, slots=True)
class Call:
    """
    One call. `gives` is the shape of its answer, None for 204; `refuses` are the statuses of its own refusals.

    `text` is the media types of a body that is no shape but a text; `stream` that of an answer that is none. A body that
    `is_optional` may be left out.
    """

    method: str
    path: str
    handler: Handler
    gives: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    text: tuple[str, ...] = ()
    stream: str = ""
    created: bool = False
    is_optional: bool = False
    refuses: tuple[int, ...] = ()
    pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path) + r"\Z")
        object.__setattr__(self, "pattern", pattern)

    @property
    def name(self) -> str:
        """The operationId."""
        first, *rest = self.handler.__name__.split("_")
        return first + "".join(map(str.capitalize, rest))

    @property
    def summary(self) -> str:
        """The first sentence that its function says of itself."""
        return (self.handler.__doc__ or "").strip().partition("\n")[0]


CALLS: list[Call] = []


def call(method: str, path: str, **attributes: Any) -> Callable[[Handler], Handler]:
    """Make a function a call of the control API."""

    def made(handler: Handler) -> Handler:
        CALLS.append(Call(method, path, handler, **attributes))
        return handler

    return made


@contextmanager
def refusing(status: int | None = None) -> Iterator[None]:
    """Refuse with a status, or without one with its own, whatever MockServerError says; where there is no room, with that's."""
    try:
        yield
    except MockServerError as error:
        if status is None or isinstance(error, StateFull):
            status = error.status
        raise Refused(status, str(error)) from None


def encoded(shape: BaseModel, status: int = 200) -> Response:
    """Return the response that a shape is sent as."""
    return response(dumps(shape.model_dump()), status)


def response(body: bytes, status: int = 200) -> Response:
    """Return a response of JSON, which nobody keeps, and no browser takes for anything else."""
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return Response(body, status, headers, "application/json")


def listing(name: str, many: Iterable[BaseModel], status: int = 200, /, **others: Any) -> Response:
    """Return the response of a shape that holds many others by name, written one by one: nothing else runs while one is written."""
    listed = b",".join([dumps(one.model_dump()) for one in many])
    before = dumps(others)[:-1] + b"," if others else b"{"
    return response(b'%b"%b":[%b]}' % (before, name.encode(), listed), status)


def shaped(shape: type[Shape], value: Any, part: str) -> Shape:
    """Return a query or body in its shape; raise Refused with a sentence for each thing that is wrong."""
    try:
        return shape.model_validate(value, strict=part == "body")  # a query is all texts
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=False, include_input=False)
        raise Refused(
            400, listed([_sentence(shape, part, one) for one in problems[:MOST_PROBLEMS]], len(problems))
        ) from None


def listed(sentences: list[str], count: int) -> str:
    """Return some sentences as one, and how many more there are of them."""
    more = [f"and {count - len(sentences)} more"] if count > len(sentences) else []
    return "; ".join(sentences + more)


def read_json(text: str) -> Any:
    """Return the value of a JSON text; raise Refused for what is none, or nested deeper than anybody needs."""
    if sum(map(text.count, ",[{")) > MAX_VALUES:
        raise Refused(400, f"the body holds more than {MAX_VALUES} values")
    if deepest(text) > MAX_DEPTH:
        raise Refused(400, f"the body is nested more than {MAX_DEPTH} levels deep")
    try:
        value = json.loads(text, parse_constant=_refuse_constant, parse_float=_finite)
        if _SURROGATE.search(text):
            json.dumps(value, ensure_ascii=False).encode()  # a lone one is in no UTF-8 text
    except ValueError as error:
        raise Refused(400, f"the body is not JSON: {error}") from None
    return value


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError(f"{text[:20]} is too large")
    return number


def _sentence(shape: type[BaseModel], part: str, problem: Any) -> str:
    where = ".".join(map(str, problem["loc"]))
    if problem["type"] == "extra_forbidden" and len(problem["loc"]) == 1:
        return unknown(f"{part} field", where, list(shape.model_fields))
    text = problem["msg"].removeprefix("Value error, ")
    return f"{part} {where}: {text}" if where else f"{part}: {text}"
