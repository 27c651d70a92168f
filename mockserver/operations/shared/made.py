"""New rows as the database makes them: an id that no other has, the times, null for all that nobody said."""

from collections.abc import Iterable
from typing import Any

from ...samples.sampler import Draw
from ...state.relations import Row
from ..context import Context

PREFIXES = {  # of ids (tests/facts/carts.md, head)
    "carts": "cart", "line_items": "item", "addresses": "addr", "shipping_methods": "sm", "payment_sessions": "ps",
    "payments": "pay", "customers": "cus", "line_item_adjustments": "lia", "line_item_tax_lines": "litl",
    "shipping_method_tax_lines": "smtl", "gift_card_transactions": "gct", "orders": "order",
}  # fmt: skip


def insert(context: Context, table: str, columns: Iterable[str], /, **said: Any) -> Row:
    """Store a new row, and return it; its id follows from the seed and from how many were made in the sandbox before."""
    made = context.sandbox.next_of(f"made {table}")
    id = Draw(context.sandbox.seed, 0).identifier(f"{table} made {made}", PREFIXES[table])
    times = {"created_at": context.now, "updated_at": context.now}
    row = {column: said.get(column, times.get(column)) for column in columns}
    return context.tables.insert(table, {**row, "id": id})


def update(context: Context, table: str, row: Row, /, **columns: Any) -> Row:
    """Store other values in some columns of a row, and when; return it."""
    return context.tables.update(table, context.tables.relations[table].key_of(row), **columns, updated_at=context.now)
