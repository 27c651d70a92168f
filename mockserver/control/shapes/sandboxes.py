"""What is taken and given about sandboxes."""

from typing import Annotated

from pydantic import ConfigDict, Field, RootModel

from .base import Document, Duration, Input, Name, Output, Text, Time


class Clock(Output):
    """The time in a sandbox."""

    now: str
    frozen: bool


class ClockChange(Input):
    """A change of a clock: first set, then advanced, then frozen or let run."""

    now: Time | None = None
    advance: Duration | None = None
    frozen: bool | None = None


class Sandbox(Output):
    """
    A sandbox: the scenario that was chosen for it, its clock, and how much it holds.

    `rows` counts its own rows by table, `bytes` is about what it takes.
    """

    name: str
    prefix: str
    scenario: str | None
    clock: Clock
    rows: dict[str, int]
    bytes: int
    requests: int
    snapshots: list[str]


class SandboxList(Output):
    """All sandboxes that are kept, the shared one first."""

    sandboxes: list[Sandbox]


class State(RootModel[dict[str, Annotated[list[Document], Field(max_length=1000)]]]):
    """Entities by table, partly written as in a scenario's `given`."""

    model_config = ConfigDict(frozen=True)


class StateNow(RootModel[dict[str, list[Document]]]):
    """The entities that a sandbox holds, by table, each with those inside it."""

    model_config = ConfigDict(frozen=True)


class NewSandbox(Input):
    """A sandbox to be made; without a name it gets one."""

    name: Name | None = None
    scenario: str | None = None
    clock: ClockChange = ClockChange()
    state: State = State({})


class LogIn(Input):
    """Who is to be logged in: the e-mail address of an account."""

    email: Text


class Session(Output):
    """What stands for a customer from now on: a cookie as it is sent, and a token for `Authorization: Bearer`."""

    customer_id: str
    cookie: str
    token: str


class ScenarioChoice(Input):
    """The scenario of a sandbox; null leaves the choice to the server's default."""

    scenario: str | None
