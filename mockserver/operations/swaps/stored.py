"""How the swap of a cart is found."""

from ...state.relations import Row
from ..context import Context

TABLE = "swaps"


def of_cart(context: Context, id: str) -> Row | None:
    """Return the swap that a cart settles, or None."""
    found = context.tables.where(TABLE, cart_id=id)
    return found[0] if found else None
