"""What PostgreSQL's jsonb makes of a value."""

from typing import Any

from ...express.errors import unknown_error


def jsonb(value: Any) -> Any:
    """
    Return a value as jsonb reads it back: shorter keys first, then by their bytes (auth-data-key-order-*).

    Raises VendorError, an unknown error, for a text that no database takes: with a NUL, or half of a surrogate pair.
    """
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (len(_bytes(key)), _bytes(key)))
        return {key: jsonb(value[key]) for key in keys}
    if isinstance(value, str):
        _bytes(value)
    return [jsonb(item) for item in value] if isinstance(value, list) else value


def _bytes(text: str) -> bytes:
    """Return the bytes of a text."""
    try:
        found = text.encode()
    except UnicodeEncodeError:
        raise unknown_error() from None
    if 0 in found:
        raise unknown_error()
    return found
