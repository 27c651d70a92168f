"""Who is asking: the customer of a session's cookie, else the one of a token; nobody, for all else (tests/facts/customers.md 1)."""

import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from ...contract import Document
from ...errors import MockServerError, unknown
from ...express.cookies import SESSION_HOURS, named_session, session_cookie, session_of
from ...messages import Answer, Pairs, Request
from ...state.relations import SESSIONS, Row
from ...state.sandbox import Sandbox
from ..context import Context
from . import people
from .rows import is_there
from .tokens import payload_of, signed

SECRET = "supersecret"  # noqa: S105  (Medusa's documented jwt_secret for development; guards nothing here)
TOKEN_DAYS = 30
_BEARER = re.compile(r"\s*(\S+)\s+(\S+)")
_CUSTOMERS = re.compile(r"/store/customers(?=/|$)", re.IGNORECASE)


def customer_of(headers: Mapping[str, Any], sandbox: Sandbox, shopper: str | None) -> str | None:
    """
    Return the id of the customer who sends such headers; it may be one that is not stored, or not any more.

    `shopper` is the address of the account that asks where neither a session nor a token is brought.
    """
    session = session_of(headers.get("cookie", ""))
    row = None if session is None else sandbox.tables.get(SESSIONS, session)
    if row is not None and row["ends"] > sandbox.clock.now():
        return str(row["customer_id"])
    sent = headers.get("authorization", "")
    found = _BEARER.match(sent)
    if found is None or found[1].lower() != "bearer":
        return None if sent or row is not None or shopper is None else _id_of(sandbox, shopper)
    payload = payload_of(found[2], SECRET, sandbox.clock.now()) or {}
    id = payload.get("customer_id")
    return id if payload.get("domain") == "store" and isinstance(id, str) and id else None


def _id_of(sandbox: Sandbox, email: str) -> str | None:
    found = people.by_email(sandbox.tables, email, has_account=True)
    return None if found is None else str(found["id"])


def customer_id(context: Context) -> str | None:
    """Return the id of the customer who is asking; None for nobody."""
    return customer_of(context.visit.headers, context.sandbox, context.rules.shopper)


def groups(context: Context) -> frozenset[str]:
    """Return the ids of the customer groups that whoever is asking is in."""
    return people.groups_of(context, customer_id(context))


def for_customers(behaviour: Callable[[Context, str], Document | Answer]) -> Callable[[Context], Document | Answer]:
    """Make a function the behaviour for whoever is logged in, whose id it is given; all others are answered 401."""

    @wraps(behaviour)
    def behave(context: Context) -> Document | Answer:
        id = customer_id(context)
        if id is not None:
            return behaviour(context, id)
        context.off_contract = True  # the contract has a media type, and the real server none
        return unauthorized()

    return behave


def unauthorized() -> Answer:
    """Return what is said to somebody who has to log in first: a word, of no type."""
    return Answer(401, "Unauthorized", media_type=None)


def refusal(request: Request, sandbox: Sandbox, shopper: str | None) -> Answer | None:
    """Return the 401 for what has no route, where Medusa asks who is there before it looks for one; None elsewhere."""
    if not _CUSTOMERS.match(request.path) or customer_of(request.headers, sandbox, shopper) is not None:
        return None
    return unauthorized()


def log_in(context: Context, customer: Row) -> Pairs:
    """
    Put a customer into the visitor's session, and return the headers with its cookie: none where it was in there already.

    Who has no session of their own yet gets one; all anonymous visitors of a sandbox bring the same cookie.
    """
    sandbox = context.sandbox
    session = session_of(context.visit.headers.get("cookie", ""))
    row = None if session is None else sandbox.tables.get(SESSIONS, session)
    if row is None or row["ends"] <= sandbox.clock.now():
        return (session_cookie(new_session(sandbox, customer)),)
    sandbox.tables.update(SESSIONS, session, customer_id=customer["id"], ends=_end(sandbox))
    return () if row["customer_id"] == customer["id"] else (session_cookie(str(session)),)


def log_out(context: Context) -> Pairs:
    """
    End the visitor's session, if there is one; all others of the customer go on, and so do tokens.

    Who was logged in without a session, by the scenario, gets one that has ended: its cookie is among the headers returned.
    """
    sandbox = context.sandbox
    session = session_of(context.visit.headers.get("cookie", ""))
    if session is not None and sandbox.tables.get(SESSIONS, session) is not None:
        sandbox.tables.update(SESSIONS, session, ends=0)
        return ()
    email = context.rules.shopper
    customer = None if email is None else people.by_email(sandbox.tables, email, has_account=True)
    if customer is None:
        return ()
    session = new_session(sandbox, customer)
    sandbox.tables.update(SESSIONS, session, ends=0)
    return (session_cookie(session),)


def new_session(sandbox: Sandbox, customer: Row) -> str:
    """Store a new session of a customer, and return its id."""
    # with the address, so that a cookie from before a reset is never somebody else's after it
    name = f"{sandbox.seed} {sandbox.name} {sandbox.next_of('session')} {customer['email']}"
    row = {"id": named_session(name), "customer_id": customer["id"], "ends": _end(sandbox)}
    return str(sandbox.tables.insert(SESSIONS, row)["id"])


def admit(sandbox: Sandbox, email: str) -> tuple[str, str, str]:
    """Return a cookie as it is sent, the id of the account of an address, and a token; raise MockServerError for no account."""
    customer = people.by_email(sandbox.tables, email, has_account=True)
    if customer is None:
        known = [row["email"] for row in sandbox.tables.where(people.TABLE, has_account=True) if is_there(row)]
        raise MockServerError(unknown("account with the address", email, known))
    _, cookie = session_cookie(new_session(sandbox, customer))
    return cookie.partition(";")[0], customer["id"], token_of(sandbox, customer)


def token_of(sandbox: Sandbox, customer: Row) -> str:
    """Return a token that stands for a customer."""
    seconds = sandbox.clock.now() // 1000
    ends = seconds + TOKEN_DAYS * 86_400
    return signed({"customer_id": customer["id"], "domain": "store", "iat": seconds, "exp": ends}, SECRET)


def _end(sandbox: Sandbox) -> int:
    return sandbox.clock.now() + SESSION_HOURS * 3_600_000
