"""The payment sessions of a cart: one for each provider of its region, one of them selected (tests/facts/carts.md 7)."""

from ...contract import Document
from ...errors import VendorError
from ...express.errors import duplicate, not_allowed, unknown_error
from ...state.relations import Row
from ..context import Context
from ..shared import made
from ..shared.columns import SESSION
from ..shared.jsonb import jsonb
from ..shared.providers import takes_data
from .showing import bill
from .stored import SESSIONS, region_of, selected_of, sessions_of

PENDING = {"status": "pending", "data": {}, "is_initiated": False, "is_selected": None}


def set_sessions(context: Context, cart: Row, *, taxed: bool = True) -> None:
    """
    Give a cart a session for each provider of its region, for what it comes to; none where that is nothing.

    `taxed` tells that it comes to it with taxes, also where the region leaves them to be asked for. Those that it has keep
    their ids, but for one that was initiated and is not selected; the selected one is updated at its provider. A provider
    that is alone is selected at once; raises VendorError where it has a session that is not.
    """
    total = bill(context, cart, taxed=taxed).totals["total"]
    providers = _regional(context, cart)
    seen = set()
    for session in sessions_of(context, cart):
        if total <= 0 or session["provider_id"] not in providers:
            drop(context, session)
            continue
        seen.add(session["provider_id"])
        _follow(context, cart, session, total)
    if total <= 0:
        return
    if len(providers) == 1 and selected_of(context, cart) is None:
        if seen:  # it is offered once more beside its own session
            raise duplicate(f"Payment_session with cart_id, provider_id {cart['id']}, {providers[0]} already exists.")
        initiate(context, cart, providers[0], total, is_selected=True)
        return
    for provider in providers:
        if provider not in seen:
            _offer(context, cart, provider, total)


def refresh_sessions(context: Context, cart: Row, *, taxed: bool = True) -> None:
    """Let the sessions of a cart, if it has any, follow what it comes to now."""
    if sessions_of(context, cart):
        set_sessions(context, cart, taxed=taxed)


def select(context: Context, cart: Row, provider: str) -> Row:
    """
    Initiate the session of a provider and select it, no other; one that was initiated already is updated.

    Raises VendorError for a provider that the region does not have, or the cart has no session with, and where it fails.
    """
    session = _session_with(context, cart, provider)
    total = bill(context, cart).totals["total"]
    for other in sessions_of(context, cart):
        if other["id"] != session["id"] and (other["is_selected"] or other["is_initiated"]):
            made.update(context, SESSIONS, other, is_selected=None, is_initiated=False)
    if session["is_initiated"]:
        return made.update(context, SESSIONS, _update(context, session, total), is_selected=True)
    outcome = context.ask(provider, "initiate", session["id"], {**session, "amount": total})
    data = outcome.data if outcome.replaces_data else {}
    values = {"status": "pending", "is_selected": True, "is_initiated": True, "data": jsonb(data or {})}
    return made.update(context, SESSIONS, session, **values, amount=total)


def hand_over(context: Context, cart: Row, provider: str, sent: Document | None) -> Row:
    """Hand data to a provider, whose session is selected first if it is not; what it makes of it is stored. A list of a body has none, and breaks the server."""
    session = _session_with(context, cart, provider)
    if not session["is_selected"]:
        session = select(context, cart, provider)
    if sent is None:
        raise unknown_error()
    data = {**session["data"], **sent} if takes_data(provider) else session["data"]
    outcome = context.ask(provider, "update", session["id"], {**session, "data": data})
    if outcome.replaces_data and outcome.data is not None:
        data = outcome.data
    return made.update(context, SESSIONS, session, data=jsonb(data))


def initiate(context: Context, cart: Row, provider: str, amount: int, *, is_selected: bool | None = None) -> Row:
    """Store a new session that its provider was asked to initiate, and return it."""
    values = {"cart_id": cart["id"], "provider_id": provider, "amount": amount, "data": {}, "status": "pending"}
    session = made.insert(context, SESSIONS, SESSION, **values, is_initiated=True, is_selected=is_selected)
    outcome = context.ask(provider, "initiate", cart["id"], session)
    data = jsonb((outcome.data if outcome.replaces_data else {}) or {})
    return context.tables.update(SESSIONS, session["id"], data=data)


def drop(context: Context, session: Row) -> None:
    """Store a session no longer; its provider is told where it knows of it."""
    if session["is_initiated"]:
        context.ask(session["provider_id"], "delete", session["id"], session)
    context.tables.delete(SESSIONS, session["id"])


def of_provider(context: Context, cart: Row, provider: str) -> Row | None:
    """Return the session of a cart with a provider, or None."""
    return next((one for one in sessions_of(context, cart) if one["provider_id"] == provider), None)


def _regional(context: Context, cart: Row) -> list[str]:
    providers = context.tables.follow("regions", region_of(context, cart), "payment_providers")
    return [provider["id"] for provider in providers]


def _session_with(context: Context, cart: Row, provider: str) -> Row:
    if provider not in _regional(context, cart):
        raise not_allowed("The payment method is not available in this region")
    session = of_provider(context, cart, provider)
    if session is None:
        raise VendorError(500, "unexpected_state", "Could not find payment session")
    return session


def _follow(context: Context, cart: Row, session: Row, total: int) -> None:
    """Let a session be for a new amount: its provider says whether it takes it, where the session is selected."""
    if session["is_selected"]:
        _update(context, session, total)
    elif session["is_initiated"]:
        drop(context, session)
        _offer(context, cart, session["provider_id"], total)
    else:
        made.update(context, SESSIONS, session, amount=total)


def _offer(context: Context, cart: Row, provider: str, amount: int) -> None:
    """Store a session that its provider has not been asked for yet."""
    made.insert(context, SESSIONS, SESSION, **PENDING, cart_id=cart["id"], provider_id=provider, amount=amount)


def _update(context: Context, session: Row, amount: int) -> Row:
    """Tell the provider of an amount; one that answers nothing leaves the session as it was."""
    outcome = context.ask(session["provider_id"], "update", session["id"], {**session, "amount": amount})
    if outcome.data is None:
        return session
    data = outcome.data if outcome.replaces_data else session["data"]
    return made.update(context, SESSIONS, session, amount=amount, data=jsonb(data))
