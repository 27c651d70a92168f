"""Payment Collections: what their six operations do (tests/facts/server.md 4)."""

from collections.abc import Iterable
from typing import Any

from ...contract import Document
from ...errors import VendorError
from ...express.errors import invalid_data, not_allowed, not_found, unknown_error
from ...state.relations import Row
from ..context import Context
from ..registry import operation
from ..shared import query, validation
from ..shared.rows import NUL
from ..shared.selection import Selector, chosen_fields, listed
from . import shapes
from .authorization import Authorization, authorize
from .finding import find, invent_one, refuse_many
from .sessions import new_session, set_sessions
from .stored import SESSIONS, TABLE, detach, key_of, payments_of, session_of, sessions_of, update

DEFAULT_FIELDS = ("id", "type", "status", "description", "amount", "currency_code", "metadata")
DEFAULT_RELATIONS = ("region", "payment_sessions")
PARAMETERS = (query.Text("expand"), query.Text("fields"))


@operation("GetPaymentCollectionsPaymentCollection")
def retrieve(context: Context) -> Document:
    """Answer the collection: seven columns and two relations, unless `fields` and `expand` say otherwise."""
    asked = query.read(context.visit.query, PARAMETERS)
    selection = Selector(context.contract, "PaymentCollection").select(
        DEFAULT_FIELDS if asked["fields"] is None else chosen_fields(asked["fields"], DEFAULT_FIELDS),
        None if asked["expand"] is None else listed(asked["expand"]),
        DEFAULT_RELATIONS,
    )
    collection = find(context)
    invent_one(context, collection)
    return {"payment_collection": selection.show(context.tables, collection)}


@operation("PostPaymentCollectionsSessions")
def manage_payment_session(context: Context) -> Document:
    """Give the collection one session, with the provider that is asked for; its session is kept if it has one."""
    provider = validation.provider_id(context.visit.body)
    collection = find(context)
    if provider not in _regional(context, collection):
        raise invalid_data("Payment provider not found")
    _refuse_unless_not_paid(collection)
    sessions = sessions_of(context, collection)
    same = next((session["id"] for session in sessions if session["provider_id"] == provider), None)
    return set_sessions(context, collection, [(provider, collection["amount"], same)])


@operation("PostPaymentCollectionsPaymentCollectionSessionsBatch")
def manage_payment_sessions_batch(context: Context) -> Document:
    """Give the collection the sessions that are listed, whose amounts must add up to its own; drop all others."""
    items = validation.sessions(context.visit.body)
    refuse_many(items)
    collection = find(context, amount=_sum(items or ()))
    _refuse_unless_not_paid(collection)
    if items is None or None in items:
        raise unknown_error()  # the real server stumbles over both
    regional = _regional(context, collection)
    wanted = [item for item in items if isinstance(item, dict) and item.get("provider_id") in regional]
    if _sum(wanted) != collection["amount"]:
        message = f"The sum of sessions is not equal to {collection['amount']} on Payment Collection"
        raise VendorError(500, "unexpected_state", message)
    return set_sessions(context, collection, [(i["provider_id"], i["amount"], i.get("session_id")) for i in wanted])


@operation("PostPaymentCollectionsSessionsSessionAuthorize")
def authorize_payment_session(context: Context) -> Document:
    """Authorize one session; what is not authorized afterwards is a 422 that names the collection's id."""
    wanted = context.visit.path["session_id"]
    result = authorize(context, find(context), [wanted])
    _undo_if_rolled_back(context, result)
    key, session = result.session(wanted)
    if session is None or session["status"] != "authorized":
        context.change.keep()  # what came of it is stored all the same
        message = f'Failed to authorize Payment Session id "{result.collection["id"]}"'
        raise VendorError(422, "payment_authorization_error", message)
    answer = shapes.session(session)
    if key in result.silent:
        del answer["data"]  # tests/facts/server.md 2, "Payment session"
        context.off_contract = True
    return {"payment_session": answer}


@operation("PostPaymentCollectionsSessionsBatchAuthorize")
def authorize_payment_sessions_batch(context: Context) -> Document:
    """Authorize the listed sessions and answer the collection, whatever came of it: this one is never a 422."""
    wanted = validation.session_ids(context.visit.body)
    refuse_many(wanted)
    result = authorize(context, find(context), wanted)
    _undo_if_rolled_back(context, result)
    answer = shapes.collection(result.collection)
    answer["payment_sessions"] = [shapes.session(session) for session in result.sessions.values()]
    payments = {payment["id"]: payment for payment in payments_of(context, result.collection)} | result.made
    answer["payments"] = [shapes.payment(row, new=key in result.made) for key, row in payments.items()]
    return {"payment_collection": answer}


@operation("PostPaymentCollectionsPaymentCollectionPaymentSessionsSession")
def refresh_payment_session(context: Context) -> Document:
    """Replace a session by a fresh one with another id; all other sessions of the collection are detached."""
    id, wanted = context.visit.path["id"], context.visit.path["session_id"]
    if NUL in wanted:
        raise unknown_error()
    collection = context.tables.get(TABLE, id)
    if context.creates and (collection is None or collection["deleted_at"] is None):
        collection = find(context, sessions=[wanted])
    old = None if collection is None else session_of(context, collection, wanted)
    if collection is None or collection["deleted_at"] is not None or old is None:
        raise _not_its_own(context, wanted)
    context.ask(old["provider_id"], "delete", key_of(context, old), old)
    fresh, collection = new_session(context, collection, old["provider_id"], old["amount"])
    others = [session for session in sessions_of(context, collection) if session["id"] != fresh["id"]]
    collection = detach(context, collection, others)
    if old["payment_authorized_at"]:
        rest = (collection["authorized_amount"] or 0) - (old["amount"] or 0)
        update(context, collection, authorized_amount=rest)
    return {"payment_session": shapes.session(fresh, new=True)}


def _not_its_own(context: Context, session: str) -> VendorError:
    """Return the error for a session that the collection in the path does not have: another has it, or none."""
    relation = context.tables.relations[TABLE].relations[SESSIONS]
    for row in context.tables.where(SESSIONS, id=session):
        for link in context.tables.where(relation.link, **{relation.far: key_of(context, row)}):
            owner = context.tables.get(TABLE, link[relation.near])
            if owner is not None and owner["deleted_at"] is None:
                id = context.visit.path["id"]
                return not_allowed(f"Payment Session {session} does not belong to Payment Collection {id}")
    return not_found(f"Payment collection related to Payment Session id {session} was not found")


def _undo_if_rolled_back(context: Context, result: Authorization) -> None:
    """Undo all that was stored, where another request that shared the transaction takes this one back with it."""
    if result.overlap == "rolled-back":
        context.change.drop()


def _refuse_unless_not_paid(collection: Row) -> None:
    status = collection["status"]
    if status != "not_paid":
        raise not_allowed(f"Cannot set payment sessions for a payment collection with status {status}")


def _sum(items: Iterable[Any]) -> float | None:
    """Return the sum of amounts as JavaScript adds them; None where a text or a missing one spoils it."""
    amounts = [item.get("amount", "") for item in items if isinstance(item, dict)]
    if not all(isinstance(amount, (int, float, type(None))) for amount in amounts):
        return None
    return sum(float(amount or 0) for amount in amounts)


def _regional(context: Context, collection: Row) -> list[str]:
    """Return the payment providers of a collection's region."""
    region = context.tables.follow(TABLE, collection, "region")
    return [provider["id"] for provider in context.tables.follow("regions", region, "payment_providers")]
