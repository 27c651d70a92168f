"""Knows rows of the shop under another server's ids, where an entity that is given holds them as that server shows them."""

from collections.abc import Mapping

from .documents import Document
from .tables import Tables

ALIKE: Mapping[str, str] = {  # the column that tells them, of what every shop begins with one of each
    "shipping_profiles": "type",
    "sales_channels": "name",
}


def as_in_shop(tables: Tables, name: str, entity: Document) -> Document:
    """Return an entity with the id that its like has in the shop, where its own id is unknown; else as it is."""
    column = ALIKE.get(name)
    if column is None or column not in entity or tables.get(name, entity.get("id")) is not None:
        return entity
    for row in tables.catalogue.rows(name).values():
        if row[column] == entity[column]:
            return {**entity, "id": row["id"]}
    return entity
