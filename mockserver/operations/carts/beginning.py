"""What a cart begins with: whose request it was, where it is sold, what lies in it (tests/facts/carts.md 2)."""

from typing import Any

from ...contract import Document
from ...errors import VendorError
from ...express.errors import invalid_data, not_allowed, unknown_error
from ...messages import Answer
from ...state.relations import Row
from ..context import Context
from ..shared import channels
from .addresses import countries_of, new_address
from .goods import new_line, put, refuse_unless_sold, variants
from .moving import named_region, open_channel


def visitor_of(context: Context) -> Document:
    """Return what is known of who asks."""
    headers = context.visit.headers
    ip = headers.get("x-forwarded-for", "127.0.0.1").partition(",")[0].strip()
    return {"ip": ip, **({"user_agent": headers["user-agent"]} if "user-agent" in headers else {})}


def channel_of(context: Context, body: Document) -> str | Answer:
    """Return the sales channel of a new cart: the one that is named, the key's, or the shop's; or what refuses it."""
    opened, named = channels.of_key(context), body.get("sales_channel_id")
    if "sales_channel_id" in body and named is None:
        raise unknown_error()
    if named is not None:
        refusal = channels.refusal(opened, [named], None, "", context)
        return refusal or str(open_channel(context, named)["id"])
    if len(opened) > 1:
        raise VendorError(
            500,
            "unexpected_state",
            "The PublishableApiKey provided in the request header has multiple associated sales channels.",
        )
    shop = list(context.tables.catalogue.rows("sales_channels"))
    return str(open_channel(context, (opened or shop)[0])["id"])


def region_of_new(context: Context, body: Document) -> Row:
    """Return the region of a new cart."""
    if "region_id" not in body:
        return context.tables.all("regions")[0]
    if not body["region_id"]:
        raise invalid_data("A region_id must be provided when creating a cart")
    return named_region(context, body["region_id"])


def first_address(context: Context, region: Row, country: str | None) -> str | None:
    """Return the id of the shipping address that a cart begins with: to the country that is named, or the only one there is."""
    countries = countries_of(context, region["id"])
    if country:
        if country.lower() not in countries:
            raise not_allowed("Shipping country not in region")
        countries = [country.lower()]
    return str(new_address(context, country_code=countries[0])["id"]) if len(countries) == 1 else None


def fill(context: Context, cart: Row, items: list[Any]) -> None:
    """Put what is listed into a new cart, line by line; none of something counts as one."""
    if not all(isinstance(item, dict) for item in items):
        raise invalid_data(
            "Unable to generate the line item because one or more required argument(s) are missing. "
            "Ensure a variant id is passed for each variant"
        )
    known = {row["id"]: row for row in variants(context, [item["variant_id"] for item in items])}
    wanted = [(known[item["variant_id"]], item["quantity"] or 1) for item in items]
    lines = [new_line(context, cart, variant, quantity, None) for variant, quantity in wanted]
    refuse_unless_sold(context, cart, known.values())
    for line, (variant, _) in zip(lines, wanted, strict=True):
        put(context, cart, line, variant, merges=False)
