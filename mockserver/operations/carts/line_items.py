"""What lies in a cart: added, changed, taken out (tests/facts/carts.md 3)."""

from ...contract import Document
from ...errors import VendorError
from ...express.errors import invalid_data, unknown_error
from ...messages import Answer
from ...state.relations import Row
from ..context import Context
from ..registry import operation
from ..shared import bodies, made
from ..shared.idempotency import clean, keyed
from ..shared.jsonb import jsonb
from ..shared.lines import variant_of
from . import asked, discounts
from .goods import drop_methods, new_line, price_of, put, refuse_unless_sold, suffices, take_out, variants
from .sessions import refresh_sessions
from .showing import WITH_CUSTOMER, show
from .stored import ITEMS, asked_for, asked_for_politely, items_of, spread

MISSING = "Unable to generate the line item because one or more required argument(s) are missing. Ensure "


@operation("PostCartsCartLineItems")
def create_line_item(context: Context) -> Answer:
    """Put something into a cart, and merge it into the last line that is its like."""
    asked.look(context)
    body = bodies.read(context.visit.body, asked.NEW_LINE, lists=False)
    return keyed(context, lambda: _add(context, body), clean("cart"))


@operation("PostCartsCartLineItemsItem")
def update_line_item(context: Context) -> Document:
    """Change how many of something lie in a cart, and what is kept with it; none takes it out."""
    asked.look(context)
    body = bodies.read(context.visit.body, asked.LINE)
    cart = asked_for(context)
    quantity = body.get("quantity")
    item = _item(context, cart)
    if quantity == 0:
        _remove(context, cart, item)
    else:
        if item is None:
            raise invalid_data("Could not find the line item")
        _change(context, cart, item, quantity, body)
        _settle(context, cart)
    return {"cart": show(context, asked_for(context))}


@operation("DeleteCartsCartLineItemsItem")
def delete_line_item(context: Context) -> Document:
    """Take something out of a cart; what is not in it changes nothing."""
    asked.look(context)
    cart = asked_for(context)
    _remove(context, cart, _item(context, cart))
    return {"cart": show(context, asked_for(context))}


def _item(context: Context, cart: Row) -> Row | None:
    """Return the line that the path names, if it is one of the cart's."""
    return next((item for item in items_of(context, cart) if item["id"] == context.visit.path["line_id"]), None)


def _add(context: Context, body: Document) -> Document:
    cart = asked_for_politely(context)
    if not body["quantity"]:
        raise invalid_data(f"{MISSING}quantity, regionId, and variantId are passed")
    if not body["variant_id"]:
        raise invalid_data(f"{MISSING}variant id is passed")
    (variant,) = variants(context, [body["variant_id"]])
    line = new_line(context, cart, variant, body["quantity"], body.get("metadata"))
    refuse_unless_sold(context, cart, [variant])
    put(context, cart, line, variant)
    _unsend(context, cart)
    _settle(context, cart, taxed=False)
    return {"cart": show(context, asked_for_politely(context), WITH_CUSTOMER, raw=True)}


def _change(context: Context, cart: Row, item: Row, quantity: int | None, body: Document) -> None:
    """Store another quantity of a line, its price for that, and what is kept with it."""
    variant = variant_of(context.tables, item)
    if variant is None or (quantity is not None and quantity < 0):
        raise unknown_error()
    columns: Document = {}
    if quantity is not None:
        if not suffices(variant, quantity):
            message = "Inventory doesn't cover the desired quantity"
            raise VendorError(400, "not_allowed", message, "insufficient_inventory")
        columns = {"quantity": quantity, "unit_price": price_of(context, cart, variant, quantity)}
    metadata = jsonb(_merged(item["metadata"], body.get("metadata")))
    made.update(context, ITEMS, item, **columns, metadata=metadata)


def _merged(stored: object, sent: object) -> Document:
    """Return what is kept with a line, key by key: an empty text removes its key, and breaks the server where there are none."""
    sent = spread(sent)
    removed = {key for key, value in sent.items() if value == ""}
    if removed and stored and not isinstance(stored, (dict, list)):
        raise unknown_error()
    return {key: value for key, value in {**spread(stored), **sent}.items() if key not in removed}


def _remove(context: Context, cart: Row, item: Row | None) -> None:
    if item is None:
        refresh_sessions(context, cart)
        return
    take_out(context, item)
    _unsend(context, cart)
    _settle(context, cart)


def _unsend(context: Context, cart: Row) -> None:
    """Note of all lines that nothing was chosen to send them; changing one leaves that as it is."""
    for item in items_of(context, cart):
        if item["has_shipping"]:
            context.tables.update(ITEMS, item["id"], has_shipping=False)


def _settle(context: Context, cart: Row, *, taxed: bool = True) -> None:
    """
    Let what depends on the lines of a cart follow: its shipping methods go, discounts and sessions are worked out anew.

    `taxed` tells that sessions are for the taxes, too, where these are to be asked for.
    """
    drop_methods(context, cart)
    discounts.refresh(context, cart)
    refresh_sessions(context, cart, taxed=taxed)
