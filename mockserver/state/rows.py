"""Rows as they are stored: each with its place among its like, found by key and by what a column holds."""

from collections.abc import Callable, Mapping
from sys import getsizeof
from types import MappingProxyType
from typing import Any, NamedTuple

from .relations import Key, Row


class Stored(NamedTuple):
    """A row, its place among its like, and about how many bytes it takes."""

    place: int
    bytes: int
    row: Row


Rows = Mapping[Key, Stored]
Index = dict[Any, dict[Key, Stored]]  # the rows that hold a value, by their keys
NONE: Mapping[Any, Any] = MappingProxyType({})
ABSENT: Any = object()  # stands for a row that is not there


class Catalogue:
    """Rows that no sandbox changes; an index by a column is built when it is first wanted, and then shared."""

    def __init__(self, rows: Mapping[str, Mapping[Key, Row]] | None = None) -> None:
        self._rows = rows or {}
        self._indices: dict[tuple[str, str], Index] = {}
        self._stored: dict[str, Rows] = {}
        self._made: dict[tuple[str, ...], Any] = {}

    def rows(self, table: str) -> Mapping[Key, Row]:
        """Return the rows of a table by their keys."""
        return self._rows.get(table, NONE)

    def stored(self, table: str) -> Rows:
        """Return the rows of a table with their places, counted from 0, by their keys."""
        if table not in self._stored:
            rows = self.rows(table).items()
            self._stored[table] = {key: Stored(place, 0, row) for place, (key, row) in enumerate(rows)}
        return self._stored[table]

    def find(self, table: str, column: str, value: Any) -> Rows:
        """Return the rows whose column holds a value, by their keys."""
        index = self._indices.get((table, column))
        if index is None:
            index = self._indices[table, column] = index_of(column, self.stored(table))
        return index.get(value, NONE)

    def once(self, what: tuple[str, ...], make: Callable[[], Any]) -> Any:
        """Return what follows from the rows alone, made when it is first wanted."""
        if what not in self._made:
            self._made[what] = make()
        return self._made[what]

    def size(self, table: str) -> int:
        """Return how many rows a table has."""
        return len(self.rows(table))


def index_of(column: str, rows: Rows) -> Index:
    """Return rows by what a column of theirs holds."""
    index: Index = {}
    for key, stored in rows.items():
        enlist(index, column, key, stored)
    return index


def enlist(index: Index, column: str, key: Key, stored: Stored) -> None:
    """Note in an index by a column that a row is there."""
    value = stored.row.get(column)
    if not isinstance(value, (dict, list)):  # nobody asks for those
        index.setdefault(value, {})[key] = stored


def unlist(index: Index, column: str, key: Key, stored: Stored) -> None:
    """Note in an index by a column that a row is gone."""
    value = stored.row.get(column)
    if not isinstance(value, (dict, list)):
        del index[value][key]
        if not index[value]:
            del index[value]


def size_of(value: Any) -> int:
    """Return about how many bytes a value takes: of texts and numbers what Python says, of what holds others somewhat more."""
    if isinstance(value, dict):
        return 64 + sum([48 + getsizeof(key) + size_of(item) for key, item in value.items()])
    if isinstance(value, (list, tuple)):
        return 64 + sum([8 + size_of(item) for item in value])
    return getsizeof(value)
