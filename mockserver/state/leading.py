"""Lets what entities need lead somewhere: what nobody named is made, and what was named and is nowhere is refused."""

from collections.abc import Iterator
from typing import Any

from ..errors import MockServerError, unknown
from .check import Place, State
from .documents import Document
from .relations import Key
from .tables import Tables
from .writes import Writes

MOST_NEAR = 500  # rows among whose ids the one is looked for that was meant


def refuse_unknown(tables: Tables, state: State, where: Place) -> None:
    """Raise MockServerError for the first id in a state that is to lead to what an entity needs, and leads nowhere."""
    for name, entities in state.items():
        for index, entity in enumerate(entities):
            for place, text in _unknown(tables, name, entity, (*where, name, index)):
                raise MockServerError(f"{'.'.join(map(str, place))}: {text}")


def _unknown(tables: Tables, name: str, entity: Document, where: Place) -> Iterator[tuple[Place, str]]:
    """Yield place and sentence for each such id in an entity, and in those inside it."""
    table = tables.relations[name]
    for relation, names in table.by_column(table.needed):
        id = entity.get(relation.column)
        if id is not None and entity.keys().isdisjoint(names) and tables.get(relation.table, id) is None:
            known = [row["id"] for row in tables.all(relation.table)[:MOST_NEAR]]
            yield (*where, relation.column), unknown(relation.name.replace("_", " "), id, known)
    for relation in table.relations.values():
        related = entity.get(relation.name)
        for index, one in enumerate(related if isinstance(related, list) else [related]):
            if isinstance(one, dict):
                place = (*where, relation.name, *((index,) if isinstance(related, list) else ()))
                yield from _unknown(tables, relation.table, one, place)


def complete(writer: Writes, name: str, key: Key) -> None:
    """Make what a row needs, as far as it is not there."""
    tables, table = writer.tables, writer.tables.relations[name]
    for relation, _ in table.by_column(table.needed):
        row: Any = tables.get(name, key)
        id = row.get(relation.column)
        if tables.get(relation.table, id) is None:
            target = tables.relations[relation.table]
            made = writer.write(relation.table, {} if id is None else {target.key[0]: id}, f"{key} {relation.name}")
            tables.update(name, key, **{relation.column: target.key_of(made)})
