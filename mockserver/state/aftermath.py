"""What follows from the rest of what comes after an order, where somebody partly writes it: its lines, edits, returns and swaps."""

from typing import Protocol

from ..clock import isoformat
from .documents import Document
from .relations import Row
from .tables import Tables

NOWHERE = (
    "cart_id", "order_id", "swap_id", "claim_order_id", "original_item_id", "order_edit_id", "variant_id",
    "fulfilled_quantity", "returned_quantity", "shipped_quantity", "description", "thumbnail",
)  # fmt: skip
UNEDITED = (
    "internal_note", "requested_by", "confirmed_by", "confirmed_at", "declined_by", "declined_at", "declined_reason",
    "canceled_by", "canceled_at", "payment_collection_id",
)  # fmt: skip

UNSETTLED = (
    "deleted_at", "difference_due", "shipping_address_id", "cart_id", "confirmed_at", "canceled_at", "no_notification",
    "idempotency_key", "metadata",
)  # fmt: skip
UNRECEIVED = (
    "swap_id", "claim_order_id", "order_id", "location_id", "shipping_data", "received_at", "no_notification",
    "metadata", "idempotency_key",
)  # fmt: skip


class Holds(Protocol):
    """What has tables, and a time in milliseconds."""

    tables: Tables
    now: int


def line_item(_writer: Holds, entity: Document, stored: Row | None) -> Document:
    """Return a line; a new one is of nothing, and nothing has become of it, where it does not say so."""
    if stored is not None:
        return entity
    plain = {"is_return": False, "is_giftcard": False, "metadata": {}}
    return {**dict.fromkeys(NOWHERE), **plain, **entity}


def order_edit(writer: Holds, entity: Document, stored: Row | None) -> Document:
    """Return an edit; a new one is of the order that was made last, and waits for a yes, where it does not say so."""
    if stored is not None:
        return entity
    last = [one["id"] for one in writer.tables.all("orders")][-1:]
    named = {} if not last or "order" in entity else {"order_id": last[0]}
    asked = {"requested_at": isoformat(writer.now)}
    changes = [{"original_line_item_id": None, "deleted_at": None, **one} for one in entity.get("changes") or ()]
    return _new(writer, UNEDITED, {**named, **asked, **entity, "changes": changes})


def swap(writer: Holds, entity: Document, stored: Row | None) -> Document:
    """Return a swap; a new one is neither settled nor sent, where it does not say so."""
    plain = {"fulfillment_status": "not_fulfilled", "payment_status": "not_paid", "allow_backorder": False}
    return entity if stored is not None else _new(writer, UNSETTLED, {**plain, **entity})


def return_(writer: Holds, entity: Document, stored: Row | None) -> Document:
    """Return a return; a new one was asked for, and nothing came in yet, where it does not say so."""
    return entity if stored is not None else _new(writer, UNRECEIVED, {"status": "requested", **entity})


def _new(writer: Holds, nothing: tuple[str, ...], entity: Document) -> Document:
    """Return what is new, with nothing in the columns that it does not say, and made now."""
    now = isoformat(writer.now)
    return {**dict.fromkeys(nothing), "created_at": now, "updated_at": now, **entity}
