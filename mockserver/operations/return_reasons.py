"""Return reasons: two reads to which nothing can be asked (tests/facts/catalog.md 10)."""

from ..contract import Document
from ..express.errors import not_found
from ..state.relations import Row
from .context import Context
from .registry import operation
from .shared.rows import find, is_there, pick

TABLE = "return_reasons"
COLUMNS = (
    "id", "created_at", "updated_at", "deleted_at", "value", "label", "description", "parent_return_reason_id",
)  # fmt: skip
INSIDE = (*COLUMNS, "metadata")  # what a reason shows of its parent, and of those below it


@operation("GetReturnReasons")
def list_reasons(context: Context) -> Document:
    """Answer the reasons that have none above them, those made first first."""
    reasons = [row for row in context.tables.all(TABLE) if is_there(row) and row["parent_return_reason_id"] is None]
    return {TABLE: [_shown(context, row) for row in sorted(reasons, key=lambda row: str(row["created_at"]))]}


@operation("GetReturnReasonsReason")
def retrieve_reason(context: Context) -> Document:
    """Answer a reason, whatever is above it."""
    id = context.visit.path["id"]
    row = find(context.tables, TABLE, id)
    if row is None:
        raise not_found(f"Return Reason with id: {id} was not found.")
    return {"return_reason": _shown(context, row)}


def _shown(context: Context, row: Row) -> Row:
    parent = context.tables.follow(TABLE, row, "parent_return_reason")
    below = context.tables.follow(TABLE, row, "return_reason_children")
    return {
        **pick(row, COLUMNS),
        "parent_return_reason": None if parent is None or not is_there(parent) else pick(parent, INSIDE),
        "return_reason_children": [pick(one, INSIDE) for one in below if is_there(one)],
    }
