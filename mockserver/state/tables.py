"""Rows in tables: a frozen catalogue that all sandboxes share, and above it what one sandbox changed."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .change import Change
from .relations import Key, Relation, Relations, Row
from .rows import ABSENT, NONE, Catalogue, Index, Rows, Stored, enlist, index_of, size_of, unlist

Changes = dict[str, dict[Key, Stored | None]]  # None: a row of the catalogue that is gone
Copied = tuple[Changes, dict[str, int]]


class Tables:
    """
    All rows of one sandbox; a row is replaced when it changes, and never mutated.

    `grew` is told of every change of `bytes`, which is about what the sandbox' own rows take; where it raises, nothing
    is written.
    """

    def __init__(
        self, relations: Relations, catalogue: Catalogue, grew: Callable[[int], None] = lambda _bytes: None
    ) -> None:
        self.relations = relations
        self.catalogue = catalogue
        self.bytes = 0
        self.writes = 0  # so far: who finds it unchanged finds the same rows
        self._grew = grew
        self._changes: Changes = {}
        self._indices: dict[str, dict[str, Index]] = {}
        self._next: dict[str, int] = {}
        self._change: Change | None = None

    def get(self, table: str, key: Key) -> Row | None:
        """Return a row, or None."""
        stored = self._changes.get(table, NONE).get(key, ABSENT)
        if stored is ABSENT:
            return self.catalogue.rows(table).get(key)
        return None if stored is None else stored.row

    def where(self, table: str, /, **columns: Any) -> list[Row]:
        """Return the rows whose columns hold these values, in the order in which they were inserted."""
        return self._where(table, columns)

    def among(self, table: str, column: str, values: Iterable[Any]) -> list[Row]:
        """Return the rows whose column holds one of some values, in the order in which they were inserted."""
        found = [one for value in dict.fromkeys(values) for one in self._having(table, column, value)]
        return _rows(sorted(found, key=_place))

    def all(self, table: str) -> list[Row]:
        """Return all rows of a table, in the order in which they were inserted."""
        changed = self._changes.get(table)
        return self.where(table) if changed else list(self.catalogue.rows(table).values())

    def once(self, sources: Iterable[str], what: tuple[str, ...], make: Callable[[], Any]) -> Any:
        """Return what follows from some tables alone: made once for all sandboxes that changed none of them, else anew."""
        if any(self._changes.get(table) for table in sources):
            return make()
        return self.catalogue.once(what, make)

    def changed(self, table: str) -> list[Row]:
        """Return the rows that are the sandbox' own: not those of the catalogue, unless they were changed."""
        stored = [one for one in self._changes.get(table, {}).values() if one]
        return [one.row for one in sorted(stored, key=lambda one: one.place)]

    def follow(self, table: str, row: Row, relation: str) -> Any:
        """Return what a relation of a row leads to: a row or None, or a list of rows."""
        how = self.relations[table].relations[relation]
        found = self._related(table, row, how)
        if how.many:
            return found
        return found[0] if found else None

    def insert(self, table: str, row: Row) -> Row:
        """Store a new row, and return it; KeyError where its key is taken."""
        key = self.relations[table].key_of(row)
        if self.get(table, key) is not None:
            raise KeyError(f"{table} has a row {key!r} already")
        place = self._next.get(table, self.catalogue.size(table))
        self._next[table] = place + 1
        self._write(table, key, Stored(place, size_of(row), row))
        return row

    def update(self, table: str, key: Key, /, **columns: Any) -> Row:
        """Store a row with other values in some columns, and return it; KeyError where it is not there."""
        stored = self._stored(table, key)
        if stored is None:
            raise KeyError(f"{table} has no row {key!r}")
        row = {**stored.row, **columns}
        self._write(table, key, Stored(stored.place, size_of(row), row))
        return row

    def delete(self, table: str, key: Key) -> None:
        """Store a row no longer; KeyError where it is not there."""
        if self.get(table, key) is None:
            raise KeyError(f"{table} has no row {key!r}")
        self._write(table, key, None if key in self.catalogue.rows(table) else ABSENT)

    def change(self) -> Change:
        """Return a change, for a `with` block whose writes are kept or dropped whole."""
        return Change(self)

    def begin(self, change: Change | None) -> None:
        """Note all writes in a change from now on, or in none."""
        self._change = change

    def frozen(self) -> Catalogue:
        """Return all rows as a catalogue for others."""
        return Catalogue(
            {name: {self.relations[name].key_of(row): row for row in self.all(name)} for name in self.relations}
        )

    def copy(self) -> Copied:
        """Return all that the sandbox changed, to be put back later; rows are shared, as nobody mutates them."""
        return {table: dict(changed) for table, changed in self._changes.items()}, dict(self._next)

    def put_back(self, copied: Copied) -> None:
        """Hold what was copied, and nothing else."""
        changes, places = copied
        self._resize(sum(one.bytes for changed in changes.values() for one in changed.values() if one) - self.bytes)
        self._changes = {table: dict(changed) for table, changed in changes.items()}
        self._indices, self._next = {}, dict(places)
        self.writes += 1

    def stand_on(self, catalogue: Catalogue) -> None:
        """Hold other rows below, and what the sandbox changed above them."""
        self.catalogue = catalogue
        self.writes += 1

    def clear(self) -> None:
        """Hold the catalogue, and nothing else."""
        self._resize(-self.bytes)
        self._changes, self._indices, self._next = {}, {}, {}
        self.writes += 1

    def become(self, other: "Tables") -> None:
        """Hold what others over the same catalogue hold, which nobody uses from now on; where `grew` raises, change nothing."""
        self._resize(other.bytes - self.bytes)
        self._changes, self._indices, self._next = other._changes, other._indices, other._next  # noqa: SLF001
        self.writes += 1

    def counts(self) -> dict[str, int]:
        """Return how many rows of each table are the sandbox' own."""
        found = {table: sum(1 for one in changed.values() if one) for table, changed in self._changes.items()}
        return {table: count for table, count in found.items() if count}

    def own(self, table: str, key: Key) -> Any:
        """Return what the sandbox itself stored under a key: a row, None for one of the catalogue that is gone, or ABSENT."""
        return self._changes.get(table, NONE).get(key, ABSENT)

    def take(self, changed: Changes) -> None:
        """Store whole rows that were made elsewhere; where `grew` raises, none of them."""
        self._resize(sum(_growth(self._changes.get(table, NONE), rows) for table, rows in changed.items()))
        for table, rows in changed.items():
            own, below = self._changes.get(table, NONE), self.catalogue.rows(table)
            place = self._next.get(table, len(below))
            for key, after in rows.items():
                before = own.get(key, ABSENT)
                if before is ABSENT and after and key not in below:  # others may have taken its place
                    self._place(table, key, before, Stored(place, after.bytes, after.row))
                    place += 1
                else:
                    self._place(table, key, before, after)
            self._next[table] = place

    def _stored(self, table: str, key: Key) -> Stored | None:
        changed = self._changes.get(table, NONE)
        return changed[key] if key in changed else self.catalogue.stored(table).get(key)

    def _where(self, table: str, columns: Mapping[str, Any]) -> list[Row]:
        if not columns:
            changed = self._changes.get(table, NONE)
            return _rows(self._joined(table, self.catalogue.stored(table), _own(changed)))
        if len(columns) == 1:  # most are asked for by one
            ((column, value),) = columns.items()
            return _rows(self._having(table, column, value))
        rarest = min(columns, key=lambda column: self._count(table, column, columns[column]))
        rows = _rows(self._having(table, rarest, columns[rarest]))
        return [row for row in rows if all(row.get(column) == value for column, value in columns.items())]

    def _having(self, table: str, column: str, value: Any) -> list[Stored]:
        """Return what is stored of the rows whose column holds a value, in the order in which they were inserted."""
        above = self._index(table, column).get(value, NONE)
        return self._joined(table, self.catalogue.find(table, column, value), above)

    def _joined(self, table: str, below: Rows, above: Rows) -> list[Stored]:
        """Return rows of the catalogue, where they were not changed, and the sandbox' own in one order."""
        found = list(above.values())
        if below:
            changed = self._changes.get(table, NONE)
            found += [one for key, one in below.items() if key not in changed]
        if len(found) > 1:
            found.sort(key=_place)
        return found

    def _count(self, table: str, column: str, value: Any) -> int:
        """Return how many rows hold a value in a column, at most."""
        return len(self.catalogue.find(table, column, value)) + len(self._index(table, column).get(value, NONE))

    def _index(self, table: str, column: str) -> Index:
        indices = self._indices.get(table)
        if indices is None:
            indices = self._indices[table] = {}
        index = indices.get(column)
        if index is None:
            changed = self._changes.get(table, NONE)
            index = indices[column] = index_of(column, _own(changed))
        return index

    def _related(self, table: str, row: Row, relation: Relation) -> list[Row]:
        if relation.column:
            key = row.get(relation.column)
            found = [] if key is None else [self.get(relation.table, key)]
        elif relation.link:
            key = self.relations[table].key_of(row)
            links = self._having(relation.link, relation.near, key)
            found = [self.get(relation.table, link.row[relation.far]) for link in links]
        elif relation.theirs:
            key = self.relations[table].key_of(row)
            return self._where(relation.table, {relation.theirs: key, **relation.where})
        else:
            return []
        return [one for one in found if one is not None]

    def _write(self, table: str, key: Key, after: Any) -> None:
        before = self._changes.get(table, {}).get(key, ABSENT)
        self._resize(_bytes(after) - _bytes(before))
        if self._change is not None:
            self._change.note(table, key, before)
        self._place(table, key, before, after)

    def put(self, table: str, key: Key, after: Any) -> None:
        """Put back what a change found."""
        before = self._changes[table].get(key, ABSENT)
        self._place(table, key, before, after)
        self._resize(_bytes(after) - _bytes(before))

    def _place(self, table: str, key: Key, before: Any, after: Any) -> None:
        """Store what is new under a key, and note it in the indices that are there."""
        self.writes += 1
        changed = self._changes.setdefault(table, {})
        for column, index in self._indices.get(table, {}).items():
            if isinstance(before, Stored):
                unlist(index, column, key, before)
            if isinstance(after, Stored):
                enlist(index, column, key, after)
        if after is ABSENT:
            del changed[key]
        else:
            changed[key] = after

    def _resize(self, by: int) -> None:
        if by:
            self._grew(by)
            self.bytes += by


def _bytes(stored: Any) -> int:
    return stored.bytes if isinstance(stored, Stored) else 0


def _growth(own: Mapping[Key, Any], rows: Mapping[Key, Any]) -> int:
    """Return how many bytes more a table takes once rows are stored in place of its own."""
    return sum([_bytes(after) - _bytes(own.get(key, ABSENT)) for key, after in rows.items()])


def _rows(found: list[Stored]) -> list[Row]:
    return [one.row for one in found]


def _place(stored: Stored) -> int:
    return stored.place


def _own(changed: Mapping[Key, Stored | None]) -> Rows:
    """Return the rows among what was changed: not those that are gone."""
    return {key: one for key, one in changed.items() if one}
