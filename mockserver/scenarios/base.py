"""Types that the whole scenario format shares."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

_DELAY = re.compile(r"^(\d+(?:\.\d+)?)(ms|s)$")
_HEADER = re.compile(r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")
_VALUE = re.compile(r"^[\t\x20-\x7e\x80-\xff]*$")
MAX_DELAY = 300  # seconds; a client that waits longer has gone


def _seconds(value: Any) -> Any:
    """Return `300ms` or `1.5s` as seconds."""
    found = _DELAY.match(value) if isinstance(value, str) else None
    if not found:
        raise ValueError(f"{value!r} is not a delay such as '300ms' or '1.5s'")
    seconds = float(found[1]) / (1000 if found[2] == "ms" else 1)
    if seconds > MAX_DELAY:
        raise ValueError(f"{value!r} is longer than {MAX_DELAY}s")
    return seconds


def _headers(headers: dict[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        if not _HEADER.match(name):
            raise ValueError(f"{name!r} is not a header's name")
        if not _VALUE.match(value):
            raise ValueError(f"the value of {name!r} holds characters that no header can")
        if name.lower() in ("content-length", "transfer-encoding", "connection"):
            raise ValueError(f"{name!r} belongs to the connection and cannot be set")
    return headers


Delay = Annotated[float, BeforeValidator(_seconds, json_schema_input_type=str)]
HeaderMap = Annotated[dict[str, str], AfterValidator(_headers)]


class Strict(BaseModel):
    """A part of a scenario file: no unknown keys, no conversion of types, not changed once read."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
