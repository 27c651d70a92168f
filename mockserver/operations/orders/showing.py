"""An order as answers show it: columns, relations by name, totals (tests/facts/orders.md 2)."""

from collections.abc import Collection
from typing import Any

from ...contract import Document
from ...state.relations import Row
from ..context import Context
from ..regions import REGIONS
from ..shared.columns import ADDRESS, CUSTOMER, DISCOUNT, GIFT_CARD, PAYMENT, RULE
from ..shared.lines import ADJUSTMENT, ITEM, METHOD, stored_taxes
from ..shared.rows import pick
from .asked import ALWAYS, TOTALS, View
from .billing import bill, worth
from .placing import ORDER, TRANSACTION

FULFILLMENT = (
    "id", "created_at", "updated_at", "claim_order_id", "swap_id", "order_id", "no_notification", "provider_id",
    "location_id", "tracking_numbers", "data", "shipped_at", "canceled_at", "metadata", "idempotency_key",
)  # fmt: skip
TRACKING = (
    "id", "created_at", "updated_at", "deleted_at", "url", "tracking_number", "fulfillment_id", "idempotency_key",
    "metadata",
)  # fmt: skip
REFUND = (
    "id", "created_at", "updated_at", "order_id", "payment_id", "amount", "note", "reason", "metadata",
    "idempotency_key",
)  # fmt: skip
SWAP = (
    "id", "created_at", "updated_at", "deleted_at", "fulfillment_status", "payment_status", "order_id",
    "difference_due", "shipping_address_id", "cart_id", "confirmed_at", "canceled_at", "no_notification",
    "allow_backorder", "idempotency_key", "metadata",
)  # fmt: skip


def completed(context: Context, order: Row) -> Document:
    """Return an order as a completed cart answers it, and keeps it: with its discount before it was rounded."""
    return show(context, order, View(ORDER, ALWAYS | {"shipping_address"}, totals=(*TOTALS, "raw_discount_total")))


def show(context: Context, order: Row, view: View) -> Document:
    """Return as much of an order as a view wants: columns, relations in the order of their names, totals."""
    made = bill(context, order, with_product=view.with_product)
    shown: Document = {"object": "order"} if view.with_object else {}
    shown |= pick(order, view.columns)
    for name in sorted({name.partition(".")[0] for name in view.relations}):
        if name == "items":
            shown[name] = [_item(one, view) for one in made.items]
        elif name == "shipping_methods":
            shown[name] = [_method(one, view) for one in made.methods]
        else:
            shown[name] = _related(context, order, name, view.relations)
    return {**shown, **{name: made.totals[name] for name in view.totals}}


def _item(item: Document, view: View) -> Document:
    """Return a line with the totals that a view wants."""
    base = () if view.lines_only else (*ITEM, "adjustments", "tax_lines", "variant")
    return {name: item[name] for name in (*base, *view.item_totals)}


def _method(method: Document, view: View) -> Document:
    """Return a shipping method, with its option and its totals where a view wants them."""
    with_option = "shipping_methods.shipping_option" in view.relations
    keys = [*METHOD, *(("shipping_option",) if with_option else ()), "tax_lines"]
    keys += [name for name in method if name not in (*keys, "shipping_option")] if view.method_totals else []
    return {name: method[name] for name in keys}


def _related(context: Context, order: Row, name: str, relations: Collection[str]) -> Any:
    found = context.tables.follow("orders", order, name)
    if name == "discounts":
        has_rule = "discounts.rule" in relations
        return [_discount(context, one, has_rule=has_rule) for one in found]
    if name == "fulfillments":
        has_links = "fulfillments.tracking_links" in relations
        return [fulfillment(context, one, has_links=has_links) for one in found]
    if name == "swaps":
        return [_swap(context, order, one) for one in found]
    columns = {
        "claims": (), "customer": CUSTOMER, "gift_card_transactions": TRANSACTION, "gift_cards": GIFT_CARD,
        "payments": PAYMENT, "refunds": REFUND, "region": REGIONS.fields,
    }.get(name, ADDRESS)  # fmt: skip
    if isinstance(found, list):
        return [pick(one, columns or tuple(one)) for one in found]
    return None if found is None else pick(found, columns)


def _discount(context: Context, discount: Row, *, has_rule: bool) -> Document:
    shown: Document = pick(discount, DISCOUNT)
    if has_rule:
        shown["rule"] = pick(context.tables.follow("discounts", discount, "rule"), RULE)
    return shown


def fulfillment(context: Context, row: Row, *, has_links: bool) -> Document:
    """Return a fulfillment as orders and swaps show it."""
    tables = context.tables
    shown: Document = pick(row, FULFILLMENT)
    if has_links:
        links = tables.follow("fulfillments", row, "tracking_links")
        shown["tracking_links"] = [pick(one, TRACKING) for one in links]
    items = tables.follow("fulfillments", row, "items")
    return {**shown, "items": [pick(one, ("fulfillment_id", "item_id", "quantity")) for one in items]}


def _swap(context: Context, order: Row, swap: Row) -> Document:
    tables, items = context.tables, []
    for item in tables.follow("swaps", swap, "additional_items"):
        adjustments = tables.where("line_item_adjustments", item_id=item["id"])
        items.append(
            {
                **pick(item, ITEM),
                "adjustments": [pick(one, ADJUSTMENT) for one in adjustments],
                "tax_lines": stored_taxes(tables, "item", item),
                "refundable": worth(context, order, item, item["quantity"] - (item["returned_quantity"] or 0)),
            }
        )
    return {**pick(swap, SWAP), "additional_items": items}
