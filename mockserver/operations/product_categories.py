"""Categories: two reads of a tree, of which only what is active and not internal is seen (tests/facts/catalog.md 6)."""

from collections.abc import Iterable

from ..contract import Document
from ..express.errors import invalid_data, not_found, unknown_error
from ..state.relations import Row
from .context import Context
from .registry import operation
from .shared import lists, query
from .shared.goods import CATEGORY, is_seen
from .shared.goods import SCALARS as PRODUCT
from .shared.rows import find, is_there, pick
from .shared.selection import chosen_fields, listed, refuse_fields

TABLE = "product_categories"
FIELDS = (
    "id", "created_at", "updated_at", "name", "description", "handle", "parent_category_id", "rank", "metadata",
)  # fmt: skip
RELATIONS = ("category_children", "parent_category")
EXPANDABLE = (*RELATIONS, "products")
SHOWN = (query.Text("expand"), query.Text("fields"))
LIST = (
    query.Text("q"),
    query.Text("handle"),
    query.Text("parent_category_id"),
    query.Boolean("include_descendants_tree"),
    *SHOWN,
    query.Number("offset", default=0),
    query.Number("limit", default=100),
    query.Text("order"),
)


@operation("GetProductCategories")
def list_categories(context: Context) -> Document:
    """Answer the categories of all levels, by their ranks, whatever `order` says."""
    asked = query.read(context.visit.query, LIST)
    fields, relations = _shown(asked, ("id", "created_at"))
    is_joined = any(name in RELATIONS for name in relations)
    if asked["fields"] is not None and is_joined and not {"rank", "handle"} <= set(fields):
        raise unknown_error()  # the query sorts by both, and looks for them among what it selects
    rows = _ranked(row for row in context.tables.all(TABLE) if is_seen(row) and _fits(row, asked))
    page = lists.page(rows, asked["offset"], asked["limit"])
    columns = [name for name in FIELDS if name in fields]
    is_tree = asked["include_descendants_tree"] is True
    shown = [_listed(context, row, columns, relations, is_tree=is_tree) for row in page]
    return {"count": len(rows), "offset": asked["offset"], "limit": asked["limit"], "product_categories": shown}


@operation("GetProductCategoriesCategory")
def retrieve_category(context: Context) -> Document:
    """Answer a category with all that is seen below it."""
    asked = query.read(context.visit.query, SHOWN)
    fields, relations = _shown(asked, ("id",))
    id = context.visit.path["id"]
    row = find(context.tables, TABLE, id)
    if row is None or not is_seen(row):
        raise not_found(f"ProductCategory with id: {id}, is_internal: false, is_active: true was not found")
    columns = sorted(name for name in FIELDS if name in fields)
    shown = pick(row, columns)
    if "category_children" in relations:
        shown["category_children"] = _below(context, row, columns)
    if "parent_category" in relations:
        parent = _parent(context, row)
        shown["parent_category"] = None if parent is None else pick(parent, columns)
    return {"product_category": shown | _products(context, row, relations)}


def _shown(asked: Document, always: Iterable[str]) -> tuple[set[str], list[str]]:
    """Return which columns and relations are shown; raise VendorError for one that may not be asked for, or sorted by."""
    fields = list(FIELDS) if asked["fields"] is None else chosen_fields(asked["fields"], FIELDS)
    refuse_fields([name for name in fields if name not in FIELDS])
    order = asked.get("order")
    if order is not None and order.removeprefix("-") not in FIELDS:
        raise invalid_data(f"Order field {order.removeprefix('-')} is not valid")
    relations = list(RELATIONS) if asked["expand"] is None else listed(asked["expand"])
    if any(name not in EXPANDABLE for name in relations):
        raise unknown_error()
    return {*always, *fields}, relations


def _fits(row: Row, asked: Document) -> bool:
    parent = asked["parent_category_id"]
    if asked["q"] and not any(lists.Like(asked["q"]).fits(row[column]) for column in ("name", "handle")):
        return False
    if not asked["q"] and asked["handle"] is not None and row["handle"] != asked["handle"]:
        return False
    return parent is None or row["parent_category_id"] == (None if parent == "null" else parent)


def _listed(context: Context, row: Row, columns: list[str], relations: list[str], *, is_tree: bool) -> Row:
    shown = pick(row, columns)
    if "category_children" in relations:
        shown["category_children"] = [pick(one, columns) for one in _children(context, row)]
    if "parent_category" in relations:
        parent = _parent(context, row)
        shown["parent_category"] = None if parent is None else pick(parent, columns)
    shown |= _products(context, row, relations)
    if is_tree:  # in place of the children, or behind all else
        children = _ranked(context.tables.follow(TABLE, row, "category_children"))
        shown["category_children"] = [_tree(context, one) for one in children]
    return shown


def _products(context: Context, row: Row, relations: list[str]) -> Row:
    """Return the products of a category, without what belongs to them, where they are asked for."""
    if "products" not in relations:
        return {}
    products = context.tables.follow(TABLE, row, "products")
    return {"products": [pick(one, PRODUCT) for one in products if is_there(one)]}


def _tree(context: Context, row: Row, above: tuple[str, ...] = ()) -> Row:
    """Return a category with all that is seen below it; itself it may be hidden."""
    below = (*above, row["id"])
    children = [_tree(context, one, below) for one in _children(context, row) if one["id"] not in below]
    return {**pick(row, CATEGORY), "category_children": children}


def _below(context: Context, row: Row, columns: list[str], above: tuple[str, ...] = ()) -> list[Row]:
    """Return what is seen below a category, at any depth; one that somebody put below itself is left out there."""
    below = (*above, row["id"])
    children = [one for one in _children(context, row) if one["id"] not in below]
    return [{**pick(one, columns), "category_children": _below(context, one, columns, below)} for one in children]


def _children(context: Context, row: Row) -> list[Row]:
    """Return the categories right below one that are seen, by their ranks."""
    return _ranked(filter(is_seen, context.tables.follow(TABLE, row, "category_children")))


def _parent(context: Context, row: Row) -> Row | None:
    parent: Row | None = context.tables.follow(TABLE, row, "parent_category")
    return parent


def _ranked(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row["rank"], row["handle"]))
