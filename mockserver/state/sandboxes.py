"""Isolated worlds: everything that changes while requests are answered, one set per name."""

import re
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

from ..clock import Clock
from ..errors import MockServerError, unknown
from .budget import Budget, Kept
from .entities import PaymentCollections, Stored
from .journal import Journal, Journals

SHARED = "shared"
NAMES = "use up to 64 of A-Z a-z 0-9 . _ -"
_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
COUNTERS_PER_ENTITY = 4  # a session is authorized, retrieved, initiated, and matched by a stub
MOST_SNAPSHOTS = 10  # of one sandbox
SNAPSHOTS_PER_ENTITY = 10  # entities and counters that all snapshots may keep, for each entity that may be kept


@dataclass(frozen=True, slots=True)
class Budgets:
    """What all sandboxes together may keep."""

    entities: Budget
    dropped: Budget
    counters: Budget

    @classmethod
    def of(cls, entities: int) -> "Budgets":
        """Return the budgets for so many payment collections."""
        return cls(Budget(entities), Budget(entities), Budget(COUNTERS_PER_ENTITY * entities))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A sandbox as it was: its scenario, clock, counters and entities; not its journal."""

    scenario: str | None
    clock: Clock
    started: dict[str, str]
    counted: list[tuple[str, int]]
    stored: Stored

    @property
    def size(self) -> int:
        """How much it keeps."""
        return len(self.counted) + len(self.stored.collections) + len(self.stored.gone)


class Sandbox:
    """Owns the scenario that is on, the clock, the counters that sequences run on, the entities and the journal."""

    def __init__(self, name: str, seed: str, clock: Clock, budgets: Budgets, journal: Journal) -> None:
        self.name = name
        self.seed = seed
        self.journal = journal
        self.payment_collections = PaymentCollections(budgets.entities, budgets.dropped)
        self.snapshots: dict[str, Snapshot] = {}
        self._server_clock = clock
        self._counted: Kept[str, int] = Kept(budgets.counters)
        self._begin()

    def _begin(self) -> None:
        self.clock = self._server_clock.copy()
        self.scenario: str | None = None
        self.started: dict[str, str] = {}  # the scenarios whose given entities are in, each with its revision

    def reset(self) -> None:
        """Be as a new one; only the snapshots stay."""
        self._begin()
        self._counted.replace()
        self.payment_collections.clear()
        self.journal.clear()

    @property
    def size(self) -> int:
        """How much a snapshot would keep."""
        return len(self._counted) + self.payment_collections.size

    def asked(self, key: str) -> int:
        """Return how often something was asked."""
        return self._counted.get(key) or 0

    def next_of(self, key: str) -> int:
        """Return how often something was asked before, and count this time; what was not asked for longest is forgotten."""
        asked = self._counted.get(key) or 0
        self._counted.put(key, asked + 1)
        return asked

    def draw(self, key: str) -> float:
        """Return a number from 0 to below 1 that depends on the seed, on the key, and on how often it was drawn for it."""
        drawn = self.next_of(f"draw {key}")
        digest = blake2b(f"{self.seed} {key} {drawn}".encode(errors="replace"), digest_size=7).digest()
        return int.from_bytes(digest) / 2**56

    def take_snapshot(self, name: str) -> None:
        """Keep under a name how all is now; raise MockServerError when there are too many."""
        if name not in self.snapshots and len(self.snapshots) >= MOST_SNAPSHOTS:
            raise MockServerError(f"sandbox {self.name!r} has {MOST_SNAPSHOTS} snapshots already; delete one of them")
        self.snapshots[name] = Snapshot(
            self.scenario,
            self.clock.copy(),
            dict(self.started),
            self._counted.items(),
            self.payment_collections.stored(),
        )

    def restore(self, name: str) -> None:
        """Be again as a snapshot says; raise MockServerError for an unknown one. The journal goes on."""
        snapshot = self.snapshot(name)
        self.scenario = snapshot.scenario
        self.clock = snapshot.clock.copy()
        self.started = dict(snapshot.started)
        self._counted.replace(snapshot.counted)
        self.payment_collections.restore(snapshot.stored)

    def snapshot(self, name: str) -> Snapshot:
        """Return a snapshot; raise MockServerError for an unknown name, with the nearest known one."""
        try:
            return self.snapshots[name]
        except KeyError:
            raise MockServerError(unknown("snapshot", name, list(self.snapshots))) from None


def is_name(text: str) -> bool:
    """Tell whether a sandbox, or a snapshot of one, can have a name."""
    return _NAME.fullmatch(text) is not None


class Sandboxes:
    """
    The sandboxes of a server, made when first named, at most `limit` of them; the least recently used goes first.

    The shared one never goes. All have the same seed: one test's answers do not depend on its name.
    """

    def __init__(self, seed: str, clock: Clock, limit: int, entities: int, journal: int) -> None:
        self._limit = limit
        self._seed, self._clock = seed, clock
        self._budgets = Budgets.of(entities)
        self._most_in_snapshots = SNAPSHOTS_PER_ENTITY * entities
        self.journals = Journals(journal)
        self._shared = self._make(SHARED)
        self._named: OrderedDict[str, Sandbox] = OrderedDict()

    def __getitem__(self, name: str) -> Sandbox:
        if name == SHARED:
            return self._shared
        sandbox = self._named.get(name)
        if sandbox is None:
            sandbox = self._named[name] = self._make(name)
            if len(self._named) > self._limit:
                self._named.popitem(last=False)[1].reset()
            return sandbox
        self._named.move_to_end(name)
        return sandbox

    def known(self, name: str) -> Sandbox:
        """Return a sandbox that is there already, which is no use of it; raise MockServerError for any other."""
        sandbox = self._shared if name == SHARED else self._named.get(name)
        if sandbox is None:
            raise MockServerError(unknown("sandbox", name, [SHARED, *self._named][:20]))
        return sandbox

    def delete(self, name: str) -> None:
        """Forget a sandbox with all it holds; raise MockServerError for an unknown one and for the shared one."""
        sandbox = self.known(name)
        if sandbox is self._shared:
            raise MockServerError("the shared sandbox cannot be deleted; reset it")
        del self._named[name]
        sandbox.reset()

    @property
    def clock(self) -> Clock:
        """A clock as a new sandbox has it."""
        return self._clock.copy()

    def take_snapshot(self, sandbox: Sandbox, name: str) -> None:
        """Let a sandbox keep under a name how all is now; raise MockServerError when all snapshots keep too much."""
        kept = sum(
            one.size for other in self for key, one in other.snapshots.items() if (other, key) != (sandbox, name)
        )
        if kept + sandbox.size > self._most_in_snapshots:
            raise MockServerError("all snapshots of the server are full; delete some, or start it with more --entities")
        sandbox.take_snapshot(name)

    def _make(self, name: str) -> Sandbox:
        return Sandbox(name, self._seed, self._clock, self._budgets, self.journals.open())

    def __contains__(self, name: str) -> bool:
        return name == SHARED or name in self._named

    def __iter__(self) -> Iterator[Sandbox]:
        return iter([self._shared, *self._named.values()])

    def __len__(self) -> int:
        return len(self._named)
