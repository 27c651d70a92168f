"""One change of tables: kept whole, or dropped whole."""

from typing import Any, Protocol, Self

from .relations import Key


class Changing(Protocol):
    """What is changed: it tells a change of its writes, and puts back what a change found."""

    def begin(self, change: "Change | None") -> None: ...
    def put(self, table: str, key: Key, after: Any) -> None: ...


class Change:
    """
    What one request does to the tables, until it is kept or dropped.

    A `with` block is one change: kept whole when it ends well, dropped whole when it raises.
    """

    def __init__(self, tables: Changing) -> None:
        self._tables = tables
        self._before: list[tuple[str, Key, Any]] = []

    def __enter__(self) -> Self:
        self._tables.begin(self)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self.drop()
        self._tables.begin(None)

    def note(self, table: str, key: Key, before: Any) -> None:
        """Take down what stood under a key before it is changed."""
        self._before.append((table, key, before))

    def keep(self) -> None:
        """Keep what was done so far, whatever comes."""
        self._before.clear()

    def drop(self) -> None:
        """Undo what was done since it began, or since something was kept."""
        while self._before:
            self._tables.put(*self._before.pop())
