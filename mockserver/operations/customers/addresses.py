"""The address book of whoever is logged in (tests/facts/customers.md 6)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ...contract import Document
from ...express.errors import invalid_data, unknown_error
from ...state.relations import Row
from ..context import Context
from ..registry import operation
from ..shared import bodies, people, shopper
from ..shared.rows import refuse_nul
from .stored import ADDRESSES, as_stored, changed, new_address

COMPARED = (
    "country_code", "address_1", "address_2", "city", "phone", "postal_code", "province", "first_name", "last_name",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Nested(bodies.Field):
    """A mapping with `fields` of its own, or a list of them; it may be left out, and not be null."""

    fields: tuple[bodies.Field, ...] = ()

    def faults(self, body: Document) -> Iterator[str]:
        value = body.get(self.name)
        items = value if isinstance(value, list) else [value]
        if self.name in body and not isinstance(value, (dict, list)):
            yield f"nested property {self.name} must be either object or array"
        for item in items:
            if isinstance(item, dict):
                yield from bodies.faults(item, self.fields)


ADDRESS = Nested(
    "address",
    fields=(
        bodies.Text("first_name", required=True),
        bodies.Text("last_name", required=True),
        bodies.Text("phone"),
        bodies.Text("company"),
        bodies.Text("address_1", required=True),
        bodies.Text("address_2"),
        bodies.Text("city", required=True),
        bodies.Text("country_code", required=True),
        bodies.Text("province"),
        bodies.Text("postal_code", required=True),
        bodies.Field("metadata"),
    ),
)


@operation("PostCustomersCustomerAddresses")
@shopper.for_customers
def create_address(context: Context, id: str) -> Document:
    """Add an address to the book, unless it is there."""
    address: Any = bodies.read(context.visit.body, (ADDRESS,), lists=False).get("address")
    if not isinstance(address, dict):
        raise unknown_error()  # none, or a list of them: the real server stumbles over both
    customer = people.present(context, id)
    compared = as_stored(address)
    if not any(_is_same(row, compared) for row in people.addresses_of(context, id)):
        new_address(context, address, id)
    return {"customer": people.shown(context, customer)}


@operation("PostCustomersCustomerAddressesAddress")
@shopper.for_customers
def update_address(context: Context, id: str) -> Document:
    """Change what is said of an address in the book; null is no country, and means none."""
    values = bodies.read(context.visit.body, bodies.ADDRESS, lists=False)
    row = _own(context, id)
    if row is None:
        raise invalid_data("Could not find address for customer")
    values = {name: value for name, value in values.items() if name != "country_code" or value is not None}
    changed(context, ADDRESSES, row, as_stored(values))
    return {"customer": people.shown(context, people.present(context, id))}


@operation("DeleteCustomersCustomerAddressesAddress")
@shopper.for_customers
def delete_address(context: Context, id: str) -> Document:
    """Take an address out of the book; where it is not in there nothing happens."""
    customer = people.present(context, id)
    row = _own(context, id)
    if row is not None:
        context.tables.update(ADDRESSES, row["id"], deleted_at=context.now)
    return {"customer": people.shown(context, customer)}


def _own(context: Context, id: str) -> Row | None:
    """Return the address that the path names, if it is in the book of a customer."""
    wanted = context.visit.path["address_id"]
    refuse_nul(wanted)
    return next((row for row in people.addresses_of(context, id) if row["id"] == wanted), None)


def _is_same(row: Row, values: Document) -> bool:
    """Tell whether an address is one that is stored; what is left out is not what is stored as null."""
    return all(name in values and values[name] == row[name] for name in COMPARED)
