"""Calls about orders: what only a merchant can do to one, as far as a test of a shop needs it; it is no Admin API."""

from functools import partial

from ..messages import Answer
from ..operations.merchant import edits, orders, shipping
from ..operations.registry import Behaviour
from . import shapes
from .calls import Received, Refused, call, refusing
from .sandboxes import named, tell

ORDER = "/sandboxes/{sandbox}/orders/{order}"
REFUSES = (400, 404, 409, 507)


@call("POST", f"{ORDER}/capture", gives=shapes.Order, refuses=REFUSES)
async def capture_order(received: Received) -> shapes.Order:
    """Capture the payments of an order."""
    return shapes.Order(order=_done(received, orders.capture).document["order"])


@call("POST", f"{ORDER}/ship", gives=shapes.Order, body=shapes.Shipment, is_optional=True, refuses=REFUSES)
async def ship_order(received: Received) -> shapes.Order:
    """Fulfill and ship an order, or some of it."""
    sent = received.body
    wanted = None if sent.items is None else {one.item_id: one.quantity for one in sent.items}
    ship = partial(shipping.ship, wanted=wanted, tracking_numbers=sent.tracking_numbers)
    return shapes.Order(order=_done(received, ship).document["order"])


@call("POST", f"{ORDER}/cancel", gives=shapes.Order, refuses=REFUSES)
async def cancel_order(received: Received) -> shapes.Order:
    """Cancel an order, and put its goods back into stock."""
    return shapes.Order(order=_done(received, orders.cancel).document["order"])


@call(
    "POST", f"{ORDER}/request-edit", gives=shapes.OrderEdit, body=shapes.EditRequest, is_optional=True, refuses=REFUSES
)
async def request_order_edit(received: Received) -> shapes.OrderEdit:
    """Request an edit of an order, with a payment collection where more is due."""
    request = partial(edits.request, values=received.body.model_dump(exclude_none=True))
    answer = _done(received, request, "GetOrderEditsOrderEdit")
    return shapes.OrderEdit(order_edit=answer.document["order_edit"])


def _done(received: Received, behaviour: Behaviour, answers_as: str = "GetOrdersOrder") -> Answer:
    """Let something be done to the order of the path, whole or not at all; raise Refused where it cannot be."""
    sandbox = named(received)
    with refusing():
        answer = received.controlled.engine.act(sandbox, answers_as, {"id": received.path["order"]}, behaviour)
    if answer.status >= 400:  # noqa: PLR2004
        raise Refused(answer.status, answer.document["message"])
    tell(received.controlled, sandbox.name)
    return answer
