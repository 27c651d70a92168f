"""New rows as the database makes them: an id that no other has, the times, null for all that nobody said."""

from collections.abc import Iterable, Mapping
from typing import Any

from ...express.errors import unknown_error
from ...samples.sampler import Draw
from ...state.relations import Row
from ..context import Context
from .rows import NUL

MAX_INT = 2_147_483_647  # PostgreSQL's int4
PREFIXES = {  # of ids (tests/facts/carts.md, head)
    "carts": "cart", "line_items": "item", "addresses": "addr", "shipping_methods": "sm", "payment_sessions": "ps",
    "payments": "pay", "customers": "cus", "line_item_adjustments": "lia", "line_item_tax_lines": "litl",
    "shipping_method_tax_lines": "smtl", "gift_card_transactions": "gct", "orders": "order",
    "returns": "ret", "swaps": "swap", "fulfillments": "ful", "tracking_links": "tlink", "order_edits": "oe",
    "order_item_changes": "oic", "payment_collections": "paycol",
}  # fmt: skip


def insert(context: Context, table: str, columns: Iterable[str], /, **values: Any) -> Row:
    """Store a new row, and return it; its id follows from the seed and from how many were made in the sandbox before."""
    made = context.sandbox.next_of(f"made {table}")
    id = Draw(context.sandbox.seed, 0).identifier(f"{table} made {made}", PREFIXES[table])
    return insert_as(context, table, id, columns, **values)


def insert_as(context: Context, table: str, id: str, columns: Iterable[str], /, **values: Any) -> Row:
    """Store a new row under an id that no other has, and return it."""
    times = {"created_at": context.now, "updated_at": context.now}
    _refuse_unstorable(values)
    row = {column: values.get(column, times.get(column)) for column in columns}
    return context.tables.insert(table, {**row, "id": id})


def update(context: Context, table: str, row: Row, /, **columns: Any) -> Row:
    """Store other values in some columns of a row, and when; return it."""
    _refuse_unstorable(columns)
    return context.tables.update(table, context.tables.relations[table].key_of(row), **columns, updated_at=context.now)


def _refuse_unstorable(columns: Mapping[str, Any]) -> None:
    """Refuse a text that PostgreSQL cannot hold, and a number that is none of its int4."""
    for value in columns.values():
        if (isinstance(value, str) and NUL in value) or (type(value) is int and abs(value) > MAX_INT):
            raise unknown_error()
