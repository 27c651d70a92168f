"""Countries and currencies as a Medusa 1.20.11 knows them: its tables `country` and `currency`, read once (tests/facts/catalog.md 9)."""

import csv
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

from ..relations import Row


@lru_cache(maxsize=1)
def countries() -> dict[str, Row]:
    """Return the 250 countries by their two letters, in no region yet; ids count them in their order."""
    return {
        iso_2: {
            "id": number,
            "iso_2": iso_2,
            "iso_3": iso_3,
            "num_code": int(code),
            "name": name.upper(),
            "display_name": name,
            "region_id": None,
        }
        for number, (iso_2, iso_3, code, name) in enumerate(_lines("countries.csv"), 1)
    }


@lru_cache(maxsize=1)
def currencies() -> dict[str, Row]:
    """Return the 120 currencies by their codes."""
    names = ("code", "symbol", "symbol_native", "name")
    return {line[0]: dict(zip(names, line, strict=True)) for line in _lines("currencies.csv")}


def _lines(name: str) -> Iterator[list[str]]:
    with (files(__package__) / name).open(encoding="utf-8") as text:
        yield from csv.reader(text)
