"""An order edit as answers show it: columns, relations by name, the status, its lines, totals (tests/facts/orders.md 7)."""

from typing import Any

from ...contract import Document
from ...state.relations import Row
from ..context import Context
from ..orders.billing import bill
from ..orders.placing import ORDER
from ..shared.goods import VARIANT
from ..shared.lines import ITEM
from ..shared.rows import pick
from ..shared.selection import Selection
from .asked import View
from .stored import TABLE, items_of, order_of

DEFAULT: Document = {"fields": None, "expand": None}
TOTALS = (
    "discount_total", "gift_card_total", "gift_card_tax_total", "shipping_total", "subtotal", "tax_total", "total",
)  # fmt: skip
COLUMNS = {"line_items": ITEM, "product_variants": VARIANT, "orders": ORDER}
DATES = {
    "canceled_at": "canceled", "declined_at": "declined", "confirmed_at": "confirmed", "requested_at": "requested",
}  # fmt: skip


def status_of(edit: Row) -> str:
    """Return how far an edit has come, which its dates tell: those that are there."""
    return next((status for date, status in DATES.items() if edit.get(date) is not None), "created")


def show(context: Context, edit: Row, view: View) -> Document:
    """Return as much of an order edit as a view wants; its lines stand behind the status where nobody asked for them."""
    order = order_of(context, edit)
    made = bill(context, order, items_of(context, edit))
    now = bill(context, order).totals["total"]
    shown: Document = pick(edit, view.columns)
    for name, selection in sorted(view.relations.items()):
        shown[name] = made.items if name == "items" else _related(context, TABLE, edit, name, selection)
    shown["status"] = status_of(shown)
    shown.setdefault("items", made.items)
    totals = {name: made.totals[name] for name in TOTALS}
    return {**shown, **totals, "difference_due": made.totals["total"] - now}


def _related(context: Context, table: str, row: Row, name: str, selection: Selection) -> Any:
    """Return what a relation of a row leads to, with what is selected of it."""
    found = context.tables.follow(table, row, name)
    if isinstance(found, list):
        return [_shown(context, one, selection) for one in found]
    return None if found is None else _shown(context, found, selection)


def _shown(context: Context, row: Row, selection: Selection) -> Document:
    columns = COLUMNS.get(selection.table) or context.tables.relations[selection.table].columns
    shown: Document = {"object": "order"} if selection.table == "orders" else {}
    shown |= pick(row, columns)
    for name, inner in sorted(selection.relations.items()):
        shown[name] = _related(context, selection.table, row, name, inner)
    return shown
