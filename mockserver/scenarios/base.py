"""Types that the whole scenario format shares."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, PlainValidator, WithJsonSchema

from ..clock import seconds_of
from ..errors import MockServerError
from ..messages import MAX_DELAY, Pairs
from .comparisons import BOUNDS, LONGEST_PATTERN
from .delays import Between, Delay, Fixed, LogNormal

_DELAY_SCHEMA = {
    "anyOf": [
        {"type": "string"},
        *(
            {
                "type": "object",
                "properties": {name: {"type": "string"} for name in names},
                "required": list(names),
                "additionalProperties": False,
            }
            for names in (("min", "max"), ("median", "p99"))
        ),
    ]
}
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")


def _seconds(value: Any) -> float:
    """Return `300ms` or `1.5s` as seconds."""
    try:
        seconds = seconds_of(value) if isinstance(value, str) else None
    except MockServerError:
        seconds = None
    if seconds is None:
        raise ValueError(f"{value!r} is not a delay such as '300ms' or '1.5s'")
    if seconds > MAX_DELAY:
        raise ValueError(f"{value!r} is longer than {MAX_DELAY}s")
    return seconds


def _delay(value: Any) -> Delay:
    """Return `300ms`, `{min, max}` or `{median, p99}` as a delay."""
    if isinstance(value, str):
        return Fixed(_seconds(value))
    parts = {key: _seconds(text) for key, text in value.items()} if isinstance(value, dict) else {}
    if parts.keys() == {"min", "max"} and parts["min"] <= parts["max"]:
        return Between(parts["min"], parts["max"])
    if parts.keys() == {"median", "p99"} and 0 < parts["median"] <= parts["p99"]:
        return LogNormal(parts["median"], parts["p99"])
    raise ValueError("is no delay: '300ms', {min: 100ms, max: 2s} or {median: 200ms, p99: 3s}")


def _values(values: Any) -> Any:
    """Return one value or several as a list."""
    many = values if isinstance(values, list) else [values]
    if many and all(isinstance(value, str) or type(value) is int for value in many):  # `Retry-After: 1`
        return [str(value) for value in many]
    if isinstance(values, dict) and list(values.values()) == [None]:
        name = f"{{{next(iter(values))}}}"
        raise ValueError(f"a text that begins with '{{' is to be put in quotes: \"{name}\"")
    raise ValueError(f"{values!r} is neither a text nor a list of texts; numbers are to be put in quotes")


def _headers(headers: dict[str, list[str]]) -> dict[str, list[str]]:
    for name, values in headers.items():
        if not _HEADER.fullmatch(name):
            raise ValueError(f"{name!r} is not a header's name")
        if name.lower() in ("content-length", "transfer-encoding", "connection", "keep-alive"):
            raise ValueError(f"{name!r} belongs to the connection and cannot be set")
        if not all(map(_VALUE.fullmatch, values)):
            raise ValueError(f"the value of {name!r} holds characters that no header can")
    return headers


def header_pairs(headers: dict[str, list[str]]) -> Pairs:
    """Return headers as pairs, several of one name one behind the other."""
    return tuple([(name, value) for name, values in headers.items() for value in values])


def _text_values(wanted: Any) -> Any:
    """Refuse what no path, query or header can hold; whether comparisons make sense is looked at later."""
    if isinstance(wanted, (str, dict)):
        return wanted
    raise ValueError(f"{wanted!r} is neither a text nor a comparison; put it in quotes, or say {{gt: 5}}")


_COMPARISON_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        **{word: {"type": ["number", "string"]} for word in BOUNDS},
        "not": {},
        "in": {"type": "array", "minItems": 1},
        "equals": {},
        "matches": {"type": "string", "format": "regex", "maxLength": LONGEST_PATTERN},
        "contains": {},
        "absent": {"const": True},
        "present": {"const": True},
    },
    "additionalProperties": False,
    "minProperties": 1,
}
TextMap = dict[
    str,
    Annotated[Any, PlainValidator(_text_values), WithJsonSchema({"anyOf": [{"type": "string"}, _COMPARISON_SCHEMA]})],
]
Seconds = Annotated[float, BeforeValidator(_seconds, json_schema_input_type=str)]
DelayFormat = Annotated[Delay, PlainValidator(_delay), WithJsonSchema(_DELAY_SCHEMA)]
HeaderValues = Annotated[list[str], BeforeValidator(_values, json_schema_input_type=str | int | list[str | int])]
HeaderMap = Annotated[dict[str, HeaderValues], AfterValidator(_headers)]


class Strict(BaseModel):
    """A part of a scenario file: no unknown keys, no conversion of types, not changed once read."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
