"""Carts of whoever is logged in, and the orders that they become (tests/facts/customers.md 7 and 10)."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from asking import Ask, ask_of, at
from operations.customers import ADA, ME, Visitor

from mockserver import Settings, create_app

SEED = Path(__file__).parent.parent / "conformance" / "journeys" / "seed.json"
ORDERS = f"{ME}/orders"
GONE = "Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJjdXN0b21lcl9pZCI6ImN1c18wMUhaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWiIsImRvbWFpbiI6InN0b3JlIn0.jsyFJw2YwFh5QEYIXFt_NRtdL5Xg5E42woynBufbw2k"


@cache
def asking() -> Ask:
    """Return what asks a mock with products, which all tests of this file share."""
    return ask_of(create_app(Settings(data=SEED)))


@pytest.fixture
def shop(request: pytest.FixtureRequest) -> Ask:
    """Return what asks in a sandbox of the test's own."""
    return at(asking(), f"/~{sandbox_of(request)}")


def sandbox_of(request: pytest.FixtureRequest) -> str:
    """Return the name of a test's sandbox."""
    return sha256(request.node.name.encode()).hexdigest()[:16]


@pytest.fixture
def ada(shop: Ask) -> Visitor:
    """Return Ada, who has registered just now."""
    visitor = Visitor(shop)
    visitor.register()
    return visitor


def cart_of(visitor: Visitor) -> dict[str, Any]:
    """Return a new cart with one thing in it."""
    (product,) = visitor.ask("GET", "/store/products?handle=coffee-mug").document["products"]
    regions = visitor.ask("GET", "/store/regions").document["regions"]
    region = next(one["id"] for one in regions if one["currency_code"] == "usd")
    items = [{"variant_id": product["variants"][0]["id"], "quantity": 2}]
    answer = visitor.ask("POST", "/store/carts", {"region_id": region, "items": items})
    assert 200 == answer.status, answer.document
    return dict(answer.document["cart"])


def order_of(visitor: Visitor) -> dict[str, Any]:
    """Return the order that such a cart becomes, sent to Ada's address."""
    cart = cart_of(visitor)["id"]
    address = {
        "first_name": "Zoe",
        "last_name": "L",
        "address_1": "1",
        "city": "X",
        "country_code": "us",
        "postal_code": "1",
    }
    visitor.ask("POST", f"/store/carts/{cart}", {"shipping_address": address})
    visitor.ask("POST", f"/store/carts/{cart}/payment-sessions")
    visitor.ask("POST", f"/store/carts/{cart}/payment-session", {"provider_id": "manual"})
    answer = visitor.ask("POST", f"/store/carts/{cart}/complete")
    assert 200 == answer.status, answer.document
    return dict(answer.document["data"])


def test_a_cart_is_whose_it_is(ada: Visitor) -> None:
    """From the start; and whoever is logged in and looks at a stranger's, or changes it, has it from then on."""
    ada.register(email="b@example.com")
    stranger = ada.other()
    cart = cart_of(stranger)
    assert (None, None) == (cart["customer_id"], cart["email"])
    path = f"/store/carts/{cart['id']}"
    assert None is stranger.ask("GET", path).document["cart"]["email"]

    assert "b@example.com" == ada.ask("GET", path).document["cart"]["email"]
    stranger.ask("POST", path, {"email": "guest@example.com"})
    changed = ada.ask("POST", path, {"email": "other@example.com", "customer_id": "cus_nobody"}).document["cart"]
    assert "b@example.com" == changed["email"] == cart_of(ada)["email"]


def test_nobody_who_is_gone_makes_a_cart(shop: Ask) -> None:
    """A token of a customer who is not stored."""
    answer = shop("POST", "/store/carts", {}, authorization=GONE)

    assert (404, "Customer with id: cus_01HZZZZZZZZZZZZZZZZZZZZZZZ was not found") == (
        answer.status,
        answer.document["message"],
    )


def test_an_order_is_placed_listed_and_told(ada: Visitor, request: pytest.FixtureRequest) -> None:
    """With all totals, until some are named."""
    order = order_of(ada)
    (listed,) = ada.ask("GET", ORDERS).document["orders"]
    told = asking()("GET", f"/__mock/outbox?sandbox={sandbox_of(request)}&event=order.*").document["messages"]

    assert (order["id"], order["total"]) == (listed["id"], listed["total"])
    assert ["gift_card_tax_total", "raw_discount_total", "total"] == list(listed)[-3:]
    assert "refundable" in listed["items"][0]
    assert [("order.placed", {"id": order["id"], "no_notification": None})] == [
        (one["event"], one["data"]) for one in told
    ]
    assert [order["id"]] == [one["id"] for one in ada.ask("GET", "/store/auth").document["customer"]["orders"]]


def test_what_is_shown_of_orders(ada: Visitor) -> None:
    """Some totals, some relations, in the real server's order."""
    order_of(ada)

    def seen(query: str) -> dict[str, Any]:
        answer = ada.ask("GET", ORDERS, None, query)
        assert 200 == answer.status, answer.document
        return dict(answer.document["orders"][0])

    named = seen("fields=display_id,gift_card_total,subtotal&expand=")
    assert ["object", "id", "created_at", "display_id", "tax_rate", "claims"] == list(named)[:6]
    assert ["swaps", "gift_card_total", "gift_card_tax_total", "subtotal"] == list(named)[-4:]
    assert ("raw_discount_total", "product") == (list(named["items"][0])[-1], list(named["items"][0]["variant"])[-1])
    refundable = seen("fields=items.refundable&expand=")
    assert ("swaps", "refundable") == (list(refundable)[-1], list(refundable["items"][0])[-1])
    assert "subtotal" not in seen("fields=paid_total&expand=")["items"][0]
    more = seen("fields=id,region.name,customer&expand=sales_channel,customer,edits")
    names = list(more)
    assert names.index("customer") < names.index("discounts") < names.index("edits") < names.index("sales_channel")
    assert names.index("sales_channel") < names.index("shipping_methods") < names.index("subtotal")
    searched = seen("q=zoe&expand=&fields=updated_at")
    assert ("Zoe", ADA["email"]) == (searched["shipping_address"]["first_name"], searched["customer"]["email"])
    assert "updated_at" in searched


@pytest.mark.parametrize(
    "query",
    [
        "fields=foo",
        "fields=object",
        "fields=raw_discount_total",
        "expand=foo",
        "expand=customer.foo",
        "expand=payments.foo",
    ],
)
def test_names_that_break_the_server(ada: Visitor, query: str) -> None:
    """Columns and relations that there are not, and totals that cannot be named."""
    assert 500 == ada.ask("GET", ORDERS, None, query).status


def test_whoever_is_logged_in_has_the_cart_that_she_looks_at(shop: Ask, ada: Visitor) -> None:
    """A guest's too, with her e-mail, at her prices; and each time its lines forget that they are sent, as on the real server."""
    guest = Visitor(shop)
    cart = cart_of(guest)["id"]
    guest.ask("POST", f"/store/carts/{cart}", {"email": "zoe@example.com", "shipping_address": {"country_code": "us"}})
    option = guest.ask("GET", f"/store/shipping-options/{cart}").document["shipping_options"][0]["id"]

    def sent(answer: Any) -> list[bool]:
        return [item["has_shipping"] for item in answer.document["cart"]["items"]]

    chosen = guest.ask("POST", f"/store/carts/{cart}/shipping-methods", {"option_id": option})
    looked = ada.ask("GET", f"/store/carts/{cart}")
    again = ada.ask("POST", f"/store/carts/{cart}/shipping-methods", {"option_id": option})

    assert ([True], [False], [True]) == (sent(chosen), sent(looked), sent(again))
    assert ADA["email"] == looked.document["cart"]["email"]
    assert [False] == sent(ada.ask("GET", f"/store/carts/{cart}"))
