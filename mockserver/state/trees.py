"""Keeps trees of categories as deep as answers can show them."""

from collections.abc import Iterable

from ..errors import MockServerError
from .relations import Key
from .tables import Tables

TABLE, PARENT = "product_categories", "parent_category_id"
MOST_LEVELS = 100  # answers nest twice as deep, and what writes them goes 255 levels deep


def refuse_deep(tables: Tables, written: Iterable[Key]) -> None:
    """Raise MockServerError for the first of some categories that stands in a tree of too many levels."""
    for key in written:
        if _above(tables, key) + _levels(tables, key) > MOST_LEVELS:
            raise MockServerError(f"{TABLE}: {key!r} is in a tree of more than {MOST_LEVELS} levels")


def _above(tables: Tables, key: Key) -> int:
    """Return how many categories are above one, as far as that matters; nobody is above itself."""
    seen = {key}
    row = tables.get(TABLE, key)
    while row is not None and len(seen) <= MOST_LEVELS:
        row = None if row[PARENT] in seen else tables.get(TABLE, row[PARENT])
        seen |= set() if row is None else {row["id"]}
    return len(seen) - 1


def _levels(tables: Tables, key: Key) -> int:
    """Return how many levels there are from a category down, as far as that matters."""
    seen, level, count = {key}, [key], 0
    while level and count <= MOST_LEVELS:
        level = [row["id"] for row in tables.among(TABLE, PARENT, level) if row["id"] not in seen]
        seen.update(level)
        count += 1
    return count
