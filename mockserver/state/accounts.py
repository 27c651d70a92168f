"""What follows from the rest of a customer: the hash of a password, and whether there is an account."""

from typing import Protocol

from ..clock import isoformat
from .documents import Document
from .passwords import hashed
from .relations import Row

SECRETS = ("password", "password_hash")


class Timed(Protocol):
    """What knows a time in milliseconds."""

    now: int


def customer(writer: Timed, entity: Document, stored: Row | None) -> Document:
    """
    Return a customer whose password, where one is written, is kept as its hash.

    Who has one has an account, unless it is said otherwise. A new one has no more than is said, and names.
    """
    whole = {key: value for key, value in entity.items() if key not in SECRETS}
    if "password_hash" in entity:
        whole["_password_hash"] = entity["password_hash"]
    elif "password" in entity:
        whole["_password_hash"] = hashed(entity["password"], str(entity["id"]))
    if stored is not None:
        return whole
    new: Document = {**dict.fromkeys(("billing_address_id", "phone", "metadata", "deleted_at")), "has_account": False}
    new |= {"created_at": isoformat(writer.now), "updated_at": isoformat(writer.now)}
    if "_password_hash" in whole:
        new["has_account"] = True
    if "password" in entity and "email" in entity:  # as registering would have stored it: log-in looks for no other
        whole["email"] = entity["email"].lower()
    return new | whole
