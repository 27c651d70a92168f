"""One isolated world: everything that changes while requests are answered."""

from collections import Counter

from .clock import Clock


class Sandbox:
    """Owns the clock, the seed and the counters that sequences of replies run on."""

    def __init__(self, seed: str, clock: Clock) -> None:
        self.seed = seed
        self.clock = clock
        self._served: Counter[str] = Counter()

    def next_of(self, key: str) -> int:
        """Return how often a stub was asked before, and count this time."""
        served = self._served[key]
        self._served[key] = served + 1
        return served
