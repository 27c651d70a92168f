"""Which part of an order edit a query asks for (tests/facts/orders.md 7)."""

from dataclasses import dataclass

from ...contract import Contract, Document
from ..shared import query
from ..shared.selection import Selection, Selector, chosen_fields, listed, refuse_fields

QUERY = (query.Text("expand"), query.Text("fields"))
COLUMNS = (
    "id", "created_at", "order_id", "requested_by", "requested_at", "confirmed_at", "declined_by", "declined_reason",
    "declined_at", "canceled_at", "payment_collection_id",
)  # fmt: skip
NAMED = ("items", "changes")  # relations that may stand among the fields
RELATIONS = (
    "changes", "changes.line_item", "changes.line_item.variant", "changes.original_line_item",
    "changes.original_line_item.variant", "items", "payment_collection",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class View:
    """What is shown of an order edit: columns, and relations with what is shown of each; its lines and totals always are."""

    columns: tuple[str, ...]
    relations: dict[str, Selection]


def view(contract: Contract, asked: Document) -> View:
    """Return what a query asks to see of an order edit; raise VendorError for names that are none."""
    fields = COLUMNS if asked["fields"] is None else chosen_fields(asked["fields"], COLUMNS)
    refuse_fields([name for name in fields if name not in (*COLUMNS, *NAMED)])
    relations = None if asked["expand"] is None else listed(asked["expand"])
    chosen = Selector(contract, "OrderEdit").select((), relations, RELATIONS)
    columns = tuple(name for name in COLUMNS if name == "id" or name in fields)
    return View(columns, chosen.relations)
