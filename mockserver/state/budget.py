"""Bounds what many keep together: whoever keeps most loses its oldest first, so that a busy one never costs a quiet one."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Budget:
    """How many things all that share it may keep together."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.total = 0
        self._most = 0
        self._by_size: dict[int, dict[Kept[Any, Any], None]] = {}  # so that the fullest is found without a search

    def is_full_of(self, size: int) -> bool:
        """Tell whether nothing more fits in, and nobody keeps more than `size`."""
        return self.total == self.limit and size == self._most

    def grew(self, kept: "Kept[Any, Any]") -> None:
        """Take note of one more; where that is one too many, the oldest of the fullest is dropped."""
        self._move(kept, len(kept) - 1, len(kept))
        self.total += 1
        self._most = max(self._most, len(kept))
        if self.total > self.limit:
            next(iter(self._by_size[self._most])).drop_oldest()

    def shrank(self, kept: "Kept[Any, Any]", by: int = 1) -> None:
        """Take note of some fewer."""
        self._move(kept, len(kept) + by, len(kept))
        self.total -= by
        while self._most and not self._by_size.get(self._most):
            self._most -= 1

    def _move(self, kept: "Kept[Any, Any]", before: int, now: int) -> None:
        if before:
            self._by_size[before].pop(kept)
            if not self._by_size[before]:
                del self._by_size[before]
        if now:
            self._by_size.setdefault(now, {})[kept] = None


class Kept(Generic[K, V]):
    """A mapping that remembers which key was used least recently, and shares a budget with others of its kind."""

    def __init__(self, budget: Budget, dropped: Callable[[V], None] | None = None) -> None:
        """Tell `dropped` of each value that the budget takes away."""
        self._budget = budget
        self._dropped = dropped
        self._items: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        """Return a value, or None; this is no use of it."""
        return self._items.get(key)

    def use(self, key: K) -> None:
        """Make a key the last to go."""
        self._items.move_to_end(key)

    def put(self, key: K, value: V) -> None:
        """Keep a value, as the last to go."""
        if key in self._items:
            self._items[key] = value
            self._items.move_to_end(key)
            return
        self._items[key] = value
        if self._budget.is_full_of(len(self._items) - 1):
            self._drop()  # one of its own: all sizes are as before, and nothing has to be noted
        else:
            self._budget.grew(self)

    def pop(self, key: K) -> None:
        """Keep a value no longer, if it was kept."""
        if key in self._items:
            del self._items[key]
            self._budget.shrank(self)

    def drop_oldest(self) -> None:
        """Let the least recently used go."""
        self._drop()
        self._budget.shrank(self)

    def _drop(self) -> None:
        _, value = self._items.popitem(last=False)
        if self._dropped:
            self._dropped(value)

    def replace(self, items: Iterable[tuple[K, V]] = ()) -> None:
        """Keep these instead of all that was kept."""
        count = len(self._items)
        self._items.clear()
        if count:
            self._budget.shrank(self, count)
        for key, value in items:
            self.put(key, value)

    def items(self) -> list[tuple[K, V]]:
        """Return all, least recently used first."""
        return list(self._items.items())

    def __contains__(self, key: K) -> bool:
        return key in self._items

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[V]:
        return iter(list(self._items.values()))
