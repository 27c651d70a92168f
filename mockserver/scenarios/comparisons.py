"""Comparisons: what a value has to be like where not one value is meant, `{gt: 10000}` or `{matches: "^ps_[0-9]+$"}`."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

from ..errors import unknown
from ..globs import is_plain
from ..messages import Effort
from .same import count, is_same

Fits = Callable[[Any, Effort], bool]
Fitting = Callable[[Any], Fits]
MISSING: Any = type("Missing", (), {"__repr__": lambda _: "nothing"})()
BOUNDS: dict[str, Callable[[Any, Any], bool]] = {
    "gt": lambda got, bound: got > bound,
    "gte": lambda got, bound: got >= bound,
    "lt": lambda got, bound: got < bound,
    "lte": lambda got, bound: got <= bound,
}
_SIGNS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
WORDS = (*BOUNDS, "not", "in", "equals", "matches", "contains", "absent", "present")
VALUE = 100  # steps that one value takes
LONGEST_SAID = 200  # characters of what is wanted that a sentence has
LONGEST_PATTERN = 200  # characters
LONGEST_TEXT = 10_000  # characters that a pattern is held against; the time for it grows with their number
_LARGEST_PROGRAM = 100_000  # bytes that a pattern is compiled to, some milliseconds; `\p{L}{100}` takes more
_SEARCHED = 300  # steps that a character takes that a pattern is held against, at worst: `(a|b)*a(a|b){80}c`
_PLAIN = (str, int, float, bool, type(None))
_NUMBER = re.compile(r"-?\d{1,300}(\.\d{1,300})?", re.ASCII)
_UNSAID = re.compile(r"\\([^A-Za-z0-9])|\\d[+*]?|[\^$]|\.[*+]?|\(\?\w+\)|\[(\w)[^\]]*\][+*]?")
_TRIED: tuple[Any, ...] = ("1", "a", "other", 1, 0, -1, True, None, [], {})


def is_comparison(written: Any) -> bool:
    """Tell whether a value is a comparison: a mapping whose keys are words of comparing, all of them."""
    return isinstance(written, dict) and bool(written) and all(key in WORDS for key in written)


def problems(written: Any, *, is_text: bool) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield what is wrong with the comparisons in a value, each with its place; `is_text` where what comes can only be text."""
    if isinstance(written, dict):
        compares = is_comparison(written)
        for key, item in written.items():
            if compares:
                yield from (((key,), text) for text in _wrong(key, item))
            elif is_text:
                yield (key,), unknown("comparison", key, list(WORDS))
            if not (compares and key == "equals"):
                yield from (((key, *place), text) for place, text in problems(item, is_text=is_text))
    elif isinstance(written, list):
        for index, item in enumerate(written):
            yield from (((index, *place), text) for place, text in problems(item, is_text=is_text))


def _wrong(word: str, value: Any) -> Iterator[str]:
    """Yield what is wrong with the value of a word."""
    if word in BOUNDS and (isinstance(value, bool) or not isinstance(value, (int, float, str))):
        yield f"wants a number, or a text to compare with, got {json.dumps(value)}"
    elif word == "in" and not (isinstance(value, list) and value):
        yield f"wants a list of what may come, got {json.dumps(value)}"
    elif word in ("absent", "present") and value is not True:
        yield f"can only be true, got {json.dumps(value)}"
    elif word == "matches":
        if not isinstance(value, str) or len(value) > LONGEST_PATTERN:
            yield f"wants a regular expression of at most {LONGEST_PATTERN} characters"
        elif pattern(value) is None:
            yield f"{value!r} is no regular expression that takes linear time: no look-around, no backreferences, and small"


def pattern(text: str) -> Callable[[str], bool] | None:
    """
    Return what tells whether a regular expression is found in a text, or None for one that is none.

    The engine is that of the contract's validators, which never backtracks.
    """
    options = jsonschema_rs.RegexOptions(size_limit=_LARGEST_PROGRAM)
    try:
        validator = jsonschema_rs.Draft202012Validator({"type": "string", "pattern": text}, pattern_options=options)
    except (jsonschema_rs.ValidationError, ValueError):
        return None
    return validator.is_valid


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a value is compared with: each word in words, and whether a value fits it. `likely` are values that may fit."""

    tests: tuple[tuple[str, Fits], ...]
    likely: tuple[Any, ...]

    def fits(self, got: Any, effort: Effort) -> bool:
        """Tell whether a value, MISSING where there is none, is as it has to be."""
        effort.spend(VALUE * len(self.tests))
        for _, fits in self.tests:  # noqa: SIM110  (`all` would take twice as long, for each entry of a list)
            if not fits(got, effort):
                return False
        return True

    def failed(self, got: Any, effort: Effort) -> Iterator[str]:
        """Yield `> 10000` and its like for each word that a value does not fit."""
        effort.spend(VALUE * len(self.tests))
        return (text for text, fits in self.tests if not fits(got, effort))

    def example(self) -> Any:
        """Return a value that fits, MISSING where there must be none; the first that is likely where none is found."""
        return next((one for one in (*self.likely, *_TRIED, MISSING) if self.fits(one, Effort())), self.likely[0])


def compare(written: dict[str, Any], fitting: Fitting, *, is_text: bool) -> Comparison:
    """Return a comparison without problems; `fitting` makes of any value that is wanted what tells whether another fits."""
    tests = tuple((_said(word, value), _test(word, value, fitting, is_text)) for word, value in written.items())
    likely = [one for word, value in written.items() for one in _likely(word, value)]
    return Comparison(tests, tuple([_as_text(one) for one in likely] if is_text else likely) or ("1",))


def _said(word: str, value: Any) -> str:
    said = shortened(json.dumps(value, ensure_ascii=False))
    if word in BOUNDS:
        return f"{_SIGNS[word]} {said}"
    return {
        "in": f"one of {said}",
        "equals": f"exactly {said}",
        "matches": f"what matches {said}",
        "contains": f"what contains {said}",
        "absent": "nothing",
        "present": "anything",
    }.get(word, f"{word} {said}")


def shortened(text: str, longest: int = LONGEST_SAID) -> str:
    """Return a text as it stands in one line of a log: its beginning, where it is long."""
    return text if len(text) < longest else text[:longest] + "..."


def _test(word: str, value: Any, fitting: Fitting, is_text: bool) -> Fits:  # noqa: FBT001, PLR0911
    if word in BOUNDS:
        return _bound(BOUNDS[word], value, is_text)
    if word == "matches":
        return _matching(value)
    if word == "in":
        return _one_of([_as_text(item) if is_text and not is_comparison(item) else item for item in value], fitting)
    if word == "equals":
        return _exactly(_as_text(value) if is_text else value)
    if word in ("absent", "present"):
        return lambda got, _: (got is MISSING) is (word == "absent")
    fits = fitting(value)
    if word == "not":
        return lambda got, effort: not fits(got, effort)
    return lambda got, effort: _contains(got, value, fits, effort)


def _bound(holds: Callable[[Any, Any], bool], bound: Any, is_text: bool) -> Fits:  # noqa: FBT001
    def fits(got: Any, _: Effort) -> bool:
        if isinstance(bound, str):
            return isinstance(got, str) and holds(got, bound)
        if is_text and isinstance(got, str):
            got = float(got) if _NUMBER.fullmatch(got) else None
        return isinstance(got, (int, float)) and not isinstance(got, bool) and holds(got, bound)

    return fits


def _matching(value: str) -> Fits:
    """Return what tells whether a text is one in which a regular expression is found."""
    is_found = pattern(value) or (lambda _got: False)

    def fits(got: Any, effort: Effort) -> bool:
        if not isinstance(got, str) or len(got) > LONGEST_TEXT:
            return False
        effort.spend(_SEARCHED * len(got))
        return is_found(got)

    return fits


def _one_of(values: list[Any], fitting: Fitting) -> Fits:
    """Return what tells whether a value is one of some; those that are neither globs nor compared are looked up."""
    plain = {(type(one), one) for one in values if _is_plain(one)}
    others = [fitting(one) for one in values if not _is_plain(one)]

    def fits(got: Any, effort: Effort) -> bool:
        if isinstance(got, _PLAIN) and (type(got), got) in plain:
            return True
        return bool(others) and any(fits(got, effort) for fits in others)

    return fits


def _is_plain(value: Any) -> bool:
    return is_plain(value) if isinstance(value, str) else isinstance(value, _PLAIN)


def _exactly(value: Any) -> Fits:
    """Return what tells whether a value is this one, its types and all that is in it."""
    steps = VALUE * count(value)

    def fits(got: Any, effort: Effort) -> bool:
        effort.spend(steps)
        return is_same(value, got)

    return fits


def _contains(got: Any, value: Any, fits: Fits, effort: Effort) -> bool:
    """Tell whether a text holds another, or a list an item that fits."""
    if isinstance(got, str):
        effort.spend(len(got))
        return str(_as_text(value)) in got
    if not isinstance(got, list):
        return False
    effort.spend(VALUE * len(got))
    return any(fits(item, effort) for item in got)


def _likely(word: str, value: Any) -> Iterator[Any]:
    """Yield values that may fit a word."""
    if word in BOUNDS:
        yield from (value, f"{value}0") if isinstance(value, str) else (value, value + 1, value - 1)
    elif word == "in":
        yield from value
    elif word == "contains":
        yield from (value, [value])
    elif word == "matches":
        plain = _UNSAID.sub(lambda found: found[1] or found[2] or ("1" if found[0].startswith("\\d") else ""), value)
        yield from (plain, f"{plain}1")
    elif word == "equals":
        yield value


def _as_text(value: Any) -> Any:
    """Return a number or the like as the text that a path, a query or a header holds."""
    return value if isinstance(value, str) else json.dumps(value)
