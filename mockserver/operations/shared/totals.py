"""
What a cart or an order comes to: numbers in, numbers out, in minor units (tests/facts/carts.md 6).

Discounts may be fractions (a share of a fixed amount); they are rounded where they are shown, halves up. Tax is worked out for
each rate of each line by itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import floor
from typing import Any

Number = int | float
Totals = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Card:
    """A gift card: what is left on it, and the tax on what it pays (percent), where it has one of its own."""

    balance: int
    tax_rate: Number | None = None


def rounded(number: Number) -> int:
    """Return a number without its fraction as JavaScript rounds, halves up."""
    return floor(number + 0.5)


def plain(number: Number) -> Number:
    """Return a number as JavaScript keeps it, where 1.0 is 1."""
    return int(number) if number == int(number) else number


def tax(amount: Number, rates: Iterable[Number | None]) -> int:
    """Return the tax on an amount, each rate (percent) by itself."""
    return sum(rounded(amount * ((rate or 0) / 100)) for rate in rates)


def line(unit_price: int, quantity: int, discount: Number, rates: Sequence[Number | None]) -> Totals:
    """Return the totals of a line item; `discount` is the sum of its adjustments."""
    subtotal = unit_price * quantity
    off = rounded(discount)
    taxed, original = tax(subtotal - discount, rates), tax(subtotal, rates)
    return {
        "subtotal": subtotal,
        "discount_total": off,
        "total": subtotal - off + taxed,
        "original_total": subtotal + original,
        "original_tax_total": original,
        "tax_total": taxed,
        "raw_discount_total": plain(discount),
    }


def method(price: int, rates: Sequence[Number | None]) -> Totals:
    """Return the totals of a shipping method."""
    taxed = tax(price, rates)
    total = price + taxed
    return {"original_total": total, "total": total, "subtotal": price, "original_tax_total": taxed, "tax_total": taxed}


def whole(lines: Iterable[Mapping[str, Any]], methods: Iterable[Mapping[str, Any]], cards: Iterable[Card]) -> Totals:
    """Return the totals of all lines, shipping methods and gift cards (which are used up one after the other)."""
    lines, methods = list(lines), list(methods)
    subtotal = sum(one["subtotal"] for one in lines)
    raw = sum(one["raw_discount_total"] for one in lines)
    item_tax = sum(one["tax_total"] for one in lines)
    shipping = sum(one["subtotal"] for one in methods)
    shipping_tax = sum(one["tax_total"] for one in methods)
    payable = subtotal - rounded(raw) + shipping
    cards = list(cards)
    paid, paid_tax = sum(spread(payable, cards)), tax_on(payable, cards)
    return {
        "subtotal": subtotal,
        "discount_total": rounded(raw),
        "item_tax_total": item_tax,
        "shipping_total": shipping,
        "shipping_tax_total": shipping_tax,
        "tax_total": item_tax + shipping_tax,
        "raw_discount_total": plain(raw),
        "gift_card_total": paid,
        "gift_card_tax_total": paid_tax,
        "total": payable + item_tax + shipping_tax - paid - paid_tax,
    }


def spread(amount: int, cards: Iterable[Card]) -> list[int]:
    """Return what each gift card pays of an amount."""
    used = []
    for card in cards:
        used.append(min(card.balance, amount))
        amount -= used[-1]
    return used


def tax_on(amount: int, cards: Iterable[Card]) -> int:
    """Return the tax on what gift cards pay of an amount: those that have one share it as if there were no others (tests/facts/carts.md 6)."""
    taxed = [card for card in cards if card.tax_rate]
    return sum(
        rounded(part * ((card.tax_rate or 0) / 100)) for card, part in zip(taxed, spread(amount, taxed), strict=True)
    )


def shares(value: Number, subtotals: Sequence[int], of: int) -> list[Number]:
    """Return what each line gets of a fixed discount over `of`, the subtotal of all that it is spread over."""
    rest = min(value, of)
    return [plain(rest * (subtotal / of)) if of else 0 for subtotal in subtotals]


def percentage(unit_price: int, quantity: int, value: Number) -> int:
    """Return what a percentage takes off a line, at most all of it."""
    subtotal = unit_price * quantity
    return min(subtotal, rounded(subtotal / 100 * value))


def off_each(unit_price: int, quantity: int, value: Number) -> Number:
    """Return what a fixed amount off each item takes off a line, at most all of it."""
    return min(unit_price * quantity, plain(value * quantity))
