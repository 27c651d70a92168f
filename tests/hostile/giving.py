"""States that somebody may write: entities of the contract's tables, partly written, nested, right and wrong."""

import re
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any
from urllib.parse import quote

from mockserver.edge.mock import Mock

OFTEN = (
    *("payment_collections", "regions", "products", "carts", "orders", "order_edits", "swaps", "customers", "gift_cards"),
    *("line_items", "product_tags", "product_categories"),
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
TIMES = ("2024-01-06T03:57:20Z", "2020-02-29T00:00:00.000Z", "2030-01-01T00:00:00Z")
VALUES = (None, True, False, 0, 1, -1, 100, 0.5, 2**31, 10**30, 1e308, [], {}, [{}], [None], {"a": 1}, *TEXTS)
PRICED = ("region_id={regions}", "currency_code=usd")
GOODS = (*PRICED, "expand=variants.prices,variants.options,options.values,categories,sales_channels,collection,type")
ORDER = (
    "",
    "expand=items.variant,shipping_methods.shipping_option,discounts.rule,fulfillments.tracking_links,billing_address,customer",
    "fields=id,total,items.refundable",
)
LISTS: Mapping[str, tuple[str, ...]] = {  # and what is asked of them
    "collections": ("",),
    "product-categories": ("", "q=x", "expand=products,parent_category", "include_descendants_tree=true&parent_category_id=null"),
    "product-tags": ("", "q=x", "order=value", "value[gt]=a"),
    "product-types": ("", "q=x", "order=-value"),
    "products": ("", "q=x", "q=%25x_", "order=title", "order=-variants.prices.amount", "include_category_children=true&category_id[]=x", *GOODS),
    "regions": ("", "expand=currency,countries,payment_providers,fulfillment_providers", "order=name"),
    "return-reasons": ("",),
    "shipping-options": ("", "is_return=false"),
    "variants": ("", "inventory_quantity[gt]=1", *PRICED),
}  # fmt: skip
ENTITIES: Mapping[str, Mapping[str, tuple[str, ...]]] = {  # by table, with the column that names a row in the path
    "carts": {"carts/{id}": ("", "expand=customer"), "shipping-options/{id}": ("",)},
    "customers": {"auth/{email}": ("",)},
    "gift_cards": {"gift-cards/{code}": ("",)},
    "order_edits": {
        "order-edits/{id}": ("", "expand=order,payment_collection", "expand=changes.line_item.variant,items")
    },
    "orders": {
        "orders/{id}": ORDER,
        "orders/cart/{cart_id}": ORDER[:2],
        "orders": ("display_id={display_id}&email={email}",),
    },
    "payment_collections": {
        "payment-collections/{id}": (
            "",
            "expand=payments,payment_sessions,region,currency",
            "expand=region.payment_providers,region.countries",
            "fields=id,amount,region_id",
        )
    },
    "product_categories": {"product-categories/{id}": ("", "expand=products,category_children")},
    "product_collections": {"collections/{id}": ("",)},
    "product_variants": {"variants/{id}": ("", "expand=product,options,prices,inventory_items", *PRICED)},
    "products": {"products/{id}": ("", *GOODS)},
    "regions": {"regions/{id}": ("",)},
    "return_reasons": {"return-reasons/{id}": ("",)},
    "swaps": {"swaps/{cart_id}": ("",)},
}
MINE = {  # what who is logged in may read
    "auth": ("",),
    "customers/me": ("",),
    "customers/me/orders": ("", "q=x", "expand=items,returns,claims,swaps", "fields=id,total"),
}


class Giving:
    """Draws states for the tables of a mock; in every other one something is wrong, one value in so many."""

    def __init__(self, mock: Mock, draw: Random, wrong: float = 0.08) -> None:
        self._relations = mock.sandboxes.relations
        self._schemas = mock.contract.document["components"]["schemas"]
        self._draw = draw
        self._wrong = self._odd = wrong

    def state(self) -> dict[str, Any]:
        """Return one or two entities of one or two tables."""
        names = [*OFTEN, *(table.name for table in self._relations.entities())]
        self._odd = self._draw.choice((0.0, self._wrong))
        tables = self._draw.sample(names, self._draw.choice((1, 1, 2)))
        return {table: [self._entity(table, 3) for _ in range(self._draw.choice((1, 1, 2)))] for table in tables}

    def _entity(self, name: str, depth: int) -> dict[str, Any]:
        draw, table = self._draw, self._relations[name]
        properties = self._schemas[table.schema]["properties"]
        entity: dict[str, Any] = {}
        for key in table.key:
            if draw.random() < 0.6:
                known = (f"{name[:5]}_{draw.randrange(3)}", "usd", "de", "manual", "xxx")
                entity[key] = draw.choice(VALUES) if draw.random() < self._odd else draw.choice(known)
        columns = [column for column in table.columns if column in properties and column not in table.key]
        for column in draw.sample(columns, min(len(columns), draw.choice((0, 1, 1, 2, 3, 20)))):
            entity[column] = self._value(properties[column])
        leading = [relation for relation in table.relations.values() if relation.column in entity]
        for relation in leading:
            if draw.random() < 0.6:
                entity[relation.column] = f"{relation.table[:5]}_{draw.randrange(3)}"
        relations = list(table.relations.values()) if depth else []
        for relation in draw.sample(relations, min(len(relations), draw.choice((0, 1, 1, 2)))):
            many = [self._entity(relation.table, depth - 1) for _ in range(draw.choice((0, 1, 1, 2)))]
            one = many if relation.many else self._entity(relation.table, depth - 1)
            entity[relation.name] = draw.choice(VALUES) if draw.random() < self._odd / 2 else one
        return entity

    def _value(self, property: dict[str, Any]) -> Any:
        draw = self._draw
        if draw.random() < self._odd:
            return draw.choice(VALUES)
        for choice in (property, *property.get("anyOf", ())):
            for word in ("enum", "examples"):
                if word in choice and (word == "enum" or draw.random() < 0.7):
                    return draw.choice(choice[word])
        if property.get("format") == "date-time":
            return draw.choice(TIMES)
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
    """Yield path and query of whatever shows what a sandbox holds, but what is deleted or hidden there, and what no path can name."""
    tables = mock.sandboxes[sandbox].tables
    regions = next(iter(tables.catalogue.rows("regions")))
    for path, queries in LISTS.items():
        if path != "shipping-options" or all(map(is_shown, tables.all("regions"))):  # else a 404, as Medusa's is
            yield from ((f"/store/{path}", query.format(regions=regions)) for query in queries)
    for table, paths in ENTITIES.items():
        for row in filter(is_shown, tables.changed(table)):
            said = {"regions": regions, **{name: quoted(value) for name, value in row.items()}}
            for path, queries in paths.items():
                names = re.findall(r"{(\w+)}", f"{path} {' '.join(queries)}")
                if all(said.get(name) for name in names) and ("email" not in names or "%40" in said["email"]):
                    yield from ((f"/store/{path.format(**said)}", query.format(**said)) for query in queries)


def is_shown(row: Mapping[str, Any]) -> bool:
    """Tell whether a row is not deleted, and no category that shoppers do not see."""
    return row.get("deleted_at") is None and bool(row.get("is_active", True)) and not row.get("is_internal")


def quoted(value: Any) -> str:
    """Return a value as a path or a query says it; nothing where it is no text, and no number of an order."""
    if isinstance(value, str) and "\0" not in value:
        return quote(value.encode(errors="surrogatepass"), safe="")
    return str(value) if type(value) is int and 0 < value < 2**31 else ""
