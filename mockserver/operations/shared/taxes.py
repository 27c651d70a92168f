"""Which tax rates hold for what is sold, and what they make of an amount (tests/facts/catalog.md 4)."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from ...state.relations import Row
from ...state.tables import Tables
from .rows import pick

RATE = ("id", "created_at", "updated_at", "rate", "code", "name", "region_id", "metadata")


def rates_of_product(tables: Tables, region: Row, product: Row) -> list[Row]:
    """Return the rates of a product in a region: its own and those of its type, else the region's."""
    ids = _linked(tables, "tax_rate_products", "product_id", product["id"])
    if product["type_id"] is not None:
        ids += _linked(tables, "tax_rate_product_types", "product_type_id", product["type_id"])
    return _in_region(tables, region, ids)


def rates_of_option(tables: Tables, region: Row, option: Row) -> list[Row]:
    """Return the rates of a shipping option: its own, else the region's."""
    return _in_region(tables, region, _linked(tables, "tax_rate_shipping_options", "shipping_option_id", option["id"]))


def tax(amount: float, rates: Iterable[Row]) -> int:
    """Return the tax on an amount in minor units: the rates (in percent) are summed, half a unit is rounded up."""
    total = sum((Decimal(str(rate["rate"] or 0)) for rate in rates), Decimal(0))
    return int((Decimal(str(amount)) * total / 100).quantize(Decimal(1), ROUND_HALF_UP))


def _linked(tables: Tables, link: str, column: str, id: str) -> list[str]:
    return [row["tax_rate_id"] for row in tables.where(link, **{column: id})]


def _in_region(tables: Tables, region: Row, ids: Iterable[str]) -> list[Row]:
    found: list[Any] = [tables.get("tax_rates", id) for id in dict.fromkeys(ids)]
    own = [pick(rate, RATE) for rate in found if rate is not None and rate["region_id"] == region["id"]]
    return own or [{"rate": region["tax_rate"], "name": "default", "code": "default"}]
