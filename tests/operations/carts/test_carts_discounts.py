"""Discounts and gift cards on a cart (tests/facts/carts.md 5 and 6)."""

from typing import Any

import pytest
from asking import Ask
from operations.checkout import EU, LAMP, NA, Checkout, outcome

TEN = {"id": "disc_10", "code": "TEN"}


def _condition(kind: str, operator: str, *ids: str) -> dict[str, Any]:
    return {"id": f"discon_{kind}", "type": kind, "operator": operator, kind: [{"id": id} for id in ids]}


def _lamps(ask: Ask, **rule: Any) -> tuple[list[float], int]:
    """Return what a discount takes off a mug of 1000 and off two lamps of 2000, and off all."""
    checkout = Checkout(ask, given={"discounts": [{**TEN, "rule": {"id": "dru_10", **rule}}]})
    checkout.add()
    checkout.add(LAMP, quantity=2)
    cart = checkout.post(body={"discounts": [{"code": " ten "}]}).document["cart"]
    return [item["discount_total"] for item in cart["items"]], cart["discount_total"]


@pytest.mark.parametrize(
    ("rule", "off", "total"),
    [
        ({}, [100, 400], 500),
        ({"type": "percentage", "value": 200}, [1000, 4000], 5000),
        ({"type": "fixed", "value": 1000, "allocation": "total"}, [200, 800], 1000),
        ({"type": "fixed", "value": 1500, "allocation": "item"}, [1000, 3000], 4000),
        ({"conditions": [_condition("products", "in", "prod_lamp")]}, [0, 400], 400),
        ({"conditions": [_condition("products", "not_in", "prod_lamp")]}, [100, 0], 100),
        ({"conditions": [_condition("product_tags", "in", "ptag_lamp")]}, [0, 400], 400),
        ({"conditions": [_condition("product_types", "in", "ptyp_mug")]}, [100, 0], 100),
        ({"conditions": [_condition("product_collections", "in", "pcol_1")]}, [0, 0], 0),
        ({"type": "fixed", "value": 500, "conditions": [_condition("products", "in", "prod_mug")]}, [100, 0], 100),
    ],
)
def test_what_a_rule_takes_off(ask: Ask, rule: dict[str, Any], off: list[float], total: int) -> None:
    """Of each line; where a fixed amount is spread over all lines and only some are meant, a part of it is lost."""
    assert (off, total) == _lamps(ask, **rule)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"usage_limit": 1, "usage_count": 1, "is_disabled": True}, "Discount TEN has been used maximum allowed times"),
        ({"starts_at": "2990-01-01T00:00:00.000Z", "ends_at": "2020-01-01T00:00:00.000Z"}, "Discount TEN is not valid yet"),
        ({"ends_at": "2020-01-01T00:00:00.000Z", "is_disabled": True}, "Discount TEN is expired"),
        ({"is_disabled": True, "regions": [{"id": NA}]}, "The discount code TEN is disabled"),
        ({"regions": [{"id": NA}]}, "The discount is not available in current region"),
    ],
)  # fmt: skip
def test_why_it_may_not_be_used(ask: Ask, said: dict[str, Any], message: str) -> None:
    """The first reason of those that Medusa looks at."""
    checkout = Checkout(ask, given={"discounts": [{**TEN, **said}]})

    assert (400, message) == outcome(checkout.post(body={"discounts": [{"code": "TEN"}]}))


def test_it_is_for_a_group_of_customers(ask: Ask) -> None:
    """Neither for nobody, nor for one of another group."""
    rule = {"id": "dru_10", "conditions": [_condition("customer_groups", "in", "cgrp_1")]}
    customers = [
        {"id": "cus_1", "email": "in@example.com", "groups": [{"id": "cgrp_1"}]},
        {"id": "cus_2", "email": "out@example.com", "groups": []},
    ]
    checkout = Checkout(ask, given={"customers": customers, "discounts": [{**TEN, "rule": rule}]})
    checkout.add()
    asked = {"discounts": [{"code": "TEN"}]}
    answers = [
        checkout.post(body=body)
        for body in (asked, {"customer_id": "cus_2", **asked}, {"customer_id": "cus_1", **asked})
    ]

    assert (400, "Discount TEN is only valid for specific customer") == outcome(answers[0])
    assert (400, "Discount TEN is not valid for customer") == outcome(answers[1])
    assert 100 == answers[2].document["cart"]["discount_total"]


def test_one_that_was_made_from_another_holds_where_that_does(ask: Ask) -> None:
    """A dynamic discount has no regions of its own."""
    discounts = [
        {**TEN, "regions": [{"id": EU}]},
        {"id": "disc_2", "code": "TWO", "parent_discount_id": "disc_10", "regions": []},
    ]

    assert 200 == Checkout(ask, given={"discounts": discounts}).post(body={"discounts": [{"code": "two"}]}).status


def test_free_shipping_stands_beside_another(ask: Ask) -> None:
    """The price is back when it goes; of the others only the first by its code is kept."""
    free = {"id": "disc_free", "code": "FREE", "rule": {"type": "free_shipping", "value": 0}}
    checkout = Checkout(ask, given={"discounts": [TEN, free, {"id": "disc_a", "code": "A"}]})
    checkout.add()
    checkout.post("/shipping-methods", {"option_id": checkout.option(is_return=False)["id"]})
    price = checkout.cart()["shipping_total"]
    both = checkout.post(body={"discounts": [{"code": "ten"}, {"code": "free"}, {"code": "a"}]}).document["cart"]
    rest = checkout.delete("/discounts/FREE").document["cart"]
    none = checkout.post(body={"discounts": []}).document["cart"]

    assert (["A", "FREE"], 0, 100) == (sorted(one["code"] for one in both["discounts"]), both["shipping_total"], both["discount_total"])  # fmt: skip
    assert (price, ["A"]) == (rest["shipping_total"], [one["code"] for one in rest["discounts"]])
    assert price > 0
    assert (0, []) == (none["discount_total"], none["discounts"])


def test_what_a_line_lost_goes_with_it(ask: Ask) -> None:
    """A line that is taken out takes its adjustments along; one whose variant is gone is still in the cart."""
    checkout = Checkout(ask, given={"discounts": [{**TEN, "rule": {"conditions": [_condition("products", "not_in", "prod_x")]}}]})  # fmt: skip
    item = checkout.add()["items"][0]["id"]
    checkout.add(LAMP)
    checkout.post(body={"discounts": [{"code": "TEN"}]})
    checkout.delete(f"/line-items/{item}")
    checkout.knows(product_variants=[{"id": "variant_lamp", "deleted_at": "2024-01-01T00:00:00.000Z"}])

    assert 300 == checkout.add()["discount_total"]  # the lamp that is gone is none of those that are left out
    assert [2, 1] == [len(checkout.cart()["items"]), len(checkout.cart()["discounts"])]


class TestGiftCards:
    """Gift cards."""

    @pytest.mark.parametrize(
        ("said", "code", "status", "message"),
        [
            ({}, "gift", 404, "Gift card with code: gift was not found"),
            ({"is_disabled": True}, "GIFT", 400, "The gift card is disabled"),
            ({"region_id": NA}, "GIFT", 400, "The gift card cannot be used in the current region"),
        ],
    )
    def test_which_are_refused(self, ask: Ask, said: dict[str, Any], code: str, status: int, message: str) -> None:
        """Codes are taken letter by letter."""
        checkout = Checkout(ask, given={"gift_cards": [{"id": "gift_1", "code": "GIFT", **said}]})

        assert (status, message) == outcome(checkout.post(body={"gift_cards": [{"code": code}]}))

    def test_one_that_has_a_tax_rate_pays_less(self, ask: Ask) -> None:
        """An expired one is taken all the same; once, though it be named twice."""
        card = {"id": "gift_1", "code": "GIFT", "value": 400, "tax_rate": 25, "ends_at": "2020-01-01T00:00:00.000Z"}
        checkout = Checkout(ask, given={"gift_cards": [card]})
        checkout.add()
        cart = checkout.post(body={"gift_cards": [{"code": "GIFT"}, {"code": "GIFT"}]}).document["cart"]

        assert (400, 100, 500) == (cart["gift_card_total"], cart["gift_card_tax_total"], cart["total"])
        assert [400] == [one["balance"] for one in cart["gift_cards"]]


def test_what_is_given_again_keeps_what_it_had(ask: Ask) -> None:
    """A discount and a gift card that are there already are only changed where something is said."""
    given = {
        "discounts": [{**TEN, "regions": [{"id": EU}]}],
        "gift_cards": [{"id": "gift_1", "code": "GIFT", "balance": 30}],
    }
    checkout = Checkout(ask, given=given)
    checkout.knows(discounts=[{"id": "disc_10", "usage_count": 3}], gift_cards=[{"id": "gift_1", "is_disabled": True}])
    shown = checkout.post(body={"discounts": [{"code": "TEN"}]}).document["cart"]["discounts"][0]
    card = checkout.ask("GET", "/store/gift-cards/GIFT").document["gift_card"]

    assert (3, 10) == (shown["usage_count"], shown["rule"]["value"])
    assert (30, 30) == (card["value"], card["balance"])
