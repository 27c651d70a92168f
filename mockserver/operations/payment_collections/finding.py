"""Finds the payment collection that a path names, or invents it where unknown ids are invented."""

from collections.abc import Iterable
from typing import Any

from ...express.errors import not_found, unknown_error
from ...state.entities import PaymentCollection
from ..context import Context

MAX_INT = 2_147_483_647  # PostgreSQL's int4
MOST_INVENTED = 50  # sessions of one collection that nobody gave: all of them are looked at in each request
NUL = "\0"  # PostgreSQL's text cannot hold it, and the real server answers 500 (get-nul-id)


def find(context: Context, sessions: Iterable[str] = (), amount: float | None = None) -> PaymentCollection:
    """
    Return the collection that the path names, invented with these sessions where unknown ids are (`''` is any session).

    Raises VendorError when it is not there.
    """
    id = context.visit.path["id"]
    if NUL in id:
        raise unknown_error()
    known = context.sandbox.payment_collections
    stored = known.get(id)
    if stored is None and (known.knows(id) or not context.creates):
        raise not_found(f"Payment collection with id {id} was not found")
    if stored is not None and not (stored.invented and context.creates):
        return stored
    missing = [session for session in sessions if known.owner(session) is None and (session or stored is None)]
    if stored is not None and not missing:
        return stored
    stored = _invent(context, id, stored, missing, amount)
    forgotten = _forget_oldest(stored)
    known.save(stored.copy(), forgotten)
    return stored


def _forget_oldest(stored: PaymentCollection) -> frozenset[str]:
    """Take the oldest sessions out of an invented collection that has grown too large, as if they never were; return their ids."""
    many = stored.sessions[:-MOST_INVENTED]
    forgotten = frozenset(session["id"] for session in many)
    for session in many:
        amount = session["amount"] or 0
        stored.row["amount"] -= amount
        if session["payment_authorized_at"]:
            stored.row["authorized_amount"] -= amount
    stored.sessions = stored.sessions[-MOST_INVENTED:]
    stored.payments = [payment for payment in stored.payments if payment.get("session_id") not in forgotten]
    return forgotten


def _invent(
    context: Context, id: str, stored: PaymentCollection | None, sessions: list[str], amount: float | None
) -> PaymentCollection:
    """Return a collection that nobody has heard of, or one such grown by sessions; its amount is their sum."""
    fixtures = context.fixtures
    if stored is None:
        said: dict[str, Any] = {"id": id}
        if amount and 0 < amount <= MAX_INT and amount == int(amount):
            said["amount"] = int(amount)  # sessions that are listed for an invented collection always add up
        stored = fixtures.payment_collection(said)
        stored.invented = True
        stored.row["amount"] = 0 if sessions else stored.row["amount"]
    for wanted in dict.fromkeys(sessions):
        key = wanted or f"{id} session"
        due = fixtures.row("PaymentCollection", key)["amount"]
        session = wanted or fixtures.row("PaymentSession", key)["id"]
        stored.sessions.append(fixtures.session(session, due, "manual"))
        stored.row["amount"] += due
    return stored
