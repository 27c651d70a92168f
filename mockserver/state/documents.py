"""What a sandbox holds, as it is shown and can be given again: entities by table, children inside their parents."""

from typing import Any

from .relations import Key, Row
from .tables import Tables

Document = dict[str, Any]


def document(tables: Tables) -> dict[str, list[Document]]:
    """Return what the tables hold above the catalogue, by table; a row that stands inside another stands nowhere else."""
    shown: set[tuple[str, Key]] = set()
    for table in tables.relations.entities():
        for row in tables.changed(table.name) if table.inside else ():
            shown.update(_children(tables, table.name, row))
    found = {
        table.name: [
            nested(tables, table.name, row)
            for row in tables.changed(table.name)
            if (table.name, table.key_of(row)) not in shown
        ]
        for table in tables.relations.entities()
    }
    return {name: documents for name, documents in found.items() if documents}


def nested(tables: Tables, name: str, row: Row) -> Document:
    """Return a row with what stands inside it; of other rows that a table links to it, what names them."""
    table = tables.relations[name]
    shown = {column: row[column] for column in table.columns if column in row}
    for relation in table.relations.values():
        if relation.name in table.inside:
            found = tables.follow(name, row, relation.name)
            if relation.many:
                shown[relation.name] = [nested(tables, relation.table, one) for one in found]
            elif found is not None:
                shown[relation.name] = nested(tables, relation.table, found)
        elif relation.link:
            key = tables.relations[relation.table].key
            linked = [{column: one[column] for column in key} for one in tables.follow(name, row, relation.name)]
            shown |= {relation.name: linked} if linked else {}
    return shown


def _children(tables: Tables, name: str, row: Row) -> set[tuple[str, Key]]:
    """Return table and key of all that stands inside a row."""
    found: set[tuple[str, Key]] = set()
    for relation in tables.relations[name].inside:
        related = tables.follow(name, row, relation)
        target = tables.relations[name].relations[relation].table
        for one in related if isinstance(related, list) else filter(None, [related]):
            found.add((target, tables.relations[target].key_of(one)))
            found |= _children(tables, target, one)
    return found
