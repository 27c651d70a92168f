"""The discounts of carts, orders and swaps: their rules, and which of them lowers prices."""

from ...state.relations import Row
from ...state.tables import Tables
from .rows import is_there


def rule_of(tables: Tables, discount: Row) -> Row:
    """Return the rule of a discount."""
    rule: Row = tables.follow("discounts", discount, "rule")
    return rule


def ships_free(tables: Tables, discount: Row) -> bool:
    """Tell whether a discount makes shipping free, which lowers no price."""
    return bool(rule_of(tables, discount)["type"] == "free_shipping")


def lowering(tables: Tables, table: str, row: Row) -> Row | None:
    """Return the discount of a cart or an order that lowers its prices; one that ships for free may stand beside it."""
    found = tables.follow(table, row, "discounts")
    return next((one for one in found if is_there(one) and not ships_free(tables, one)), None)
