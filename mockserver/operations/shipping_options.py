"""Shipping options: those of the shop, and those that a cart may take (tests/facts/catalog.md 11)."""

from typing import Any

from ..contract import Document
from ..express.errors import not_found, unknown_error
from ..state.relations import Row
from .context import Context
from .registry import operation
from .shared import query
from .shared.goods import PROFILE
from .shared.lines import OPTION
from .shared.rows import find, is_there, pick, refuse_nul
from .shared.taxes import rates_of_option, tax

TABLE = "shipping_options"
REQUIREMENT = ("id", "shipping_option_id", "type", "amount", "deleted_at")
TRUTHS = {"true": True, "false": False, "1": False, "0": False}  # `1` is read as a number that is not true


class BooleanText(query.Parameter):
    """`true`, `false`, `1` or `0`."""

    def read(self, value: Any) -> bool:
        if not isinstance(value, str) or value not in TRUTHS:
            raise query.InvalidParameter(f"{self.name} must be a boolean string")
        return TRUTHS[value]


LIST = (query.Text("product_ids"), query.Text("region_id"), BooleanText("is_return"))


@operation("GetShippingOptions")
def list_options(context: Context) -> Document:
    """Answer the shop's options; nothing where products are named, whose profiles the real server does not load."""
    asked = query.read(context.visit.query, LIST, splits=False)
    refuse_nul(asked["product_ids"], asked["region_id"])
    if asked["product_ids"]:
        return {TABLE: []}
    wanted: dict[str, Any] = {"region_id": asked["region_id"]} if asked["region_id"] else {}
    if asked["is_return"] is not None:
        wanted["is_return"] = asked["is_return"]
    rows = context.tables.where(TABLE, **wanted) if wanted else context.tables.all(TABLE)
    rows = [row for row in rows if is_there(row) and not row["admin_only"]]
    return {TABLE: [_shown(context, row) for row in rows]}


@operation("GetShippingOptionsCartId")
def list_cart_options(context: Context) -> Document:
    """Answer the options that a cart may take: in its region, for its items' profiles, as its subtotal allows."""
    cart = find(context.tables, "carts", context.visit.path["cart_id"])
    if cart is None:
        raise unknown_error()
    items = context.tables.where("line_items", cart_id=cart["id"])
    subtotal = sum(item["unit_price"] * item["quantity"] for item in items)
    profiles = {profile for item in items if (profile := _profile(context, item)) is not None}
    rows = context.tables.where(TABLE, region_id=cart["region_id"], is_return=False)
    rows = [row for row in rows if is_there(row) and not row["admin_only"] and row["profile_id"] in profiles]
    return {TABLE: [_shown(context, row, with_profile=True) for row in rows if is_allowed(context, row, subtotal)]}


def _profile(context: Context, item: Row) -> str | None:
    """Return the id of the shipping profile of a line item's product."""
    variant = None if item["variant_id"] is None else context.tables.get("product_variants", item["variant_id"])
    product = None if variant is None else context.tables.get("products", variant["product_id"])
    return None if product is None else product["profile_id"]


def _requirements(context: Context, row: Row) -> list[Row]:
    return [one for one in context.tables.follow(TABLE, row, "requirements") if one["deleted_at"] is None]


def is_allowed(context: Context, row: Row, subtotal: int) -> bool:
    """Tell whether a cart's subtotal reaches an option's least, and stays below its most."""
    return all(
        subtotal >= one["amount"] if one["type"] == "min_subtotal" else subtotal < one["amount"]
        for one in _requirements(context, row)
    )


def _shown(context: Context, row: Row, *, with_profile: bool = False) -> Document:
    shown = pick(row, OPTION)
    if with_profile:
        profile = context.tables.follow(TABLE, row, "profile")
        shown["profile"] = None if profile is None else pick(profile, PROFILE)
    shown["requirements"] = [pick(one, REQUIREMENT) for one in _requirements(context, row)]
    region = find(context.tables, "regions", row["region_id"])
    if region is None:
        raise not_found(f"Region with {row['region_id']} was not found")
    rates = rates_of_option(context.tables, region, row) if region["automatic_taxes"] else []
    amount = tax(row["amount"] or 0, rates)
    shown_rates = [pick(rate, ("rate", "name", "code")) for rate in rates]
    return {**shown, "price_incl_tax": (row["amount"] or 0) + amount, "tax_rates": shown_rates, "tax_amount": amount}
