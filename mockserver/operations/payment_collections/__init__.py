"""Payment Collections: what their six operations do (SERVER.md 4)."""

from collections.abc import Iterable
from typing import Any

from ...contract import Document
from ...errors import VendorError
from ...express.errors import invalid_data, not_allowed, not_found, unknown_error
from ...state.entities import PaymentCollection
from ..context import Context
from ..registry import operation
from ..shared import validation
from ..shared.selection import Selector, chosen_fields, listed
from . import shapes
from .authorization import authorize, save
from .finding import NUL, find
from .sessions import new_session, set_sessions

DEFAULT_FIELDS = ("id", "type", "status", "description", "amount", "currency_code", "metadata")
DEFAULT_RELATIONS = ("region", "payment_sessions")


@operation("GetPaymentCollectionsPaymentCollection")
def retrieve(context: Context) -> Document:
    """Answer the collection: seven columns and two relations, unless `fields` and `expand` say otherwise."""
    asked = validation.query(context.visit.query, ("expand", "fields"))
    selection = Selector(context.contract, "PaymentCollection").select(
        chosen_fields(asked["fields"], DEFAULT_FIELDS) if "fields" in asked else DEFAULT_FIELDS,
        listed(asked["expand"]) if "expand" in asked else None,
        DEFAULT_RELATIONS,
    )
    stored = find(context, sessions=[""])
    row = shapes.collection(stored) | {
        "payment_sessions": [shapes.session(session) for session in stored.sessions],
        "payments": shapes.payments(stored, new=()),
        "region": stored.region,
        "currency": stored.region["currency"],
    }
    return {"payment_collection": selection.show(row)}


@operation("PostPaymentCollectionsSessions")
def manage_payment_session(context: Context) -> Document:
    """Give the collection one session, with the provider that is asked for; its session is kept if it has one."""
    provider = validation.provider_id(context.visit.body)
    stored = find(context)
    if provider not in _regional(stored):
        raise invalid_data("Payment provider not found")
    _refuse_unless_not_paid(stored)
    same = next((session["id"] for session in stored.sessions if session["provider_id"] == provider), None)
    return set_sessions(context, stored, [(provider, stored.row["amount"], same)])


@operation("PostPaymentCollectionsPaymentCollectionSessionsBatch")
def manage_payment_sessions_batch(context: Context) -> Document:
    """Give the collection the sessions that are listed, whose amounts must add up to its own; drop all others."""
    items = validation.sessions(context.visit.body)
    stored = find(context, amount=_sum(items or ()))
    _refuse_unless_not_paid(stored)
    if items is None or None in items:
        raise unknown_error()  # the real server stumbles over both
    regional = _regional(stored)
    wanted = [item for item in items if isinstance(item, dict) and item.get("provider_id") in regional]
    if _sum(wanted) != stored.row["amount"]:
        message = f"The sum of sessions is not equal to {stored.row['amount']} on Payment Collection"
        raise VendorError(500, "unexpected_state", message)
    return set_sessions(context, stored, [(i["provider_id"], i["amount"], i.get("session_id")) for i in wanted])


@operation("PostPaymentCollectionsSessionsSessionAuthorize")
def authorize_payment_session(context: Context) -> Document:
    """Authorize one session; what is not authorized afterwards is a 422 that names the collection's id."""
    wanted = context.visit.path["session_id"]
    stored = find(context, sessions=[wanted])
    result = authorize(context, stored, [wanted])
    session = stored.session(wanted)
    if session is None or session["status"] != "authorized":
        message = f'Failed to authorize Payment Session id "{stored.id}"'
        raise VendorError(422, "payment_authorization_error", message)
    answer = shapes.session(session)
    if wanted in result.silent:
        del answer["data"]  # auth-ok-provider-returns-no-data
        context.off_contract = True
    return {"payment_session": answer}


@operation("PostPaymentCollectionsSessionsBatchAuthorize")
def authorize_payment_sessions_batch(context: Context) -> Document:
    """Authorize the listed sessions and answer the collection, whatever came of it: this one is never a 422."""
    wanted = validation.session_ids(context.visit.body)
    stored = find(context, sessions=wanted or ())
    result = authorize(context, stored, wanted)
    answer = shapes.collection(stored)
    answer["payment_sessions"] = [shapes.session(session) for session in stored.sessions]
    answer["payments"] = shapes.payments(stored, new=result.made)
    return {"payment_collection": answer}


@operation("PostPaymentCollectionsPaymentCollectionPaymentSessionsSession")
def refresh_payment_session(context: Context) -> Document:
    """Replace a session by a fresh one with another id; all other sessions of the collection are detached."""
    id, wanted = context.visit.path["id"], context.visit.path["session_id"]
    if NUL in wanted:
        raise unknown_error()
    owner = context.sandbox.payment_collections.owner(wanted)
    if owner is None and context.creates:
        owner = find(context, sessions=[wanted]).id
        owner = owner if context.sandbox.payment_collections.owner(wanted) is not None else None
    stored = context.sandbox.payment_collections.get(owner) if owner else None
    if stored is None:
        raise not_found(f"Payment collection related to Payment Session id {wanted} was not found")
    if stored.id != id:
        raise not_allowed(f"Payment Session {wanted} does not belong to Payment Collection {id}")
    old = next(session for session in stored.sessions if session["id"] == wanted)
    context.ask(old["provider_id"], "delete", wanted)
    fresh = new_session(context, stored, old["provider_id"], old["amount"])
    if old["payment_authorized_at"]:
        stored.row["authorized_amount"] = (stored.row["authorized_amount"] or 0) - (old["amount"] or 0)
    stored.sessions = [fresh]
    save(context, stored)
    return {"payment_session": shapes.session(fresh, new=True)}


def _refuse_unless_not_paid(stored: PaymentCollection) -> None:
    status = stored.row["status"]
    if status != "not_paid":
        raise not_allowed(f"Cannot set payment sessions for a payment collection with status {status}")


def _sum(items: Iterable[Any]) -> float | None:
    """Return the sum of amounts as JavaScript adds them; None where a text or a missing one spoils it."""
    amounts = [item.get("amount", "") for item in items if isinstance(item, dict)]
    if not all(isinstance(amount, (int, float, type(None))) for amount in amounts):
        return None
    return sum(amount or 0 for amount in amounts)


def _regional(stored: PaymentCollection) -> list[str]:
    return [provider["id"] for provider in stored.region["payment_providers"]]
