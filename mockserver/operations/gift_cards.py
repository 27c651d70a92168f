"""Gift cards: one read, by code (tests/facts/catalog.md 12)."""

from ..contract import Document
from ..express.errors import not_found, unknown_error
from .context import Context
from .regions import REGIONS
from .registry import operation
from .shared.rows import NUL, is_there, pick


@operation("GetGiftCardsCode")
def retrieve_gift_card(context: Context) -> Document:
    """Answer a gift card with its region, though it be disabled, empty or expired."""
    code = context.visit.path["code"]
    if NUL in code:
        raise unknown_error()
    card = next((row for row in context.tables.where("gift_cards", code=code) if is_there(row)), None)
    if card is None:
        raise not_found(f"Gift card with code: {code} was not found")
    region = context.tables.follow("gift_cards", card, "region")
    shown = None if region is None else pick(region, REGIONS.fields)
    return {"gift_card": {**pick(card, ("id", "code", "value", "balance")), "region": shown}}
