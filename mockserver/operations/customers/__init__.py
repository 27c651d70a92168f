"""Customers: registering, and what belongs to whoever is logged in (tests/facts/customers.md 4 and 5)."""

from ...contract import Document
from ...errors import VendorError
from ...express.errors import duplicate
from ...messages import Answer
from ...state.relations import Row
from ..context import Context
from ..registry import operation
from ..shared import bodies, people, shopper
from ..shared.columns import CUSTOMER
from ..shared.emails import Email
from ..shared.jsonb import jsonb
from ..shared.made import insert
from ..shared.rows import pick, refuse_nul
from .billing import BILLING, billed
from .stored import changed, hashed_password

REGISTER = (
    bodies.Text("first_name"),
    bodies.Text("last_name"),
    Email("email", required=True),
    bodies.Text("password", required=True),
    bodies.Text("phone"),
)
CHANGE = (
    BILLING,
    bodies.Text("first_name"),
    bodies.Text("last_name"),
    bodies.Text("password"),
    bodies.Text("phone"),
    Email("email"),
    bodies.Object("metadata"),
)


@operation("PostCustomers")
def create_customer(context: Context) -> Answer:
    """Make an account, or a guest where the password is empty, and log the visitor in as either."""
    body = bodies.read(context.visit.body, REGISTER, lists=False)
    password, email = body["password"], body["email"].lower()
    if people.by_email(context.tables, email, has_account=bool(password)) is not None:
        guest = "Guest customer with email already exists"
        raise duplicate("A customer with the given email already has an account. Log in instead" if password else guest)
    values = {name: body.get(name) for name in ("first_name", "last_name", "phone")}
    refuse_nul(values)
    hash = hashed_password(context, password) if password else None
    columns = (*CUSTOMER, "_password_hash")
    row = insert(context, people.TABLE, columns, email=email, has_account=bool(password), _password_hash=hash, **values)
    context.tell("customer.created", pick(row, CUSTOMER))
    return Answer(200, {"customer": people.shown(context, row)}, headers=shopper.log_in(context, row))


@operation("GetCustomersCustomer")
@shopper.for_customers
def retrieve_customer(context: Context, id: str) -> Document:
    """Answer who is logged in, with both kinds of addresses."""
    return {"customer": people.shown(context, people.present(context, id))}


@operation("PostCustomersCustomer")
@shopper.for_customers
def update_customer(context: Context, id: str) -> Document:
    """Change what is said of whoever is logged in."""
    body = bodies.read(context.visit.body, CHANGE, lists=False)
    row = people.present(context, id)
    values: Document = {name: body[name] for name in ("first_name", "last_name", "phone", "email") if name in body}
    if "billing_address" in body:
        values["billing_address_id"] = billed(context, row, body["billing_address"])
    if body.get("metadata") is not None:
        values["metadata"] = _merged(row["metadata"], body["metadata"])
    if body.get("password"):
        values["_password_hash"] = hashed_password(context, body["password"])
    _refuse_email(context, row, values)
    row = changed(context, people.TABLE, row, values)
    context.tell("customer.updated", pick(row, CUSTOMER))
    return {"customer": people.shown(context, row)}


def _refuse_email(context: Context, row: Row, values: Document) -> None:
    """Raise VendorError for an address that the database does not take: none, or one that another of the kind has."""
    email = values.get("email", "")
    if email is None:
        message = "Can't insert null value in field email on insert in table customer"
        raise VendorError(400, "invalid_data", message)
    kind = row["has_account"]
    if email and any(
        one["id"] != row["id"] for one in context.tables.where(people.TABLE, email=email, has_account=kind)
    ):
        shown = f"{email}, {'t' if kind else 'f'}"
        raise duplicate(f"Customer with email, has_account {shown} already exists.")


def _merged(old: Document | None, values: Document) -> Document:
    """Return metadata with what is said laid over it; an empty text takes a key away."""
    whole = {**(old or {}), **values}
    merged: Document = jsonb({key: value for key, value in whole.items() if value != "" or key not in values})
    return merged
