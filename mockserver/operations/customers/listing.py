"""Which orders of a customer a query wants (tests/facts/customers.md 7)."""

from typing import Any

from ...contract import Document
from ...express.errors import unknown_error
from ...state.relations import Row
from ..context import Context
from ..shared import lists, query
from ..shared.made import MAX_INT
from ..shared.rows import NUL, find

TABLE = "orders"


class OneOf(query.Parameter):
    """One of some words, or several of them."""

    words: tuple[str, ...] = ()

    def read(self, value: Any) -> list[str]:
        chosen = value if isinstance(value, list) else [value]
        if not all(isinstance(one, str) and one in self.words for one in chosen):
            known = ", ".join(self.words)
            raise query.InvalidParameter(f"each value in {self.name} must be one of the following values: {known}")
        return chosen


class Status(OneOf):
    """What became of an order."""

    words = ("pending", "completed", "archived", "canceled", "requires_action")


class FulfillmentStatus(OneOf):
    """How much of an order was sent."""

    words = (
        "not_fulfilled", "partially_fulfilled", "fulfilled", "partially_shipped", "shipped", "partially_returned",
        "returned", "canceled", "requires_action",
    )  # fmt: skip


class PaymentStatus(OneOf):
    """How much of an order was paid."""

    words = (
        "not_paid", "awaiting", "captured", "partially_refunded", "refunded", "canceled", "requires_action",
    )  # fmt: skip


PARAMETERS = (
    query.Text("id"),
    query.Text("q"),
    Status("status"),
    FulfillmentStatus("fulfillment_status"),
    PaymentStatus("payment_status"),
    query.Text("display_id"),
    query.Text("cart_id"),
    query.Text("email"),
    query.Text("region_id"),
    query.Text("currency_code"),
    query.Text("tax_rate"),
    query.Dates("created_at"),
    query.Dates("updated_at"),
    query.Dates("canceled_at"),
    query.Number("limit", default=10),
    query.Number("offset", default=0),
    query.Text("fields"),
    query.Text("expand"),
)
PAGED = ("limit", "offset", "fields", "expand", "q")
REPLACED = ("email", "display_id")  # by q


def found(context: Context, customer: str, asked: Document) -> list[Row]:
    """Return the orders that are wanted, those made last first; raise VendorError for what no database takes."""
    wanted = {name: value for name, value in asked.items() if name not in PAGED and value is not None}
    if asked["q"] is not None:
        if not asked["q"]:
            raise unknown_error()
        wanted = {name: value for name, value in wanted.items() if name not in REPLACED}
    if any(NUL in value for value in (*wanted.values(), asked["q"] or "") if isinstance(value, str)):
        raise unknown_error()
    if "display_id" in wanted:
        wanted["display_id"] = _whole(wanted["display_id"])
    if "tax_rate" in wanted:
        wanted["tax_rate"] = _number(wanted["tax_rate"])
    rows = context.tables.where(TABLE, customer_id=customer)[::-1]  # of those made at once, the last is first too
    rows = [row for row in rows if all(lists.fits(row.get(name), value) for name, value in wanted.items())]
    if asked["q"] is not None:
        pattern = lists.Like(asked["q"])
        rows = [row for row in rows if any(map(pattern.fits, _texts(context, row)))]
    return lists.ordered(rows, lambda row: [row["created_at"]], descending=True)


def _whole(text: str) -> int:
    try:
        number = int(text.strip())
    except ValueError:
        raise unknown_error() from None
    if abs(number) > MAX_INT or "_" in text:
        raise unknown_error()
    return number


def _number(text: str) -> float:
    try:
        return float(text.replace("_", "no"))
    except ValueError:
        raise unknown_error() from None


def _texts(context: Context, row: Row) -> list[str | None]:
    """Return the texts of an order in which `q` looks; none where it was sent nowhere."""
    address = find(context.tables, "addresses", row["shipping_address_id"] or "")
    customer: Row | None = context.tables.get("customers", row["customer_id"])
    if address is None:
        return []
    named = [None if customer is None else customer[name] for name in ("first_name", "last_name", "phone")]
    return [address["first_name"], row["email"], str(row["display_id"]), *named]
