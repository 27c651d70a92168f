"""Customers and their addresses: how they are found, and how answers show them (tests/facts/customers.md 2)."""

from ...contract import Document
from ...errors import VendorError
from ...express.errors import not_found
from ...state.relations import Row
from ...state.tables import Tables
from ..context import Context
from .columns import ADDRESS, CUSTOMER
from .rows import find, is_there, pick

TABLE = "customers"


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


def groups_of(context: Context, id: str | None) -> frozenset[str]:
    """Return the ids of the groups that a customer is in, or nobody."""
    links = context.tables.where("customer_group_customers", customer_id=id) if id else []
    return frozenset(link["customer_group_id"] for link in links)


def shown(context: Context, row: Row) -> Document:
    """Return a customer with both kinds of addresses."""
    id = row["billing_address_id"]
    billing = None if id is None else find(context.tables, "addresses", id)
    return {
        **pick(row, CUSTOMER),
        "billing_address": None if billing is None else pick(billing, ADDRESS),
        "shipping_addresses": [pick(one, ADDRESS) for one in addresses_of(context, row["id"])],
    }


def no_country(code: str) -> VendorError:
    """Return the 404 for an address in a country that there is not: the database's own words, where they can be parsed."""
    is_told = code and not any(map(str.isspace, code))
    return not_found(f"Country with country_code {code} does not exist." if is_told else "null")
