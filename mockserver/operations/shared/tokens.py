"""Tokens as jsonwebtoken signs and reads them, by the clock of a sandbox (tests/facts/customers.md 1 and 9)."""

import warnings
from collections.abc import Mapping
from typing import Any

ALGORITHMS = ("HS256", "HS384", "HS512")


def signed(payload: Mapping[str, Any], secret: str) -> str:
    """Return a token that holds a payload."""
    import jwt  # noqa: PLC0415  (no start needs it)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Medusa's secret for development is a short one
        return jwt.encode(dict(payload), secret, "HS256")


def payload_of(token: str, secret: str, now: int) -> Mapping[str, Any] | None:
    """Return what a token holds; None for one that this secret did not sign, or not for now (milliseconds)."""
    import jwt  # noqa: PLC0415

    checks = dict.fromkeys(("exp", "nbf", "iat", "aud", "iss", "sub", "jti"), False)
    options: Any = {f"verify_{name}": checked for name, checked in checks.items()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            payload: Mapping[str, Any] = jwt.decode(token, secret, algorithms=ALGORITHMS, options=options)
        except (jwt.PyJWTError, UnicodeEncodeError):  # of a text that no UTF-8 can hold
            return None
    return payload if _is_now(payload, now / 1000) else None


def _is_now(payload: Mapping[str, Any], now: float) -> bool:
    """Tell whether a token is good at a time in seconds, and what it says of that are numbers."""
    begins, ends = payload.get("nbf", 0), payload.get("exp", now + 1)
    if any(isinstance(value, bool) or not isinstance(value, (int, float)) for value in (begins, ends)):
        return False
    return bool(begins <= now < ends)
