"""What follows from the rest of what comes after an order, where somebody partly writes it: its lines, edits, returns and swaps."""

from ..clock import isoformat
from .documents import Document
from .writes import Writes, begun

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


def line_item(_writer: Writes, entity: Document) -> Document:
    """Return a new line, which is of nothing, and nothing has become of it, where it does not say so."""
    plain = {"is_return": False, "is_giftcard": False, "metadata": {}}
    return {**dict.fromkeys(NOWHERE), **plain, **entity}


def order_edit(writer: Writes, entity: Document) -> Document:
    """Return a new edit, which is of the order that was made last, and waits for a yes, where it does not say so."""
    last = [one["id"] for one in writer.tables.all("orders")][-1:]
    named = {} if not last or "order" in entity else {"order_id": last[0]}
    asked = {"requested_at": isoformat(writer.now)}
    changes = [{"original_line_item_id": None, "deleted_at": None, **one} for one in entity.get("changes") or ()]
    return begun(writer, UNEDITED, {**named, **asked, **entity, "changes": changes})


def swap(writer: Writes, entity: Document) -> Document:
    """Return a new swap, which is neither settled nor sent, where it does not say so."""
    plain = {"fulfillment_status": "not_fulfilled", "payment_status": "not_paid", "allow_backorder": False}
    return begun(writer, UNSETTLED, {**plain, **entity})


def return_(writer: Writes, entity: Document) -> Document:
    """Return a new return, which was asked for, and nothing came in yet, where it does not say so."""
    return begun(writer, UNRECEIVED, {"status": "requested", **entity})
