"""Discounts on a cart: which may be applied, and what they take off each line (tests/facts/carts.md 5)."""

from collections.abc import Iterable, Iterator

from ...errors import VendorError
from ...express.errors import invalid_data, not_allowed, not_found
from ...state.relations import Row
from ..context import Context
from ..shared import javascript, made, totals
from ..shared.discounts import lowering, rule_of, ships_free
from ..shared.lines import ADJUSTMENT, option_of, product_of
from ..shared.people import groups_of
from ..shared.rows import is_there
from .stored import (
    METHODS,
    TABLE,
    change,
    drop_adjustments,
    items_of,
    link,
    linked,
    methods_of,
)

GROUPS = "customer_groups"
LINKS = {  # which table holds what a condition is about, and by which column
    "products": ("discount_condition_products", "product_id"),
    "product_types": ("discount_condition_product_types", "product_type_id"),
    "product_tags": ("discount_condition_product_tags", "product_tag_id"),
    "product_collections": ("discount_condition_product_collections", "product_collection_id"),
    GROUPS: ("discount_condition_customer_groups", "customer_group_id"),
}


def apply(context: Context, cart: Row, codes: list[str]) -> None:
    """
    Let a cart have these discounts and no others: of those that lower prices only the one whose code sorts first.

    Raises VendorError for codes that are unknown or may not be used.
    """
    codes = [code.strip().upper() for code in codes]
    found = [row for row in context.tables.among("discounts", "code", codes) if is_there(row)]
    if len(found) != len(codes):
        raise not_found(f"Discounts with code [{', '.join(codes)}] was not found")
    for row in found:
        for refusal in _refusals(context, cart, row):
            raise refusal
    _replace(context, cart, found)


def take_off(context: Context, cart: Row, code: str) -> None:
    """Take a discount off a cart; a code that it does not have changes nothing."""
    rest = [one for one in linked(context, cart, "discounts") if one["code"] != code]
    _replace(context, cart, rest)
    refresh(context, cart)


def keep_valid(context: Context, cart: Row) -> None:
    """Leave a cart those discounts that hold in its region, where it has just come to."""
    kept = [one for one in linked(context, cart, "discounts") if _holds_in(context, one, cart["region_id"])]
    _replace(context, cart, kept)
    refresh(context, cart)


def refresh(context: Context, cart: Row) -> None:
    """Work out anew what the discount of a cart takes off each of its lines; what comes back in a swap keeps what it had."""
    discount = lowering(context.tables, TABLE, cart)
    lower(context, [item for item in items_of(context, cart) if not item["is_return"]], discount)


def lower(context: Context, items: list[Row], discount: Row | None) -> None:
    """Store what a discount takes off each of some lines, and nothing else that lowered their prices."""
    for item in items:
        drop_adjustments(context, item)
    if discount is None:
        return
    for item, amount in _amounts(context, items, rule_of(context.tables, discount)):
        values = {"item_id": item["id"], "discount_id": discount["id"], "description": "discount", "amount": amount}
        made.insert(context, "line_item_adjustments", ADJUSTMENT, **values)


def price_shipping(context: Context, cart: Row) -> None:
    """Make the shipping of a cart free where a discount does so."""
    if _is_shipped_free(context, cart):
        for method in methods_of(context, cart):
            context.tables.update(METHODS, method["id"], price=0)


def _is_shipped_free(context: Context, cart: Row) -> bool:
    return any(ships_free(context.tables, one) for one in linked(context, cart, "discounts"))


def _replace(context: Context, cart: Row, rows: list[Row]) -> None:
    """Let a cart have these discounts: one that ships for free, and one of the others."""
    was_free = _is_shipped_free(context, cart)
    rows = sorted(rows, key=lambda row: str(row["code"]))
    free = [row for row in rows if ships_free(context.tables, row)]
    others = [row for row in rows if row not in free]
    link(context, cart, "discounts", [*others[:1], *free[:1]])
    if others and items_of(context, cart):
        refresh(context, cart)  # without another, what the last one took off stays, and no longer counts
    if was_free and not free:
        for method in methods_of(context, cart):
            context.tables.update(METHODS, method["id"], price=option_of(context.tables, method)["amount"])
    price_shipping(context, cart)
    change(context, cart)


def _refusals(context: Context, cart: Row, discount: Row) -> Iterator[VendorError]:
    """Yield why a discount may not be used, in the order in which Medusa looks at it."""
    code, now, customer = discount["code"], context.sandbox.clock.now(), cart["customer_id"]
    limit = discount["usage_limit"]
    if limit is not None and discount["usage_count"] >= limit:
        yield not_allowed(f"Discount {code} has been used maximum allowed times")
    if _time(discount["starts_at"], now) > now:
        yield not_allowed(f"Discount {code} is not valid yet")
    if _time(discount["ends_at"], now) < now:
        yield not_allowed(f"Discount {code} is expired")
    if discount["is_disabled"]:
        yield not_allowed(f"The discount code {code} is disabled")
    for_groups = [one for one in _conditions(context, rule_of(context.tables, discount)) if one["type"] == GROUPS]
    if for_groups and customer is None:
        yield not_allowed(f"Discount {code} is only valid for specific customer")
    if not _holds_in(context, discount, cart["region_id"]):
        yield invalid_data("The discount is not available in current region")
    if not _fits(context, for_groups, groups_of(context, customer)):
        yield not_allowed(f"Discount {code} is not valid for customer")


def _time(text: str | None, otherwise: int) -> int:
    """Return a time in milliseconds."""
    found = None if text is None else javascript.date(text)
    return otherwise if found is None else found


def _holds_in(context: Context, discount: Row, region: str) -> bool:
    """Tell whether a discount, or the one that it was made from, holds in a region."""
    id = discount["parent_discount_id"] or discount["id"]
    return bool(context.tables.where("discount_regions", discount_id=id, region_id=region))


def _conditions(context: Context, rule: Row) -> list[Row]:
    return [one for one in context.tables.where("discount_conditions", discount_rule_id=rule["id"]) if is_there(one)]


def _fits(context: Context, conditions: Iterable[Row], ids: frozenset[str]) -> bool:
    """Tell whether something that has these ids meets all conditions."""
    for condition in conditions:
        table, column = LINKS[condition["type"]]
        links = context.tables.where(table, discount_condition_id=condition["id"])
        is_named = any(one[column] in ids for one in links)
        if is_named != (condition["operator"] == "in"):
            return False
    return True


def _amounts(context: Context, items: list[Row], rule: Row) -> Iterable[tuple[Row, totals.Number]]:
    """Yield what a rule takes off each line that it is for."""
    items = [item for item in items if item["allow_discounts"]]
    conditions = [one for one in _conditions(context, rule) if one["type"] != GROUPS]
    subtotals = [item["unit_price"] * item["quantity"] for item in items]
    parts = totals.shares(rule["value"], subtotals, sum(subtotals))
    for item, part in zip(items, parts, strict=True):
        if not all(_fits(context, [one], _ids_of(context, item, one["type"])) for one in conditions):
            continue
        if rule["type"] == "percentage":
            yield item, totals.percentage(item["unit_price"], item["quantity"], rule["value"])
        elif rule["allocation"] == "item":
            yield item, totals.off_each(item["unit_price"], item["quantity"], rule["value"])
        else:
            yield item, part


def _ids_of(context: Context, item: Row, kind: str) -> frozenset[str]:
    """Return the ids of what a line's product has of a kind."""
    product = product_of(context.tables, item)
    if product is None:
        return frozenset()
    if kind == "product_tags":
        links = context.tables.where("product_tag_products", product_id=product["id"])
        return frozenset(link["product_tag_id"] for link in links)
    column = {"products": "id", "product_types": "type_id", "product_collections": "collection_id"}[kind]
    return frozenset(filter(None, [product[column]]))
