"""Compares JSON values with each other, types and all, and stops where they differ."""

from typing import Any


def is_same(wanted: Any, got: Any) -> bool:
    """Tell whether two JSON values are the same: `1` is neither `1.5` nor `true`; the order of keys says nothing."""
    if isinstance(wanted, dict):
        return (
            isinstance(got, dict) and wanted.keys() == got.keys() and all(is_same(wanted[key], got[key]) for key in got)
        )
    if isinstance(wanted, list):
        return isinstance(got, list) and len(wanted) == len(got) and all(map(is_same, wanted, got))
    return type(wanted) is type(got) and bool(wanted == got)


def count(value: Any) -> int:
    """Return how many values there are in one, at any depth."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(map(count, inner))
