"""Finds the payment collection that a path names, or invents it where unknown ids are invented."""

from collections.abc import Collection, Sequence

from ...errors import MockServerError
from ...express.errors import not_found, unknown_error
from ...state.check import LONGEST_ID
from ...state.derived import pending
from ...state.relations import Row
from ..context import Context
from ..shared.made import MAX_INT
from ..shared.rows import NUL
from .stored import SESSIONS, TABLE, join, sessions_of

MOST_LISTED = 200  # sessions in one request, for all of which others wait
MOST_INVENTED = 200  # sessions of one collection that nobody gave: all of them are looked at in each request


def find(context: Context, sessions: Collection[str] = (), amount: float | None = None) -> Row:
    """
    Return the collection that the path names, invented where unknown ids are, and with it these sessions.

    What is invented stays, whatever becomes of the request. Raises VendorError when the collection is not there.
    """
    id = context.visit.path["id"]
    if NUL in id:
        raise unknown_error()
    collection = context.tables.get(TABLE, id)
    if collection is None and context.creates:
        collection = _invent(context, id, amount)
    if collection is None or collection["deleted_at"] is not None:  # get-soft-deleted
        raise not_found(f"Payment collection with id {id} was not found")
    if is_invented(context, collection):
        context.change.keep()
    if sessions:
        with_sessions(context, collection, sessions)
    return collection


def is_invented(context: Context, collection: Row) -> bool:
    """Tell whether a collection was made up on first touch, and may grow sessions that are asked for."""
    return "_invented" in collection and context.creates


def owed(collection: Row) -> int:
    """Return what is left to authorize of a collection, in minor units."""
    return int(collection["amount"] - (collection["authorized_amount"] or 0))


def _invent(context: Context, id: str, amount: float | None) -> Row:
    """
    Store a collection that nobody has heard of.

    Its price follows from its id, once and for all; sessions that are listed for it always add up to it.
    """
    refuse_long(id)
    listed = {"amount": int(amount)} if amount and 0 < amount <= MAX_INT and amount == int(amount) else {}
    return context.writer.write(TABLE, {"id": id, **listed}, id, _invented=True)


def refuse_long(id: str) -> None:
    """Refuse, as the mock itself, to invent what has a longer id than anybody would give it."""
    if len(id) > LONGEST_ID:
        raise MockServerError(
            f"an id of {len(id)} characters is not invented; {LONGEST_ID} are the most ('unknown_ids: not_found' answers 404)"
        )


def refuse_many(listed: Sequence[object] | None) -> None:
    """Refuse, as the mock itself, to do for so many sessions what others would have to wait for."""
    if listed and len(listed) > MOST_LISTED:
        raise MockServerError(f"{len(listed)} sessions are listed; this mock takes {MOST_LISTED} at once")


def invent_one(context: Context, collection: Row) -> None:
    """Give an invented collection that never had a session one of its own."""
    if is_invented(context, collection) and not sessions_of(context, collection) and "_detached" not in collection:
        id = context.writer.new(SESSIONS, f"{collection['id']} session")["id"]
        with_sessions(context, collection, [id])


def with_sessions(context: Context, collection: Row, wanted: Collection[str]) -> list[Row]:
    """
    Return the sessions of a collection, oldest first; an invented one now has those that are wanted, whatever comes.

    They are its own ones, whatever others have the same id, and share what is still owed, or are for the whole price where
    nothing is. One that it had and lost is not invented again.
    """
    known = sessions_of(context, collection)
    if not is_invented(context, collection):
        return known
    ids = {session["id"] for session in known}.union(collection.get("_detached", ()))
    missing = [id for id in dict.fromkeys(wanted) if id not in ids]
    if not missing:
        return known
    for id in missing:
        refuse_long(id)
    if len(known) + len(missing) > MOST_INVENTED:
        raise MockServerError(
            f"payment collection {collection['id']!r} was asked for more than {MOST_INVENTED} sessions that nobody gave it; "
            "reset the sandbox, or use another collection"
        )
    rest = owed(collection)
    for position, id in enumerate(missing):
        share = rest // len(missing) + (rest % len(missing) if position == 0 else 0)
        amount = share if rest > 0 else collection["amount"]
        session = context.writer.sample(SESSIONS, id, **pending("manual"), id=id, amount=amount)
        is_taken = context.tables.get(SESSIONS, id) is not None
        private = {"_key": f"{collection['id']} {id}"} if is_taken else {}
        join(context, collection, SESSIONS, {**session, **private})
    context.change.keep()
    return sessions_of(context, collection)
