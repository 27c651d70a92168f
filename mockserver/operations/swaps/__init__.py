"""Swaps: what their two operations do (tests/facts/orders.md 6)."""

from ...contract import Document
from ...express.errors import not_allowed, not_found, unknown_error
from ...messages import Answer
from ...state.relations import Row
from ..carts.goods import variants
from ..context import Context
from ..registry import operation
from ..returns.asked import items
from ..returns.making import check, make
from ..shared import bodies, made
from ..shared.idempotency import keyed_with
from ..shared.rows import find, refuse_nul
from . import asked
from .filling import add_goods, fill
from .showing import SWAP, show, show_new
from .stored import TABLE, of_cart


@operation("PostSwaps")
def create(context: Context) -> Answer:
    """Note what comes back of an order and what goes out in its place, with a cart to settle the difference."""
    body = bodies.read(context.visit.body, asked.SWAP, lists=False)
    return keyed_with(context, lambda key: _create(context, body, key["key"]))


@operation("GetSwapsSwapCartId")
def retrieve_by_cart(context: Context) -> Document:
    """Answer the swap that a cart settles; nothing can be asked of it."""
    id = context.visit.path["cart_id"]
    refuse_nul(id)
    swap = of_cart(context, id)
    if swap is None:
        raise not_found("Swap was not found")
    return {"swap": show(context, swap)}


def _create(context: Context, body: Document, key: str) -> Document:
    order, wanted = _order(context, body["order_id"]), items(body["return_items"])
    goods = items(body["additional_items"])
    rows = {row["id"]: row for row in variants(context, [one.get("variant_id", "undefined") for one in goods])}
    if not all(isinstance(one["quantity"], int) for one in goods):
        raise unknown_error()
    values = {"fulfillment_status": "not_fulfilled", "payment_status": "not_paid", "order_id": order["id"]}
    values |= {"no_notification": True, "allow_backorder": False, "idempotency_key": key}
    swap = made.insert(context, TABLE, SWAP, **values)
    lines = add_goods(context, order, swap, [(rows[one["variant_id"]], one["quantity"]) for one in goods])
    check(context, wanted)
    option = body.get("return_shipping_option")
    back = make(context, order, wanted, option, swap_id=swap["id"], no_notification=True)
    cart = fill(context, order, swap, lines, back)
    return {"swap": show_new(context, context.tables.update(TABLE, swap["id"], cart_id=cart["id"]))}


def _order(context: Context, id: str) -> Row:
    """Return the order that goods are swapped of; raise VendorError where it is not there, not paid or not sent yet."""
    order = find(context.tables, "orders", id)
    if order is None:
        raise not_found(f"Order with id: {id} was not found")
    if order["payment_status"] != "captured":
        raise not_allowed("Cannot swap an order that has not been captured")
    if order["fulfillment_status"] == "not_fulfilled":
        raise not_allowed("Cannot swap an order that has not been fulfilled")
    return order
