"""Puts goods into carts: what they cost, whether they are sold there, whether enough are left (tests/facts/carts.md 3)."""

from collections.abc import Iterable
from typing import Any

from ...errors import MockServerError, VendorError
from ...express.errors import invalid_data, not_found, unknown_error
from ...state.relations import Row
from ..context import Context
from ..shared import made
from ..shared.jsonb import jsonb
from ..shared.lines import ITEM
from ..shared.people import groups_of
from ..shared.prices import Choice, calculated_of, prices_of
from ..shared.rows import find
from .stored import ITEMS, METHODS, drop_adjustments, items_of, methods_of, region_of

MOST_LINES = 200  # of a cart: all of them are reckoned up in each request, and others wait
NO_PRICE = 'Cannot generate line item for variant "{title}" without a price'


def variants(context: Context, ids: Iterable[str]) -> list[Row]:
    """Return variants by their ids; raise VendorError that names all which are not there."""
    found = {id: find(context.tables, "product_variants", id) for id in ids}
    missing = [id for id, variant in found.items() if variant is None]
    if missing:
        names = ", ".join(missing)
        raise invalid_data(f"Unable to generate the line items, some variant has not been found: {names}")
    return [variant for variant in found.values() if variant is not None]


def price_of(context: Context, cart: Row, variant: Row, quantity: int) -> int | None:
    """Return what one of a variant costs in a cart that holds so many of it: the lowest price that holds; None for none."""
    region = region_of(context, cart)
    groups = groups_of(context, cart["customer_id"])
    choice = Choice(context.sandbox.clock.now(), region, region["currency_code"], groups)
    price = calculated_of(prices_of(context.tables, variant, choice), max(quantity, 1))
    return None if price is None else int(price["amount"])


def new_line(context: Context, cart: Row, variant: Row, quantity: int, metadata: Any) -> Row:
    """Return the columns of a new line, not stored yet; raise VendorError where the variant has no price."""
    price = price_of(context, cart, variant, quantity)
    if price is None:
        raise invalid_data(NO_PRICE.format(title=variant["title"]))
    product: Any = context.tables.get("products", variant["product_id"])
    return {
        "cart_id": cart["id"], "title": product["title"], "description": variant["title"],
        "thumbnail": product["thumbnail"], "is_return": False, "is_giftcard": product["is_giftcard"],
        "should_merge": True, "allow_discounts": product["discountable"], "has_shipping": False, "unit_price": price,
        "variant_id": variant["id"], "quantity": quantity, "metadata": {} if metadata is None else jsonb(metadata),
    }  # fmt: skip


def refuse_unless_sold(context: Context, cart: Row, rows: Iterable[Row]) -> None:
    """Refuse variants whose products the cart's sales channel does not sell."""
    outside = []
    for variant in rows:
        if not is_sold(context, cart["sales_channel_id"], variant["product_id"]):
            product: Any = context.tables.get("products", variant["product_id"])
            outside.append(product["title"])
    if outside:
        names = ", ".join(outside)
        raise invalid_data(
            f"The products [{names}] must belongs to the sales channel on which the cart has been created."
        )


def is_sold(context: Context, channel: str | None, product: str) -> bool:
    """Tell whether a sales channel sells a product."""
    return bool(context.tables.where("product_sales_channels", product_id=product, sales_channel_id=channel))


def suffices(variant: Row, quantity: int) -> bool:
    """Tell whether enough of a variant is left."""
    if variant["allow_backorder"] or not variant["manage_inventory"]:
        return True
    return bool(variant["inventory_quantity"] >= quantity)


def short_of(variant: Row) -> VendorError:
    """Return what is said where too few of a variant are left."""
    message = f"Variant with id: {variant['id']} does not have the required inventory"
    return VendorError(400, "not_allowed", message, "insufficient_inventory")


def put(context: Context, cart: Row, line: Row, variant: Row, *, merges: bool = True) -> Row:
    """
    Store a line in a cart, or merge it into the last of its variant where that has the same metadata, if it `merges`; return what is stored.

    Raises VendorError where too few are left, or fewer than none are wanted.
    """
    items = items_of(context, cart)
    same = [one for one in items if merges and one["variant_id"] == variant["id"] and one["should_merge"]]
    last = same[-1] if same and same[-1]["metadata"] == line["metadata"] else None
    quantity = line["quantity"] + (last["quantity"] if last else 0)
    if quantity <= 0:
        raise unknown_error()
    if not suffices(variant, quantity):
        raise short_of(variant)
    if last is None and len(items) >= MOST_LINES:
        raise MockServerError(f"cart {cart['id']!r} has {MOST_LINES} lines already; this mock takes no more")
    if last is None:
        return made.insert(context, ITEMS, ITEM, **line)
    price = price_of(context, cart, variant, quantity)
    return made.update(context, ITEMS, last, quantity=quantity, unit_price=price)


def take_out(context: Context, item: Row) -> None:
    """Store a line no longer, nor what lowered its price."""
    drop_adjustments(context, item)
    context.tables.delete(ITEMS, item["id"])


def drop_methods(context: Context, cart: Row) -> None:
    """Let a cart have no shipping method any more: whoever changes what is sent chooses again."""
    for method in methods_of(context, cart):
        if method["order_id"] is not None:
            raise not_found("null")  # the tax lines that its order stored stand in the way
        context.tables.delete(METHODS, method["id"])


def reprice(context: Context, cart: Row) -> None:
    """Give all lines of goods the prices of the cart's region and customer; those without a price there vanish."""
    for item in (one for one in items_of(context, cart) if one["variant_id"] is not None):
        variant = find(context.tables, "product_variants", item["variant_id"])
        price = None if variant is None else price_of(context, cart, variant, item["quantity"])
        if price is None:
            take_out(context, item)
        else:
            made.update(context, ITEMS, item, unit_price=price, has_shipping=False)
