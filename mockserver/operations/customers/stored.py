"""How customers and addresses are written: as the database takes them, and not at all where nothing changes."""

from collections.abc import Mapping
from typing import Any

from ...state.passwords import hashed
from ...state.relations import Row
from ...state.shop.places import countries
from ..context import Context
from ..shared.columns import ADDRESS
from ..shared.jsonb import jsonb
from ..shared.made import insert, update
from ..shared.people import no_country
from ..shared.rows import refuse_nul

ADDRESSES = "addresses"


def hashed_password(context: Context, password: str) -> str:
    """Return the hash that is kept of a password, another one each time."""
    return hashed(password, f"{context.sandbox.seed} {context.sandbox.next_of('salt')}")


def changed(context: Context, table: str, row: Row, values: Mapping[str, Any]) -> Row:
    """Store what is said of a row, and return it; where all is stored already nothing changes, nor the time."""
    refuse_nul(values)
    new = {column: value for column, value in values.items() if row.get(column) != value}
    return update(context, table, row, **new) if new else row


def new_address(context: Context, values: Mapping[str, Any], customer: str | None) -> Row:
    """Store a new address, in a customer's book or in nobody's, and return it."""
    refuse_nul(values)
    return insert(context, ADDRESSES, ADDRESS, **as_stored(values), customer_id=customer)


def as_stored(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is said of an address as its columns hold it; raise VendorError for a country that there is not."""
    stored = dict(values)
    if stored.get("country_code") is not None:
        code = stored["country_code"] = stored["country_code"].lower()
        if code not in countries():
            raise no_country(code)
    if "metadata" in stored:
        stored["metadata"] = jsonb(stored["metadata"])
    return stored
