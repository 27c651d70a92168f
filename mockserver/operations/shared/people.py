"""Customers and their addresses: how they are found, and how answers show them (tests/facts/customers.md 2)."""

from ...contract import Document
from ...express.errors import not_found
from ...state.relations import Row
from ...state.tables import Tables
from ..context import Context
from .rows import find, is_there, pick

TABLE = "customers"
COLUMNS = (
    "id", "created_at", "updated_at", "deleted_at", "email", "first_name", "last_name", "billing_address_id", "phone",
    "has_account", "metadata",
)  # fmt: skip
ADDRESS = (
    "id", "created_at", "updated_at", "deleted_at", "customer_id", "company", "first_name", "last_name", "address_1",
    "address_2", "city", "country_code", "province", "postal_code", "phone", "metadata",
)  # fmt: skip


def by_email(tables: Tables, email: str, *, has_account: bool) -> Row | None:
    """Return the account of an address, or the guest, who are two customers; an address that holds capitals is nobody's."""
    rows = tables.where(TABLE, email=email.lower(), has_account=has_account)
    return next(filter(is_there, rows), None)


def present(context: Context, id: str) -> Row:
    """Return the customer with an id; raise VendorError where there is none, or not any more."""
    row = find(context.tables, TABLE, id)
    if row is None:
        raise not_found(f"Customer with id: {id} was not found")
    return row


def addresses_of(context: Context, id: str) -> list[Row]:
    """Return the addresses in the book of a customer, oldest first."""
    return [row for row in context.tables.where("addresses", customer_id=id) if is_there(row)]


def shown(context: Context, row: Row) -> Document:
    """Return a customer with both kinds of addresses."""
    id = row["billing_address_id"]
    billing = None if id is None else find(context.tables, "addresses", id)
    return {
        **pick(row, COLUMNS),
        "billing_address": None if billing is None else pick(billing, ADDRESS),
        "shipping_addresses": [pick(one, ADDRESS) for one in addresses_of(context, row["id"])],
    }
