"""What the tables hold for the entities that a path names, as far as the stubs of an operation look at it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from ..contract import Operation
from ..errors import unknown
from ..state.relations import Relations, Row, Table, table_name
from ..state.tables import Tables
from .comparisons import is_comparison


class Named(NamedTuple):
    """An entity that a path names: by which parameter, and in which table it is."""

    parameter: str
    entity: str
    table: str


@dataclass(frozen=True, slots=True)
class Look:
    """
    Looks up the row that a path names first, and shows it with the relations that are among `names`, `depth` levels deep.

    What is related to a row stands inside it, as the API shows it; under the name of its entity so does each of the
    `others`, which the path names behind the first.
    """

    first: Named
    others: tuple[Named, ...]
    names: frozenset[str]
    depth: int

    def held(self, tables: Tables, path: Mapping[str, str]) -> Row:
        """Return what the tables hold; {} where there is no such row."""
        shown = self._found(tables, self.first, path) or {}
        for other in self.others:
            found = self._found(tables, other, path)
            if found is not None:
                shown.setdefault(other.entity, found)
        return shown

    def _found(self, tables: Tables, named: Named, path: Mapping[str, str]) -> Row | None:
        row = tables.get(named.table, path[named.parameter])
        return None if row is None else self._shown(tables, named.table, row, self.depth)

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
    """Return what shows all that the stubs of an operation want of its entities; None where none wants anything."""
    wanting = [one for one in wanted if one]
    named = _named(operation)
    if not wanting or not named:
        return None
    names = frozenset(name for one in wanting for name in _names(one))
    others = tuple(other for other in named[1:] if other.entity in names)
    return Look(named[0], others, names, max(map(_depth, wanting)))


def state_problems(relations: Relations, operations: Iterable[Operation], wanted: Any) -> Iterator[tuple[Any, str]]:
    """Yield what is wanted of entities that none of the operations' paths names, or that such an entity does not have."""
    named = [found for found in map(_named, operations) if found]
    if wanted and not named:
        yield (), "no path that this stub is for names an entity that the tables hold"
    elif wanted:
        tables = [relations[first.table] for first, *_ in named]
        others = {other.entity: relations[other.table] for _, *rest in named for other in rest}
        yield from _unknown_fields(relations, tables, wanted, others)


def _unknown_fields(
    relations: Relations, tables: list[Table], wanted: Any, others: Mapping[str, Table] = MappingProxyType({})
) -> Iterator[tuple[Any, str]]:
    """Yield the fields that none of the tables has, also of related ones, and of those that stand beside them by name."""
    if is_comparison(wanted):
        for word, value in wanted.items():
            if word in ("contains", "not"):
                yield from (((word, *place), text) for place, text in _unknown_fields(relations, tables, value))
    elif isinstance(wanted, dict):
        known = list(dict.fromkeys(name for table in tables for name in (*table.columns, *table.relations)))
        known += [name for name in others if name not in known]
        for name, value in wanted.items():
            if name not in known:
                yield (name,), unknown("field", name, known)
            related = [relations[table.relations[name].table] for table in tables if name in table.relations]
            related += [others[name]] if name in others else []
            if related:
                yield from (((name, *place), text) for place, text in _unknown_fields(relations, related, value))


def _named(operation: Operation) -> list[Named]:
    """Return the entities that an operation's path names, in its order."""
    entities = [(name, operation.entities[name]) for name in operation.path_parameters if name in operation.entities]
    return [Named(parameter, entity, table_name(entity)) for parameter, entity in entities]


def _names(wanted: Any) -> Iterator[str]:
    if isinstance(wanted, dict):
        yield from wanted
    for item in _items(wanted):
        yield from _names(item)


def _depth(wanted: Any) -> int:
    return max([1 + _depth(item) for item in _items(wanted)], default=0)


def _items(wanted: Any) -> Iterable[Any]:
    return wanted.values() if isinstance(wanted, dict) else wanted if isinstance(wanted, list) else ()
