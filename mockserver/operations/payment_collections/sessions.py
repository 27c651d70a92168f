"""Gives a payment collection its sessions: updates, inserts and drops them, asking their providers."""

from typing import Any

from ...contract import Document
from ...errors import VendorError
from ...express.errors import unknown_error
from ...state.derived import pending
from ...state.relations import Key, Row
from ..context import Context
from ..shared.jsonb import jsonb
from ..shared.made import MAX_INT
from . import shapes
from .stored import SESSIONS, detach, join, key_of, session_of, sessions_of, update


def set_sessions(context: Context, collection: Row, wanted: list[tuple[str, Any, Any]]) -> Document:
    """Update the sessions that are named by id, insert the others, drop the rest; answer them in the order asked for."""
    answers: list[Row] = []
    kept: dict[Key, Row] = {}
    for provider, amount, id in wanted:
        _refuse_unstorable(amount)
        session = session_of(context, collection, id) if isinstance(id, str) else None
        if session is None:
            session, collection = new_session(context, collection, provider, amount)
            answers.append(shapes.session(session, new=True))
        else:
            session = _update(context, session, amount)
            answers.append(shapes.session(session))
        kept[key_of(context, session)] = session
    dropped = [session for session in sessions_of(context, collection) if key_of(context, session) not in kept]
    for session in dropped:
        _delete_quietly(context, session)
    collection = detach(context, collection, dropped)
    answer = shapes.collection(collection) | {"payment_sessions": answers, "region": _region(context, collection)}
    return {"payment_collection": answer}


def new_session(context: Context, collection: Row, provider: str, amount: Any) -> tuple[Row, Row]:
    """Store a session that the provider was asked to initiate; return it, and the collection."""
    collection, id = _fresh_id(context, collection)
    outcome = context.ask(provider, "initiate", collection["id"], {"id": id, "amount": amount, "data": {}})
    columns = pending(provider) | {"id": id, "amount": amount, "data": outcome.data if outcome.replaces_data else {}}
    session = context.writer.sample(SESSIONS, id, **columns, created_at=context.now, updated_at=context.now)
    join(context, collection, SESSIONS, session)
    return session, collection


def _fresh_id(context: Context, collection: Row) -> tuple[Row, str]:
    """Return an id that no session has; the n-th of a collection is the same in every run."""
    made = collection.get("_made", 0)
    while True:
        made += 1
        id = str(context.writer.sample(SESSIONS, f"{collection['id']} {made}")["id"])
        if not context.tables.where(SESSIONS, id=id):
            return update(context, collection, _made=made), id


def _update(context: Context, session: Row, amount: Any) -> Row:
    """Tell the provider; one that answers nothing leaves the session as it was, amount and all."""
    key = key_of(context, session)
    outcome = context.ask(session["provider_id"], "update", key, session | {"amount": amount})
    if outcome.data is None:
        return session
    columns = {"amount": amount, "updated_at": context.now}
    data = outcome.data if outcome.replaces_data else session["data"]
    return context.tables.update(SESSIONS, key, **columns, data=jsonb(data)) | {"data": data}


def _delete_quietly(context: Context, session: Row) -> None:
    """Tell the provider that a session is dropped; its failure is swallowed (batch-delete-old-throws-ignored)."""
    try:
        context.ask(session["provider_id"], "delete", key_of(context, session), session)
    except VendorError:
        return


def _region(context: Context, collection: Row) -> Row:
    region = context.tables.follow("payment_collections", collection, "region")
    return shapes.region(region, context.tables.follow("regions", region, "payment_providers"))


def _refuse_unstorable(amount: Any) -> None:
    """Refuse what adds up in JavaScript but does not fit an int4 column (batch-mixed-valid-and-float)."""
    if isinstance(amount, bool) or not isinstance(amount, (int, type(None))) or abs(amount or 0) > MAX_INT:
        raise unknown_error()
