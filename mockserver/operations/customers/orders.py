"""The orders of whoever is logged in (tests/facts/customers.md 7)."""

from ...contract import Document
from ...express.errors import unknown_error
from ...state.relations import Row
from ..context import Context
from ..registry import operation
from ..shared import lists, query, shopper
from ..shared.selection import Selection, Selector, chosen_fields, listed
from .listing import PARAMETERS, found

FIELDS = (
    "id", "created_at", "status", "fulfillment_status", "payment_status", "display_id", "cart_id", "customer_id",
    "email", "region_id", "currency_code", "tax_rate",
)  # fmt: skip
ALWAYS = (
    "claims", "discounts", "gift_card_transactions", "gift_cards", "items.adjustments", "items.tax_lines",
    "items.variant", "payments", "refunds", "region", "shipping_methods.tax_lines", "swaps",
)  # fmt: skip
DEFAULT = (
    "customer", "discounts.rule", "fulfillments.tracking_links", "shipping_address",
    "shipping_methods.shipping_option",
)  # fmt: skip
NOT_NAMED = frozenset(("item_tax_total", "shipping_tax_total", "gift_card_tax_total", "raw_discount_total"))
SEARCHED = ("customer", "shipping_address")


@operation("GetCustomersCustomerOrders")
@shopper.for_customers
def list_orders(context: Context, id: str) -> Document:
    """Answer a page of the orders of whoever is logged in, those made last first; the e-mail of an order does not matter."""
    asked = query.read(context.visit.query, PARAMETERS)
    selection = _selection(context, asked)
    rows = found(context, id, asked)
    page = lists.page(rows, asked["offset"], asked["limit"])
    if page is None:
        raise unknown_error()
    orders = [_shown(context, row, selection) for row in page]
    return {"orders": orders, "count": len(rows), "offset": asked["offset"], "limit": asked["limit"]}


def _selection(context: Context, asked: Document) -> Selection:
    """Return what is shown of each order; raise VendorError for names that there are not."""
    fields = list(FIELDS) if asked["fields"] is None else chosen_fields(asked["fields"], FIELDS)
    if NOT_NAMED.intersection(fields):
        raise unknown_error()
    more = list(DEFAULT) if asked["expand"] is None else listed(asked["expand"])
    if asked["q"]:
        more += SEARCHED
    columns = [name for name in ("id", "created_at", "tax_rate", *fields) if "." not in name]
    return Selector(context.contract, "Order").select(columns, (*ALWAYS, *more), ())


def _shown(context: Context, row: Row, selection: Selection) -> Document:
    return {"object": "order", **selection.show(context.tables, row)}
