"""Which part of a cart a query asks for (tests/facts/carts.md 1)."""

from collections.abc import Callable

from ...contract import Document
from ...state.relations import Row
from ..context import Context
from ..shared.selection import Selector, chosen_fields, listed
from .showing import DEFAULT, NEEDED, show
from .stored import CART

_SHOWN = {"discounts", "gift_cards", "items", "region", "shipping_methods", "payment_sessions"}


def read_cart(context: Context, query: Document, find: Callable[[], Row]) -> Document:
    """
    Return the cart that `find` finds, as a query's `fields` and `expand` want it; what totals are worked out of is always there.

    Raises VendorError for an unknown cart, then for fields and relations that do not exist.
    """
    cart = find()
    if query["fields"] is None and query["expand"] is None:
        return show(context, cart)
    columns = list(CART) if query["fields"] is None else chosen_fields(query["fields"], CART)
    relations = None if query["expand"] is None else listed(query["expand"])
    selection = Selector(context.contract, "Cart").select(columns, relations, ())
    others = {}
    for name, one in selection.relations.items():
        if name not in _SHOWN and relations is not None and (one.relations or name not in DEFAULT):
            found = context.tables.follow("carts", cart, name)
            others[name] = None if found is None else one.show(context.tables, found)
    asked = DEFAULT if relations is None else NEEDED | {part for name in relations for part in _parts(name)}
    shown = [name for name in CART if name == "id" or name in (selection.columns or ())]
    return show(context, cart, asked, shown, others)


def _parts(name: str) -> list[str]:
    """Return a dotted name and those in front of it: `items.variant` and `items`."""
    steps = name.split(".")
    return [".".join(steps[: place + 1]) for place in range(len(steps))]
