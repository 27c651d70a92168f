"""Makes an order of a cart: the goods leave the stock, gift cards pay, taxes are written down (tests/facts/carts.md 9)."""

from typing import Any

from ...state.relations import Row
from ...state.selling import next_display_id
from ..context import Context
from ..shared import lines, made, totals
from ..shared.lines import TAX_LINE
from ..shared.totals import Card
from .billing import bill

ORDER = (
    "id", "created_at", "updated_at", "status", "fulfillment_status", "payment_status", "display_id", "cart_id",
    "customer_id", "email", "billing_address_id", "shipping_address_id", "region_id", "currency_code", "tax_rate",
    "draft_order_id", "canceled_at", "metadata", "no_notification", "idempotency_key", "external_id",
    "sales_channel_id",
)  # fmt: skip
TRANSACTION = ("id", "gift_card_id", "order_id", "amount", "created_at", "is_taxable", "tax_rate")
TAKEN = (
    "customer_id", "email", "billing_address_id", "shipping_address_id", "region_id", "sales_channel_id",
)  # fmt: skip


def place(context: Context, cart: Row, payment: Row | None, discounts: list[Row], cards: list[Row]) -> Row:
    """Store the order of a cart, and return it; its lines and shipping methods are the cart's own."""
    tables = context.tables
    region: Any = tables.get("regions", cart["region_id"])
    values = {
        "status": "pending", "fulfillment_status": "not_fulfilled", "payment_status": "awaiting", "cart_id": cart["id"],
        "display_id": next_display_id(tables), "currency_code": region["currency_code"], "metadata": cart["metadata"] or {},
        **{name: cart[name] for name in TAKEN},
    }  # fmt: skip
    order = made.insert(context, "orders", ORDER, **values)
    _move_lines(context, cart, order, region)
    for discount in discounts:
        tables.insert("order_discounts", {"order_id": order["id"], "discount_id": discount["id"]})
    for card in cards:
        tables.insert("order_gift_cards", {"order_id": order["id"], "gift_card_id": card["id"]})
    if payment is not None:
        made.update(context, "payments", payment, order_id=order["id"])
    _charge(context, order, region, cards)
    return order


def _move_lines(context: Context, cart: Row, order: Row, region: Row) -> None:
    """Give an order the lines and methods of its cart, with their taxes; take its goods off the stock."""
    tables = context.tables
    items = tables.where("line_items", cart_id=cart["id"])
    stock = [
        lines.variant_of(tables, item) for item in items
    ]  # before anything is taken: of two lines the last one counts
    for item, variant in zip(items, stock, strict=True):
        tax_item(context, region, item)
        made.update(context, "line_items", item, order_id=order["id"])
        if variant is not None:
            left = variant["inventory_quantity"] - item["quantity"]
            made.update(context, "product_variants", variant, inventory_quantity=left)
    for method in tables.where("shipping_methods", cart_id=cart["id"]):
        tax_method(context, region, method)
        tables.update("shipping_methods", method["id"], order_id=order["id"])


def tax_item(context: Context, region: Row, item: Row) -> None:
    """Write down the taxes on a line."""
    for one in lines.item_taxes(context.tables, region, item):
        made.insert(context, "line_item_tax_lines", (*TAX_LINE, "item_id"), **one)


def tax_method(context: Context, region: Row, method: Row) -> None:
    """Write down the taxes on a shipping method."""
    for one in lines.method_taxes(context.tables, region, method):
        made.insert(context, "shipping_method_tax_lines", (*TAX_LINE, "shipping_method_id"), **one)


def _charge(context: Context, order: Row, region: Row, cards: list[Row]) -> None:
    """Let gift cards pay what they can of an order, one after the other; who has nothing left is disabled."""
    due = bill(context, order).without_tax
    rates = [card["tax_rate"] if region["gift_cards_taxable"] else None for card in cards]
    used = totals.spread(due, [Card(card["balance"], rate) for card, rate in zip(cards, rates, strict=True)])
    for card, rate, amount in zip(cards, rates, used, strict=True):
        if amount:
            values = {"gift_card_id": card["id"], "order_id": order["id"], "amount": amount}
            made.insert(context, "gift_card_transactions", TRANSACTION, **values, is_taxable=bool(rate), tax_rate=rate)
            left = card["balance"] - amount
            made.update(context, "gift_cards", card, balance=left, is_disabled=card["is_disabled"] or left == 0)
