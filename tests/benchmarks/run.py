"""
Measures the mock beside its limits and its peers, in one run on one machine, and prints a table.

    python tests/benchmarks/run.py [--json] [--quick] [--only WORD]
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import rows
import shops
from rich.console import Console
from rich.table import Table
from rows import Bench, Row

ALL = (
    rows.throughput,
    rows.sandbox,
    rows.scenarios,
    rows.start,
    rows.check,
    rows.prism_memory,
    rows.peers,
    rows.aged,
    shops.loading,
    shops.listing,
)


def measured(bench: Bench, only: str) -> Iterator[Row]:
    """Yield the rows whose function's name holds a word."""
    for measure in ALL:
        if only in measure.__name__:
            found = measure(bench)
            yield from [found] if isinstance(found, Row) else found


def table(found: list[Row]) -> Table:
    """Return the rows as people read them."""
    shown = Table("what", "measured", "wanted", "", "in numbers", box=None, pad_edge=False)
    for row in found:
        figure = "-" if row.figure is None else f"{row.figure:.2f}"
        mark = "[yellow]not here[/]" if row.figure is None else "[green]met[/]" if row.is_met else "[red]missed[/]"
        shown.add_row(row.name, figure, f"{'at least' if row.at_least else 'at most'} {row.wanted:g}", mark, row.detail)
    return shown


def main() -> int:
    """Return 1 when something that was measured is not as it must be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--quick", action="store_true", help="short rounds, to try the benchmark itself")
    parser.add_argument("--only", default="", metavar="WORD", help="rows whose function's name holds this")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), 0.7, 1, 30_000) if said.quick else Bench(Path(folder), 3.0, 5, 1_000_000)
        found = list(measured(bench, said.only))
    if said.json:
        print(json.dumps([asdict(row) | {"is_met": row.is_met} for row in found], indent=2))
    else:
        Console().print(table(found))
    return int(any(row.figure is not None and not row.is_met for row in found))


if __name__ == "__main__":
    sys.exit(main())
