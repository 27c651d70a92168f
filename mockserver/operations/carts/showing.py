"""A cart as answers show it: columns, relations by name, totals (tests/facts/carts.md 1)."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from ...contract import Document
from ...state.relations import Row
from ...state.tables import Tables
from ..context import Context
from ..regions import REGIONS
from ..shared import lines, totals
from ..shared.columns import ADDRESS, CUSTOMER, DISCOUNT, GIFT_CARD, PAYMENT, PROVIDER, RULE, SESSION
from ..shared.discounts import lowering, rule_of
from ..shared.goods import CHANNEL
from ..shared.rows import is_there, pick
from ..shared.taxes import RATE
from ..shared.totals import Card
from .stored import (
    CART,
    TABLE,
    items_of,
    linked,
    methods_of,
    region_of,
    selected_of,
    sessions_of,
)  # fmt: skip

COUNTRY = ("id", "iso_2", "iso_3", "num_code", "name", "display_name", "region_id")
NEEDED = frozenset({"discounts", "gift_cards", "items", "region", "shipping_address", "shipping_methods"})  # by totals
DEFAULT = NEEDED | {
    "billing_address", "payment", "payment_sessions", "region.countries", "region.payment_providers", "sales_channel",
    "shipping_methods.shipping_option",
}  # fmt: skip
WITH_CUSTOMER = DEFAULT | {"customer"}
REFRESHED = DEFAULT - {"billing_address", "payment", "sales_channel"}
TAXED = NEEDED
_ALL = tuple(sorted({name for name in DEFAULT if "." not in name} | {"customer"}))


class Bill(NamedTuple):
    """The lines and methods of a cart, and what it comes to."""

    items: list[Document]
    methods: list[Document]
    totals: Document


def bill(context: Context, cart: Row, *, taxed: bool = False, with_option: bool = True) -> Bill:
    """Return what a cart comes to; `taxed` tells that taxes are worked out where the region leaves them to be asked for."""
    tables, region = context.tables, region_of(context, cart)
    taxed = taxed or bool(region["automatic_taxes"])
    discount = lowering(context.tables, TABLE, cart)
    rows = items_of(context, cart)
    if not all(isinstance(one["metadata"], (dict, type(None))) for one in rows):
        context.off_contract = True  # anything is taken for metadata, and the contract has only objects
    items = [
        lines.show_item(
            tables, one, _taxes(tables, region, one, taxed=taxed), discount, with_product=True
        )
        for one in rows
    ]  # fmt: skip
    methods = [
        lines.show_method(
            tables,
            one,
            lines.method_taxes(tables, region, one) if taxed else lines.stored_taxes(tables, "shipping_method", one),
            with_option=with_option,
        )
        for one in methods_of(context, cart)
    ]
    cards = [card_of(region, one) for one in linked(context, cart, "gift_cards")]
    return Bill(items, methods, totals.whole(items, methods, cards))


def _taxes(tables: Tables, region: Row, item: Row, *, taxed: bool) -> Sequence[Document]:
    """Return the tax lines of a line: those that are stored where none are worked out, and of what comes back in a swap."""
    if item["is_return"] or not taxed:
        return lines.stored_taxes(tables, "item", item)
    return lines.item_taxes(tables, region, item)


def card_of(region: Row, card: Row) -> Card:
    """Return a gift card as it counts in a region."""
    return Card(card["balance"], card["tax_rate"] if region["gift_cards_taxable"] else None)


def show(  # noqa: PLR0913
    context: Context,
    cart: Row,
    relations: Collection[str] = DEFAULT,
    columns: Iterable[str] = CART,
    others: Document | None = None,
    *,
    taxed: bool = False,
    raw: bool = False,
) -> Document:
    """
    Return a cart with some relations; `others` are further ones, as they are shown.

    `taxed` is as in `bill`; `raw` tells that the discounts before rounding are shown as well.
    """
    made = bill(context, cart, taxed=taxed, with_option="shipping_methods.shipping_option" in relations)
    shown: Document = {"object": "cart", **pick(cart, columns)}
    others = others or {}
    for name in sorted({*_ALL, *others}):
        if name in others:
            shown[name] = others[name]
        elif name == "items":
            shown[name] = made.items
        elif name == "shipping_methods":
            shown[name] = made.methods
        elif name in relations:
            shown[name] = _related(context, cart, name, relations)
        selected = selected_of(context, cart) if name == "payment_sessions" and name in relations else None
        if selected is not None:
            shown["payment_session"] = pick(selected, SESSION)
    return {**shown, **{name: value for name, value in made.totals.items() if raw or name != "raw_discount_total"}}


def without_totals(context: Context, cart: Row) -> Document:
    """Return a cart that cannot be completed yet: its columns and its payment sessions."""
    selected = selected_of(context, cart)
    return {
        "object": "cart",
        **pick(cart, CART),
        "payment_sessions": [pick(one, SESSION) for one in sessions_of(context, cart)],
        **({} if selected is None else {"payment_session": pick(selected, SESSION)}),
    }


def discounts(context: Context, rows: Iterable[Row]) -> list[Document]:
    """Return discounts with their rules."""
    return [{**pick(one, DISCOUNT), "rule": pick(rule_of(context.tables, one), RULE)} for one in rows]


def _related(context: Context, cart: Row, name: str, relations: Collection[str]) -> Any:
    tables = context.tables
    if name == "discounts":
        return discounts(context, linked(context, cart, name))
    if name == "gift_cards":
        return [pick(one, GIFT_CARD) for one in linked(context, cart, name)]
    if name == "payment_sessions":
        return [pick(one, SESSION) for one in sessions_of(context, cart)]
    if name == "region":
        return _region(context, cart, relations)
    found = tables.follow(TABLE, cart, name)
    columns = {"customer": CUSTOMER, "payment": PAYMENT, "sales_channel": CHANNEL}.get(name, ADDRESS)
    return None if found is None else pick(found, columns)


def _region(context: Context, cart: Row, relations: Collection[str]) -> Document:
    tables, region = context.tables, region_of(context, cart)
    shown: Document = pick(region, REGIONS.fields)
    for name, columns in (("countries", COUNTRY), ("payment_providers", PROVIDER)):
        if f"region.{name}" in relations:
            shown[name] = [pick(one, columns) for one in tables.follow("regions", region, name)]
    rates = tables.follow("regions", region, "tax_rates")
    return {**shown, "tax_rates": [pick(one, RATE) for one in rates if is_there(one)]}
