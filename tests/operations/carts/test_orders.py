"""Orders as they are read: by id, by cart, by number and e-mail (tests/facts/orders.md 2 and 3)."""

from typing import Any

import pytest
from asking import Ask
from operations.checkout import Checkout, outcome
from operations.shop import UNKNOWN

TOTALS = (
    "subtotal", "discount_total", "shipping_total", "refunded_total", "paid_total", "refundable_amount",
    "item_tax_total", "shipping_tax_total", "tax_total", "gift_card_total", "gift_card_tax_total", "total",
)  # fmt: skip


@pytest.fixture
def checkout(ask: Ask) -> Checkout:
    """Return a shopper who has ordered two mugs, with ten percent off."""
    checkout = Checkout(ask, given={"discounts": [{"id": "disc_1", "code": "TEN"}]})
    checkout.add(quantity=2)
    checkout.post("/shipping-methods", {"option_id": checkout.option(is_return=False)["id"]})
    checkout.post(body={"discounts": [{"code": "TEN"}]})
    checkout.pays()
    checkout.order()
    return checkout


def _read(checkout: Checkout, by: str, query: str = "") -> Any:
    """Return an order by `id`, by `cart`, or by `lookup`; or the whole answer where there is none."""
    id = checkout.ask("GET", f"/store/orders/cart/{checkout.id}").document["order"]["id"]
    path = {"id": f"/store/orders/{id}", "cart": f"/store/orders/cart/{checkout.id}", "lookup": "/store/orders"}[by]
    known = "display_id=1&email=ada@example.com&" if by == "lookup" else ""
    answer = checkout.ask("GET", path, None, known + query)
    return answer.document["order"] if answer.status == 200 else answer


@pytest.mark.parametrize(
    ("by", "query", "keys"),
    [
        ("id", "fields=email", "id email customer discounts fulfillments items payments region shipping_address shipping_methods <totals>"),
        ("id", "fields=total,gift_card_total&expand=items", "id items total gift_card_total gift_card_tax_total"),
        ("id", "expand=", "object <columns> discounts items payments region shipping_methods <totals>"),
        ("id", "expand=discounts", "object <columns> discounts items <totals>"),
        ("id", "fields=email&expand=discounts", "id email discounts <totals>"),
        ("id", "fields=items.refundable&expand=items", "id items <totals>"),
        ("id", "fields=items.refundable&expand=region", "id items region <totals>"),
        ("lookup", "fields=&expand=region", "object id created_at tax_rate region <totals>"),
        ("lookup", "fields=items.refundable&expand=items", "id created_at items"),
        ("lookup", "fields=total,discount_total&expand=items", "id created_at items discount_total total"),
        ("cart", "fields=items.refundable&expand=customer", "object id claims customer discounts gift_card_transactions gift_cards items payments refunds region shipping_methods swaps <totals>"),
    ],
)  # fmt: skip
def test_what_is_asked_for_is_shown(checkout: Checkout, by: str, query: str, keys: str) -> None:
    """Three operations, three ways of their own."""
    columns = "id created_at status fulfillment_status payment_status display_id cart_id customer_id email region_id currency_code tax_rate"
    wanted = keys.replace("<columns>", columns).replace("<totals>", " ".join(TOTALS)).split()

    assert wanted == list(_read(checkout, by, query))[: len(wanted)]


def test_the_rule_of_a_discount_comes_with_all_that_is_loaded(checkout: Checkout) -> None:
    """Not where only some columns are asked for."""
    shown = [
        "rule" in _read(checkout, "id", f"{fields}expand=discounts")["discounts"][0] for fields in ("", "fields=email&")
    ]

    assert [True, False] == shown


@pytest.mark.parametrize(
    ("by", "query", "keys"),
    [
        ("id", "fields=items.refundable", ["refundable", "subtotal", "discount_total", "total", "original_total", "original_tax_total", "tax_total"]),
        ("lookup", "fields=items.refundable", ["refundable"]),
        ("lookup", "fields=paid_total", []),
    ],
)  # fmt: skip
def test_lines_have_the_totals_that_were_asked_for(checkout: Checkout, by: str, query: str, keys: list[str]) -> None:
    """Behind the variant, which then has its product."""
    item = _read(checkout, by, query)["items"][0]
    names = list(item)

    assert keys == names[names.index("variant") + 1 :]
    assert "product" in item["variant"]


def test_what_is_left_can_be_given_back(checkout: Checkout) -> None:
    """Less for what came back already, and for what was refunded."""
    order = _read(checkout, "id")
    checkout.knows(
        line_items=[{"id": order["items"][0]["id"], "returned_quantity": 1}],
        refunds=[{"id": "ref_1", "order_id": order["id"], "amount": 300}],
    )
    after = _read(checkout, "cart")

    assert (1800, 900) == (order["items"][0]["refundable"], after["items"][0]["refundable"])
    assert (300, after["paid_total"] - 300) == (after["refunded_total"], after["refundable_amount"])
    assert ["ref_1"] == [one["id"] for one in after["refunds"]]


def test_what_a_merchant_did_is_shown(checkout: Checkout) -> None:
    """Fulfillments with their links where those are asked for, swaps with the goods that go out."""
    order = _read(checkout, "id")
    item = order["items"][0]["id"]
    link = {"id": "tlink_1", "tracking_number": "T1"}
    fulfillment = {
        "id": "ful_1", "order_id": order["id"], "tracking_links": [link], "items": [{"item_id": item, "quantity": 2}],
    }  # fmt: skip
    line = {"id": "item_9", "title": "Lamp", "unit_price": 2000, "quantity": 1, "variant_id": None, "adjustments": [], "tax_lines": []}  # fmt: skip
    swap = {"id": "swap_1", "order_id": order["id"], "additional_items": [line]}
    checkout.knows(fulfillments=[fulfillment], swaps=[swap])
    whole = _read(checkout, "cart")
    bare = _read(checkout, "id", "expand=fulfillments")

    assert ["T1"] == [one["tracking_number"] for one in whole["fulfillments"][0]["tracking_links"]]
    assert [{"fulfillment_id": "ful_1", "item_id": item, "quantity": 2}] == whole["fulfillments"][0]["items"]
    assert "tracking_links" not in bare["fulfillments"][0]
    assert ["Lamp"] == [one["title"] for one in whole["swaps"][0]["additional_items"]]


@pytest.mark.parametrize("by", ["id", "cart", "lookup"])
@pytest.mark.parametrize(
    ("query", "status", "message"),
    [
        ("fields=foo,bar&expand=foo", 400, "Requested fields [foo, bar] are not valid"),
        ("expand=items.variant.product", 400, "Requested fields [items.variant.product] are not valid"),
        ("foo=1", 400, "property foo should not exist"),
        ("fields=object", 500, UNKNOWN["message"]),
        ("fields=gift_card_tax_total", 500, UNKNOWN["message"]),
    ],
)
def test_what_may_not_be_asked_for(checkout: Checkout, by: str, query: str, status: int, message: str) -> None:
    """400 for most of it, and 500 for names that are let through."""
    assert (status, message) == outcome(_read(checkout, by, query))


def test_totals_break_reading_by_cart(checkout: Checkout) -> None:
    """500."""
    assert 500 == _read(checkout, "cart", "fields=total").status


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "display_id must be a number conforming to the specified constraints, email must be an email"),
        ("foo=1&display_id=x&email=a@b.de", "property foo should not exist, display_id must be a number conforming to the specified constraints"),
        ("display_id=1&email=a@b.de&shipping_address=x", "nested property shipping_address must be either object or array"),
        ("display_id=1&email=a@b.de&shipping_address[city]=x", "property city should not exist"),
    ],
)  # fmt: skip
def test_the_look_up_is_checked(checkout: Checkout, query: str, message: str) -> None:
    """400 with Medusa's own words."""
    assert (400, message) == outcome(checkout.ask("GET", "/store/orders", None, query))


@pytest.mark.parametrize(
    ("number", "status"),
    [("1", 200), ("0x1", 200), ("2", 404), ("", 404), ("-1", 404), ("1.5", 500), ("99999999999", 500)],
)
def test_the_look_up_finds_by_number_and_email(checkout: Checkout, number: str, status: int) -> None:
    """Number as JavaScript reads it; the postal code means nothing; what is not found is a text."""
    query = f"display_id={number}&email=ada@example.com&shipping_address[postal_code]=0"
    answer = checkout.ask("GET", "/store/orders", None, query)

    assert status == answer.status
    assert status != 404 or answer.document == "Not Found"


def test_what_is_not_there_is_not_found(checkout: Checkout) -> None:
    """404 by id and by cart; what no database takes is a 500."""
    assert (404, "Order with id nope was not found") == outcome(checkout.ask("GET", "/store/orders/nope"))
    for fields in ("total", "email,items.refundable"):  # then another function of the real server looks for it
        asked = checkout.ask("GET", "/store/orders/nope", None, f"fields={fields}")
        assert (404, "Order with id: nope was not found") == outcome(asked)
    assert (404, "Order with cart id nope was not found") == outcome(checkout.ask("GET", "/store/orders/cart/nope"))
    assert UNKNOWN == checkout.ask("GET", "/store/orders/cart/%00").document
