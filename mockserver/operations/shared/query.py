"""Reads a query as Medusa does: qs takes it apart, then each parameter says what it wants, message for message (tests/facts/catalog.md 1)."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from ...express.errors import invalid_data, unknown_error
from . import javascript
from .validation import TOLERATED

MOST_PARAMETERS = 1000  # qs reads no more
DEEPEST = 5  # and no further into a name
COMPARISONS = ("lt", "gt", "gte", "lte")  # in the order of their messages
_BRACKETS = re.compile(r"\[[^\[\]]*\]")
_PLACE = re.compile(r"0?|[1-9][0-9]{0,8}")


class InvalidParameter(ValueError):
    """What a parameter says of a value that it does not take, message by message."""

    def __init__(self, *messages: str) -> None:
        super().__init__(*messages)
        self.messages = messages


@dataclass(frozen=True, slots=True)
class Parameter(ABC):
    """A parameter by its name; `default` is what it is where nobody sends it, unless it is `required`."""

    name: str
    default: Any = None
    required: bool = False

    @abstractmethod
    def read(self, value: Any) -> Any:
        """Return what a text, a list or a mapping of them means; raise InvalidParameter for what is refused."""


class Text(Parameter):
    """One text."""

    def read(self, value: Any) -> str:
        if not isinstance(value, str):
            raise InvalidParameter(f"{self.name} must be a string")
        return value


class Texts(Parameter):
    """A list of texts."""

    def read(self, value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise InvalidParameter(f"{self.name} must be an array")
        return value


class Number(Parameter):
    """A number, though it be a fraction."""

    message = "must be a number conforming to the specified constraints"

    def read(self, value: Any) -> javascript.Number:
        found = javascript.number(value) if isinstance(value, str) else None
        if found is None or not self.takes(found):
            raise InvalidParameter(f"{self.name} {self.message}")
        return found

    def takes(self, _number: javascript.Number) -> bool:
        return True


class Integer(Number):
    """A whole number."""

    message = "must be an integer number"

    def takes(self, number: javascript.Number) -> bool:
        return isinstance(number, int)


class Boolean(Parameter):
    """`true` or `false`; whatever else it is counts as not sent."""

    def read(self, value: Any) -> bool | None:
        return {"true": True, "false": False}.get(value) if isinstance(value, str) else None


class AnyCase(Parameter):
    """`true` or `false` in any case of letters; another text counts as not sent, and what is no text breaks the server."""

    def read(self, value: Any) -> bool | None:
        if not isinstance(value, str):
            raise unknown_error()
        return {"true": True, "false": False}.get(value.lower())


class Dates(Parameter):
    """Times to compare with, in milliseconds by comparison: `created_at[gt]=2024-01-01`."""

    def read(self, value: Any) -> Mapping[str, int]:
        if isinstance(value, list):
            faults = [fault for item in value for fault in self._faults(item)]
            raise InvalidParameter(*faults) if faults else unknown_error()
        faults = self._faults(value)
        if faults:
            raise InvalidParameter(*faults)
        return {key: time for key, text in value.items() if (time := _date(text)) is not None}

    def _faults(self, value: Any) -> list[str]:
        if not isinstance(value, dict):
            return [f"nested property {self.name} must be either object or array"]
        unknown = [f"property {key} should not exist" for key in value if key not in COMPARISONS]
        wrong = [key for key in COMPARISONS if key in value and _date(value[key]) is None]
        return [*unknown, *[f"{key} must be a Date instance" for key in wrong]]


def read(text: str, parameters: Iterable[Parameter], *, splits: bool = True) -> dict[str, Any]:
    """
    Return the value of each parameter that a query may have; `splits` tells that a list of one text is split at commas.

    Raises VendorError with all that is refused: unknown names in the order in which they were sent, then the parameters'
    messages in the parameters' own order.
    """
    sent = {name: _split(value) if splits else value for name, value in parse(text).items() if name not in TOLERATED}
    parameters = tuple(parameters)
    known = {parameter.name for parameter in parameters}
    faults = [f"property {name} should not exist" for name in sent if name not in known]
    values = {parameter.name: parameter.default for parameter in parameters}
    for parameter in parameters:
        if parameter.required or parameter.name in sent:
            try:
                values[parameter.name] = parameter.read(sent.get(parameter.name))
            except InvalidParameter as invalid:
                faults += invalid.messages
    if faults:
        raise invalid_data(", ".join(faults))
    return values


def parse(text: str) -> dict[str, Any]:
    """Return a query as qs reads it: `a=x&a=y`, `a[]=x`, `a[0]=x` are lists, `a[b]=x` is a mapping."""
    found: dict[str, Any] = {}
    for name, value in _pairs(text):
        path = _path(name)
        if path and "__proto__" not in path:
            found = _merge(found, _grown(path, value))
    return {name: _finished(value) for name, value in found.items()}


class _Places(dict[int, Any]):
    """A list that is not whole yet: what stands in which place."""


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """Yield names and values in their order; what does not decode to UTF-8 stays as it was sent."""
    for part in text.split("&")[:MOST_PARAMETERS]:
        try:
            yield from parse_qsl(part, keep_blank_values=True, errors="strict")
        except UnicodeDecodeError:
            name, _, value = part.partition("=")
            yield name, value


def _path(name: str) -> list[str]:
    """Return the keys of a name, those of `a[b][]` being `a`, `b` and nothing; what is too deep is one key as it stands."""
    brackets = list(_BRACKETS.finditer(name))
    first = name[: brackets[0].start()] if brackets else name
    path = [first] if first else []
    path += [found[0][1:-1] for found in brackets[:DEEPEST]]
    return path if len(brackets) <= DEEPEST else [*path, name[brackets[DEEPEST].start() :]]


def _grown(path: list[str], value: Any) -> dict[str, Any]:
    """Return a value inside the mappings and lists that its path says."""
    for key in reversed(path[1:]):
        value = _Places({int(key or 0): value}) if _PLACE.fullmatch(key) else {key: value}
    return {path[0]: value}


def _merge(old: Any, new: Any) -> Any:
    """Return two values of one name as one: lists grow, mappings take each other's keys."""
    if not (isinstance(old, dict) and isinstance(new, dict)):
        old, new = (value if isinstance(value, _Places) else _Places({0: value}) for value in (old, new))
    elif type(old) is not type(new):  # JavaScript's objects have their numbers first
        places, mapping = (old, new) if isinstance(old, _Places) else (new, old)
        return {**{str(place): value for place, value in places.items()}, **mapping}
    for key, value in new.items():
        if key not in old:
            old[key] = value
        elif isinstance(old, _Places) and not (isinstance(old[key], dict) and isinstance(value, dict)):
            old[max(old) + 1] = value
        else:
            old[key] = _merge(old[key], value)
    return old


def _finished(value: Any) -> Any:
    """Return a value with its lists, whose empty places are closed."""
    if isinstance(value, _Places):
        return [_finished(value[place]) for place in sorted(value)]
    return {key: _finished(item) for key, item in value.items()} if isinstance(value, dict) else value


def _split(value: Any) -> Any:
    """Return a list of one text split at its commas, as Medusa does before it looks; one of anything else breaks it."""
    if isinstance(value, list) and len(value) == 1:
        if not isinstance(value[0], str):
            raise unknown_error()
        return value[0].split(",")
    return value


def _date(value: Any) -> int | None:
    """Return the milliseconds of a date, or of a number of seconds, which an empty text is as well: 0."""
    text = ",".join(map(str, value)) if isinstance(value, list) else value
    if not isinstance(text, str):
        return None
    found = javascript.date(text)
    seconds = javascript.number(text) if found is None else None
    if seconds is not None and abs(seconds) * 1000 <= javascript.LAST_DATE:
        return int(seconds * 1000)
    return found
