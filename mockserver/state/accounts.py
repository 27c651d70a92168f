"""What follows from the rest of a customer: the hash of a password, and whether there is an account."""

from .documents import Document
from .passwords import hashed
from .relations import Row
from .writes import Writes, begun

SECRETS = ("password", "password_hash")


def customer(writer: Writes, entity: Document, stored: Row | None) -> Document:
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
    if "password" in entity and "email" in entity:  # as registering would have stored it: log-in looks for no other
        whole["email"] = entity["email"].lower()
    nothing = ("billing_address_id", "phone", "metadata", "deleted_at")
    return begun(writer, nothing, {"has_account": "_password_hash" in whole, **whole})
