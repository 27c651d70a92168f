"""Products: two reads, and a search that finds nothing without a plugin (tests/facts/catalog.md 2)."""

from functools import partial

from ...contract import Document
from ...express.errors import invalid_data, not_found, unknown_error
from ...messages import Answer
from ..context import Context
from ..registry import operation
from ..shared import bodies, channels, javascript, lists, prices, query, shopper
from ..shared.goods import Shelf
from ..shared.rows import find
from ..shared.unions import TextOrTexts
from . import listing
from .asked import order_of, selected

TABLE = "products"
SHOWN = (query.Text("expand"), query.Text("fields"), *prices.PARAMETERS)
LIST = (
    TextOrTexts("id"),
    query.Text("q"),
    query.Texts("collection_id"),
    query.Texts("tags"),
    query.Text("title"),
    query.Text("description"),
    query.Text("handle"),
    query.AnyCase("is_giftcard"),
    query.Texts("type_id"),
    query.Texts("category_id"),
    query.AnyCase("include_category_children"),
    query.Dates("created_at"),
    query.Dates("updated_at"),
    query.Texts("sales_channel_id"),
    *SHOWN,
    query.Number("offset", default=0),
    query.Number("limit", default=100),
    query.Text("order"),
)
RETRIEVE = (query.Text("sales_channel_id"), *SHOWN)
SEARCH = (("q", "a string"), ("offset", "a number"), ("limit", "a number"))


@operation("GetProducts")
def list_products(context: Context) -> Document | Answer:
    """Answer a page of the products that are published in the default sales channel, or in those that are asked for."""
    asked = query.read(context.visit.query, LIST)
    opened = channels.of_key(context)
    fields, relations = selected(asked)
    if opened and asked["expand"] is None:
        relations = [*relations, "sales_channels"]
    order = order_of(asked["order"])
    refused = channels.refusal(opened, asked["sales_channel_id"] or [], None, "", context)
    if refused:
        return refused
    if asked["cart_id"] and find(context.tables, "carts", asked["cart_id"]) is None:
        raise unknown_error()
    rows = listing.found(context, asked, channels.sold_in(context, asked["sales_channel_id"], opened), order)
    page = lists.page(rows, asked["offset"], asked["limit"])
    choice = partial(prices.chosen, context, asked, shopper.groups(context))
    shelf = Shelf(context, choice, ("id", "created_at", *fields), relations, hides=True, is_searched=bool(asked["q"]))
    count = len(page) if not relations and not asked["q"] and page else len(rows)
    return {"products": shelf.products(page), "count": count, "offset": asked["offset"], "limit": asked["limit"]}


@operation("GetProductsProduct")
def retrieve_product(context: Context) -> Document | Answer:
    """Answer a product, whatever its status and its sales channels."""
    asked = query.read(context.visit.query, RETRIEVE)
    fields, relations = selected(asked)
    id = context.visit.path["id"]
    row = find(context.tables, TABLE, id)
    if row is None:
        raise not_found(f"Product with id: {id} was not found")
    sought = [asked["sales_channel_id"]] if asked["sales_channel_id"] else []
    refused = channels.refusal(channels.of_key(context), sought, row, f"Product with id: {id}", context)
    if refused:
        return refused
    prices.refuse_unknown_cart(context, asked)  # though no price be shown
    choice = partial(prices.chosen, context, asked, shopper.groups(context))
    shelf = Shelf(context, choice, ("id", *fields), relations, hides=False)
    return {"product": shelf.products([row])[0]}


@operation("PostProductsSearch")
def search_products(context: Context) -> Document:
    """Answer that nothing was found: a shop without a search plugin finds nothing; one who has a key finds no such route."""
    if context.visit.headers.get(channels.HEADER):
        raise not_found("Product with id: search was not found")
    body = bodies.mapping(context.visit.body)
    faults = []
    for name, kind in SEARCH:
        value = body.get(name)
        if kind == "a string" and not isinstance(value, (str, type(None))):
            faults.append(f"{name} must be a string")
        if kind == "a number" and name in body and javascript.numeric(value) is None:
            faults.append(f"{name} must be a number conforming to the specified constraints")
    if faults:
        raise invalid_data(", ".join(faults))
    return {"hits": []}
