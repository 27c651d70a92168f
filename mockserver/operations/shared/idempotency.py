"""Keys under which answers are kept: whoever sends one that the server issued gets the same answer again (tests/facts/carts.md 11)."""

import json
from collections.abc import Callable

from ...contract import Document
from ...errors import VendorError
from ...messages import Answer
from ...samples.sampler import Draw
from ..context import Context
from .jsonb import jsonb

HEADER = "Idempotency-Key"
KEPT = 100  # answers of one sandbox; the oldest go first
TABLE = "idempotency_keys"


def keyed(context: Context, act: Callable[[], Document | Answer]) -> Answer:
    """Return what an act answers, under a key, as `keyed_with` does."""
    return keyed_with(context, lambda _key: act())


def keyed_with(context: Context, act: Callable[[str], Document | Answer]) -> Answer:
    """
    Return what an act answers that is told its key: the one that the request names, if the server issued it, or a new one.

    A document is kept, and comes again whatever is asked for under its key; after an error, or an answer with another status, the same key runs again.
    """
    sent = context.visit.headers.get(HEADER.lower())
    known = None if sent is None else context.tables.get(TABLE, sent)
    if known is not None and known["answer"] is not None:
        context.off_contract = True  # it may be another operation's
        return _answer(200, json.loads(known["answer"]), known["key"])
    key = known["key"] if known is not None else _issue(context)
    context.change.keep()
    try:
        result = act(key)
    except VendorError as error:
        context.change.drop()
        return _answer(error.status, error.document(), key)
    if isinstance(result, Answer):
        return _answer(result.status, result.document, key)
    context.tables.update(TABLE, key, answer=json.dumps(jsonb(_stripped(result)), separators=(",", ":")))
    return _answer(200, result, key)


def _issue(context: Context) -> str:
    """Return a key that nobody had yet, a UUID, and note that it was issued."""
    number = Draw(context.sandbox.seed, 0).number(f"key {context.sandbox.next_of('idempotency keys')}")
    digits = f"{number:032x}"
    key = f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{'89ab'[number >> 60 & 3]}{digits[17:20]}-{digits[20:]}"
    issued = context.tables.all(TABLE)
    for old in issued[: max(0, len(issued) - KEPT + 1)]:
        context.tables.delete(TABLE, old["key"])
    context.tables.insert(TABLE, {"key": key, "answer": None})
    return key


def _stripped(document: Document) -> Document:
    """Return an answer as it is kept: its lines without their discounts before rounding."""
    kept = dict(document)
    for name in ("cart", "data"):
        if isinstance(kept.get(name), dict) and "items" in kept[name]:
            items = [{key: item[key] for key in item if key != "raw_discount_total"} for item in kept[name]["items"]]
            kept[name] = {**kept[name], "items": items}
    return kept


def _answer(status: int, document: Document, key: str) -> Answer:
    return Answer(status, document, headers=(("Access-Control-Expose-Headers", HEADER), (HEADER, key)))
