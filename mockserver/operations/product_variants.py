"""Variants: two reads, which show prices whatever is asked for (tests/facts/catalog.md 3)."""

from collections.abc import Iterable, Sequence

from ..contract import Document
from ..express.errors import not_found, unknown_error
from ..messages import Answer
from ..state.relations import Row
from .context import Context
from .registry import operation
from .shared import channels, lists, prices, query, shopper
from .shared.goods import SCALARS, VARIANT, options_of
from .shared.prices import Choice
from .shared.rows import find, is_there, pick
from .shared.selection import chosen_fields, listed, refuse_fields
from .shared.unions import Quantity, TextOrTexts

TABLE = "product_variants"
RELATIONS = ("options", "prices", "product")
EXPANDABLE = ("inventory_items", *RELATIONS)
SHOWN = (query.Text("expand"), query.Text("fields"), *prices.PARAMETERS)
LIST = (
    TextOrTexts("id"),
    TextOrTexts("title"),
    Quantity("inventory_quantity"),
    query.Integer("limit", default=100),
    query.Integer("offset", default=0),
    query.Text("ids"),
    query.Text("sales_channel_id"),
    *SHOWN,
)
RETRIEVE = (query.Text("sales_channel_id"), *SHOWN)


@operation("GetVariants")
def list_variants(context: Context) -> Document | Answer:
    """Answer a page of variants in the order in which they were made, whatever their products' status and channels."""
    asked = query.read(context.visit.query, LIST)
    columns, relations = _selected(asked, ("id", "created_at"))
    sought = [asked["sales_channel_id"]] if asked["sales_channel_id"] else []
    refused = channels.refusal(channels.of_key(context), sought, None, "", context)
    if refused:
        return refused
    wanted = {name: asked[name] for name in ("id", "title", "inventory_quantity") if asked[name] is not None}
    if asked["ids"]:
        wanted["id"] = asked["ids"].split(",")
    rows = [row for row in lists.narrowed(context.tables, TABLE, wanted) if is_there(row)]
    rows = [row for row in rows if all(lists.fits(row[name], value) for name, value in wanted.items())]
    page = lists.page(rows, asked["offset"], asked["limit"])
    choice = prices.chosen(context, asked, shopper.groups(context))
    rates = prices.rates_for(context.tables, _product(context, page[0]), choice) if page else None
    return {"variants": [_shown(context, row, columns, relations - {"prices"}, choice, rates) for row in page]}


@operation("GetVariantsVariant")
def retrieve_variant(context: Context) -> Document | Answer:
    """Answer a variant."""
    asked = query.read(context.visit.query, RETRIEVE)
    columns, relations = _selected(asked, ("id",))
    id = context.visit.path["id"]
    row = find(context.tables, TABLE, id)
    if row is None:
        raise not_found(f"Variant with id: {id} was not found")
    product = _product(context, row)
    sought = [asked["sales_channel_id"]] if asked["sales_channel_id"] else []
    refused = channels.refusal(channels.of_key(context), sought, product, f"Variant with id: {id}", context)
    if refused:
        return refused
    choice = prices.chosen(context, asked, shopper.groups(context))
    rates = prices.rates_for(context.tables, product, choice)
    return {"variant": _shown(context, row, columns, relations, choice, rates)}


def _selected(asked: Document, always: Iterable[str]) -> tuple[list[str], set[str]]:
    """Return the columns and the relations that are shown; raise VendorError for those that may not be asked for."""
    relations = list(RELATIONS) if asked["expand"] is None else listed(asked["expand"])
    refuse_fields([name for name in relations if name not in EXPANDABLE])
    if asked["fields"] is None:
        return list(VARIANT), set(relations)
    fields = {*always, *chosen_fields(asked["fields"], ())}
    if not fields <= set(VARIANT):
        raise unknown_error()
    return [name for name in VARIANT if name in fields], set(relations)


def _shown(  # noqa: PLR0913, PLR0917  (what one answer is made of)
    context: Context, row: Row, columns: Sequence[str], relations: set[str], choice: Choice, rates: list[Row] | None
) -> Document:
    """Return a variant; its prices stand among the relations where they were asked for, and behind them where not."""
    tables = context.tables
    found = prices.prices_of(tables, row, choice)
    priced: Document = {}
    if found or not choice.is_made:
        priced = {"prices": prices.shown(tables, found), **prices.keys(tables, found, choice, rates)}
    elif "prices" in relations:
        priced = {"prices": prices.plain(tables, row)}
    shown = pick(row, columns)
    if "inventory_items" in relations:
        shown["inventory_items"] = []
    if "options" in relations:
        shown["options"] = options_of(tables, row)
    if "prices" in relations:
        shown["prices"] = priced.get("prices", [])
    if "product" in relations:
        product = _product(context, row)
        shown["product"] = None if product is None else pick(product, SCALARS)
    return shown | priced


def _product(context: Context, row: Row) -> Row | None:
    product: Row | None = context.tables.follow(TABLE, row, "product")
    return product
