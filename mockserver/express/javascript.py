"""Documents as JavaScript writes them."""

import json
from typing import Any

from pydantic_core import PydanticSerializationError, to_json


def dumps(document: Any) -> bytes:
    """Return a document as `JSON.stringify` writes it: compact, UTF-8, infinity as null, lone surrogates escaped."""
    try:
        return to_json(document, inf_nan_mode="null")  # a third of the time of the standard library's
    except (PydanticSerializationError, UnicodeEncodeError):  # the second for a key of a mapping
        return json.dumps(document, separators=(",", ":")).encode()
