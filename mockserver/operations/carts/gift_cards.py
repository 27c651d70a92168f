"""Gift cards on a cart (tests/facts/carts.md 6)."""

from ...express.errors import invalid_data, not_allowed, not_found
from ...state.relations import Row
from ..context import Context
from ..shared.rows import is_there
from .stored import change, link


def apply(context: Context, cart: Row, codes: list[str]) -> Row:
    """Let a cart have these gift cards and no others; raise VendorError for one that is unknown or may not be used."""
    cards = [_card(context, cart, code) for code in dict.fromkeys(codes)]
    link(context, cart, "gift_cards", cards)
    return change(context, cart)


def _card(context: Context, cart: Row, code: str) -> Row:
    """Return the card of a code, expired or not."""
    card = next(filter(is_there, context.tables.where("gift_cards", code=code)), None)
    if card is None:
        raise not_found(f"Gift card with code: {code} was not found")
    if card["is_disabled"]:
        raise not_allowed("The gift card is disabled")
    if card["region_id"] != cart["region_id"]:
        raise invalid_data("The gift card cannot be used in the current region")
    return card
