"""Checks request bodies as Medusa's validators do, message for message (tests/facts/server.md 3 and 4)."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ...errors import VendorError
from ...express.bodies import TOO_DEEP
from ...express.errors import invalid_data, unknown_error

NO_MAPPING = "an unknown value was passed to the validate function"  # said of what is none where one is wanted
TOLERATED = {  # what every JavaScript object has: own-query-js, own-body-js-names
    "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__", "__proto__", "constructor",
    "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString", "valueOf",
}  # fmt: skip


def provider_id(body: Any) -> str:
    """Return the provider of `{provider_id}`; an empty array passes, and names no provider."""
    _refuse_too_deep(body)
    if isinstance(body, list):
        return _empty(body)
    faults = _unknown_keys(body, ("provider_id",))
    provider = body.get("provider_id")
    if not isinstance(provider, str):
        faults.append("provider_id must be a string")
    _refuse(faults)
    return str(provider)


def sessions(body: Any) -> list[Any] | None:
    """
    Return the items of `{sessions: [...]}`, not all of them valid: one valid item lets the whole list pass.

    None stands for an empty array instead of an object. A list without any valid item breaks the real server: a 500.
    """
    _refuse_too_deep(body)
    if isinstance(body, list):
        _empty(body)
        return None
    items = body.get("sessions")
    if not isinstance(items, list):
        raise _not_sessions("sessions" in body, items)
    if not any(_is_session(item) for item in items):
        raise unknown_error()
    _refuse(_unknown_keys(body, ("sessions",)))
    return items


def session_ids(body: Any) -> list[str] | None:
    """Return the list of `{session_ids: [...]}`; None for an empty array instead of an object."""
    _refuse_too_deep(body)
    if isinstance(body, list):
        _empty(body)
        return None
    ids = body.get("session_ids")
    faults = _unknown_keys(body, ("session_ids",))
    texts = isinstance(ids, str) or (isinstance(ids, list) and all(isinstance(id, str) for id in ids))
    faults += [] if texts else ["each value in session_ids must be a string"]
    faults += [] if isinstance(ids, list) else ["session_ids must be an array"]
    _refuse(faults)
    return list(ids or ())


def _empty(body: list[Any]) -> str:
    """Return '' for an empty array; refuse the indices of any other."""
    _refuse([f"property {index} should not exist" for index in range(len(body))])
    return ""


def _unknown_keys(body: dict[str, Any], known: Iterable[str]) -> list[str]:
    return [f"property {key} should not exist" for key in body if key not in known and key not in TOLERATED]


def _refuse_too_deep(body: Any) -> None:
    """Refuse what no validator can walk through."""
    if body == TOO_DEEP:
        raise unknown_error()


def _refuse(faults: list[str]) -> None:
    if faults:
        raise invalid_data(", ".join(faults))


def _is_session(item: Any) -> bool:
    return (
        isinstance(item, dict)
        and set(item) <= {"provider_id", "amount", "session_id"} | TOLERATED
        and isinstance(item.get("provider_id"), str)
        and _is_whole(item.get("amount"))
        and isinstance(item.get("session_id"), (str, type(None)))
    )


def _is_whole(amount: Any) -> bool:
    """Tell whether JavaScript takes a value for an integer: 1e300 is one, infinity is none."""
    return type(amount) is int or (isinstance(amount, float) and amount.is_integer())


def _not_sessions(given: bool, value: Any) -> VendorError:  # noqa: FBT001  (whether the key is there at all)
    """Return the 400 whose message is a JSON text, as the union validator writes it (batch-body-sessions-null)."""
    if value is None or isinstance(value, dict):
        kind = "null" if given and value is None else "undefined"
        reason = f"Cannot read properties of {kind} (reading 'constructor')"
    else:
        reason = NO_MAPPING
    return none_of("sessions", "StorePostPaymentCollectionsSessionsReq", {"undefined": [reason]})


def none_of(name: str, forms: str, details: Mapping[str, list[str]]) -> VendorError:
    """
    Return the 400 for a value that has none of several forms, with what is said of each; its message is a JSON text.

    What is said of a form is one text there, which is split at its commas.
    """
    split = {form: ", ".join(complaints).split(",") for form, complaints in details.items()}
    text = {"message": f"{name} must be one of: {forms}", "details": split}
    return invalid_data(json.dumps(text, separators=(",", ":"), ensure_ascii=False))
