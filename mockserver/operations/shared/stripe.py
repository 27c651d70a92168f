"""What Stripe's provider makes of a session's data: a payment intent, as its plugin for Medusa v1 stores it."""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ID, SECRET = 24, 25  # characters behind `pi_`, and behind `_secret_`


def answer(action: str, session: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the data that a session has after an action, or None where Stripe leaves it as it is."""
    data = session.get("data") or {}
    if action == "initiate":
        return _intent(session)
    if action == "update":
        return {**data, "amount": session.get("amount")}
    return {**data, "status": "requires_capture"} if action == "authorize" else None


def _intent(session: Mapping[str, Any]) -> dict[str, Any]:
    """Return a new payment intent; its id follows from the session's, and no two are alike."""
    about = str(session.get("id"))
    id = f"pi_3{_drawn(f'intent {about}', ID - 1)}"
    return {
        "id": id,
        "object": "payment_intent",
        "amount": session.get("amount"),
        "client_secret": f"{id}_secret_{_drawn(f'secret {about}', SECRET)}",
        "capture_method": "manual",
        "livemode": False,
        "payment_method_types": ["card"],
        "status": "requires_payment_method",
    }


def _drawn(place: str, length: int) -> str:
    """Return letters and digits that belong to a place."""
    number, found = int.from_bytes(blake2b(place.encode(errors="replace")).digest()), ""
    for _ in range(length):
        number, digit = divmod(number, len(_DIGITS))
        found += _DIGITS[digit]
    return found
