"""The rows that belong to an order edit."""

from ...state.relations import Row
from ..context import Context

TABLE = "order_edits"
ITEMS = "line_items"


def order_of(context: Context, edit: Row) -> Row:
    """Return the order that an edit changes."""
    order: Row = context.tables.follow(TABLE, edit, "order")
    return order


def items_of(context: Context, edit: Row) -> list[Row]:
    """Return the lines that the order is to have, oldest first."""
    return context.tables.where(ITEMS, order_edit_id=edit["id"])


def collection_of(context: Context, edit: Row) -> Row | None:
    """Return the payment collection that gathers the difference, None where nothing is due."""
    found: Row | None = context.tables.follow(TABLE, edit, "payment_collection")
    return found


def payments_of(context: Context, collection: Row) -> list[Row]:
    """Return what was paid into a collection."""
    found: list[Row] = context.tables.follow("payment_collections", collection, "payments")
    return found
