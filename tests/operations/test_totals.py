"""What a cart comes to: numbers in, numbers out (tests/facts/carts.md 10)."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.operations.shared import totals
from mockserver.operations.shared.totals import Card

AMOUNTS = st.integers(0, 100_000)
RATES = st.lists(st.one_of(st.none(), st.floats(0, 40).map(lambda rate: round(rate, 2))), max_size=2)
LINES = st.lists(st.tuples(AMOUNTS, st.integers(1, 50), RATES), max_size=5)
VALUES = st.integers(0, 500_000)


@pytest.mark.parametrize(
    ("amount", "rates", "tax"),
    [(3650, [25], 913), (4150, [8.875], 368), (1200, [8.875], 107), (3600, [7.5, 1.25], 315), (100, [None], 0)],
)
def test_tax_is_rounded_half_up(amount: int, rates: Sequence[float | None], tax: int) -> None:
    """Each rate by itself, as the real server was seen to do it."""
    assert tax == totals.tax(amount, rates)


def test_a_fixed_discount_is_spread_by_what_lines_cost() -> None:
    """The shares are fractions, as recorded; what they come to is shown rounded."""
    shares = totals.shares(1000, [4150, 1200], 5350)

    assert [775.7009345794393, 224.29906542056074] == shares
    assert [776, 224] == [totals.line(amount, 1, share, [])["discount_total"] for amount, share in zip((4150, 1200), shares, strict=True)]  # fmt: skip


def test_a_line_says_what_it_would_be_without_its_discount() -> None:
    """Its key order is the real server's."""
    line = totals.line(1000, 2, 150.5, [10])

    assert {
        "subtotal": 2000, "discount_total": 151, "total": 2034, "original_total": 2200, "original_tax_total": 200,
        "tax_total": 185, "raw_discount_total": 150.5,
    } == line  # fmt: skip
    assert ["subtotal", "discount_total", "total"] == list(line)[:3]


def test_gift_cards_are_used_one_after_the_other() -> None:
    """They do not pay taxes; each has a tax of its own where it says so."""
    whole = totals.whole(
        [totals.line(1000, 1, 0, [10])], [totals.method(500, [10])], [Card(700), Card(5000, 20), Card(10)]
    )

    assert (1500, 300, 10) == (whole["gift_card_total"], whole["gift_card_tax_total"], totals.rounded(9.5))
    assert 150 - 300 == whole["total"]
    assert [700, 800, 0] == totals.spread(1500, [Card(700), Card(5000, 20), Card(10)])


@given(
    lines=LINES,
    value=VALUES,
    methods=st.lists(st.tuples(AMOUNTS, RATES), max_size=2),
    cards=st.lists(AMOUNTS, max_size=3),
)
def test_totals_add_up(
    lines: list[tuple[int, int, list[float | None]]],
    value: int,
    methods: list[tuple[int, list[float | None]]],
    cards: list[int],
) -> None:
    """What is paid is all that it costs, less all that is taken off; nothing is below zero, whatever the discount is."""
    subtotals = [price * quantity for price, quantity, _ in lines]
    shares = totals.shares(value, subtotals, sum(subtotals))
    made = [totals.line(price, quantity, share, rates) for (price, quantity, rates), share in zip(lines, shares, strict=True)]  # fmt: skip
    sent = [totals.method(price, rates) for price, rates in methods]
    whole = totals.whole(made, sent, [Card(balance) for balance in cards])

    assert whole["total"] == (
        whole["subtotal"] - whole["discount_total"] + whole["shipping_total"] + whole["tax_total"] - whole["gift_card_total"]
    )  # fmt: skip
    assert all(number >= 0 for number in whole.values())
    assert whole["discount_total"] == min(value, whole["subtotal"])
    assert all(one["discount_total"] <= one["subtotal"] for one in made)
    assert all(one["total"] == one["subtotal"] - one["discount_total"] + one["tax_total"] for one in made)
    assert whole["gift_card_total"] <= sum(cards)


@given(lines=LINES, order=st.randoms(use_true_random=False), value=VALUES)
def test_the_order_of_lines_does_not_matter(
    lines: list[tuple[int, int, list[float | None]]], order: object, value: int
) -> None:
    """The same goods in another order come to the same."""
    mixed = list(lines)
    order.shuffle(mixed)  # type: ignore[attr-defined]

    def whole(some: list[tuple[int, int, list[float | None]]]) -> totals.Totals:
        subtotals = [price * quantity for price, quantity, _ in some]
        shares = totals.shares(value, subtotals, sum(subtotals))
        found = totals.whole(
            [totals.line(p, q, s, rates) for (p, q, rates), s in zip(some, shares, strict=True)], [], []
        )
        return {**found, "raw_discount_total": round(found["raw_discount_total"], 6)}

    assert whole(lines) == whole(mixed)


@given(price=AMOUNTS, quantity=st.integers(1, 50), value=st.integers(0, 300))
def test_no_discount_takes_off_more_than_a_line_costs(price: int, quantity: int, value: int) -> None:
    """Neither a percentage nor an amount off each."""
    for off in (totals.percentage(price, quantity, value), totals.off_each(price, quantity, value)):
        assert 0 <= off <= price * quantity
