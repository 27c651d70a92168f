"""What JavaScript makes of a text: numbers and dates as Medusa's validators read them (tests/facts/catalog.md 1)."""

import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from math import inf, isfinite

Number = int | float
LAST_DATE = 8_640_000_000_000_000  # milliseconds: no Date lies further from 1970
LONGEST_DATE = 100  # characters that are looked at; longer ones take Python ever longer
SPACE = "\t\n\v\f\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_OTHER_BASE = re.compile(r"0([xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)")
_ISO = re.compile(
    r"(?P<year>[+-]\d{6}|\d{1,6})(?:[-/](?P<month>\d{1,2})(?:[-/](?P<day>\d{1,2}))?)?"
    r"(?:[T ](?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.(?P<fraction>\d+))?)?)?"
    r"(?P<zone>Z|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)
_DAYS_OF_400_YEARS = 146_097


def number(text: str) -> Number | None:
    """Return what `Number()` makes of a text, an integer where it is whole; None for NaN and for what is infinite."""
    text = text.strip(SPACE)
    if not text:
        return 0
    if _OTHER_BASE.fullmatch(text):
        value = _rounded(int(text, 0))
    elif _DECIMAL.fullmatch(text):
        value = float(text)
    else:
        return None
    if not isfinite(value):
        return None
    return int(Decimal(repr(value))) if value.is_integer() else value  # 9e15 and more has JavaScript's own digits


def _rounded(whole: int) -> float:
    """Return an integer as JavaScript holds it."""
    try:
        return float(whole)
    except OverflowError:
        return inf


def numeric(value: object) -> Number | None:
    """Return what `Number()` makes of a JSON value that stands for a number: itself, or a text's; None for any other."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    return number(value) if isinstance(value, str) else value


def text(value: object) -> str:
    """Return what JavaScript makes of a JSON value that it puts into a text."""
    if isinstance(value, list):
        return ",".join("" if item is None else text(item) for item in value)
    if isinstance(value, dict):
        return "[object Object]"
    return value if isinstance(value, str) else json.dumps(value)


def date(text: str) -> int | None:
    """
    Return the milliseconds since 1970 that `new Date()` makes of a text, or None where it makes no date of it.

    Forms of ISO 8601 and of mail are read. Node reads more than that: `foo 1` is January 2001 there, and nothing here.
    """
    text = text.strip(SPACE)
    if len(text) > LONGEST_DATE:
        return None
    found = _ISO.fullmatch(text)
    if found is None:
        return _mail_date(text)
    year, month, day = int(found["year"]), int(found["month"] or 1), int(found["day"] or 1)
    if len(found["year"]) <= 2:  # noqa: PLR2004  (`12` is a month of 2001, and `13` no date)
        year, month = 2001, year
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    is_midnight = (hour, minute, second) == (24, 0, 0)
    if not (1 <= month <= 12 and 1 <= day <= 31 and (hour < 24 or is_midnight) and minute < 60 and second < 60):  # noqa: PLR2004
        return None
    days = (datetime(2000 + year % 400, month, 1, tzinfo=UTC) - datetime(2000, 1, 1, tzinfo=UTC)).days + day - 1
    days += (year - year % 400 - 2000) // 400 * _DAYS_OF_400_YEARS + 10_957  # from 1970 to 2000
    fraction = int((found["fraction"] or "")[:3].ljust(3, "0"))
    time = (((days * 24 + hour) * 60 + minute - _zone(found["zone"])) * 60 + second) * 1000 + fraction
    return time if abs(time) <= LAST_DATE else None


def _zone(text: str | None) -> int:
    """Return the minutes that a zone is ahead of UTC; a server's own zone is taken to be UTC."""
    if text is None or text == "Z":
        return 0
    return int(f"{text[0]}1") * (int(text[1:3]) * 60 + int(text[-2:]))


def _mail_date(text: str) -> int | None:
    """Return the time of `Wed, 01 Jan 2020 00:00:00 GMT`, in milliseconds."""
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # of a year or a zone that Python cannot hold
        return None
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return (found - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
