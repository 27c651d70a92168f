"""What is taken and given about the journal."""

from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, WithJsonSchema

from ...messages import Fault
from ...scenarios.format import OPERATION
from .base import Document, Duration, Input, Output, Text

CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx")


def _status(value: Any) -> int | str:
    """Return a status as a number, also where a query says it, or its class as a text."""
    text = str(value)
    if text in CLASSES:
        return text
    if isinstance(value, bool) or not (text.isascii() and text.isdecimal() and len(text) == 3):  # noqa: PLR2004
        raise ValueError(f"{value!r} is no status such as 409, nor a class of them such as 4xx")
    return int(text)


Status = Annotated[
    int | str,
    PlainValidator(_status),
    WithJsonSchema({"anyOf": [{"type": "integer"}, {"type": "string", "enum": list(CLASSES)}]}),
]


class Filter(Input):
    """Which requests of the journal are meant: those that every given field fits."""

    sandbox: Text | None = Field(default=None, description="Requests in this sandbox.")
    scenario: Text | None = None
    operation: Text | None = Field(default=None, description=OPERATION)
    method: Text | None = None
    path: Text | None = Field(default=None, description="Glob, without the prefixes of sandbox and scenario.")
    status: Status | None = Field(default=None, description="One, or all of a class: `4xx`.")
    fault: Literal[Fault, "any"] | None = None
    text: Text | None = Field(
        default=None,
        description="Stands in method, operation, path with its prefix, scenario, sandbox or stub, in any case.",
    )
    source: Literal["stub", "behaviour", "sample", "mock"] | None = None
    unmatched: bool | None = Field(default=None, description="Whether no stub matched.")
    aborted: bool | None = Field(default=None, description="Whether the client left before its answer.")
    after: int = Field(default=0, ge=0, description="Entries with a higher number than this.")


class Listing(Filter):
    """Which entries are listed, newest last."""

    limit: int = Field(default=100, ge=1, le=10_000, description="At most so many, the newest.")


class Wait(Filter):
    """What is waited for."""

    count: int = Field(default=1, ge=1, le=10_000)
    timeout: Duration = "5s"


class Count(Filter):
    """How often something must have been asked; without a number at least once."""

    times: int | None = Field(default=None, ge=0)
    at_least: int | None = Field(default=None, ge=0)
    at_most: int | None = Field(default=None, ge=0)


class Entry(Output):
    """One request in the journal."""

    number: int
    time: str
    sandbox: str
    scenario: str
    chosen_by: str = Field(
        description="What chose the scenario: prefix, header, prefer, cookie, sandbox, setting, default."
    )
    sandbox_chosen_by: str = Field(description="What chose the sandbox: prefix, header, cookie, default.")
    operation: str | None
    method: str
    prefix: str = Field(description="What stood before the path, as it was sent: `/~me/@busy`.")
    path: str
    status: int
    fault: str | None
    source: str
    stub: str | None
    milliseconds: float = Field(description="Until the answer was due, with the delay that it was given.")
    mock_milliseconds: float = Field(description="Of these what the mock itself took.")
    aborted_after: float | None = Field(
        description="Milliseconds after which the client left, before its answer was whole; null where it stayed."
    )


class RuledOut(Output):
    """A stub that did not answer, and what ruled it out."""

    stub: str
    where: str
    differences: list[str]


class Why(Output):
    """Why a request was answered as it was; `near` are the stubs that did not answer, nearest first."""

    text: str
    stub: str | None
    where: str | None
    near: list[RuledOut]


class EntryDetail(Entry):
    """One request with all that was sent and answered, secrets masked, and why."""

    request: Document
    answer: Document
    why: Why


class Entries(Output):
    """Some requests, newest last: of those that matched, at most as many as were wanted."""

    entries: list[Entry]
    matched: int
    searched: int = Field(description="How many requests are kept of the sandbox, or of all.")


class Waited(Output):
    """What had come when enough had, or when the time was over."""

    met: bool
    entries: list[Entry]


class Near(Output):
    """A request that was nearly the one that was meant."""

    entry: Entry
    differences: list[str]


class Counted(Output):
    """Whether something was asked as often as it must, in words, and what was nearly it."""

    met: bool
    count: int
    text: str
    near: list[Near]


class Cleared(Output):
    """How many entries there were."""

    cleared: int


class Seen(Output):
    """How often an operation answered with each status."""

    operation: str
    method: str
    path: str
    documented: list[int]
    statuses: dict[str, int]


class Matrix(Output):
    """All operations, and which statuses they answered with so far."""

    operations: list[Seen]
