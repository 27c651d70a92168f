"""A return as its operation answers it, with its items and their reasons (tests/facts/orders.md 5)."""

from ...contract import Document
from ...state.relations import Row
from ..context import Context
from ..return_reasons import INSIDE as REASON
from ..shared.rows import pick
from .making import ITEM, ITEMS, RETURN


def show(context: Context, row: Row) -> Document:
    """Return a return as an answer shows it."""
    return {**pick(row, RETURN), "items": [_item(context, one) for one in items_of(context, row)]}


def items_of(context: Context, row: Row) -> list[Row]:
    """Return what comes back."""
    return context.tables.where(ITEMS, return_id=row["id"])


def _item(context: Context, item: Row) -> Document:
    reason = context.tables.follow(ITEMS, item, "reason")
    return {**pick(item, ITEM), "reason": None if reason is None else pick(reason, REASON)}
