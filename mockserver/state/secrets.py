"""What nobody else may read of bodies and of what is said about them: passwords and tokens."""

import re
from typing import Any

MASK = "***"
FIELDS = frozenset(("password", "password_hash", "access_token", "token"))
_NAMES = "|".join(sorted(FIELDS))
_QUOTED = re.compile(rf"""(["'])({_NAMES})\1\s*:\s*(?:"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|[^\s,}}\]]+)""")
_IN_FORM = re.compile(rf"(^|&)({_NAMES})=[^&]*")


def masked(value: Any) -> Any:
    """Return a JSON value, or a text, without what stands in its secret fields, at any depth."""
    if isinstance(value, dict):
        return {key: MASK if key in FIELDS and one is not None else masked(one) for key, one in value.items()}
    if isinstance(value, list):
        return [masked(item) for item in value]
    return masked_text(value) if isinstance(value, str) else value


def masked_text(text: str) -> str:
    """Return a text in which JSON, or a form, may stand that is not whole, without what stands in its secret fields."""
    return _IN_FORM.sub(rf"\1\2={MASK}", _QUOTED.sub(rf"\1\2\1: \1{MASK}\1", text))
