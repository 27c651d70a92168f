"""What the control API takes and gives."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ..clock import instant, seconds_of
from ..errors import MockServerError
from ..sandboxes import NAMES, is_name

Document = dict[str, Any]


def _name(text: str) -> str:
    if not is_name(text):
        raise ValueError(f"{text!r} is no name for a sandbox; {NAMES}")
    return text


def _time(text: str) -> str:
    try:
        instant(text)
    except MockServerError as error:
        raise ValueError(str(error)) from None
    return text


def _duration(text: str) -> str:
    try:
        seconds_of(text)
    except MockServerError as error:
        raise ValueError(str(error)) from None
    return text


Name = Annotated[str, AfterValidator(_name), Field(examples=["test-7"])]
Time = Annotated[str, AfterValidator(_time), Field(examples=["2024-01-06T03:57:20Z"])]
Duration = Annotated[str, AfterValidator(_duration), Field(examples=["10m"])]


class Taken(BaseModel):
    """Something that is taken: nothing unknown in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Given(BaseModel):
    """Something that is given: exactly this."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Problem(Given):
    """Why a call was refused."""

    type: Literal["mock_server_error"] = "mock_server_error"
    message: str


class Health(Given):
    """That the server is well, and how much there is of everything; `answering` counts the requests being answered."""

    status: Literal["ok"] = "ok"
    version: str
    answers_as: str
    scenarios: int
    problems: int
    sandboxes: int
    answering: int


class FileProblem(Given):
    """What is wrong with a scenario file."""

    file: str
    line: int
    message: str


class Scenario(Given):
    """A scenario that can be chosen; `origin` tells whether it is a file or was added."""

    name: str
    description: str
    origin: Literal["file", "inline"]
    path: str
    statuses: list[int]
    faults: list[str]


class Stub(Given):
    """A stub of a scenario, and where it stands."""

    stub: str
    where: str
    operation: str
    replies: int


class ScenarioDetail(Scenario):
    """A scenario with its stubs."""

    stubs: list[Stub]


class ScenarioList(Given):
    """All scenarios; `default` is that of requests which choose none, `problems` what keeps files from being read."""

    scenarios: list[Scenario]
    default: str
    problems: list[FileProblem]


class Clock(Given):
    """The time in a sandbox."""

    now: str
    frozen: bool


class ClockChange(Taken):
    """A change of a clock: first set, then advanced, then frozen or let run."""

    now: Time | None = None
    advance: Duration | None = None
    frozen: bool | None = None


class Sandbox(Given):
    """A sandbox: the scenario that was chosen for it, its clock, and how much it holds."""

    name: str
    prefix: str
    scenario: str | None
    clock: Clock
    payment_collections: int
    requests: int
    snapshots: list[str]


class SandboxList(Given):
    """All sandboxes that are kept, the shared one first."""

    sandboxes: list[Sandbox]


class State(Taken):
    """Payment collections, partly written as in a scenario's `given`."""

    payment_collections: list[Document] = Field(default=[], max_length=1000)


class StateNow(Given):
    """The payment collections of a sandbox, each with its region, sessions and payments."""

    payment_collections: list[Document]


class NewSandbox(Taken):
    """A sandbox to be made; without a name it gets one."""

    name: Name | None = None
    scenario: str | None = None
    clock: ClockChange = ClockChange()
    state: State = State()


class ScenarioChoice(Taken):
    """The scenario of a sandbox; null leaves the choice to the server's default."""

    scenario: str | None


class Filter(Taken):
    """Which requests of the journal are meant: those for which all that is said is so."""

    sandbox: str | None = Field(default=None, description="Requests in this sandbox.")
    scenario: str | None = None
    operation: str | None = Field(default=None, description="The client's method name or the published operationId.")
    method: str | None = None
    path: str | None = Field(default=None, description="Glob, without the prefixes of sandbox and scenario.")
    status: int | None = None
    source: Literal["stub", "behaviour", "sample", "mock"] | None = None
    unmatched: bool | None = Field(default=None, description="Whether no stub matched.")
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


class Entry(Given):
    """One request in the journal."""

    number: int
    time: str
    sandbox: str
    scenario: str
    chosen_by: str
    operation: str | None
    method: str
    path: str
    status: int
    fault: str | None
    source: str
    stub: str | None
    milliseconds: float


class RuledOut(Given):
    """A stub that did not answer, and what ruled it out."""

    stub: str
    where: str
    differences: list[str]


class Why(Given):
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


class Entries(Given):
    """Some requests, newest last."""

    entries: list[Entry]


class Waited(Given):
    """What had come when enough had, or when the time was over."""

    met: bool
    entries: list[Entry]


class Near(Given):
    """A request that was nearly the one that was meant."""

    entry: Entry
    differences: list[str]


class Counted(Given):
    """Whether something was asked as often as it must, in words, and what was nearly it."""

    met: bool
    count: int
    text: str
    near: list[Near]


class Cleared(Given):
    """How many entries there were."""

    cleared: int


class Seen(Given):
    """How often an operation answered with each status."""

    operation: str
    method: str
    path: str
    documented: list[int]
    statuses: dict[str, int]


class Matrix(Given):
    """All operations, and which statuses they answered with so far."""

    operations: list[Seen]


class Taking(Taken):
    """Which sandbox is meant; all, where none is said."""

    sandbox: str | None = None
