"""Which part of an order a query asks for: three operations, each with ways of its own (tests/facts/orders.md 2, "fields and expand")."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ...contract import Document
from ...express.errors import unknown_error
from ..shared import query
from ..shared.selection import chosen_fields, listed, refuse_fields

By = Literal["id", "lookup", "cart"]
QUERY = (query.Text("expand"), query.Text("fields"))
COLUMNS = (
    "id", "created_at", "status", "fulfillment_status", "payment_status", "display_id", "cart_id", "customer_id",
    "email", "region_id", "currency_code", "tax_rate",
)  # fmt: skip
TOTALS = (
    "subtotal", "discount_total", "shipping_total", "refunded_total", "paid_total", "refundable_amount",
    "item_tax_total", "shipping_tax_total", "tax_total", "gift_card_total", "gift_card_tax_total", "total",
)  # fmt: skip
NOT_NAMED = {"item_tax_total", "shipping_tax_total"}  # among fields
REFUNDABLE = "items.refundable"
ITEM_TOTALS = (
    "subtotal", "discount_total", "total", "original_total", "original_tax_total", "tax_total", "raw_discount_total",
)  # fmt: skip
ALLOWED = frozenset({*COLUMNS, "object", *TOTALS, REFUNDABLE} - NOT_NAMED)
EXPANDABLE = frozenset({
    "shipping_address", "fulfillments", "fulfillments.tracking_links", "items", "items.variant", "shipping_methods",
    "shipping_methods.shipping_option", "discounts", "discounts.rule", "customer", "payments", "region",
    "billing_address",
})  # fmt: skip
DEFAULT = frozenset({
    "customer", "discounts", "discounts.rule", "fulfillments", "fulfillments.tracking_links", "items", "payments",
    "region", "shipping_address", "shipping_methods", "shipping_methods.shipping_option",
})  # fmt: skip
COUNTED = frozenset(
    {"discounts", "discounts.rule", "items", "payments", "region", "shipping_methods"}
)  # what totals need
ALWAYS = COUNTED | {"claims", "gift_card_transactions", "gift_cards", "refunds", "swaps"}


@dataclass(frozen=True, slots=True)
class View:
    """
    What is shown of an order: columns, relations, totals in their order, and those of its lines.

    `lines_only` tells that nothing of a line is shown but its totals.
    """

    columns: tuple[str, ...]
    relations: frozenset[str]
    with_object: bool = True
    totals: tuple[str, ...] = TOTALS
    item_totals: tuple[str, ...] = (*ITEM_TOTALS, "refundable")
    method_totals: bool = True
    with_product: bool = False
    lines_only: bool = False


def view(asked: Document, by: By) -> View:
    """Return what a query asks to see of an order; raise VendorError for names that may not be asked for, or break the server."""
    fields = None if asked["fields"] is None else chosen_fields(asked["fields"], COLUMNS)
    expand = None if asked["expand"] is None else listed(asked["expand"])
    for names, allowed in ((fields or (), ALLOWED), (expand or (), EXPANDABLE)):
        refuse_fields([name for name in names if name not in allowed])
    named = [name for name in fields or () if name in TOTALS]
    if "object" in (fields or ()) or "gift_card_tax_total" in named or (named and by == "cart"):
        raise unknown_error()
    columns = _columns(fields, by)
    relations = _relations(fields, expand, by)
    if by == "cart" or not (named or REFUNDABLE in (fields or ())):
        return View(columns, relations, with_object=by == "cart" or not fields)
    if by == "lookup":
        return _looked_up(columns, relations, named, has_refundable=REFUNDABLE in (fields or ()))
    if REFUNDABLE in (fields or ()):
        return _with_refundable(columns, relations, named)
    return View(columns, relations, with_object=False, totals=_asked_first(named), with_product=True)


def _columns(fields: list[str] | None, by: By) -> tuple[str, ...]:
    if fields is None:
        return COLUMNS
    more = {"id"} | ({"created_at"} if by == "lookup" else set())
    if not fields and by == "lookup":
        more.add("tax_rate")
    return tuple(name for name in COLUMNS if name in fields or name in more)


def _relations(fields: list[str] | None, expand: list[str] | None, by: By) -> frozenset[str]:
    if expand is None:
        return DEFAULT | ALWAYS if by == "cart" else DEFAULT
    if by == "cart":
        return ALWAYS | frozenset(expand)
    if not expand:
        return COUNTED
    found = frozenset(expand)
    if fields is not None and not set(COLUMNS) <= set(fields):
        return found
    return found | {"items"} | ({"discounts.rule"} if "discounts" in found else frozenset())  # all is loaded for these


def _looked_up(
    columns: tuple[str, ...], relations: frozenset[str], named: Iterable[str], *, has_refundable: bool
) -> View:
    """Return what the look-up shows where totals are among the fields: those alone."""
    wanted = sorted(_with_card_tax(named))
    lines = ITEM_TOTALS if {"total", "subtotal"} & set(wanted) else ()
    return View(
        columns,
        relations,
        with_object=False,
        totals=tuple(wanted),
        item_totals=("refundable",) if has_refundable else lines,
        method_totals=False,
        with_product=True,
    )


def _with_refundable(columns: tuple[str, ...], relations: frozenset[str], named: list[str]) -> View:
    """Return what reading by id shows where what can be given back for each line is among the fields."""
    if "items" not in {name.partition(".")[0] for name in relations}:
        lines: tuple[str, ...] = ("refundable",)
        relations |= {"items"}
        return View(columns, relations, False, _asked_first(named), lines, with_product=True, lines_only=True)  # noqa: FBT003
    lines = ("refundable", *ITEM_TOTALS[:-1])
    return View(columns, relations, with_object=False, totals=_asked_first(named), item_totals=lines, with_product=True)


def _asked_first(named: Iterable[str]) -> tuple[str, ...]:
    """Return all totals, those that were asked for in front."""
    return tuple(dict.fromkeys([*_with_card_tax(named), *TOTALS]))


def _with_card_tax(named: Iterable[str]) -> list[str]:
    """Return names of totals, the tax on gift cards behind what they pay."""
    found: list[str] = []
    for name in named:
        found += [name, "gift_card_tax_total"] if name == "gift_card_total" else [name]
    return found
