"""How a cart is sent (tests/facts/carts.md 8)."""

from ...contract import Document
from ...express.errors import invalid_data, not_allowed, not_found
from ...state.relations import Row
from ..context import Context
from ..registry import operation
from ..shared import bodies, made
from ..shared.jsonb import jsonb
from ..shared.lines import METHOD, option_of, product_of
from ..shared.rows import find
from ..shipping_options import is_allowed
from . import asked, discounts
from .sessions import refresh_sessions
from .showing import show
from .stored import ITEMS, METHODS, asked_for, items_of, methods_of


@operation("PostCartsCartShippingMethod")
def add_shipping_method(context: Context) -> Document:
    """Let a cart be sent in a way, in place of another for the same goods."""
    asked.look(context)
    body = bodies.read(context.visit.body, asked.METHOD)
    cart = asked_for(context)
    option = _option(context, cart, body.get("option_id"))
    if "data" in body and body["data"] is None:
        raise invalid_data("Can't insert null value in field data on insert in table shipping_method")
    values = {"cart_id": cart["id"], "shipping_option_id": option["id"], "price": option["amount"]}
    for method in methods_of(context, cart):
        if method["order_id"] is not None:
            raise not_found("null")
        if option_of(context.tables, method)["profile_id"] == option["profile_id"]:
            context.tables.delete(METHODS, method["id"])
    made.insert(context, METHODS, METHOD, **values, data=jsonb(body.get("data", {})))
    for item in items_of(context, cart):
        product = product_of(context.tables, item)
        if product is not None and product["profile_id"] == option["profile_id"]:
            context.tables.update(ITEMS, item["id"], has_shipping=True)
    discounts.price_shipping(context, cart)
    refresh_sessions(context, cart)
    return {"cart": show(context, asked_for(context))}


def _option(context: Context, cart: Row, id: str | None) -> Row:
    """Return the option that is asked for; raise VendorError where there is none, or none for this cart."""
    if id is None:
        raise not_found('"optionId" must be defined')
    option = find(context.tables, "shipping_options", id)
    if option is None:
        raise not_found(f"Shipping Option with {id} was not found")
    if option["is_return"]:
        return option  # is not looked at any further
    if option["region_id"] != cart["region_id"]:
        raise invalid_data("The shipping option is not available in the cart's region")
    subtotal = sum(item["unit_price"] * item["quantity"] for item in items_of(context, cart))
    if not is_allowed(context, option, subtotal):
        raise not_allowed("The Cart does not satisfy the shipping option's requirements")
    return option
