"""The addresses of a cart (tests/facts/carts.md 4)."""

from typing import Any, Literal

from ...contract import Document
from ...express.errors import invalid_data, unknown_error
from ...state.relations import Row
from ..context import Context
from ..shared import made
from ..shared.columns import ADDRESS
from ..shared.jsonb import jsonb
from ..shared.people import no_country
from .stored import TABLE, change

Kind = Literal["billing", "shipping"]
KINDS: tuple[Kind, ...] = ("billing", "shipping")  # in the order in which they are changed


def change_address(context: Context, cart: Row, kind: Kind, sent: Any) -> Row:
    """
    Let a cart have the address that is said: an object is merged into the one it has, a text is the id of any.

    Null detaches the shipping address, and breaks the server where it is the billing one. Raises VendorError for a country
    that is not there, or to which the cart's region does not ship.
    """
    column = f"{kind}_address_id"
    if sent is None:
        if kind == "billing":
            raise unknown_error()
        return change(context, cart, **{column: None})
    if isinstance(sent, str):
        found = context.tables.get("addresses", sent)
        if found is None:
            raise unknown_error()
        sent = {"country_code": found["country_code"]} if kind == "shipping" else {}
        _refuse_country(context, cart, kind, sent)
        return change(context, cart, **{column: found["id"]})
    _refuse_country(context, cart, kind, sent)
    return _merge(context, cart, column, sent)


def new_address(context: Context, **sent: Any) -> Row:
    """Store an address, and return it."""
    return made.insert(context, "addresses", ADDRESS, **sent)


def _merge(context: Context, cart: Row, column: str, sent: Document) -> Row:
    sent = {name: jsonb(value) for name, value in sent.items() if name in ADDRESS}
    if cart[column] is None:
        return change(context, cart, **{column: new_address(context, **sent)["id"]})
    if sent:
        made.update(context, "addresses", context.tables.follow(TABLE, cart, column.removesuffix("_id")), **sent)
    return cart


def _refuse_country(context: Context, cart: Row, kind: Kind, sent: Document) -> None:
    code = sent.get("country_code")
    if code is None:
        return
    if kind == "shipping" and code and code.lower() not in countries_of(context, cart["region_id"]):
        raise invalid_data("Shipping country must be in the cart region")
    if context.tables.get("countries", code) is None:
        raise no_country(code)


def countries_of(context: Context, region: str) -> list[str]:
    """Return the codes of the countries that a region ships to."""
    return [one["iso_2"] for one in context.tables.where("countries", region_id=region)]
