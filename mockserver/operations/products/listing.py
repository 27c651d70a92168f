"""Which products a list holds, and in which order (tests/facts/catalog.md 2, "GET /store/products")."""

from collections.abc import Iterable, Sequence
from typing import Any

from ...contract import Document
from ...state.relations import Row
from ...state.tables import Tables
from ..context import Context
from ..shared import lists
from ..shared.goods import is_seen
from ..shared.rows import is_there
from .search import searched

TABLE = "products"
EQUAL = ("id", "handle", "title", "description", "collection_id", "type_id", "is_giftcard", "created_at", "updated_at")
REPLACED = ("title", "description")  # by q
SOURCES = (TABLE, "product_sales_channels", "product_variants", "money_amounts")  # of lists and their orders
LINKS = {
    "tags": ("product_tag_products", "product_tag_id"),
    "category_id": ("product_category_products", "product_category_id"),
}


def found(context: Context, asked: Document, channels: Sequence[str] | None, order: str) -> list[Row]:
    """Return the products that are wanted, in their order; `channels` are those that sell them, None is all."""
    tables = context.tables
    wanted = {name: asked[name] for name in EQUAL if asked[name] is not None}
    if asked["q"]:
        wanted = {name: value for name, value in wanted.items() if name not in REPLACED}
    rows = _candidates(tables, asked, wanted, channels, order)
    for name, value in wanted.items():
        rows = [row for row in rows if lists.fits(row[name], value)]
    return searched(tables, rows, asked["q"]) if asked["q"] else rows


def _candidates(
    tables: Tables, asked: Document, wanted: Document, channels: Sequence[str] | None, order: str
) -> list[Row]:
    """Return the products for sale among which all that are wanted are, in their order: those that an index finds, or all."""

    def listed(rows: Iterable[Row]) -> list[Row]:
        return ordered(tables, (row for row in rows if _is_listed(row) and _is_sold(tables, row, channels)), order)

    ids = _linked(tables, asked)
    if ids is not None:
        return listed(tables.among(TABLE, "id", ids))
    if any(isinstance(value, (str, list)) for value in wanted.values()):
        return listed(lists.narrowed(tables, TABLE, wanted))
    what = ("listed", order, *(channels or ()), "in all" if channels is None else "")
    made: list[Row] = tables.once(SOURCES, what, lambda: listed(tables.all(TABLE)))
    return made


def _linked(tables: Tables, asked: Document) -> list[str] | None:
    """Return the ids of the products that have one of the tags and are in one of the categories; None where neither is asked for."""
    found: list[str] | None = None
    for name, (link, column) in LINKS.items():
        if asked[name] is None:
            continue
        values = asked[name]
        if name == "category_id":
            values = _seen(tables, values, deep=bool(asked["include_category_children"]))
        ids = dict.fromkeys(row["product_id"] for row in tables.among(link, column, values))
        found = list(ids) if found is None else [id for id in found if id in ids]
    return found


def _seen(tables: Tables, ids: Iterable[Any], *, deep: bool) -> list[str]:
    """Return the categories among some ids that are seen, with those below them where they count."""
    found: dict[str, None] = {}
    waiting = list(filter(is_seen, tables.among("product_categories", "id", ids)))
    while waiting:
        row = waiting.pop()
        if row["id"] not in found:
            found[row["id"]] = None
            if deep:
                below = tables.where("product_categories", parent_category_id=row["id"])
                waiting += filter(is_seen, below)
    return list(found)


def _is_sold(tables: Tables, row: Row, channels: Sequence[str] | None) -> bool:
    """Tell whether one of the channels sells a product."""
    if channels is None:
        return True
    return any(tables.get("product_sales_channels", (row["id"], one)) is not None for one in channels)


def _is_listed(row: Row) -> bool:
    return row["status"] == "published" and is_there(row)


def ordered(tables: Tables, rows: Iterable[Row], order: str) -> list[Row]:
    """Return products in the order of a column of theirs, of their variants' titles, or of their prices' amounts."""
    column = order.removeprefix("-")

    def values_of(row: Row) -> list[Any]:
        if "." not in column:
            return [row.get(column)]
        variants = [one for one in tables.where("product_variants", product_id=row["id"]) if is_there(one)]
        if column == "variants.title":
            return [one["title"] for one in variants]
        return [price["amount"] for one in variants for price in tables.where("money_amounts", variant_id=one["id"])]

    return lists.ordered(rows, values_of, descending=order.startswith("-"))
