"""Returns: what their operation does (tests/facts/orders.md 5)."""

from ...contract import Document
from ...express.errors import not_found
from ...messages import Answer
from ..context import Context
from ..registry import operation
from ..shared import bodies
from ..shared.idempotency import keyed_with
from ..shared.rows import find
from . import asked
from .making import check, make
from .showing import show


@operation("PostReturns")
def create(context: Context) -> Answer:
    """Note what a customer wants to send back, whoever asks; the merchant has yet to receive it."""
    body = bodies.read(context.visit.body, asked.RETURN, lists=False)
    return keyed_with(context, lambda key: _create(context, body, key["key"]))


def _create(context: Context, body: Document, key: str) -> Document:
    wanted = asked.items(body["items"])
    check(context, wanted)
    order = find(context.tables, "orders", body["order_id"])
    if order is None:
        raise not_found(f"Order with id: {body['order_id']} was not found")
    option = asked.option_id(body.get("return_shipping"))
    made = make(context, order, wanted, option, order_id=order["id"], idempotency_key=key)
    return {"return": show(context, made)}
