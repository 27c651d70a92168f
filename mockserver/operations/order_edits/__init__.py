"""Order edits: what their three operations do (tests/facts/orders.md 7)."""

from ...contract import Document
from ...express.errors import not_allowed, not_found
from ...state.relations import Row
from ..context import Context
from ..registry import operation
from ..shared import bodies, made, query, shopper
from ..shared.rows import find
from .asked import QUERY, view
from .showing import DEFAULT, show, status_of
from .stored import ITEMS, TABLE, collection_of, items_of, payments_of

DECLINE = (bodies.Text("declined_reason"),)
UNPAID = "Unable to complete an order edit if the payment is not authorized"


@operation("GetOrderEditsOrderEdit")
def retrieve(context: Context) -> Document:
    """Answer an order edit to whoever knows its id, as much of it as is asked for."""
    wanted = view(context.contract, query.read(context.visit.query, QUERY))
    return {"order_edit": show(context, _asked_for(context), wanted)}


@operation("PostOrderEditsOrderEditDecline")
def decline(context: Context) -> Document:
    """Say no to an order edit; whoever said so before stays the one who did, and so does the reason."""
    body = bodies.read(context.visit.body, DECLINE)
    edit = _asked_for(context)
    status = status_of(edit)
    if status not in ("requested", "declined"):
        raise not_allowed(f"Cannot decline an order edit with status {status}.")
    if status == "requested":
        who, why = shopper.customer_id(context), body.get("declined_reason")
        edit = made.update(context, TABLE, edit, declined_at=context.now, declined_by=who, declined_reason=why)
    return {"order_edit": show(context, edit, view(context.contract, DEFAULT))}


@operation("PostOrderEditsOrderEditComplete")
def complete(context: Context) -> Document:
    """Let the order be as an edit has it, once the edit is paid; what was confirmed before stays as it is."""
    edit = _asked_for(context)
    status = status_of(edit)
    if status in ("requested", "confirmed"):
        _take_payments(context, edit)
    if status == "requested":
        edit = _confirm(context, edit)
    elif status != "confirmed":
        raise not_allowed(f"Cannot complete an order edit with status {status}")
    return {"order_edit": show(context, edit, view(context.contract, DEFAULT))}


def _asked_for(context: Context) -> Row:
    """Return the order edit that the path names."""
    id = context.visit.path["id"]
    edit = find(context.tables, TABLE, id)
    if edit is None:
        raise not_found(f"Order edit with id {id} was not found")
    return edit


def _take_payments(context: Context, edit: Row) -> None:
    """Give the order what was paid for an edit; raise VendorError where that is not all of it."""
    collection = collection_of(context, edit)
    if collection is None:
        return
    if collection["status"] != "authorized":
        raise not_allowed(UNPAID)
    for payment in payments_of(context, collection):
        made.update(context, "payments", payment, order_id=edit["order_id"])


def _confirm(context: Context, edit: Row) -> Row:
    """Let the lines of an edit be those of its order, and the order's no more; return the edit."""
    items = items_of(context, edit)
    if not items:
        raise not_found(f"Line item with order_edit_id: {edit['id']} was not found")
    edit = made.update(context, TABLE, edit, confirmed_at=context.now)
    for item in context.tables.where(ITEMS, order_id=edit["order_id"]):
        made.update(context, ITEMS, item, order_id=None)
    for item in items:
        made.update(context, ITEMS, item, order_id=edit["order_id"])
    return edit
