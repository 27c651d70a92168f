"""What both authorize operations do to a payment collection: the decisions of SERVER.md 4, in their order."""

from collections.abc import Collection
from dataclasses import dataclass, field

from ...express.errors import Thrown, not_allowed, unknown_error
from ...state.entities import PaymentCollection, Row
from ..context import Context
from ..shared.providers import Outcome, Overlap
from .shapes import jsonb

STATUSES = ("authorized", "pending", "requires_more", "error", "canceled")  # what the database's enum holds
NO_SESSION = "You cannot complete a Payment Collection without a payment session."


@dataclass(slots=True)
class Authorization:
    """What an authorization did beyond the rows: payments it made, sessions whose provider sent no data, an overlap."""

    made: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    overlap: Overlap | None = None


def authorize(context: Context, collection: PaymentCollection, wanted: list[str] | None) -> Authorization:
    """
    Authorize the wanted sessions of a collection and store what follows for it.

    None for the sessions stands for a body that names none: the real server falls over it at the first session that it
    would look up, and not before (own-bauth-body-array).
    Raises VendorError, with nothing stored, for a collection without sessions and for a provider that fails.
    """
    row, result = collection.row, Authorization()
    _take_back(context, collection, wanted or ())
    if row["authorized_amount"] == row["amount"]:
        return result  # nothing left to authorize, whoever marked it so: no provider is asked
    if row["amount"] <= 0:
        row |= {"authorized_amount": 0, "status": "authorized", "updated_at": context.now}
        save(context, collection)
        return result
    if not collection.sessions:
        raise not_allowed(NO_SESSION)
    if wanted is None:
        raise unknown_error()
    before = sum(_amount(session) for session in collection.sessions if session["payment_authorized_at"])
    total = before
    for session in collection.sessions:
        if session["id"] in wanted and not session["payment_authorized_at"]:
            outcome = _ask(context, collection, session, result)
            total += _amount(session) if outcome.status == "authorized" else 0
    counted = total - before if result.overlap == "lost-update" else total
    row |= {"status": _status(counted, row), "authorized_amount": counted, "updated_at": context.now}
    if result.overlap != "rolled-back":
        save(context, collection)
    if result.overlap == "conflict":
        raise Thrown("QueryRunnerAlreadyReleasedError").error()
    return result


def _take_back(context: Context, collection: PaymentCollection, wanted: Collection[str]) -> None:
    """
    Give invented sessions that are authorized already another try, where the scenario wants them refused.

    Whoever asks for `declined` with ids that went through a moment ago wants to see it declined.
    """
    for session in [one for one in collection.sessions if collection.invented and one["id"] in wanted]:
        if session["payment_authorized_at"] and context.would_refuse(session):
            session |= {"status": "pending", "payment_authorized_at": None}
            collection.row["authorized_amount"] -= _amount(session)
            collection.payments = [one for one in collection.payments if one.get("session_id") != session["id"]]
            save(context, collection)


def save(context: Context, collection: PaymentCollection) -> None:
    """Store a collection, its data as the database will read it back."""
    stored = collection.copy()
    for row in (*stored.sessions, *stored.payments):
        row["data"] = jsonb(row["data"])
    context.sandbox.payment_collections.save(stored)


def _ask(context: Context, collection: PaymentCollection, session: Row, result: Authorization) -> Outcome:
    """Send a session to its provider; write what it answers into the session, and the payment when it authorizes."""
    outcome = context.ask(session["provider_id"], "authorize", session["id"])
    if outcome.status not in STATUSES:
        raise unknown_error()  # PostgreSQL refuses the value
    result.overlap = outcome.overlap or result.overlap
    session |= {"status": outcome.status, "updated_at": context.now}
    if outcome.data is None:
        result.silent.add(session["id"])
    elif outcome.replaces_data:
        session["data"] = outcome.data
    if outcome.status == "authorized":
        session["payment_authorized_at"] = context.now
        for count in range(2 if outcome.overlap == "paid-twice" else 1):
            payment = _payment(context, collection, session, count)
            collection.payments.append(payment)
            result.made.add(payment["id"])
    return outcome


def _payment(context: Context, collection: PaymentCollection, session: Row, count: int) -> Row:
    """Return the payment for an authorized session, with the data that the provider's retrieve answers."""
    if session["amount"] is None:
        raise Thrown("23502", table="payment", column="amount").error()
    retrieved = context.ask(session["provider_id"], "retrieve", session["id"])
    payment = context.fixtures.payment(session, collection.row, key=f"{len(collection.payments)}.{count}")
    return payment | ({"data": retrieved.data} if retrieved.replaces_data and retrieved.data is not None else {})


def _amount(session: Row) -> int:
    return int(session["amount"] or 0)


def _status(total: int, row: Row) -> str:
    """Return the collection's status for the sum that is authorized; more than its amount leaves it as it was."""
    if total == 0:
        return "awaiting"
    if total < row["amount"]:
        return "partially_authorized"
    return "authorized" if total == row["amount"] else str(row["status"])
