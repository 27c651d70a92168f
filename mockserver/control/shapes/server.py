"""What is given about the server itself."""

from typing import Literal

from .base import Output


class Health(Output):
    """That the server is well, and how much there is of everything; `answering` and `listening` count requests and listeners."""

    status: Literal["ok"] = "ok"
    version: str
    answers_as: str
    scenarios: int
    problems: int
    sandboxes: int
    answering: int
    listening: int
