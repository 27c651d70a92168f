"""Gives a payment collection its sessions: updates, inserts and drops them, asking their providers."""

from typing import Any

from ...contract import Document
from ...errors import VendorError
from ...express.errors import unknown_error
from ...state.entities import PaymentCollection, Row
from ..context import Context
from . import shapes
from .authorization import save
from .finding import MAX_INT


def set_sessions(context: Context, stored: PaymentCollection, wanted: list[tuple[str, Any, Any]]) -> Document:
    """Update the sessions that are named by id, insert the others, drop the rest; answer them in the order asked for."""
    answers: list[Row] = []
    kept: dict[str, Row] = {}
    for provider, amount, id in wanted:
        _refuse_unstorable(amount)
        session = stored.session(id) if isinstance(id, str) else None
        if session is None:
            session = new_session(context, stored, provider, amount)
            answers.append(shapes.session(session, new=True))
        else:
            _update(context, session, amount)
            answers.append(shapes.session(session))
        kept[session["id"]] = session
    for session in stored.sessions:
        if session["id"] not in kept:
            _delete_quietly(context, session)
    old = [session for session in stored.sessions if session["id"] in kept]
    stored.sessions = old + [session for session in kept.values() if session not in old]
    save(context, stored)
    answer = shapes.collection(stored) | {"payment_sessions": answers, "region": shapes.region(stored.region)}
    return {"payment_collection": answer}


def new_session(context: Context, stored: PaymentCollection, provider: str, amount: Any) -> Row:
    """Return a session that the provider was asked to initiate."""
    outcome = context.ask(provider, "initiate", stored.id)
    return context.fixtures.session(_fresh_id(context, stored), amount, provider) | {
        "data": outcome.data if outcome.replaces_data else {},
        "created_at": context.now,
        "updated_at": context.now,
    }


def _fresh_id(context: Context, stored: PaymentCollection) -> str:
    """Return an id that no session has or had; the n-th of a collection is the same in every run."""
    while True:
        stored.made += 1
        id = str(context.fixtures.row("PaymentSession", f"{stored.id} {stored.made}")["id"])
        if context.sandbox.payment_collections.owner(id) is None:
            return id


def _update(context: Context, session: Row, amount: Any) -> None:
    """Tell the provider; one that answers nothing leaves the session as it was, amount and all."""
    outcome = context.ask(session["provider_id"], "update", session["id"])
    if outcome.data is None:
        return
    data = outcome.data if outcome.replaces_data else session["data"]
    session |= {"amount": amount, "data": data, "updated_at": context.now}


def _delete_quietly(context: Context, session: Row) -> None:
    """Tell the provider that a session is dropped; its failure is swallowed (batch-delete-old-throws-ignored)."""
    try:
        context.ask(session["provider_id"], "delete", session["id"])
    except VendorError:
        return


def _refuse_unstorable(amount: Any) -> None:
    """Refuse what adds up in JavaScript but does not fit an int4 column (batch-mixed-valid-and-float)."""
    if isinstance(amount, bool) or not isinstance(amount, (int, type(None))) or abs(amount or 0) > MAX_INT:
        raise unknown_error()
