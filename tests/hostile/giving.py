"""States that somebody may write: entities of the contract's tables, partly written, nested, right and wrong."""

from collections.abc import Iterator
from random import Random
from typing import Any

from mockserver.edge.app import Mock

TABLES = (
    *("payment_collections", "payment_collections", "regions", "regions", "payment_providers", "currencies", "countries"),
    *("payment_sessions", "payments", "tax_providers", "fulfillment_providers", "customers", "carts", "orders"),
)  # fmt: skip
TEXTS = (
    "",
    "x",
    "xxx",
    "usd",
    "eur",
    "EUR",
    "de",
    "manual",
    "authorized",
    "2024-01-06T03:57:20Z",
    "1969-01-01",
    "id",
    "\ud800",
    "\0",
    "a" * 300,
)
VALUES = (None, True, False, 0, 1, -1, 100, 0.5, 2**31, 10**30, 1e308, [], {}, [{}], [None], {"a": 1}, *TEXTS)
EXPANDED = (
    "",
    "expand=payments,payment_sessions,region,currency",
    "expand=region.payment_providers,region.countries",
    "fields=id,amount,region_id",
)


class Giving:
    """Draws states for the tables of a mock; what is wrong in them is one value in so many."""

    def __init__(self, mock: Mock, draw: Random, wrong: float = 0.08) -> None:
        self._relations = mock.sandboxes.relations
        self._schemas = mock.contract.document["components"]["schemas"]
        self._draw = draw
        self._wrong = wrong

    def state(self) -> dict[str, Any]:
        """Return one or two entities of one or two tables."""
        tables = self._draw.sample(TABLES, self._draw.choice((1, 1, 2)))
        return {table: [self._entity(table, 3) for _ in range(self._draw.choice((1, 1, 2)))] for table in tables}

    def _entity(self, name: str, depth: int) -> dict[str, Any]:
        draw, table = self._draw, self._relations[name]
        properties = self._schemas[table.schema]["properties"]
        entity: dict[str, Any] = {}
        for key in table.key:
            if draw.random() < 0.6:
                known = (f"{name[:5]}_{draw.randrange(3)}", "usd", "de", "manual", "xxx")
                entity[key] = draw.choice(VALUES) if draw.random() < self._wrong else draw.choice(known)
        columns = [column for column in table.columns if column in properties and column not in table.key]
        for column in draw.sample(columns, min(len(columns), draw.choice((0, 1, 1, 2, 3)))):
            entity[column] = self._value(properties[column])
        relations = list(table.relations.values()) if depth else []
        for relation in draw.sample(relations, min(len(relations), draw.choice((0, 1, 1, 2)))):
            many = [self._entity(relation.table, depth - 1) for _ in range(draw.choice((0, 1, 1, 2)))]
            one = many if relation.many else self._entity(relation.table, depth - 1)
            entity[relation.name] = draw.choice(VALUES) if draw.random() < self._wrong / 2 else one
        return entity

    def _value(self, property: dict[str, Any]) -> Any:
        draw = self._draw
        if draw.random() < self._wrong:
            return draw.choice(VALUES)
        for choice in (property, *property.get("anyOf", ())):
            for word in ("enum", "examples"):
                if word in choice:
                    return draw.choice(choice[word])
        kind = property.get("type")
        kind = kind if isinstance(kind, str) else (kind or ["string"])[0]
        of_kind = {
            "string": ("x", "", "usd"),
            "integer": (0, 1, 100),
            "number": (0, 1.5),
            "boolean": (True, False),
            "object": ({}, {"a": 1}),
        }
        return draw.choice(of_kind.get(kind, (None,)))


def reads(mock: Mock, sandbox: str) -> Iterator[tuple[str, str]]:
    """Yield path and query of whatever shows what a sandbox holds, but what is deleted there."""
    tables = mock.sandboxes[sandbox].tables
    for row in tables.changed("payment_collections"):
        if row["deleted_at"] is None:
            yield from ((f"/store/payment-collections/{row['id']}", query) for query in EXPANDED)
    yield from (
        ("/store/regions", query) for query in ("", "expand=currency,countries,payment_providers,fulfillment_providers")
    )
    for row in tables.changed("regions"):
        if row["deleted_at"] is None:
            yield f"/store/regions/{row['id']}", ""
