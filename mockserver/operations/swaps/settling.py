"""Settles a swap when its cart is completed: the goods leave the stock, what is due is paid or noted (tests/facts/orders.md 6)."""

from ...contract import Document
from ...express.errors import not_allowed
from ...state.relations import Row
from ..carts.stored import METHODS, change, items_of, methods_of, region_of
from ..context import Context
from ..orders.placing import tax_item, tax_method
from ..shared import made
from ..shared.lines import variant_of
from .showing import completed
from .stored import TABLE


def settled(context: Context, swap: Row) -> Document | None:
    """Return what a swap that was settled already answers, None for another; raise VendorError where it was canceled."""
    if swap["confirmed_at"] is not None:
        return {"data": completed(context, swap), "type": "swap"}
    if swap["canceled_at"] is not None:
        raise not_allowed("Cart related to canceled swap cannot be completed")
    return None


def settle(context: Context, swap: Row, cart: Row, payment: Row | None, due: int) -> Document:
    """Settle a swap over what its cart comes to, and answer it."""
    for variant, quantity in _goods(
        context, cart
    ):  # of two lines of one variant the last one counts: each writes what it read
        left = variant["inventory_quantity"] - quantity
        made.update(context, "product_variants", variant, inventory_quantity=left)
    _write_taxes(context, cart)
    if payment is not None:
        made.update(context, "payments", payment, swap_id=swap["id"], order_id=swap["order_id"])
    for method in methods_of(context, cart):
        context.tables.update(METHODS, method["id"], swap_id=swap["id"])
    change(context, cart, completed_at=context.now)
    status = "awaiting" if due else "confirmed"
    values = {"shipping_address_id": cart["shipping_address_id"], "confirmed_at": context.now, "payment_status": status}
    swap = made.update(context, TABLE, swap, **values, difference_due=due)
    return {"data": completed(context, swap), "type": "swap"}


def _goods(context: Context, cart: Row) -> list[tuple[Row, int]]:
    """Return the variants that go out or come back, as they are now, line by line, with how many of each."""
    goods = [(variant_of(context.tables, item), item["quantity"]) for item in items_of(context, cart)]
    return [(variant, quantity) for variant, quantity in goods if variant is not None]


def _write_taxes(context: Context, cart: Row) -> None:
    """Write down the taxes on what goes out, and on how it is sent."""
    region = region_of(context, cart)
    for item in items_of(context, cart):
        if not item["is_return"]:
            tax_item(context, region, item)
    for method in methods_of(context, cart):
        tax_method(context, region, method)
