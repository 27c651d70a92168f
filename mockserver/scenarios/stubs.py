"""Finds the stubs that a visit may match by a path value, so that a hundred magic ids cost as much as one."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import accumulate
from typing import Any

from ..contract import Operation
from ..errors import TooMuch
from ..messages import Visit
from .held import look
from .matchers import Matcher
from .reply import Reply

LET_LESS = "let fewer stubs look at less, or ask with less"
LONGEST_OWNER = 100  # characters of a value whose turns are counted; of a longer one its digest is taken


@dataclass(frozen=True, slots=True)
class Turns:
    """
    How turns are counted: under `key`, another one after each change of the scenario, for each `per` on its own.

    `per` is `sandbox`, a path parameter, or `header NAME`. With `loop` the replies begin again after the last.
    """

    key: str
    per: str = "sandbox"
    loop: bool = False

    def owner(self, visit: Visit) -> str:
        """Return whose turn a visit is, '' for the sandbox'; what has no such parameter or header shares its turns."""
        if self.per == "sandbox":
            return ""
        kind, _, name = self.per.partition(" ")
        value = visit.headers.get(name.strip().lower(), "") if name else visit.path.get(kind, "")
        return str(value)

    def counted(self, visit: Visit) -> str:
        """Return what a visit's turn is counted under."""
        owner = self.owner(visit)
        if len(owner) > LONGEST_OWNER:
            owner = sha256(owner.encode(errors="replace")).hexdigest()
        return f"{self.key} {owner}" if owner else self.key


@dataclass(frozen=True, slots=True)
class Stub:
    """
    A matcher and the replies to what it matches.

    `name` is `busy.0`, the first stub of `busy`, and `where` its `file:line`; `state` is what it wants of the tables.
    """

    name: str
    where: str
    turns: Turns
    operation: Operation
    matcher: Matcher
    replies: tuple[Reply, ...]
    state: Mapping[str, Any] = field(default_factory=dict)
    _ends: tuple[int, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_ends", tuple(accumulate(reply.repeat for reply in self.replies)))

    def matches(self, visit: Visit) -> bool:
        """Tell whether a visit is one that it waits for; raise TooMuch where those before it left it too little to look at that."""
        try:
            return self.matcher.matches(visit)
        except TooMuch as error:
            raise TooMuch(f"{error}; the last was stub {self.name} ({self.where}): {LET_LESS}") from None

    def reply(self, asked: int) -> Reply:
        """Return the reply to whoever comes after so many others; the last one repeats, or they begin again."""
        last = len(self.replies) - 1
        if self.turns.loop:
            asked %= self._ends[-1]
        return self.replies[min(bisect_right(self._ends, asked), last) if last else 0]

    def status(self, reply: Reply) -> int:
        """Return the status that one of its replies leads to: its own, that of its provider's outcome, or the success."""
        if reply.status or reply.outcome is None:
            return reply.status or self.operation.success
        completes = self.operation.id == "PostCartsCartComplete"
        return reply.outcome.completion_status() if completes else reply.outcome.answer_status()


class StubIndex:
    """The stubs of one operation in one scenario, by the one value that they wait for in its last path parameter."""

    def __init__(self, stubs: Sequence[Stub]) -> None:
        self._stubs = tuple(stubs)
        self.operation = stubs[0].operation
        self.look = look(self.operation, [stub.state for stub in stubs])
        parameters = self.operation.path_parameters
        self._parameter = parameters[-1] if parameters else ""
        literals = [stub.matcher.literal("path", self._parameter) for stub in stubs]
        places: dict[str | None, list[int]] = {}
        for place, literal in enumerate(literals):
            places.setdefault(literal, []).append(place)
        anywhere = places.pop(None, [])
        self._any = self._at(anywhere)
        self._exact = {literal: self._at(sorted(found + anywhere)) for literal, found in places.items()}

    def candidates(self, path: Mapping[str, str]) -> tuple[Stub, ...]:
        """Return the stubs that wait for the path's value or for any, in the order of the file."""
        return self._exact.get(path.get(self._parameter, ""), self._any)

    def __iter__(self) -> Iterator[Stub]:
        return iter(self._stubs)

    def __len__(self) -> int:
        return len(self._stubs)

    def _at(self, places: Sequence[int]) -> tuple[Stub, ...]:
        return tuple([self._stubs[place] for place in places])
