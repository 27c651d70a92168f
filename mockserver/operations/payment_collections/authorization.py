"""What both authorize operations do to a payment collection: the decisions of tests/facts/server.md 4, in their order."""

from collections.abc import Collection
from dataclasses import dataclass, field

from ...express.errors import Thrown, not_allowed, unknown_error
from ...state import derived
from ...state.relations import Key, Row
from ..context import Context
from ..shared.jsonb import jsonb
from ..shared.providers import STATUSES, Overlap
from .finding import is_invented, with_sessions
from .stored import PAYMENTS, SESSIONS, join, key_of, leave, payments_of, sessions_of, update

NO_SESSION = "You cannot complete a Payment Collection without a payment session."


@dataclass(slots=True)
class Authorization:
    """
    What became of a collection, of its sessions by their keys, and what payments were made, each as the answer shows it.

    `silent` are the keys of sessions whose provider sent no data.
    """

    collection: Row
    sessions: dict[Key, Row] = field(default_factory=dict)
    made: dict[Key, Row] = field(default_factory=dict)
    silent: set[Key] = field(default_factory=set)
    overlap: Overlap | None = None

    def session(self, id: str) -> tuple[Key, Row | None]:
        """Return the session that has an id, with its key; None where the collection has none."""
        for key, session in self.sessions.items():
            if session["id"] == id:
                return key, session
        return None, None


def authorize(context: Context, collection: Row, wanted: list[str] | None) -> Authorization:
    """
    Authorize the wanted sessions of a collection and store what follows for it.

    None for the sessions stands for a body that names none: the real server falls over it at the first session that it
    would look up, and not before (own-bauth-body-array).
    Raises VendorError for a collection without sessions and for a provider that fails.
    """
    known = with_sessions(context, collection, wanted or ())
    if context.may_refuse and is_invented(context, collection):
        collection, known = _take_back(context, collection, known, wanted or ())
    sessions = {key_of(context, session): session for session in known}
    result = Authorization(collection, sessions)
    asked = {key for key, one in sessions.items() if one["id"] in (wanted or ()) and not one["payment_authorized_at"]}
    if collection["authorized_amount"] == collection["amount"] and not (asked and is_invented(context, collection)):
        return result  # nothing left to authorize, whoever marked it so: no provider is asked
    if collection["amount"] <= 0:
        columns = {"authorized_amount": 0, "status": "authorized", "updated_at": context.now}
        result.collection = update(context, collection, **columns)
        return result
    if not sessions:
        raise not_allowed(NO_SESSION)
    if wanted is None:
        raise unknown_error()
    before = _authorized(sessions.values())
    for key in sessions:
        if key in asked:
            _ask(context, key, result)
    total = _authorized(sessions.values())
    if is_invented(context, collection):
        total = min(total, collection["amount"])  # any id works: some of its sessions are for what was paid already
    counted = total - before if result.overlap == "lost-update" else total
    columns = {"status": _status(counted, collection), "authorized_amount": counted, "updated_at": context.now}
    result.collection = update(context, collection, **columns)
    if result.overlap == "conflict":
        context.change.keep()  # the answer is 409, and yet all was stored
        raise Thrown("QueryRunnerAlreadyReleasedError").error()
    return result


def _take_back(context: Context, collection: Row, known: list[Row], wanted: Collection[str]) -> tuple[Row, list[Row]]:
    """
    Give invented sessions that are authorized already another try, where the scenario wants them refused.

    Returns the collection and its sessions. Whoever asks for `declined` with ids that went through a moment ago wants to see it declined.
    """
    tried = [one for one in known if one["id"] in wanted and one["payment_authorized_at"] and context.would_refuse(one)]
    for session in tried:
        key = key_of(context, session)
        context.tables.update(SESSIONS, key, status="pending", payment_authorized_at=None)
        for payment in payments_of(context, collection):
            if payment.get("_session") == key:
                leave(context, collection, PAYMENTS, payment)
    if not tried:
        return collection, known
    known = sessions_of(context, collection)
    total = min(_authorized(known), collection["amount"])
    collection = update(context, collection, authorized_amount=total, status=_status(total, collection))
    context.change.keep()
    return collection, known


def _ask(context: Context, key: Key, result: Authorization) -> None:
    """Send a session to its provider; store what it answers, and the payment when it authorizes."""
    session = result.sessions[key]
    outcome = context.ask(session["provider_id"], "authorize", key, session)
    if outcome.status not in STATUSES:
        raise unknown_error()  # PostgreSQL refuses the value
    result.overlap = outcome.overlap or result.overlap
    columns = {"status": outcome.status, "updated_at": context.now}
    if outcome.data is None:
        result.silent.add(key)
    elif outcome.replaces_data:
        columns["data"] = outcome.data
    if outcome.status == "authorized":
        columns["payment_authorized_at"] = context.now
    result.sessions[key] = {**session, **columns}
    stored = {**columns, "data": jsonb(columns["data"])} if "data" in columns else columns
    context.tables.update(SESSIONS, key, **stored)
    if outcome.status == "authorized":
        for count in range(2 if outcome.overlap == "paid-twice" else 1):
            _pay(context, result, key, count)


def _pay(context: Context, result: Authorization, key: Key, count: int) -> None:
    """Store the payment for an authorized session, with the data that the provider's retrieve answers."""
    session = result.sessions[key]
    if session["amount"] is None:
        raise Thrown("23502", table="payment", column="amount").error()
    retrieved = context.ask(session["provider_id"], "retrieve", key, session)
    hint = f"{len(payments_of(context, result.collection))}.{count}"
    payment = derived.payment(context.writer, session, result.collection["currency_code"], hint)
    payment |= {"data": retrieved.data or {}} if retrieved.replaces_data else {}
    join(context, result.collection, PAYMENTS, payment)
    result.made[payment["id"]] = payment


def _authorized(sessions: Collection[Row]) -> int:
    """Return the sum of the sessions that are authorized, in minor units."""
    return sum(int(session["amount"] or 0) for session in sessions if session["payment_authorized_at"])


def _status(total: int, row: Row) -> str:
    """Return the collection's status for the sum that is authorized; more than its amount leaves it as it was."""
    if total == 0:
        return "awaiting"
    if total < row["amount"]:
        return "partially_authorized"
    return "authorized" if total == row["amount"] else str(row["status"])
