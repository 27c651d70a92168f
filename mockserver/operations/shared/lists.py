"""Which rows a list holds, in which order, and which of them stand on a page (tests/facts/catalog.md 1)."""

import re
from collections.abc import Callable, Iterable, Mapping
from math import floor
from operator import contains, ge, gt, le, lt
from typing import Any

from ...express.errors import unknown_error
from ...state.relations import Row
from ...state.tables import Tables
from . import javascript

MOST = 2**63 - 1  # PostgreSQL's bigint
COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {"lt": lt, "gt": gt, "gte": ge, "lte": le}
TEXTS: Mapping[str, Callable[[str, str], bool]] = {
    "contains": contains,
    "starts_with": str.startswith,
    "ends_with": str.endswith,
}
_NULL = (3,)  # as PostgreSQL has it: greater than all else


def fits(value: Any, wanted: Any) -> bool:
    """
    Tell whether a column's value is what a filter wants.

    That is one of a list, what all comparisons of a mapping hold for (a time in milliseconds, a number, a text), or the
    value itself.
    """
    if isinstance(wanted, list):
        return value in wanted
    if isinstance(wanted, Mapping):
        return value is not None and all(_holds(value, name, other) for name, other in wanted.items())
    return bool(value == wanted)


def _holds(value: Any, comparison: str, other: Any) -> bool:
    """Tell whether a value compares so: texts by their bytes, and without regard to case where only a part is looked for."""
    if comparison in TEXTS:
        return TEXTS[comparison](value.lower(), other.lower())
    if isinstance(other, str):
        return COMPARISONS[comparison](value.encode(), other.encode())
    known = javascript.date(value) if isinstance(value, str) else value
    return isinstance(known, (int, float)) and COMPARISONS[comparison](known, other)


def narrowed(tables: Tables, table: str, wanted: Mapping[str, Any]) -> list[Row]:
    """Return the rows that a filter for one or several values leaves, found by index; all rows where there is none."""
    for column, value in wanted.items():
        if isinstance(value, str):
            return tables.where(table, **{column: value})
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return tables.among(table, column, value)
    return tables.all(table)


class Like:
    """What PostgreSQL's ILIKE looks for anywhere in a text: any case of letters, `%` is anything, `_` is one character."""

    def __init__(self, text: str) -> None:
        parts = [part.replace("_", "\0") for part in text.split("%") if part]
        self._parts = [re.compile(re.escape(part).replace("\0", "."), re.IGNORECASE | re.DOTALL) for part in parts]

    def fits(self, value: Any) -> bool:
        """Tell whether a text holds all parts, one behind the other; null holds none."""
        if value is None:
            return False
        end = 0
        for part in self._parts:
            found = part.search(value, end)
            if found is None:
                return False
            end = found.end()
        return True


def ordered(rows: Iterable[Row], values_of: Callable[[Row], Iterable[Any]], *, descending: bool) -> list[Row]:
    """
    Return rows in the order of a value as PostgreSQL has it: texts by their bytes, nulls as the greatest, ties as they were.

    Of several values of a row the one counts that comes first.
    """
    first = max if descending else min
    return sorted(rows, key=lambda row: first(map(_rank, values_of(row)), default=_NULL), reverse=descending)


def page(rows: list[Row], offset: javascript.Number, limit: javascript.Number) -> list[Row]:
    """
    Return the rows of a page, fractions rounded as PostgreSQL does; a limit of 0 is none.

    Raises VendorError where the database refuses either number.
    """
    skipped, most = _rounded(offset), _rounded(limit)
    if not (0 <= skipped <= MOST and 0 <= most <= MOST):
        raise unknown_error()
    return rows[skipped : skipped + most if limit else None]


def _rounded(number: javascript.Number) -> int:
    """Return a number without its fraction, halves away from 0."""
    return floor(abs(number) + 0.5) * (1 if number > 0 else -1)


def _rank(value: Any) -> tuple[Any, ...]:
    if value is None:
        return _NULL
    if isinstance(value, str):
        return (1, value.encode(errors="surrogatepass"))
    return (0, value) if isinstance(value, (int, float)) else (2, repr(value))
