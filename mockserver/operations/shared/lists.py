"""Which rows a list holds, in which order, and which of them stand on a page (tests/facts/catalog.md 1)."""

from collections.abc import Callable, Iterable, Mapping
from math import floor
from operator import ge, gt, le, lt
from typing import Any

from ...state.relations import Row
from . import javascript

MOST = 2**63 - 1  # PostgreSQL's bigint
COMPARISONS: Mapping[str, Callable[[int, int], bool]] = {"lt": lt, "gt": gt, "gte": ge, "lte": le}
_NULL = (3,)  # as PostgreSQL has it: greater than all else


def fits(value: Any, wanted: Any) -> bool:
    """
    Tell whether a column's value is what a filter wants.

    That is one of a list, a time that all comparisons of a mapping hold for (in milliseconds), or the value itself.
    """
    if isinstance(wanted, list):
        return value in wanted
    if isinstance(wanted, Mapping):
        time = javascript.date(value) if isinstance(value, str) else None
        return time is not None and all(COMPARISONS[name](time, other) for name, other in wanted.items())
    return bool(value == wanted)


def ordered(rows: Iterable[Row], values_of: Callable[[Row], Iterable[Any]], *, descending: bool) -> list[Row]:
    """
    Return rows in the order of a value as PostgreSQL has it: texts by their bytes, nulls as the greatest, ties as they were.

    Of several values of a row the one counts that comes first.
    """
    first = max if descending else min
    return sorted(rows, key=lambda row: first(map(_rank, values_of(row)), default=_NULL), reverse=descending)


def page(rows: list[Row], offset: javascript.Number, limit: javascript.Number) -> list[Row] | None:
    """
    Return the rows of a page, fractions rounded as PostgreSQL does; a limit of 0 is none.

    None where the database refuses either number.
    """
    skipped, most = _rounded(offset), _rounded(limit)
    if not (0 <= skipped <= MOST and 0 <= most <= MOST):
        return None
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
