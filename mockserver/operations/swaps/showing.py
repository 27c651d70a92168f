"""A swap as answers show it, with its order, its return and its cart (tests/facts/orders.md 6)."""

from typing import Any

from ...contract import Document
from ...state.relations import Row
from ..carts.stored import CART
from ..context import Context
from ..orders.placing import ORDER
from ..orders.showing import SWAP, fulfillment
from ..returns.making import ITEM as RETURNED
from ..returns.making import RETURN
from ..returns.showing import items_of
from ..shared.columns import ADDRESS, PAYMENT
from ..shared.goods import VARIANT
from ..shared.lines import ITEM, METHOD, OPTION, option_of, variant_of
from ..shared.rows import pick
from .stored import TABLE

UNTOLD = {"canceled_at", "no_notification", "allow_backorder"}  # by the answer to who makes a swap
RELATIONS = (
    "order", "additional_items", "return_order", "fulfillments", "payment", "shipping_address", "shipping_methods",
    "cart",
)  # fmt: skip
__all__ = ["SWAP", "completed", "show", "show_new"]


def show(context: Context, swap: Row) -> Document:
    """Return a swap as it is read."""
    return {**pick(swap, SWAP), **{name: _related(context, swap, name) for name in RELATIONS}}


def show_new(context: Context, swap: Row) -> Document:
    """Return a swap as it is answered to whoever made it: less of it, in another order."""
    columns = [name for name in SWAP if name not in UNTOLD]
    names = (*sorted(name for name in RELATIONS if name != "cart"), "cart")
    return {**pick(swap, columns), **{name: _related(context, swap, name) for name in names}}


def completed(context: Context, swap: Row) -> Document:
    """Return a swap as its completed cart answers it."""
    return {**pick(swap, SWAP), "shipping_address": _related(context, swap, "shipping_address")}


def _related(context: Context, swap: Row, name: str) -> Any:
    """Return what a relation of a swap leads to, as it is shown."""
    tables = context.tables
    found = tables.follow(TABLE, swap, name)
    if name == "additional_items":
        return [_line(context, one) for one in found]
    if name == "shipping_methods":
        return [_method(context, one) for one in found]
    if name == "fulfillments":
        return [fulfillment(context, one, has_links=False) for one in found]
    if found is None:
        return None
    if name == "return_order":
        return _return(context, found)
    columns = {"order": ORDER, "cart": CART, "payment": PAYMENT}.get(name, ADDRESS)
    return {**({"object": name} if name in ("order", "cart") else {}), **pick(found, columns)}


def _line(context: Context, item: Row) -> Document:
    variant = variant_of(context.tables, item)
    return {**pick(item, ITEM), "variant": None if variant is None else pick(variant, VARIANT)}


def _method(context: Context, method: Row) -> Document:
    return {**pick(method, METHOD), "shipping_option": pick(option_of(context.tables, method), OPTION)}


def _return(context: Context, row: Row) -> Document:
    method = context.tables.follow("returns", row, "shipping_method")
    return {
        **pick(row, RETURN),
        "shipping_method": None if method is None else _method(context, method),
        "items": [pick(one, RETURNED) for one in items_of(context, row)],
    }
