"""Isolated worlds: everything that changes while requests are answered, one set per name."""

from collections import OrderedDict

from .clock import Clock
from .entities import PaymentCollections

SHARED = ""
COUNTERS_PER_ENTITY = 4  # a session is authorized, retrieved, initiated, and matched by a stub


class Sandbox:
    """Owns the clock, the seed, the counters that sequences run on, and the entities."""

    def __init__(self, name: str, seed: str, clock: Clock, limit: int) -> None:
        self.name = name
        self.seed = seed
        self.clock = clock
        self.payment_collections = PaymentCollections(limit)
        self.started: set[str] = set()
        self._counted: OrderedDict[str, int] = OrderedDict()
        self._counters = COUNTERS_PER_ENTITY * limit

    def asked(self, key: str) -> int:
        """Return how often something was asked."""
        return self._counted.get(key, 0)

    def next_of(self, key: str) -> int:
        """Return how often something was asked before, and count this time; what was not asked for longest is forgotten."""
        asked = self._counted.pop(key, 0)
        self._counted[key] = asked + 1
        if len(self._counted) > self._counters:
            self._counted.popitem(last=False)
        return asked


class Sandboxes:
    """
    The sandboxes of a server, made when first named, at most `limit` of them; the least recently used goes first.

    The shared one, whose name is empty, never goes. All have the same seed: one test's answers do not depend on its name.
    """

    def __init__(self, seed: str, clock: Clock, limit: int, entities: int) -> None:
        self._limit = limit
        self._seed, self._clock, self._entities = seed, clock, entities
        self._shared = self._make(SHARED)
        self._named: OrderedDict[str, Sandbox] = OrderedDict()

    def __getitem__(self, name: str) -> Sandbox:
        if name == SHARED:
            return self._shared
        sandbox = self._named.get(name)
        if sandbox is None:
            sandbox = self._named[name] = self._make(name)
            if len(self._named) > self._limit:
                self._named.popitem(last=False)
        self._named.move_to_end(name)
        return sandbox

    def _make(self, name: str) -> Sandbox:
        return Sandbox(name, self._seed, self._clock, self._entities)

    def __len__(self) -> int:
        return len(self._named)
