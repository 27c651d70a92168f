"""What a variant costs: which of its prices hold for a region, a currency, a customer, and which of them counts (tests/facts/catalog.md 4)."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from typing import Any

from ...contract import Document
from ...express.errors import not_found
from ...state.relations import Row
from ...state.tables import Tables
from ..context import Context
from . import javascript, query
from .rows import find, is_there, pick
from .taxes import rates_of_product, tax

COLUMNS = (
    "id", "created_at", "updated_at", "deleted_at", "currency_code", "amount", "min_quantity", "max_quantity",
    "price_list_id", "region_id",
)  # fmt: skip
LIST = (
    "id", "created_at", "updated_at", "deleted_at", "name", "description", "type", "status", "starts_at", "ends_at",
)  # fmt: skip
PARAMETERS = (query.Text("cart_id"), query.Text("region_id"), query.Text("currency_code"))
NOTHING: Document = {
    "original_price": None, "calculated_price": None, "original_price_incl_tax": None,
    "calculated_price_incl_tax": None, "original_tax": None, "calculated_tax": None, "tax_rates": None,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """
    For whom a price is asked: in a region, which has its currency and perhaps taxes, or in a currency alone.

    `groups` are the ids of the customer groups that the shopper is in; `now` is in milliseconds.
    """

    now: int
    region: Row | None = None
    currency: str | None = None
    groups: Container[str] = field(default=frozenset())

    @property
    def is_made(self) -> bool:
        """Whether a region or a currency was chosen at all."""
        return self.region is not None or bool(self.currency)

    @property
    def is_taxed(self) -> bool:
        return self.region is not None and bool(self.region["automatic_taxes"])


def chosen(context: Context, asked: Document, groups: Container[str] = frozenset()) -> Choice:
    """
    Return the choice that a query makes: a cart's region wins over `region_id`, and a region over a currency.

    Raises VendorError for a cart or a region that is not there.
    """
    region_id, now = asked["region_id"], context.sandbox.clock.now()
    cart = refuse_unknown_cart(context, asked)
    if cart is not None:
        region_id = cart["region_id"]
    if not region_id:
        return Choice(now, currency=asked["currency_code"], groups=groups)
    region = find(context.tables, "regions", region_id)
    if region is None:
        raise not_found(f"Region with {region_id} was not found")
    return Choice(now, region, region["currency_code"], groups)


def refuse_unknown_cart(context: Context, asked: Document) -> Row | None:
    """Return the cart that a query names, if it names one; raise VendorError for one that is not there."""
    if not asked["cart_id"]:
        return None
    cart = find(context.tables, "carts", asked["cart_id"])
    if cart is None:
        raise not_found(f"Cart with {asked['cart_id']} was not found")
    return cart


def prices_of(tables: Tables, variant: Row, choice: Choice) -> list[Row]:
    """Return the prices of a variant that hold for a choice, those of price lists too."""
    rows = [row for row in tables.where("money_amounts", variant_id=variant["id"]) if is_there(row)]
    return [row for row in rows if _is_for(row, choice) and _is_live(tables, row, choice)]


def shown(tables: Tables, prices: Iterable[Row]) -> list[Document]:
    """Return prices as answers show them where they were chosen: each with its price list."""
    return [{**pick(row, COLUMNS), "price_list": _list(tables, row), "variant_id": row["variant_id"]} for row in prices]


def plain(tables: Tables, variant: Row) -> list[Document]:
    """Return all prices of a variant without what they belong to, as they are where nobody chose among them."""
    return [pick(row, COLUMNS) for row in tables.where("money_amounts", variant_id=variant["id"]) if is_there(row)]


def keys(tables: Tables, prices: list[Row], choice: Choice, rates: list[Row] | None) -> Document:
    """Return what a variant says of its price: the original one, the lowest, and their taxes where there are `rates`."""
    if not choice.is_made:
        return NOTHING
    original, best = original_of(prices, choice), calculated_of(prices)
    price = {"original_price": original, "calculated_price": best and best["amount"]}
    list_ = _list(tables, best) if best else None
    price |= {"calculated_price_type": list_["type"] if list_ else "default"}
    if rates is None or not choice.is_taxed or best is None:
        return {**price, **{name: NOTHING[name] for name in list(NOTHING)[2:]}}
    original_tax = None if original is None else tax(original, rates)
    calculated_tax = tax(best["amount"], rates)
    return {
        **price,
        "original_price_incl_tax": None if original is None else original + (original_tax or 0),
        "calculated_price_incl_tax": best["amount"] + calculated_tax,
        "original_tax": original_tax,
        "calculated_tax": calculated_tax,
        "tax_rates": rates,
    }


def rates_for(tables: Tables, product: Row | None, choice: Choice) -> list[Row] | None:
    """Return the rates by which a product is taxed for a choice; None where no taxes are worked out."""
    if not choice.is_taxed or choice.region is None or product is None:
        return None
    return rates_of_product(tables, choice.region, product)


def original_of(prices: Iterable[Row], choice: Choice) -> Any:
    """Return the amount without sales: the region's own where there is one, else the currency's."""
    usual = [row for row in prices if row["price_list_id"] is None and _is_unbounded(row)]
    region = choice.region and choice.region["id"]
    own = [row for row in usual if region is not None and row["region_id"] == region]
    others = [row for row in usual if row["currency_code"] == choice.currency]
    return next((row["amount"] for row in (*own, *others)), None)


def calculated_of(prices: Iterable[Row], quantity: int | None = None) -> Row | None:
    """Return the lowest price that holds for a quantity; without one, of those that hold for any."""
    candidates = [row for row in prices if _holds_for(row, quantity)]
    return min(candidates, key=lambda row: row["amount"], default=None)


def _holds_for(row: Row, quantity: int | None) -> bool:
    least, most = row["min_quantity"], row["max_quantity"]
    if quantity is None:
        return not least
    return (least or 0) <= quantity and (most is None or quantity <= most)


def _is_unbounded(row: Row) -> bool:
    return row["min_quantity"] is None and row["max_quantity"] is None


def _is_for(row: Row, choice: Choice) -> bool:
    if not choice.is_made:
        return True
    if choice.region is not None and row["region_id"] == choice.region["id"]:
        return True
    return bool(row["currency_code"] == choice.currency)


def _is_live(tables: Tables, row: Row, choice: Choice) -> bool:
    """Tell whether a price is of no price list, or of one that is active now, and for the shopper."""
    if row["price_list_id"] is None:
        return True
    found = tables.get("price_lists", row["price_list_id"])
    if found is None or not is_there(found) or found["status"] != "active":
        return False
    starts, ends = (None if found[name] is None else javascript.date(found[name]) for name in ("starts_at", "ends_at"))
    if (starts is not None and starts > choice.now) or (ends is not None and ends < choice.now):
        return False
    groups = tables.where("price_list_customer_groups", price_list_id=found["id"])
    return not groups or any(group["customer_group_id"] in choice.groups for group in groups)


def _list(tables: Tables, row: Row) -> Row | None:
    found = None if row["price_list_id"] is None else tables.get("price_lists", row["price_list_id"])
    return None if found is None else pick(found, LIST)
