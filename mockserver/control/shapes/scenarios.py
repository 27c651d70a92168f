"""What is given about scenarios."""

from typing import Literal

from .base import Input, Output


class FileProblem(Output):
    """What is wrong with a scenario file."""

    file: str
    line: int
    message: str


class Scenario(Output):
    """A scenario that can be chosen; `origin` tells whether it is a file or was added."""

    name: str
    description: str
    origin: Literal["file", "inline"]
    path: str
    statuses: list[int]
    faults: list[str]


class Stub(Output):
    """A stub of a scenario, and where it stands."""

    stub: str
    where: str
    operation: str
    replies: int


class ScenarioDetail(Scenario):
    """A scenario with its stubs."""

    stubs: list[Stub]


class ScenarioList(Output):
    """All scenarios; `default` is that of requests which choose none, `problems` what keeps files from being read."""

    scenarios: list[Scenario]
    default: str
    problems: list[FileProblem]


class ScenarioText(Output):
    """A scenario as a file has it, in YAML."""

    text: str


class Checking(Input):
    """Which scenario a text would be."""

    name: str = "mine"


class Checked(Output):
    """What is wrong with the text of a scenario; line 0 is its name."""

    problems: list[FileProblem]
