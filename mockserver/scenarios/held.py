"""What the tables hold for the entity that a path names, as far as the stubs of an operation look at it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..contract import Operation
from ..errors import unknown
from ..state.relations import Relations, Row, Table, table_name
from ..state.tables import Tables
from .comparisons import is_comparison


@dataclass(frozen=True, slots=True)
class Look:
    """
    Looks up a row by a path parameter, and shows it with the relations that are among `names`, `depth` levels deep.

    What is related to a row stands inside it, as the API shows it.
    """

    parameter: str
    table: str
    names: frozenset[str]
    depth: int

    def held(self, tables: Tables, path: Mapping[str, str]) -> Row:
        """Return what the tables hold; {} where there is no such row."""
        row = tables.get(self.table, path[self.parameter])
        return {} if row is None else self._shown(tables, self.table, row, self.depth)

    def _shown(self, tables: Tables, name: str, row: Row, depth: int) -> Row:
        table = tables.relations[name]
        shown = {column: row[column] for column in table.columns if column in row}
        for relation in table.relations.values() if depth else ():
            if relation.name in self.names:
                found = tables.follow(name, row, relation.name)
                many = found if relation.many else [one for one in [found] if one is not None]
                shown_many = [self._shown(tables, relation.table, one, depth - 1) for one in many]
                shown[relation.name] = shown_many if relation.many else next(iter(shown_many), None)
        return shown


def look(operation: Operation, wanted: Iterable[Mapping[str, Any]]) -> Look | None:
    """Return what shows all that the stubs of an operation want of its entity; None where none wants anything."""
    wanting = [one for one in wanted if one]
    named = _named(operation)
    if not wanting or named is None:
        return None
    parameter, table = named
    names = frozenset(name for one in wanting for name in _names(one))
    return Look(parameter, table, names, max(map(_depth, wanting)))


def state_problems(relations: Relations, operations: Iterable[Operation], wanted: Any) -> Iterator[tuple[Any, str]]:
    """Yield what is wanted of entities that none of the operations' paths names, or that such an entity does not have."""
    tables = [relations[named[1]] for named in map(_named, operations) if named is not None]
    if wanted and not tables:
        yield (), "no path that this stub is for names an entity that the tables hold"
    elif wanted:
        yield from _unknown_fields(relations, tables, wanted)


def _unknown_fields(relations: Relations, tables: list[Table], wanted: Any) -> Iterator[tuple[Any, str]]:
    """Yield the fields that none of the tables has, also of related ones."""
    if is_comparison(wanted):
        for word, value in wanted.items():
            if word in ("contains", "not"):
                yield from (((word, *place), text) for place, text in _unknown_fields(relations, tables, value))
    elif isinstance(wanted, dict):
        known = list(dict.fromkeys(name for table in tables for name in (*table.columns, *table.relations)))
        for name, value in wanted.items():
            if name not in known:
                yield (name,), unknown("field", name, known)
            related = [relations[table.relations[name].table] for table in tables if name in table.relations]
            if related:
                yield from (((name, *place), text) for place, text in _unknown_fields(relations, related, value))


def _named(operation: Operation) -> tuple[str, str] | None:
    """Return the first path parameter that names an entity, and the table that the entity is in."""
    for parameter in operation.path_parameters:
        if parameter in operation.entities:
            return parameter, table_name(operation.entities[parameter])
    return None


def _names(wanted: Any) -> Iterator[str]:
    if isinstance(wanted, dict):
        yield from wanted
    for item in _items(wanted):
        yield from _names(item)


def _depth(wanted: Any) -> int:
    return max([1 + _depth(item) for item in _items(wanted)], default=0)


def _items(wanted: Any) -> Iterable[Any]:
    return wanted.values() if isinstance(wanted, dict) else wanted if isinstance(wanted, list) else ()
