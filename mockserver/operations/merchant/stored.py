"""The order that a merchant does something to, and how a mistaken call is refused."""

from ...contract import Document
from ...errors import MockServerError, unknown
from ...state.relations import Row
from ..context import Context
from ..orders.asked import view
from ..orders.showing import show

TABLE = "orders"
ITEMS = "line_items"


class NotThere(MockServerError):
    """Something that was named is not there."""

    status = 404


class NotNow(MockServerError):
    """An order is not in a state for what is to be done to it."""

    status = 409


def asked_for(context: Context) -> Row:
    """Return the order that the path names; raise NotThere, with the nearest known id, where there is none."""
    id = context.visit.path["id"]
    order = context.tables.get(TABLE, id)
    if order is None:
        raise NotThere(unknown("order", id, [one["id"] for one in context.tables.all(TABLE)]))
    return order


def items_of(context: Context, order: Row) -> list[Row]:
    """Return the lines of an order, oldest first."""
    return context.tables.where(ITEMS, order_id=order["id"])


def shown(context: Context) -> Document:
    """Return the order that the path names as it is now, as its customer reads it."""
    return {"order": show(context, asked_for(context), view({"fields": None, "expand": None}, "id"))}
