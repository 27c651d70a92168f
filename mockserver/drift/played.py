"""One exchange with both servers: what was asked, and what came of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..contract import Operation
from ..realserver.cause import Evidence
from .asking import NOTHING
from .comparison import Answered, Difference

State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Played:
    """
    The request, what each server answered, where they differ, and the state on the real one before and after.

    Where nothing can change there is no state.
    """

    operation: Operation
    path: str
    real: Answered
    mock: Answered
    found: tuple[Difference, ...]
    body: Any = NOTHING
    before: State = field(default_factory=dict)
    after: State = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)  # beside those that all requests of a run carry

    @property
    def evidence(self) -> Evidence:
        """What was asked of the real server, and what it answered."""
        body = None if self.body is NOTHING else json.dumps(self.body).encode()
        return Evidence.of(self.path, body, json.dumps(self.real.document).encode())
