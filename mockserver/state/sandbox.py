"""All that changes while the requests of one test are answered, apart from what those of any other change; and snapshots of it."""

from asyncio import Event
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from sys import getsizeof

from ..clock import Clock
from ..errors import MockServerError, unknown
from .journal import Journal
from .outbox import Outbox
from .relations import SESSIONS, Relations
from .rows import Catalogue
from .tables import Copied, Tables

MOST_SNAPSHOTS = 10  # of one sandbox
COUNTER = 110  # bytes that a counter takes beside its key


@dataclass(frozen=True, slots=True)
class Start:
    """What every sandbox begins with: the seed, a clock, the tables, and the rows that are in them."""

    seed: str
    clock: Clock
    relations: Relations
    catalogue: Catalogue


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A sandbox as it was: its scenario, clock, counters and rows; not its outbox, nor its journal. `bytes` is about what it takes."""

    scenario: str | None
    clock: Clock
    started: dict[str, str]
    counted: dict[str, int]
    rows: Copied
    off_contract: bool
    bytes: int


class Sandbox:
    """
    Owns the scenario that is on, the clock, the counters that sequences run on, the rows, the outbox and the journal.

    `bytes` is about what it takes, without its journal; `resized` is told before it takes more or less, and may raise.
    """

    def __init__(self, name: str, start: Start, journal: Journal, resized: "Callable[[Sandbox, int], None]") -> None:
        self.name = name
        self.seed = start.seed
        self.journal = journal
        self.bytes = 0
        self.tables = Tables(start.relations, start.catalogue, self._grow)
        self.outbox = Outbox(self._grow)
        self.snapshots: dict[str, Snapshot] = {}
        self.writing: Event | None = None  # until when other control calls wait for one that writes
        self.reserved: Event | None = None  # until when requests do
        self._resized = resized
        self._server_clock = start.clock
        self._counted: dict[str, int] = {}
        self._begin()

    def _begin(self) -> None:
        self.clock = self._server_clock.copy()
        self.scenario: str | None = None
        self.off_contract = False  # whether it may hold what breaks the contract, on purpose
        self.started: dict[str, str] = {}  # the scenarios whose given entities are in, each with its revision

    def reset(self) -> None:
        """Be as a new one; only the snapshots stay."""
        self._begin()
        self._count({})
        self.tables.clear()
        self.outbox.clear()
        self.journal.clear()

    def forget(self) -> None:
        """Hold nothing any more, not even snapshots; what somebody who is still at it writes from now on counts for nobody."""
        for name in list(self.snapshots):
            self.delete_snapshot(name)
        self.reset()
        self._resized = lambda _sandbox, _by: None

    def asked(self, key: str) -> int:
        """Return how often something was asked."""
        return self._counted.get(key, 0)

    def next_of(self, key: str) -> int:
        """Return how often something was asked before, and count this time."""
        asked = self._counted.get(key)
        if asked is None:
            self._grow(COUNTER + getsizeof(key))
            asked = 0
        self._counted[key] = asked + 1
        return asked

    def draw(self, key: str) -> float:
        """Return a number from 0 to below 1 that depends on the seed, on the key, and on how often it was drawn for it."""
        drawn = self.next_of(f"draw {key}")
        digest = blake2b(f"{self.seed} {key} {drawn}".encode(errors="replace"), digest_size=7).digest()
        return int.from_bytes(digest) / 2**56

    def has_ended(self, session: str | None) -> bool:
        """Tell whether a visitor's session is over: somebody logged out, or it was long enough."""
        found = None if session is None else self.tables.get(SESSIONS, session)
        return found is not None and found["ends"] <= self.clock.now()

    def take_snapshot(self, name: str) -> None:
        """Keep under a name how all is now; raise MockServerError when there are too many, or is no room."""
        before = self.snapshots.get(name)
        if before is None and len(self.snapshots) >= MOST_SNAPSHOTS:
            raise MockServerError(f"sandbox {self.name!r} has {MOST_SNAPSHOTS} snapshots already; delete one of them")
        counted = dict(self._counted)
        snapshot = Snapshot(
            self.scenario,
            self.clock.copy(),
            dict(self.started),
            counted,
            self.tables.copy(),
            self.off_contract,
            self.tables.bytes + _size(counted),
        )
        self._grow(snapshot.bytes - (before.bytes if before else 0))
        self.snapshots[name] = snapshot

    def restore(self, name: str) -> None:
        """Be again as a snapshot says; raise MockServerError for an unknown one. Outbox and journal go on."""
        snapshot = self.snapshot(name)
        self._grow(snapshot.bytes)  # raises where there is no room, before anything is restored
        self._grow(-snapshot.bytes)
        self.tables.put_back(snapshot.rows)
        self._count(snapshot.counted)
        self.scenario, self.off_contract = snapshot.scenario, snapshot.off_contract
        self.clock = snapshot.clock.copy()
        self.started = dict(snapshot.started)

    def snapshot(self, name: str) -> Snapshot:
        """Return a snapshot; raise MockServerError for an unknown name, with the nearest known one."""
        try:
            return self.snapshots[name]
        except KeyError:
            raise MockServerError(unknown("snapshot", name, list(self.snapshots))) from None

    def delete_snapshot(self, name: str) -> None:
        """Forget a snapshot; raise MockServerError for an unknown name."""
        self._grow(-self.snapshot(name).bytes)
        del self.snapshots[name]

    def _count(self, counted: dict[str, int]) -> None:
        self._grow(_size(counted) - _size(self._counted))
        self._counted = dict(counted)

    def _grow(self, by: int) -> None:
        self._resized(self, by)
        self.bytes += by


def _size(counted: dict[str, int]) -> int:
    return COUNTER * len(counted) + sum(map(getsizeof, counted))
