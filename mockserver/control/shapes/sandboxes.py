"""What is taken and given about sandboxes."""

from pydantic import Field

from .base import Document, Duration, Given, Name, Taken, Time


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
