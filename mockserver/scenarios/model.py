"""What a loaded scenario is: stubs by operation, and what those need to find in a sandbox."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..contract import Operation, OwnRoute
from ..contract.router import Router
from ..messages import Fault, Visit
from ..operations.shared.providers import Providers
from .stubs import Stub, StubIndex


@dataclass(frozen=True, slots=True)
class Scenario:
    """
    A named set of stubs, with what they need to find in a sandbox.

    `given` are partly written entities by table, perhaps `off_contract` on purpose; `creates` tells whether an unknown id is
    invented on first touch. `shopper` is the e-mail address of who is logged in where a request does not say. `routes` finds
    its stubs on paths that Medusa does not have; None where there are none. `path` is its file; `revision` is another one
    whenever its text is. `weight` is how many mappings it gives, at any depth, `replied` how many replies there are,
    and values in their bodies, each for each operation that its stub is about.
    """

    name: str
    description: str
    path: str
    revision: str
    stubs: Mapping[str, StubIndex] = field(default_factory=dict)
    providers: Providers = field(default_factory=Providers)
    given: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    creates: bool = True
    routes: Router[Operation] | None = None
    off_contract: bool = False
    weight: int = 0
    replied: int = 0
    shopper: str | None = None
    _statuses: tuple[int, ...] = field(init=False, repr=False)
    _faults: tuple[Fault, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        outcomes = [outcome.answer_status() for outcome in self.providers.authorizations()]
        statuses = dict.fromkeys([*(stub.status(reply) for stub in self for reply in stub.replies), *outcomes])
        object.__setattr__(self, "_statuses", tuple(statuses) or (200,))
        faults = dict.fromkeys(reply.fault for stub in self for reply in stub.replies if reply.fault)
        object.__setattr__(self, "_faults", tuple(faults))

    def find(self, operation: Operation, visit: Visit) -> Stub | None:
        """Return the first stub of an operation whose matcher finds no difference; None where that hangs on what the tables hold."""
        for stub in self.candidates(operation, visit):
            if all(difference.startswith("state.") for difference in stub.matcher.differences(visit)):
                return None if stub.matcher.wants("state") else stub
        return None

    def candidates(self, operation: Operation, visit: Visit) -> tuple[Stub, ...]:
        """Return the stubs of an operation whose matchers may find no difference, in the order of the file."""
        stubs = self.stubs.get(operation.id)
        return stubs.candidates(visit.path) if stubs else ()

    def own_routes(self) -> list[Operation]:
        """Return the paths that only its stubs answer, in the order of the file."""
        if self.routes is None:
            return []
        return [stubs.operation for stubs in self.stubs.values() if isinstance(stubs.operation, OwnRoute)]

    def within_contract(self) -> "Scenario":
        """Return it without its stubs on paths of its own, of which no contract speaks."""
        if self.routes is None:
            return self
        of_contract = {id: stubs for id, stubs in self.stubs.items() if not isinstance(stubs.operation, OwnRoute)}
        return replace(self, stubs=of_contract, routes=None)

    def statuses(self) -> list[int]:
        """Return the statuses that its replies and its providers lead to, in order; 200 where it forces none."""
        return list(self._statuses)

    def faults(self) -> list[Fault]:
        """Return what its replies do to the connection, in order."""
        return list(self._faults)

    def __iter__(self) -> Iterator[Stub]:
        for stubs in self.stubs.values():
            yield from stubs
