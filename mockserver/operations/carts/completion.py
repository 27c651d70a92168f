"""Completes a cart: its payment is authorized, then it becomes an order, or says why not (tests/facts/carts.md 9)."""

from ...contract import Document
from ...express.errors import Thrown, duplicate, invalid_data, not_allowed, unknown_error
from ...messages import Answer
from ...state.relations import Row
from ..context import Context
from ..orders.placing import place
from ..orders.showing import completed
from ..registry import operation
from ..shared import made
from ..shared.columns import PAYMENT
from ..shared.idempotency import clean, keyed_with, reach
from ..shared.jsonb import jsonb
from ..shared.lines import variant_of
from ..shared.providers import STATUSES, canceled_data
from ..swaps.settling import settle, settled
from ..swaps.stored import of_cart
from . import asked
from .goods import short_of, suffices
from .showing import bill, without_totals
from .stored import SESSIONS, asked_for, change, items_of, linked, region_of, selected_of

NO_SESSION = "You cannot complete a cart without a payment session."
NOT_PAID = "Cart payment not authorized"
TAXED, PAID = "tax_lines_created", "payment_authorized"  # how far a request may have come before it failed


@operation("PostCartsCartComplete")
def complete(context: Context) -> Answer:
    """Make an order of a cart; one that was made is answered again, and a payment that wants more answers the cart."""
    asked.look(context)
    return keyed_with(context, lambda key: _complete(context, key), clean("data"), (TAXED, PAID))


def _complete(context: Context, key: Row) -> Document | Answer:
    cart = asked_for(context)
    orders = context.tables.where("orders", cart_id=cart["id"])
    if cart["completed_at"] is not None and orders:
        return {"data": completed(context, orders[0]), "type": "order"}
    swap = of_cart(context, cart["id"])
    if swap is not None and (done := settled(context, swap)) is not None:
        return done
    total = bill(context, cart, taxed=True).totals["total"]
    if key["point"] == PAID:
        return _place(context, swap, cart, context.tables.follow("carts", cart, "payment"), total)
    reach(context, key, TAXED)
    payment = None
    if total > 0:
        session = _authorized(context, cart)
        if session["status"] in ("requires_more", "pending"):
            return {"data": without_totals(context, cart), "payment_status": session["status"], "type": "cart"}
        if session["status"] == "authorized":
            cart = change(context, cart, payment_id=_pay(context, cart, session, total)["id"])
        payment = context.tables.follow("carts", cart, "payment")  # of an earlier try, where this one was refused
    if total <= 0 or session["status"] == "authorized":
        cart = change(context, cart, payment_authorized_at=context.now)
    reach(context, key, PAID)  # the payment is made, whatever becomes of the order
    return _place(context, swap, cart, payment, total)


def _place(context: Context, swap: Row | None, cart: Row, payment: Row | None, total: int) -> Document | Answer:
    """Make an order of a cart that is paid, or settle its swap; raise VendorError where it cannot be."""
    short = [] if swap is not None and swap["allow_backorder"] else _short(context, cart)
    if short:
        return _refused(context, cart, payment, short[:1] if swap is None else short)
    if swap is not None:
        return settle(context, swap, cart, payment, total)
    if payment is None and total > 0:
        raise invalid_data(NOT_PAID)
    if not items_of(context, cart):
        raise invalid_data("Cannot create order from empty cart")
    if cart["customer_id"] is None:
        raise invalid_data("Cannot create an order from the cart without a customer")
    return _ordered(context, cart, payment)


def _authorized(context: Context, cart: Row) -> Row:
    """
    Return the selected session as its provider's answer leaves it, whatever that is.

    Raises VendorError where there is none, and where the provider fails.
    """
    session = selected_of(context, cart)
    if session is None:
        _forget_taxes(context, cart)
        raise not_allowed(NO_SESSION)
    outcome = context.ask(session["provider_id"], "authorize", session["id"], session)
    if outcome.status not in STATUSES:
        raise unknown_error()
    columns: Document = {"status": outcome.status}
    if outcome.replaces_data and outcome.data is not None:
        columns["data"] = jsonb(outcome.data)
    if outcome.status == "authorized":
        columns["payment_authorized_at"] = context.now
    session = made.update(context, SESSIONS, session, **columns)
    if outcome.overlap == "sold-out":
        for variant, _ in _goods(context, cart):
            made.update(context, "product_variants", variant, inventory_quantity=0)
    if outcome.overlap == "conflict":
        context.change.keep()  # the answer is 409, and yet the provider's answer was stored
        raise Thrown("QueryRunnerAlreadyReleasedError").error()
    return session


def _forget_taxes(context: Context, cart: Row) -> None:
    """Drop the tax lines that what comes back in a swap was stored with: the real server clears all, and makes others anew."""
    for item in items_of(context, cart):
        for one in context.tables.where("line_item_tax_lines", item_id=item["id"]):
            context.tables.delete("line_item_tax_lines", one["id"])
    context.change.keep()


def _pay(context: Context, cart: Row, session: Row, total: int) -> Row:
    """
    Store the payment that an authorized session leaves behind, and return it; raise VendorError where the cart has one.

    It is over what the cart comes to, whatever the session was for.
    """
    if any(one["canceled_at"] is None for one in context.tables.where("payments", cart_id=cart["id"])):
        raise duplicate(f"Payment with cart_id {cart['id']} already exists.")
    retrieved = context.ask(session["provider_id"], "retrieve", session["id"], session)
    values = {
        "cart_id": cart["id"], "amount": total, "amount_refunded": 0,
        "currency_code": region_of(context, cart)["currency_code"], "provider_id": session["provider_id"],
        "data": jsonb(retrieved.data or {}) if retrieved.replaces_data else session["data"],
    }  # fmt: skip
    return made.insert(context, "payments", PAYMENT, **values)


def _goods(context: Context, cart: Row) -> list[tuple[Row, int]]:
    """Return what lies in a cart, line by line: the variant, where there still is one, and how many."""
    lines = [(variant_of(context.tables, item), item["quantity"]) for item in items_of(context, cart)]
    return [(variant, quantity) for variant, quantity in lines if variant is not None]


def _short(context: Context, cart: Row) -> list[Row]:
    """Return the variants of which too few are left, line by line."""
    return [variant for variant, quantity in _goods(context, cart) if not suffices(variant, quantity)]


def _refused(context: Context, cart: Row, payment: Row | None, short: list[Row]) -> Answer:
    """Cancel the payment of a cart whose goods are sold out, and say so."""
    if payment is not None:
        data = canceled_data(payment["provider_id"], payment["data"])
        made.update(context, "payments", payment, canceled_at=context.now, data=data)
        change(context, cart, payment_authorized_at=None)
    errors = [short_of(variant) for variant in short]
    return Answer(409, {"errors": [{"message": one.message, "type": one.type, "code": one.code} for one in errors]})


def _ordered(context: Context, cart: Row, payment: Row | None) -> Document:
    """Store the order of a cart, with all that follows from it, and answer it."""
    cards = linked(context, cart, "gift_cards")
    discounts = linked(context, cart, "discounts")
    order = place(context, cart, payment, discounts, cards)
    change(context, cart, completed_at=context.now)
    context.tell("order.placed", {"id": order["id"], "no_notification": order["no_notification"]})
    document = {"data": completed(context, order), "type": "order"}
    for discount in discounts:  # counted a moment later: the answer shows what was before
        context.tables.update("discounts", discount["id"], usage_count=discount["usage_count"] + 1)
    return document
