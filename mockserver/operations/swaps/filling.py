"""Puts into the cart of a swap what goes out, what comes back at its price below zero, and the way back (tests/facts/orders.md 6)."""

from collections.abc import Iterable
from typing import Any

from ...state.relations import Row
from ..carts import discounts
from ..carts.goods import new_line
from ..carts.stored import CART, link
from ..context import Context
from ..shared import made
from ..shared.discounts import ships_free
from ..shared.lines import ADJUSTMENT, ITEM, TAX_LINE, method_taxes
from ..shared.rows import is_there, pick

CARTS = "carts"
ITEMS = "line_items"
TAXES = "line_item_tax_lines"
TAKEN = ("email", "billing_address_id", "shipping_address_id", "region_id", "customer_id", "sales_channel_id")


def add_goods(context: Context, order: Row, swap: Row, goods: Iterable[tuple[Row, int]]) -> list[Row]:
    """Store a line for each variant that goes out, at the price of the order's region and customer; return them."""
    lines = []
    for variant, quantity in goods:
        line = new_line(context, order, variant, quantity, None)
        lines.append(made.insert(context, ITEMS, ITEM, **{**line, **_UNSENT, "swap_id": swap["id"]}))
    return lines


_UNSENT = {"cart_id": None, "has_shipping": None}


def fill(context: Context, order: Row, swap: Row, lines: Iterable[Row], back: Row) -> Row:
    """Store the cart of a swap, and return it: the order's customer, addresses and discounts, the lines, and what comes `back`."""
    metadata = {"swap_id": swap["id"], "parent_order_id": order["id"]}
    values = {name: order[name] for name in TAKEN}
    cart = made.insert(context, CARTS, CART, **values, type="swap", context={}, metadata=metadata)
    for line in lines:
        context.tables.update(ITEMS, line["id"], cart_id=cart["id"])
    found = context.tables.follow("orders", order, "discounts")
    link(context, cart, "discounts", [one for one in found if is_there(one) and not ships_free(context.tables, one)])
    discounts.refresh(context, cart)
    method = context.tables.follow("returns", back, "shipping_method")
    if method is not None:
        _add_way_back(context, order, cart, method)
    for one in context.tables.where("return_items", return_id=back["id"]):
        _add_returned(context, cart, one)
    return cart


def _add_way_back(context: Context, order: Row, cart: Row, method: Row) -> None:
    """Put in what it costs to send goods back."""
    values = {"title": "Return shipping", "unit_price": method["price"], "quantity": 1, "has_shipping": True}
    line = _add(context, cart, **values, is_giftcard=False, allow_discounts=False)
    region: Any = context.tables.get("regions", order["region_id"])
    _tax(context, line, method_taxes(context.tables, region, method))


def _add_returned(context: Context, cart: Row, returned: Row) -> None:
    """Put in what comes back of a line, below zero, with all that a discount took off the whole of it."""
    item: Any = context.tables.get(ITEMS, returned["item_id"])
    values = pick(item, ("title", "thumbnail", "is_giftcard", "allow_discounts", "variant_id"))
    values |= {"unit_price": -item["unit_price"], "quantity": returned["quantity"], "metadata": item["metadata"]}
    line = _add(context, cart, **values)
    for one in context.tables.where("line_item_adjustments", item_id=item["id"]):
        off = {**pick(one, ("description", "discount_id", "metadata")), "amount": -one["amount"]}
        made.insert(context, "line_item_adjustments", ADJUSTMENT, **off, item_id=line["id"])
    _tax(context, line, context.tables.where(TAXES, item_id=item["id"]))


def _add(context: Context, cart: Row, **values: Any) -> Row:
    """Store a line of what comes back."""
    return made.insert(context, ITEMS, ITEM, cart_id=cart["id"], is_return=True, should_merge=True, **values)


def _tax(context: Context, line: Row, taxes: Iterable[Row]) -> None:
    """Store tax lines of a line, as others are."""
    for one in taxes:
        values = pick(one, ("rate", "name", "code"))
        made.insert(context, TAXES, (*TAX_LINE, "item_id"), **values, item_id=line["id"])
