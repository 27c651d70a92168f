"""How a cart is paid: sessions with the providers of its region, and the taxes on it (tests/facts/carts.md 7)."""

from ...contract import Document
from ...messages import Answer
from ..context import Context
from ..registry import operation
from ..shared import bodies, made
from ..shared.idempotency import clean, keyed, shown
from . import asked
from .sessions import drop, hand_over, initiate, of_provider, select, set_sessions
from .showing import REFRESHED, TAXED, WITH_CUSTOMER, bill, show
from .stored import SESSIONS, asked_for


@operation("PostCartsCartPaymentSessions")
def create_payment_sessions(context: Context) -> Answer:
    """Give a cart a session for each provider of its region, for what it comes to with taxes."""
    asked.look(context)
    return keyed(context, lambda: _create_sessions(context), _twice)


@operation("PostCartsCartPaymentSession")
def set_payment_session(context: Context) -> Document:
    """Select the session of a provider."""
    asked.look(context)
    body = bodies.read(context.visit.body, asked.SESSION)
    select(context, asked_for(context), body.get("provider_id", ""))
    return {"cart": show(context, asked_for(context))}


@operation("PostCartsCartPaymentSessionUpdate")
def update_payment_session(context: Context) -> Document:
    """Hand data over to a provider, whose session is the selected one from now on."""
    asked.look(context)
    body = bodies.read(context.visit.body, asked.SESSION_DATA)
    hand_over(context, asked_for(context), context.visit.path["provider_id"], body.get("data"))
    return {"cart": show(context, asked_for(context))}


@operation("DeleteCartsCartPaymentSessionsSession")
def delete_payment_session(context: Context) -> Document:
    """Let a cart have no session with a provider; where it has none, nothing changes."""
    asked.look(context)
    cart = asked_for(context)
    session = of_provider(context, cart, context.visit.path["provider_id"])
    if session is not None:
        drop(context, session)
    return {"cart": show(context, cart)}


@operation("PostCartsCartPaymentSessionsSession")
def refresh_payment_session(context: Context) -> Document:
    """Replace the session that is selected by a new one, which is not yet; let another be for what the cart comes to."""
    asked.look(context)
    cart = asked_for(context)
    provider = context.visit.path["provider_id"]
    session = of_provider(context, cart, provider)
    total = bill(context, cart).totals["total"]
    if session is not None and session["is_selected"]:
        drop(context, session)
        initiate(context, cart, provider, total)
    elif session is not None:
        made.update(context, SESSIONS, session, amount=total)
    return {"cart": show(context, cart, REFRESHED)}


@operation("PostCartsCartTaxes")
def calculate_taxes(context: Context) -> Answer:
    """Answer a cart with its taxes, also where the region leaves them to be asked for."""
    asked.look(context)
    return keyed(
        context, lambda: {"cart": show(context, asked_for(context), TAXED, taxed=True, raw=True)}, clean("cart")
    )


def _create_sessions(context: Context) -> Document:
    cart = asked_for(context)
    set_sessions(context, cart)
    return {"cart": show(context, cart, WITH_CUSTOMER, taxed=True, raw=True)}


def _twice(document: Document, *, again: bool) -> Document:
    """Return an answer that holds a cart twice: as it is kept, and without discounts before they were rounded."""
    if "cart" not in document:
        return document
    return {**document, "data": shown(document["cart"], again=again)}
