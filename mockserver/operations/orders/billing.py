"""What an order comes to, and what was paid of it (tests/facts/orders.md 3, "Totals")."""

from collections.abc import Iterable
from typing import NamedTuple

from ...contract import Document
from ...state.relations import Row
from ..context import Context
from ..shared import lines, totals
from ..shared.discounts import lowering
from ..shared.totals import Totals, rounded, tax


class Bill(NamedTuple):
    """
    The lines and shipping methods of an order with all that may be shown of them, and its totals.

    `without_tax` is what gift cards may pay.
    """

    items: list[Document]
    methods: list[Document]
    totals: Totals
    without_tax: int


def bill(context: Context, order: Row, rows: Iterable[Row] | None = None, *, with_product: bool = False) -> Bill:
    """
    Return what an order comes to, with other lines than its own where `rows` are said.

    `with_product` tells that the products are shown inside its lines.
    """
    tables = context.tables
    discount = lowering(tables, "orders", order)
    items = []
    for item in tables.where("line_items", order_id=order["id"]) if rows is None else rows:
        context.off_contract |= not isinstance(item["metadata"], (dict, type(None)))  # as in a cart
        taxes = lines.stored_taxes(tables, "item", item)
        shown = lines.show_item(tables, item, taxes, discount, with_product=with_product)
        items.append({**shown, "refundable": _refundable(shown)})
    methods = [
        lines.show_method(tables, one, lines.stored_taxes(tables, "shipping_method", one), with_option=True)
        for one in tables.where("shipping_methods", order_id=order["id"])
    ]
    whole = totals.whole(items, methods, ())
    without_tax = whole["total"] - whole["tax_total"]
    used = tables.where("gift_card_transactions", order_id=order["id"])
    cards = sum(one["amount"] for one in used)
    cards_tax = sum(rounded(one["amount"] * ((one["tax_rate"] or 0) / 100)) for one in used)
    paid = sum(one["amount"] for one in tables.follow("orders", order, "payments"))
    refunded = sum(one["amount"] for one in tables.follow("orders", order, "refunds"))
    return Bill(
        items,
        methods,
        {
            "subtotal": whole["subtotal"],
            "discount_total": whole["discount_total"],
            "shipping_total": whole["shipping_total"],
            "refunded_total": refunded,
            "paid_total": paid,
            "refundable_amount": paid - refunded,
            "item_tax_total": whole["item_tax_total"],
            "shipping_tax_total": whole["shipping_tax_total"],
            "tax_total": whole["tax_total"] - cards_tax,
            "gift_card_total": cards,
            "gift_card_tax_total": cards_tax,
            "raw_discount_total": whole["raw_discount_total"],
            "total": whole["total"] - cards - cards_tax,
        },
        without_tax,
    )


def worth(context: Context, order: Row, item: Row, units: float) -> int:
    """Return what some of a line of an order were sold for, tax included."""
    return _worth(bill(context, order, [item]).items[0], units)


def _refundable(item: Document) -> int:
    """Return what can still be given back for a line: for what did not come back yet."""
    return _worth(item, item["quantity"] - (item["returned_quantity"] or 0))


def _worth(item: Document, units: float) -> int:
    """Return what some of a line were sold for: price, less their share of the discount, and tax; nothing of none."""
    if not item["quantity"]:
        return 0
    price = (item["subtotal"] - item["raw_discount_total"]) / item["quantity"] * units
    return rounded(price + tax(price, [one["rate"] for one in item["tax_lines"]]))
