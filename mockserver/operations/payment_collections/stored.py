"""The rows that belong to a payment collection, and what joins and leaves it."""

from typing import Any

from ...state.relations import Key, Row
from ..context import Context
from ..shared.jsonb import jsonb

TABLE = "payment_collections"
SESSIONS = "payment_sessions"
PAYMENTS = "payments"


def sessions_of(context: Context, collection: Row) -> list[Row]:
    """Return the sessions of a collection, oldest first."""
    found: list[Row] = context.tables.follow(TABLE, collection, SESSIONS)
    return found


def payments_of(context: Context, collection: Row) -> list[Row]:
    """Return the payments of a collection, oldest first."""
    found: list[Row] = context.tables.follow(TABLE, collection, PAYMENTS)
    return found


def session_of(context: Context, collection: Row, id: Any) -> Row | None:
    """Return the session of a collection that has an id, or None."""
    return next((session for session in sessions_of(context, collection) if session["id"] == id), None)


def key_of(context: Context, session: Row) -> Key:
    """Return what tells a session from every other, of other collections too."""
    return context.tables.relations[SESSIONS].key_of(session)


def update(context: Context, collection: Row, **columns: Any) -> Row:
    """Store other values in some columns of a collection, and return it."""
    return context.tables.update(TABLE, collection["id"], **columns)


def join(context: Context, collection: Row, name: str, row: Row) -> None:
    """Store a new session or payment of a collection, its data as the database will read it back."""
    relations = context.tables.relations
    relation = relations[TABLE].relations[name]
    context.tables.insert(name, {**row, "data": jsonb(row["data"])})
    key = relations[name].key_of(row)
    context.tables.insert(relation.link, {relation.near: collection["id"], relation.far: key})


def leave(context: Context, collection: Row, name: str, row: Row) -> None:
    """Store a session or payment of a collection no longer."""
    relations = context.tables.relations
    key = relations[name].key_of(row)
    context.tables.delete(relations[TABLE].relations[name].link, (collection["id"], key))
    context.tables.delete(name, key)


def detach(context: Context, collection: Row, sessions: list[Row]) -> Row:
    """Let sessions leave a collection; an invented one remembers them, so that none is invented again. Return it."""
    for session in sessions:
        leave(context, collection, SESSIONS, session)
    if not sessions or "_invented" not in collection:
        return collection
    gone = [session["id"] for session in sessions]
    return update(context, collection, _detached=(*collection.get("_detached", ()), *gone))
