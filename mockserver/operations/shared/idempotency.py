"""Keys under which answers are kept: whoever sends one that the server issued gets the same answer again (tests/facts/carts.md 11)."""

import json
from collections.abc import Callable
from typing import Any, Protocol

from ...contract import Document
from ...errors import VendorError
from ...messages import Answer
from ...samples.sampler import Draw
from ...state.relations import Row
from ..context import Context
from .jsonb import jsonb

HEADER = "Idempotency-Key"
RAW = "raw_discount_total"
MOST_ANSWERS = 100  # answers of one sandbox; the oldest go first
TABLE = "idempotency_keys"


class Finish(Protocol):
    """What an operation makes of what is kept; `again` tells that it was kept before."""

    def __call__(self, document: Document, *, again: bool) -> Document: ...


def as_it_is(document: Document, *, again: bool) -> Document:  # noqa: ARG001
    """Return what is kept, as it is."""
    return document


def without_raw(document: Any) -> Any:
    """Return a JSON value without discounts before they were rounded, however deep."""
    if isinstance(document, dict):
        return {name: without_raw(one) for name, one in document.items() if name != RAW}
    return [without_raw(one) for one in document] if isinstance(document, list) else document


def shown(document: Document, *, again: bool) -> Document:
    """Return a cart or an order without its discount before rounding; without that of its lines, too, where it is shown again."""
    return dict(without_raw(document)) if again else {key: one for key, one in document.items() if key != RAW}


def clean(name: str) -> Finish:
    """Return what makes of an answer with a cart or an order under a name one that shows it as `shown` does."""

    def finish(document: Document, *, again: bool) -> Document:
        if name not in document:
            return document
        return {**document, name: shown(document[name], again=again)}

    return finish


def keyed(
    context: Context, act: Callable[[], Document | Answer], finish: Finish = as_it_is, points: tuple[str, ...] = ()
) -> Answer:
    """Return what an act answers, under a key, as `keyed_with` does."""
    return keyed_with(context, lambda _key: act(), finish, points)


def keyed_with(
    context: Context, act: Callable[[Row], Document | Answer], finish: Finish = as_it_is, points: tuple[str, ...] = ()
) -> Answer:
    """
    Return what an act answers that is told its key: the one that the request names, if the server issued it, or a new one.

    What it answers is kept, and comes again whatever is asked for under its key; after an error the same key runs again, from
    the point that it had reached. Of a point that is none of the operation's own `points` it knows nothing. `finish` is what
    the operation makes of what was kept, at once or later.
    """
    sent = context.visit.headers.get(HEADER.lower())
    known = None if sent is None else context.tables.get(TABLE, sent)
    if known is not None and known["answer"] is not None:
        context.off_contract = True  # it may be another operation's
        return _answer(known["status"], finish(json.loads(known["answer"]), again=True), known["key"])
    row = known if known is not None else _issue(context)
    key = row["key"]
    context.change.keep()
    if row["point"] not in ("", *points):
        context.off_contract = True  # an error that has no type
        return _kept(context, key, Answer(500, {"message": "Unknown recovery point"}), as_it_is)
    try:
        result = act(row)
    except VendorError as error:
        context.change.drop()
        return _answer(error.status, error.document(), key)
    return _kept(context, key, result if isinstance(result, Answer) else Answer(200, result), finish)


def reach(context: Context, key: Row, point: str) -> Row:
    """Note how far the request under a key has come, with all that it did, and return its row: from here it goes on, once it failed."""
    row = context.tables.update(TABLE, key["key"], point=point)
    context.change.keep()
    return row


def _kept(context: Context, key: str, answer: Answer, finish: Finish) -> Answer:
    text = json.dumps(jsonb(answer.document), separators=(",", ":"))
    context.tables.update(TABLE, key, answer=text, status=answer.status)
    return _answer(answer.status, finish(answer.document, again=False), key)


def _issue(context: Context) -> Row:
    """Note that a key was issued which nobody had yet, a UUID, and return its row."""
    number = Draw(context.sandbox.seed, 0).number(f"key {context.sandbox.next_of('idempotency keys')}")
    digits = f"{number:032x}"
    key = f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{'89ab'[number >> 60 & 3]}{digits[17:20]}-{digits[20:]}"
    issued = context.tables.all(TABLE)
    for old in issued[: max(0, len(issued) - MOST_ANSWERS + 1)]:
        context.tables.delete(TABLE, old["key"])
    return context.tables.insert(TABLE, {"key": key, "answer": None, "status": None, "point": ""})


def _answer(status: int, document: Document, key: str) -> Answer:
    return Answer(status, document, headers=(("Access-Control-Expose-Headers", HEADER), (HEADER, key)))
