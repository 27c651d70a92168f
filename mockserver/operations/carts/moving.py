"""Moves a cart: to another region, to another sales channel (tests/facts/carts.md 4)."""

from ...express.errors import invalid_data, not_allowed, not_found, unknown_error
from ...state.relations import Row
from ..context import Context
from ..shared import made
from ..shared.rows import find
from . import discounts, gift_cards
from .addresses import countries_of, new_address
from .goods import is_sold, reprice, take_out
from .sessions import drop
from .stored import METHODS, TABLE, change, items_of, methods_of, sessions_of


def move(context: Context, cart: Row, id: str | None, country: str | None) -> Row:
    """Move a cart to a region: prices, methods, sessions, discounts and gift cards follow, and the country it ships to."""
    if id == cart["region_id"]:
        reprice(context, cart)
        return cart
    if id and items_of(context, cart):
        named_region(context, id)  # whose prices they are to have, before anything else
    if cart["completed_at"] or cart["payment_authorized_at"]:
        raise not_allowed("Cannot change the region of a completed cart")
    region = named_region(context, id)
    cart = change(context, cart, region_id=region["id"])
    reprice(context, cart)
    cart = _ship_in(context, cart, region, country)
    for method in methods_of(context, cart):
        context.tables.delete(METHODS, method["id"])
    for session in sessions_of(context, cart):
        drop(context, session)
    discounts.keep_valid(context, cart)
    return gift_cards.apply(context, cart, [])


def _ship_in(context: Context, cart: Row, region: Row, country: str | None) -> Row:
    """Let the shipping address be in another region: in the country that is named, in the only one there is, else nowhere yet."""
    countries = countries_of(context, region["id"])
    code = countries[0] if len(countries) == 1 else None
    if country:
        if country.lower() not in countries:
            raise not_allowed("Country not available in region")
        code = country.lower()
    address = context.tables.follow(TABLE, cart, "shipping_address")
    if address is None:
        return change(context, cart, shipping_address_id=new_address(context, country_code=code)["id"])
    made.update(context, "addresses", address, country_code=code)
    return cart


def sell_in(context: Context, cart: Row, id: str | None) -> Row:
    """Let a cart be of another sales channel; where that does not sell all of its lines, all of them are gone."""
    if id is None:
        raise unknown_error()
    channel = open_channel(context, id)
    items = items_of(context, cart)
    products = [context.tables.follow("line_items", item, "variant")["product_id"] for item in items]
    if not all(is_sold(context, channel["id"], product) for product in products):
        for item in items:
            take_out(context, item)
    return change(context, cart, sales_channel_id=channel["id"])


def open_channel(context: Context, id: str) -> Row:
    """Return a sales channel; raise VendorError for one that is unknown or disabled."""
    channel = find(context.tables, "sales_channels", id)
    if channel is None:
        raise not_found(f"Sales channel with id: {id} was not found")
    if channel["is_disabled"]:
        raise invalid_data(f'Unable to assign the cart to a disabled Sales Channel "{channel["name"]}"')
    return channel


def named_region(context: Context, id: str | None) -> Row:
    """Return a region; raise VendorError for one that is not there."""
    region = find(context.tables, "regions", id) if id else None
    if region is None:
        raise not_found(f"Region with {'null' if id is None else id} was not found")
    return region
