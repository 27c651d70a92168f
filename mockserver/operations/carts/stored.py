"""The rows that belong to a cart."""

import logging
from typing import Any

from ...contract import Document
from ...express.errors import not_found, unknown_error
from ...state.relations import Row
from ..context import Context
from ..shared import made
from ..shared.rows import find, is_there

LOG = logging.getLogger("mockserver")
MOST_TOLD = 20  # unknown carts of one sandbox that the log speaks of
TABLE = "carts"
ITEMS = "line_items"
METHODS = "shipping_methods"
SESSIONS = "payment_sessions"
CART = (
    "id", "created_at", "updated_at", "deleted_at", "email", "billing_address_id", "shipping_address_id", "region_id",
    "customer_id", "payment_id", "type", "completed_at", "payment_authorized_at", "idempotency_key", "context",
    "metadata", "sales_channel_id",
)  # fmt: skip
LINKS = {"discounts": ("cart_discounts", "discount_id"), "gift_cards": ("cart_gift_cards", "gift_card_id")}


def asked_for(context: Context) -> Row:
    """Return the cart that the path names; most operations break on an unknown one."""
    cart = _found(context)
    if cart is None:
        raise unknown_error()
    return cart


def asked_for_politely(context: Context) -> Row:
    """Return the cart that the path names, as the two operations do that have a word for an unknown one."""
    cart = _found(context)
    if cart is None:
        raise not_found(f"Cart with {context.visit.path['id']} was not found")
    return cart


def _found(context: Context) -> Row | None:
    """Return the cart that the path names; of one that is not there the log says why that may be, a few times a sandbox."""
    id = context.visit.path["id"]
    cart = find(context.tables, TABLE, id)
    if cart is None and context.sandbox.next_of("unknown carts") < MOST_TOLD:
        LOG.warning(
            "no cart %s in sandbox %s: was it made in another, or before the mock was started or reset? Medusa answers so, too",
            id,
            context.sandbox.name,
        )
    return cart


def items_of(context: Context, cart: Row) -> list[Row]:
    """Return the line items of a cart, oldest first."""
    return context.tables.where(ITEMS, cart_id=cart["id"])


def methods_of(context: Context, cart: Row) -> list[Row]:
    """Return the shipping methods of a cart."""
    return context.tables.where(METHODS, cart_id=cart["id"])


def sessions_of(context: Context, cart: Row) -> list[Row]:
    """Return the payment sessions of a cart, oldest first."""
    return context.tables.where(SESSIONS, cart_id=cart["id"])


def selected_of(context: Context, cart: Row) -> Row | None:
    """Return the payment session that was selected, or None."""
    return next((one for one in sessions_of(context, cart) if one["is_selected"]), None)


def region_of(context: Context, cart: Row) -> Row:
    """Return the region of a cart."""
    region: Row = context.tables.follow(TABLE, cart, "region")
    return region


def linked(context: Context, cart: Row, name: str) -> list[Row]:
    """Return the discounts, or the gift cards, of a cart."""
    found: list[Row] = context.tables.follow(TABLE, cart, name)
    return [one for one in found if is_there(one)]


def link(context: Context, cart: Row, name: str, rows: list[Row]) -> None:
    """Let a cart have these discounts or gift cards, and no others."""
    table, far = LINKS[name]
    for one in context.tables.where(table, cart_id=cart["id"]):
        context.tables.delete(table, (cart["id"], one[far]))
    for row in rows:
        context.tables.insert(table, {"cart_id": cart["id"], far: row["id"]})


def change(context: Context, cart: Row, /, **columns: Any) -> Row:
    """Store other values in some columns of a cart, and return it."""
    return made.update(context, TABLE, cart, **columns)


def drop_adjustments(context: Context, item: Row) -> None:
    """Store no longer what lowered the price of a line."""
    for adjustment in context.tables.where("line_item_adjustments", item_id=item["id"]):
        context.tables.delete("line_item_adjustments", adjustment["id"])


def spread(value: Any) -> Document:
    """Return what JavaScript's spread makes of a value: a mapping's own keys, a text's or a list's places."""
    if isinstance(value, (str, list)):
        return {str(place): item for place, item in enumerate(value)}
    return dict(value) if isinstance(value, dict) else {}
