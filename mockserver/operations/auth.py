"""Auth: logging in by a session or a token, logging out, and who has an account (tests/facts/customers.md 3)."""

from ..contract import Document
from ..messages import TEXT, Answer
from ..state.passwords import is_right
from ..state.relations import Row
from .context import Context
from .orders.placing import ORDER
from .registry import operation
from .shared import bodies, lists, people, shopper
from .shared.columns import ADDRESS, CUSTOMER
from .shared.emails import Email
from .shared.lines import ITEM
from .shared.rows import is_there, pick

CREDENTIALS = (Email("email", required=True), bodies.Field("password", required=True, filled=True))


@operation("PostAuth")
def create_session(context: Context) -> Document | Answer:
    """Log an account in, and answer who it is."""
    customer = _authenticated(context)
    if customer is None:
        return _refused()
    return Answer(200, {"customer": _shown(context, customer)}, headers=shopper.log_in(context, customer))


@operation("PostToken")
def create_token(context: Context) -> Document | Answer:
    """Answer a token for an account, which logs nobody in."""
    customer = _authenticated(context)
    if customer is None:
        return _refused()
    return {"access_token": shopper.token_of(context.sandbox, customer)}


@operation("GetAuth")
@shopper.for_customers
def retrieve_session(context: Context, id: str) -> Document:
    """Answer who is logged in."""
    return {"customer": _shown(context, people.present(context, id))}


@operation("DeleteAuth")
def delete_session(context: Context) -> Answer:
    """End the session; whoever has none is told the same."""
    return Answer(200, "OK", TEXT, headers=shopper.log_out(context))


@operation("GetAuthEmail")
def exists(context: Context) -> Document:
    """Answer whether an address has an account."""
    return {"exists": people.by_email(context.tables, context.visit.path["email"], has_account=True) is not None}


def _authenticated(context: Context) -> Row | None:
    """Return the account that a body names with its password; None where either is wrong."""
    body = bodies.read(context.visit.body, CREDENTIALS, lists=False)
    customer, password = people.by_email(context.tables, body["email"], has_account=True), body["password"]
    if customer is None or not isinstance(password, str):
        return None
    return customer if is_right(password, customer.get("_password_hash") or "") else None


def _refused() -> Answer:
    return Answer(401, "Unauthorized", TEXT)


def _shown(context: Context, customer: Row) -> Document:
    """Return a customer with the orders, oldest first and without totals, and the addresses."""
    rows = filter(is_there, context.tables.where("orders", customer_id=customer["id"]))
    orders = lists.ordered(rows, lambda row: [row["created_at"]], descending=False)
    return {
        **pick(customer, CUSTOMER),
        "orders": [_order(context, row) for row in orders],
        "shipping_addresses": [pick(one, ADDRESS) for one in people.addresses_of(context, customer["id"])],
    }


def _order(context: Context, row: Row) -> Document:
    items = context.tables.where("line_items", order_id=row["id"])
    columns = {column: row.get(column) for column in ORDER}
    return {"object": "order", **columns, "items": [pick(item, ITEM) for item in items]}
