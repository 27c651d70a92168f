"""Line items and shipping methods as carts and orders show them, with their tax lines and totals (tests/facts/carts.md 1)."""

from collections.abc import Sequence

from ...contract import Document
from ...state.relations import Row
from ...state.tables import Tables
from . import totals
from .goods import PROFILE, VARIANT
from .goods import SCALARS as PRODUCT
from .rows import is_there, pick
from .taxes import rates_of_option, rates_of_product

ITEM = (
    "id", "created_at", "updated_at", "cart_id", "order_id", "swap_id", "claim_order_id", "original_item_id",
    "order_edit_id", "title", "description", "thumbnail", "is_return", "is_giftcard", "should_merge",
    "allow_discounts", "has_shipping", "unit_price", "variant_id", "quantity", "fulfilled_quantity",
    "returned_quantity", "shipped_quantity", "metadata",
)  # fmt: skip
ADJUSTMENT = ("id", "item_id", "description", "discount_id", "amount", "metadata")
METHOD = (
    "id", "shipping_option_id", "order_id", "claim_order_id", "cart_id", "swap_id", "return_id", "price", "data",
)  # fmt: skip
OPTION = (
    "id", "created_at", "updated_at", "deleted_at", "name", "region_id", "profile_id", "provider_id", "price_type",
    "amount", "is_return", "admin_only", "data", "metadata",
)  # fmt: skip
TAX_LINE = ("id", "created_at", "updated_at", "rate", "name", "code", "metadata")


def variant_of(tables: Tables, item: Row) -> Row | None:
    """Return the variant that a line is about, None where it is gone."""
    found = None if item["variant_id"] is None else tables.get("product_variants", item["variant_id"])
    return found if found is not None and is_there(found) else None


def product_of(tables: Tables, item: Row) -> Row | None:
    """Return the product that a line is about, None where its variant is gone."""
    variant = variant_of(tables, item)
    return None if variant is None else tables.get("products", variant["product_id"])


def option_of(tables: Tables, method: Row) -> Row:
    """Return the shipping option that a method was made from."""
    option: Row = tables.follow("shipping_methods", method, "shipping_option")
    return option


def item_taxes(tables: Tables, region: Row, item: Row) -> list[Document]:
    """Return the tax lines of a line item as they are now: nothing of them is stored."""
    product = product_of(tables, item)
    rates = [] if product is None else rates_of_product(tables, region, product)
    return [{**pick(rate, ("rate", "name", "code")), "item_id": item["id"]} for rate in rates]


def method_taxes(tables: Tables, region: Row, method: Row) -> list[Document]:
    """Return the tax lines of a shipping method as they are now."""
    rates = rates_of_option(tables, region, option_of(tables, method))
    return [{**pick(rate, ("rate", "name", "code")), "shipping_method_id": method["id"]} for rate in rates]


def stored_taxes(tables: Tables, kind: str, row: Row) -> list[Document]:
    """Return the tax lines that were stored when the order was placed; `kind` is `item` or `shipping_method`."""
    table = "line_item_tax_lines" if kind == "item" else "shipping_method_tax_lines"
    near = f"{kind}_id"
    return [pick(one, (*TAX_LINE, near)) for one in tables.where(table, **{near: row["id"]})]


def show_item(
    tables: Tables, item: Row, taxes: Sequence[Document], discount: Row | None, *, with_product: bool
) -> Document:
    """Return a line item with its totals; only adjustments of one `discount` count."""
    adjustments = tables.where("line_item_adjustments", item_id=item["id"])
    off = sum(one["amount"] for one in adjustments if discount is not None and one["discount_id"] == discount["id"])
    return {
        **pick(item, ITEM),
        "adjustments": [pick(one, ADJUSTMENT) for one in adjustments],
        "tax_lines": list(taxes),
        "variant": _variant(tables, item, with_product=with_product),
        **totals.line(item["unit_price"], item["quantity"], off, [one["rate"] for one in taxes]),
    }


def show_method(tables: Tables, method: Row, taxes: Sequence[Document], *, with_option: bool) -> Document:
    """Return a shipping method with its totals."""
    shown: Document = pick(method, METHOD)
    if with_option:
        shown["shipping_option"] = pick(option_of(tables, method), OPTION)
    return {**shown, "tax_lines": list(taxes), **totals.method(method["price"], [one["rate"] for one in taxes])}


def _variant(tables: Tables, item: Row, *, with_product: bool) -> Document | None:
    variant = variant_of(tables, item)
    if variant is None:
        return None
    shown: Document = pick(variant, VARIANT)
    if with_product:
        shown["product"] = _product(tables, tables.follow("product_variants", variant, "product"))
    return shown


def _product(tables: Tables, product: Row) -> Document:
    profile = pick(tables.follow("products", product, "profile"), PROFILE)
    return {
        **pick(product, PRODUCT),
        "profiles": [profile],
        "profile": profile,
        "profile_id": product["profile_id"],
    }
