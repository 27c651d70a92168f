"""The rows of the table that are about a shop of 10,000 products: what it costs to load, and to list a page of."""

import json
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from load import Load
from rows import Bench, Row
from servers import Running, mock

MANY, PAGE = 10_000, 100
PRODUCTS = f"/store/products?limit={PAGE}"


def loading(bench: Bench) -> Iterator[Row]:
    """Processor time and memory of a server that begins with 10,000 products, less those of one that has a hundred."""
    few, many = _sold(bench.folder, PAGE), _sold(bench.folder, MANY)
    seconds, megabytes = [], []
    for _ in range(bench.rounds):
        with mock("--data", str(few)) as small, mock("--data", str(many)) as large:
            seconds.append(large.cpu() - small.cpu())
            megabytes.append(large.memory() - small.memory())
    yield Row("10,000 products, seconds to load", median(seconds), 2, "of the processor", at_least=False)
    yield Row("10,000 products, MB in memory", median(megabytes), 200, "beside 100 products", at_least=False)


def listing(bench: Bench) -> Row:
    """Processor time of a page of 100 products, of 10,000 beside of 100."""
    few, many = _sold(bench.folder, PAGE), _sold(bench.folder, MANY)
    with mock("--data", str(few)) as small, mock("--data", str(many)) as large:
        for running in (small, large):
            _page(running, bench, 0.3)  # warmed up
        costs = [(_page(small, bench), _page(large, bench)) for _ in range(bench.rounds)]
    detail = f"{median(large for _, large in costs):.0f} µs beside {median(small for small, _ in costs):.0f} µs a page"
    return Row(
        "100 of 10,000 products, beside 100 of 100", median(small / large for small, large in costs), 0.8, detail
    )


def _page(running: Running, bench: Bench, part: float = 1.0) -> float:
    load = Load(running.port, PRODUCTS, seconds=bench.seconds * part, method="GET")
    return running.cost(load)


def _sold(folder: Path, count: int) -> Path:
    """Return a file that sells so many products of two variants."""
    path = folder / f"{count}-products.json"
    if not path.exists():
        prices = [{"currency_code": "eur", "amount": 1000}, {"currency_code": "usd", "amount": 1200}]
        products = [
            {
                "title": f"Product {number}",
                "handle": f"product-{number}",
                "status": "published",
                "options": [{"title": "Size"}],
                "variants": [
                    {"title": size, "options": [{"value": size}], "prices": prices, "inventory_quantity": 10}
                    for size in ("S", "L")
                ],
            }
            for number in range(count)
        ]
        path.write_text(json.dumps({"products": products}))
    return path
