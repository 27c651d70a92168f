"""The address that bills are sent to: said as an address, by its id, or taken away (tests/facts/customers.md 5)."""

from typing import Any

from ...errors import VendorError
from ...express.errors import duplicate, not_found
from ...state.relations import Row
from ..context import Context
from ..shared import bodies, people
from ..shared.rows import find
from .stored import ADDRESSES, as_stored, changed, new_address

BILLING = bodies.ObjectOrText("billing_address", kind="AddressPayload", fields=bodies.ADDRESS)


def billed(context: Context, customer: Row, sent: Any) -> str | None:
    """
    Return the id of the address that bills a customer from now on.

    An id may be that of anybody's address. What is said of an address is said of the one that bills so far, whosever it is.
    """
    if sent is None:
        return None
    if isinstance(sent, str):
        return _found(context, customer, sent)
    id = customer["billing_address_id"]
    if id is None:
        return str(new_address(context, sent, None)["id"])
    row = find(context.tables, ADDRESSES, id)
    if row is None:
        message = "Can't insert null value in field id on insert in table address"
        raise VendorError(400, "invalid_data", message)
    changed(context, ADDRESSES, row, as_stored(sent))
    return str(id)


def _found(context: Context, customer: Row, id: str) -> str:
    """Return the id of an address; raise VendorError where there is none, or where it bills somebody else."""
    if find(context.tables, ADDRESSES, id) is None:
        raise not_found(f"Address with id {id} was not found")
    if any(one["id"] != customer["id"] for one in context.tables.where(people.TABLE, billing_address_id=id)):
        raise duplicate(f"Customer with billing_address_id {id} already exists.")
    return id
