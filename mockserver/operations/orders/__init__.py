"""Orders: the three operations that read them (tests/facts/orders.md 3)."""

from typing import Any

from ...contract import Document
from ...express.errors import not_found, unknown_error
from ...messages import TEXT, Answer
from ..context import Context
from ..registry import operation
from ..shared import query
from ..shared.emails import is_email
from ..shared.made import MAX_INT
from ..shared.rows import NUL, find
from .asked import QUERY, view
from .showing import show

TABLE = "orders"


class Email(query.Parameter):
    """An address for e-mail."""

    def read(self, value: Any) -> str:
        if not (isinstance(value, str) and is_email(value)):
            raise query.InvalidParameter(f"{self.name} must be an email")
        return value


class Address(query.Parameter):
    """Where the order was sent; it is looked at, and means nothing."""

    def read(self, value: Any) -> None:
        items = value if isinstance(value, list) else [value]
        if not all(isinstance(item, dict) for item in items):
            raise query.InvalidParameter(f"nested property {self.name} must be either object or array")
        unknown = [f"property {key} should not exist" for item in items for key in item if key != "postal_code"]
        if unknown:
            raise query.InvalidParameter(*unknown)


LOOK_UP = (
    query.Number("display_id", required=True), Email("email", required=True), Address("shipping_address"), *QUERY,
)  # fmt: skip


@operation("GetOrdersOrder")
def retrieve(context: Context) -> Document:
    """Answer an order to whoever knows its id."""
    wanted = view(query.read(context.visit.query, QUERY), "id")
    id = context.visit.path["id"]
    order = find(context.tables, TABLE, id)
    if order is None:
        colon = ":" * wanted.with_product  # where totals are asked for, another function of the real server looks
        raise not_found(f"Order with id{colon} {id} was not found")
    return {"order": show(context, order, wanted)}


@operation("GetOrdersOrderCartId")
def retrieve_by_cart(context: Context) -> Document:
    """Answer the order that a cart became."""
    wanted = view(query.read(context.visit.query, QUERY), "cart")
    id = context.visit.path["cart_id"]
    if NUL in id:
        raise unknown_error()
    found = context.tables.where(TABLE, cart_id=id)
    if not found:
        raise not_found(f"Order with cart id {id} was not found")
    return {"order": show(context, found[0], wanted)}


@operation("GetOrders")
def look_up(context: Context) -> Document | Answer:
    """Answer an order to whoever knows its number and its e-mail."""
    asked = query.read(context.visit.query, LOOK_UP)
    wanted, number = view(asked, "lookup"), asked["display_id"]
    if not isinstance(number, int) or abs(number) > MAX_INT:
        raise unknown_error()
    found = context.tables.where(TABLE, display_id=number, email=asked["email"])
    return {"order": show(context, found[0], wanted)} if found else Answer(404, "Not Found", TEXT)
