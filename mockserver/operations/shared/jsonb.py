"""What PostgreSQL's jsonb makes of a value."""

from typing import Any


def jsonb(value: Any) -> Any:
    """Return a value as jsonb reads it back: shorter keys first, then by their bytes (auth-data-key-order-*)."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
        return {key: jsonb(value[key]) for key in keys}
    return [jsonb(item) for item in value] if isinstance(value, list) else value
