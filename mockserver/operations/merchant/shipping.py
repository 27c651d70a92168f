"""Sends an order, or some of it: a fulfillment for each way it goes, and each is shipped (tests/facts/orders.md 9)."""

from collections.abc import Iterable, Iterator, Mapping

from ...contract import Document
from ...errors import MockServerError, unknown
from ...state.relations import Row
from ..context import Context
from ..orders.showing import FULFILLMENT, TRACKING
from ..shared import made
from ..shared.lines import option_of, product_of
from .stored import ITEMS, TABLE, NotNow, NotThere, asked_for, items_of, shown

FULFILLMENTS = "fulfillments"


def ship(context: Context, wanted: Mapping[str, int] | None, tracking_numbers: Iterable[str]) -> Document:
    """
    Send so many of some lines, or all that was not sent yet, what was fulfilled before too.

    Raises NotNow where nothing is left or there is no way to send it, and MockServerError for more than was bought.
    """
    order = asked_for(context)
    id = order["id"]
    if order["status"] == "canceled":
        raise NotNow(f"order {id!r} is canceled: nothing of it can be shipped")
    before = [] if wanted is not None else _waiting(context, order)
    quantities = _left(context, order) if wanted is None else _checked(context, order, wanted)
    if not quantities and not before:
        raise NotNow(f"all of order {id!r} is shipped already")
    new = _fulfill(context, order, quantities) if quantities else []
    for one in new:
        values = {"id": id, "fulfillment_id": one["id"], "no_notification": order["no_notification"]}
        context.tell("order.fulfillment_created", values)
    for one in [*before, *new]:
        _ship(context, one, tracking_numbers)
        values = {"id": id, "fulfillment_id": one["id"], "no_notification": one["no_notification"]}
        context.tell("order.shipment_created", values)
    is_all = all(item["shipped_quantity"] == item["quantity"] for item in items_of(context, order))
    made.update(context, TABLE, order, fulfillment_status="shipped" if is_all else "partially_shipped")
    return shown(context)


def _waiting(context: Context, order: Row) -> list[Row]:
    """Return what was fulfilled, and neither shipped nor called off."""
    found = context.tables.follow(TABLE, order, FULFILLMENTS)
    return [one for one in found if one["shipped_at"] is None and one["canceled_at"] is None]


def _left(context: Context, order: Row) -> dict[str, int]:
    """Return how many of each line were not fulfilled yet, by its id."""
    left = {item["id"]: _unfulfilled(item) for item in items_of(context, order)}
    return {id: quantity for id, quantity in left.items() if quantity > 0}


def _checked(context: Context, order: Row, wanted: Mapping[str, int]) -> Mapping[str, int]:
    """Return what is wanted; raise MockServerError for lines of others, and for more than is left."""
    items = {item["id"]: item for item in items_of(context, order)}
    for id, quantity in wanted.items():
        if id not in items:
            raise NotThere(unknown(f"line of order {order['id']!r}", id, list(items)))
        left = _unfulfilled(items[id])
        if quantity > left:
            raise NotNow(f"{quantity} of line {id!r} cannot be shipped: {left} of {items[id]['quantity']} are left")
    return wanted


def _unfulfilled(item: Row) -> int:
    return int(item["quantity"] - (item["fulfilled_quantity"] or 0))


def _fulfill(context: Context, order: Row, quantities: Mapping[str, int]) -> list[Row]:
    """Store a fulfillment of some lines for each shipping method of an order, and return them."""
    parcels = list(_parcels(context, order, quantities))
    if not parcels:
        raise NotNow(f"order {order['id']!r} has no shipping method for what is to be shipped; give it one")
    stored = []
    for provider, ids in parcels:
        values = {"order_id": order["id"], "provider_id": provider, "tracking_numbers": [], "data": {}, "metadata": {}}
        row = made.insert(context, FULFILLMENTS, FULFILLMENT, **values)
        for id in ids:
            key = {"fulfillment_id": row["id"], "item_id": id}
            context.tables.insert("fulfillment_items", {**key, "quantity": quantities[id]})
            item = _line(context, id)
            fulfilled = (item["fulfilled_quantity"] or 0) + quantities[id]
            made.update(context, ITEMS, item, fulfilled_quantity=fulfilled)
        stored.append(row)
    return stored


def _parcels(context: Context, order: Row, ids: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield who sends which lines: all by the only method, else each by the first that is for its product's profile."""
    methods, rest = context.tables.follow(TABLE, order, "shipping_methods"), list(ids)
    for method in methods:
        option = option_of(context.tables, method)
        by_it = [id for id in rest if len(methods) == 1 or _profile(context, id) == option["profile_id"]]
        rest = [id for id in rest if id not in by_it]
        if by_it:
            yield option["provider_id"], by_it


def _profile(context: Context, id: str) -> str | None:
    product = product_of(context.tables, _line(context, id))
    return None if product is None else str(product["profile_id"])


def _ship(context: Context, fulfillment: Row, tracking_numbers: Iterable[str]) -> None:
    """Note that a fulfillment is on its way, by which numbers, and how many of its lines are."""
    made.update(context, FULFILLMENTS, fulfillment, shipped_at=context.now)
    for number in tracking_numbers:
        values = {"fulfillment_id": fulfillment["id"], "tracking_number": number}
        made.insert(context, "tracking_links", TRACKING, **values)
    for part in context.tables.follow(FULFILLMENTS, fulfillment, "items"):
        item = _line(context, part["item_id"])
        shipped = (item["shipped_quantity"] or 0) + part["quantity"]
        made.update(context, ITEMS, item, shipped_quantity=shipped)


def _line(context: Context, id: str) -> Row:
    found = context.tables.get(ITEMS, id)
    if found is None:
        raise MockServerError(f"there is no line {id!r}, which a fulfillment names; give it, too")
    return found
