"""Parts of what is written: columns of entities, rows in the contract's order, the entities of a relation."""

from collections.abc import Iterable, Mapping
from typing import Any

from ..errors import MockServerError
from .documents import Document
from .relations import Relation, Row, Table


def columns(names: Iterable[str], entity: Document) -> Document:
    """Return some columns of an entity, of those that it has."""
    return {column: entity[column] for column in names if column in entity}


def private(entity: Document) -> Document:
    """Return the columns that are the mock's own, and never shown."""
    return {column: value for column, value in entity.items() if column.startswith("_")}


def ordered(table: Table, row: Row) -> Row:
    """Return a row with its columns in the contract's order."""
    return {**columns(table.columns, row), **private(row)}


def without(before: Document, entity: Document, relations: Mapping[str, Relation]) -> Document:
    """Return what a row was, without what leads elsewhere now that a column changes."""
    gone = {relation.name for relation in relations.values() if relation.column and relation.column in entity}
    return {key: value for key, value in before.items() if key not in gone}


def listed(value: Any, name: str, relation: Relation) -> list[Document]:
    """Return the entities that were written for a relation, to one as well; raise MockServerError for what are none."""
    if value is None:
        return []
    entities = value if relation.many else [value]
    if not isinstance(entities, list) or not all(isinstance(one, dict) for one in entities):
        kind = "list of mappings" if relation.many else "mapping"
        raise MockServerError(f"{name}.{relation.name}: {value!r} is no {kind}")
    return entities
