"""What a merchant wants of an order another way: an edit that waits for the customer's yes (tests/facts/orders.md 9)."""

from collections.abc import Iterable
from typing import Any

from ...contract import Document
from ...errors import MockServerError, unknown
from ...samples.sampler import Draw
from ...state.relations import Row
from ..carts.discounts import lower
from ..carts.goods import new_line
from ..context import Context
from ..order_edits.asked import view
from ..order_edits.showing import DEFAULT, show, status_of
from ..order_edits.stored import TABLE, items_of
from ..orders.placing import tax_item
from ..payment_collections.shapes import COLLECTION
from ..shared import made
from ..shared.discounts import lowering
from ..shared.lines import ITEM, TAX_LINE
from ..shared.rows import is_there, pick
from . import stored
from .stored import ITEMS, NotNow, NotThere, asked_for

EDIT = (
    "id", "created_at", "updated_at", "order_id", "internal_note", "created_by", "requested_by", "requested_at",
    "confirmed_by", "confirmed_at", "declined_by", "declined_at", "declined_reason", "canceled_by", "canceled_at",
    "payment_collection_id",
)  # fmt: skip
CHANGE = (
    "id", "created_at", "updated_at", "deleted_at", "type", "order_edit_id", "original_line_item_id", "line_item_id",
)  # fmt: skip
CHANGES = "order_item_changes"
COLLECTIONS = "payment_collections"
OPEN = ("created", "requested")
UNSENT = dict.fromkeys(("cart_id", "order_id", "fulfilled_quantity", "returned_quantity", "shipped_quantity"))


def request(context: Context, values: Document) -> Document:
    """
    Ask the customer of an order whether it may be of other lines, and for what is due then.

    `values` may name the edit, the collection, and under `items` all lines that the order is to have: one that it has, by
    `original_item_id`, a variant, or a title and a price. Without any it is one more of the first.
    """
    order = asked_for(context)
    for one in context.tables.where(TABLE, order_id=order["id"]):
        if status_of(one) in OPEN:
            raise NotNow(f"order {order['id']!r} has an edit already that waits for an answer: {one['id']!r}")
    who = Draw(context.sandbox.seed, 0).identifier("merchant", "usr")
    columns = {"order_id": order["id"], "created_by": who, "requested_by": who, "requested_at": context.now}
    edit = _insert(context, TABLE, EDIT, **columns, **pick(values, ("id",)))
    originals = stored.items_of(context, order)
    wanted = values.get("items")
    _set_lines(context, order, edit, originals, _one_more(order, originals) if wanted is None else wanted)
    discount = lowering(context.tables, stored.TABLE, order)
    lower(context, items_of(context, edit), discount)
    context.tell("order-edit.created", {"id": edit["id"]})
    context.tell("order-edit.requested", {"id": edit["id"]})
    edit = _ask_for_payment(context, order, edit, values.get("payment_collection") or {}, who)
    return {"order_edit": show(context, edit, view(context.contract, DEFAULT))}


def _one_more(order: Row, originals: list[Row]) -> list[Document]:
    """Return all lines of an order, with one more of the first."""
    if not originals:
        raise NotNow(f"order {order['id']!r} has no line to have one more of; say which `items` it is to have")
    kept = [{"original_item_id": one["id"]} for one in originals]
    return [{**kept[0], "quantity": originals[0]["quantity"] + 1}, *kept[1:]]


def _set_lines(context: Context, order: Row, edit: Row, originals: list[Row], wanted: Iterable[Document]) -> None:
    """Store the lines that an order is to have, and how they differ from those that it has; raise NotNow where they do not."""
    known = {one["id"]: one for one in originals}
    changes: list[Document] = []
    for one in wanted:
        original_id = one.get("original_item_id")
        if original_id is None:
            line = _added(context, order, edit, one)
            changes.append({"type": "item_add", "line_item_id": line["id"]})
        elif original_id not in known:
            raise NotThere(unknown(f"line of order {order['id']!r} left", original_id, list(known)))
        else:
            original = known.pop(original_id)
            line = _copied(context, edit, original, one)
            if any(line[name] != original[name] for name in ("quantity", "unit_price", "title")):
                change = {"original_line_item_id": original_id, "line_item_id": line["id"]}
                changes.append({"type": "item_update", **change})
    changes += [{"type": "item_remove", "original_line_item_id": id} for id in known]
    if not changes:
        raise NotNow(f"order {order['id']!r} has exactly these lines already; an edit changes something")
    for change in changes:
        made.insert(context, CHANGES, CHANGE, **change, order_edit_id=edit["id"])


def _copied(context: Context, edit: Row, original: Row, values: Document) -> Row:
    """Store a line that an order has as one of its edit, with its taxes; return it."""
    columns = {**pick(original, ITEM[1:]), **UNSENT, **values, "order_edit_id": edit["id"]}
    line = _insert(context, ITEMS, ITEM, **columns)
    for tax in context.tables.where("line_item_tax_lines", item_id=original["id"]):
        copy = pick(tax, ("created_at", "rate", "name", "code", "metadata"))
        made.insert(context, "line_item_tax_lines", (*TAX_LINE, "item_id"), **copy, item_id=line["id"])
    return line


def _added(context: Context, order: Row, edit: Row, values: Document) -> Row:
    """Store a new line of an edit, at its variant's price where none is said, with the taxes of the order's region; return it."""
    id = values.get("variant_id")
    quantity = values.get("quantity", 1)
    if id is not None:
        variant = context.tables.get("product_variants", id)
        if variant is None or not is_there(variant):
            raise NotThere(unknown("variant", id, [one["id"] for one in context.tables.all("product_variants")]))
        columns = new_line(context, order, variant, quantity, None)
    elif "title" in values and "unit_price" in values:
        plain = {"is_return": False, "is_giftcard": False, "should_merge": True, "allow_discounts": True}
        columns = {**plain, "quantity": quantity, "metadata": {}}
    else:
        raise MockServerError("a line of an edit wants an original_item_id, a variant_id, or a title and a unit_price")
    columns |= {**UNSENT, "has_shipping": None, **values, "order_edit_id": edit["id"]}
    line = _insert(context, ITEMS, ITEM, **columns)
    region: Any = context.tables.get("regions", order["region_id"])
    tax_item(context, region, line)
    return line


def _ask_for_payment(context: Context, order: Row, edit: Row, values: Document, who: str) -> Row:
    """Give an edit a payment collection where more is due, and return it."""
    due = show(context, edit, view(context.contract, DEFAULT))["difference_due"]
    if due <= 0:
        return edit
    columns = {"type": "order_edit", "status": "not_paid", "amount": due, "created_by": who}
    columns |= {**pick(order, ("region_id", "currency_code")), **values}
    collection = _insert(context, COLLECTIONS, COLLECTION, **columns)
    context.tell("payment-collection.created", pick(collection, [name for name in COLLECTION if name != "metadata"]))
    context.tell("order-edit.updated", {"id": edit["id"]})
    return made.update(context, TABLE, edit, payment_collection_id=collection["id"])


def _insert(context: Context, table: str, columns: Iterable[str], /, **values: Any) -> Row:
    """Store a new row, under the id that is said, if any; raise NotNow where that is taken."""
    id = values.get("id")
    if id is None:
        return made.insert(context, table, columns, **values)
    if context.tables.get(table, id) is not None:
        raise NotNow(f"{table} has a row {id!r} already")
    return made.insert_as(context, table, id, columns, **values)
