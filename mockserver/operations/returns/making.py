"""Makes a return: whether it may come back, by which way, and what it is worth (tests/facts/orders.md 5)."""

from collections.abc import Iterable
from typing import Any

from ...contract import Document
from ...express.errors import duplicate, invalid_data, not_allowed, not_found, unknown_error
from ...state.relations import Row
from ..context import Context
from ..orders.billing import worth
from ..shared import made
from ..shared.lines import METHOD
from ..shared.rows import find
from ..shared.taxes import rates_of_option
from ..shared.totals import tax

TABLE = "returns"
ITEMS = "return_items"
RETURN = (
    "id", "created_at", "updated_at", "status", "swap_id", "claim_order_id", "order_id", "location_id",
    "shipping_data", "refund_amount", "received_at", "no_notification", "metadata", "idempotency_key",
)  # fmt: skip
ITEM = (
    "return_id", "item_id", "quantity", "is_requested", "requested_quantity", "received_quantity", "reason_id", "note",
    "metadata",
)  # fmt: skip
OWNERS = (("order_id", "orders"), ("swap_id", "swaps"), ("claim_order_id", "claim_orders"))


def check(context: Context, wanted: Iterable[Document]) -> None:
    """Raise VendorError where a line is not there, or where what it belongs to was called off."""
    for one in filter(None, wanted):
        item = find(context.tables, "line_items", one["item_id"])
        if item is None:
            raise not_found(f"Line item with {one['item_id']} was not found")
        owners = [context.tables.get(table, item[column]) for column, table in OWNERS]
        if any(owner is not None and owner["canceled_at"] is not None for owner in owners):
            raise invalid_data("Cannot create a return for a canceled item.")


def make(context: Context, order: Row, wanted: list[Document], option_id: str | None, **values: Any) -> Row:
    """Store what is to come back of an order, by a shipping option where one is named, and return it; `values` is of the return."""
    items = _lines(context, order, wanted)
    _look_at_reasons(context, wanted)
    refund = sum(worth(context, order, item, one["quantity"]) for item, one in zip(items, wanted, strict=True))
    row = made.insert(context, TABLE, RETURN, status="requested", refund_amount=refund, **values)
    _add_items(context, row, wanted)
    return row if option_id is None else _send(context, order, row, option_id)


def _lines(context: Context, order: Row, wanted: Iterable[Document]) -> list[Row]:
    """Return the lines that come back; raise VendorError for those of others, and for more than was bought."""
    found = []
    for one in wanted:
        item: Any = context.tables.get("line_items", one.get("item_id"))
        if item is None or not _is_of(context, order, item):
            raise invalid_data("Return contains invalid line item")
        if one["quantity"] > item["quantity"] - (item["returned_quantity"] or 0):
            raise not_allowed("Cannot return more items than have been purchased")
        found.append(item)
    return found


def _is_of(context: Context, order: Row, item: Row) -> bool:
    """Tell whether a line is of an order, or went out in a swap or a claim of it."""
    if item["order_id"] == order["id"]:
        return True
    owners = [context.tables.get(table, item[column]) for column, table in OWNERS[1:]]
    return any(owner is not None and owner["order_id"] == order["id"] for owner in owners)


def _look_at_reasons(context: Context, wanted: Iterable[Document]) -> None:
    """Raise VendorError for a reason that has others below it."""
    for one in wanted:
        if one.get("reason_id") and context.tables.where("return_reasons", parent_return_reason_id=one["reason_id"]):
            raise invalid_data("Cannot apply return reason category")


def _add_items(context: Context, row: Row, wanted: list[Document]) -> None:
    """Store what comes back; raise VendorError for what the database refuses."""
    if not all(isinstance(one["quantity"], int) for one in wanted):
        raise unknown_error()
    for one in wanted:
        reason, note = one.get("reason_id"), one.get("note")
        if reason is not None and find(context.tables, "return_reasons", reason) is None:
            raise not_found(f"Return_reason with reason_id {reason} does not exist.")
        key = (row["id"], one["item_id"])
        if context.tables.get(ITEMS, key) is not None:
            raise duplicate(f"Return_item with return_id, item_id {', '.join(key)} already exists.")
        values = {"is_requested": True, "requested_quantity": one["quantity"], "metadata": {}}
        values |= {
            "return_id": key[0],
            "item_id": key[1],
            "quantity": one["quantity"],
            "reason_id": reason,
            "note": note,
        }
        context.tables.insert(ITEMS, {column: values.get(column) for column in ITEM})


def _send(context: Context, order: Row, row: Row, option_id: str) -> Row:
    """Let a return come back by a shipping option of any kind, which is paid out of what is given back; return it."""
    option = find(context.tables, "shipping_options", option_id)
    if option is None:
        raise not_found(f"Shipping Option with {option_id} was not found")
    values = {"shipping_option_id": option["id"], "return_id": row["id"], "price": option["amount"], "data": {}}
    made.insert(context, "shipping_methods", METHOD, **values)
    region: Any = context.tables.get("regions", order["region_id"])
    rates = [one["rate"] for one in rates_of_option(context.tables, region, option)]
    cost = option["amount"] + tax(option["amount"], rates)
    return made.update(context, TABLE, row, shipping_data={}, refund_amount=row["refund_amount"] - cost)
