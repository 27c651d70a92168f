"""What a merchant does to an order: takes the money, calls it off (tests/facts/orders.md 9)."""

from ...contract import Document
from ...state.relations import Row
from ..context import Context
from ..shared import made
from ..shared.lines import variant_of
from ..shared.providers import canceled_data, captured_data
from .stored import TABLE, NotNow, asked_for, items_of, shown

UNPAID = ("awaiting", "not_paid", "requires_action")


def capture(context: Context) -> Document:
    """Take the money of all payments of an order that were only authorized; raise NotNow where none is left."""
    order = asked_for(context)
    id, status = order["id"], order["payment_status"]
    if order["status"] == "canceled":
        raise NotNow(f"order {id!r} is canceled: no payment of it can be captured")
    payments = [one for one in context.tables.follow(TABLE, order, "payments") if one["captured_at"] is None]
    if not payments and status not in UNPAID:
        raise NotNow(f"order {id!r} has no payment left to capture: its payment_status is {status!r}")
    for one in payments:
        data = captured_data(one["provider_id"], one["data"])
        made.update(context, "payments", one, captured_at=context.now, data=data)
    made.update(context, TABLE, order, payment_status="captured")
    context.tell("order.payment_captured", {"id": id, "no_notification": order["no_notification"]})
    return shown(context)


def cancel(context: Context) -> Document:
    """Call an order off, its payments too, and put its goods back; raise NotNow where something was sent or given back."""
    order = asked_for(context)
    id = order["id"]
    if order["status"] == "canceled":
        raise NotNow(f"order {id!r} is canceled already, since {order['canceled_at']}")
    in_the_way = _in_the_way(context, order)
    if in_the_way:
        raise NotNow(f"order {id!r} cannot be canceled: it has {' and '.join(in_the_way)}")
    _put_back(context, order)
    for one in context.tables.follow(TABLE, order, "payments"):
        data = canceled_data(one["provider_id"], one["data"])
        made.update(context, "payments", one, canceled_at=context.now, data=data)
    statuses = dict.fromkeys(("status", "fulfillment_status", "payment_status"), "canceled")
    made.update(context, TABLE, order, **statuses, canceled_at=context.now)
    context.tell("order.canceled", {"id": id, "no_notification": order["no_notification"]})
    return shown(context)


def _in_the_way(context: Context, order: Row) -> list[str]:
    """Return what keeps an order from being called off: money given back, and all that was not called off before."""
    related = {
        name: context.tables.follow(TABLE, order, name) for name in ("fulfillments", "returns", "swaps", "claims")
    }
    live = {
        name: [one for one in rows if one["status"] != "canceled"]
        if name == "returns"
        else [one for one in rows if one["canceled_at"] is None]
        for name, rows in related.items()
    }
    refunds = ["refunds"] if context.tables.follow(TABLE, order, "refunds") else []
    return refunds + [f"{name} that are not canceled" for name, rows in live.items() if rows]


def _put_back(context: Context, order: Row) -> None:
    """Put the goods of an order back into stock, where their stock is managed."""
    items = items_of(context, order)
    stock = [variant_of(context.tables, item) for item in items]  # before anything is put back, as they were taken
    for item, variant in zip(items, stock, strict=True):
        if variant is not None and variant["manage_inventory"]:
            quantity = variant["inventory_quantity"] + item["quantity"]
            made.update(context, "product_variants", variant, inventory_quantity=quantity)
