"""The list of a customer's orders: what a query may ask (tests/facts/customers.md 7)."""

import pytest
from asking import Ask, in_scenario
from operations.customers import ME, Visitor

ORDERS = f"{ME}/orders"
STATUSES = "pending, completed, archived, canceled, requires_action"
GIVEN = {
    "customers": [
        {
            "id": "cus_ada",
            "email": "ada@example.com",
            "password": "secret",
            "first_name": "Ada",
            "last_name": None,
            "phone": "555-0199",
            "orders": [
                {"id": "order_1", "display_id": 1, "email": "ada@example.com", "currency_code": "eur", "created_at": "2023-01-01T00:00:00.000Z", "cart_id": "cart_1"},
                {"id": "order_2", "display_id": 2, "email": "old@example.com", "currency_code": "usd", "created_at": "2024-01-01T00:00:00.000Z", "status": "canceled", "tax_rate": 7, "canceled_at": "2024-01-02T00:00:00.000Z", "shipping_address": {"id": "addr_1", "first_name": "Zoe", "last_name": "Quist"}},
                {"id": "order_3", "display_id": 3, "email": "ada@example.com", "currency_code": "usd", "created_at": "2024-01-01T00:00:00.000Z", "status": "completed", "payment_status": "captured", "shipping_address": {"id": "addr_2", "first_name": "Bo"}},
            ],
        },
        {"id": "cus_eve", "email": "eve@example.com", "orders": [{"id": "order_4", "email": "ada@example.com"}]},
    ]
}  # fmt: skip


@pytest.fixture
def ada(ask: Ask) -> Visitor:
    """Return Ada, who has three orders."""
    return Visitor(in_scenario(ask, {"shopper": "ada@example.com", "given": GIVEN}))


def found(ada: Visitor, query: str) -> list[int]:
    """Return the numbers of the orders that a query finds."""
    answer = ada.ask("GET", ORDERS, None, query)
    assert 200 == answer.status, answer.document
    return [order["display_id"] for order in answer.document["orders"]]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [3, 2, 1]),
        ("limit=1&offset=1", [2]),
        ("limit=0", [3, 2, 1]),
        ("limit=&offset=", [3, 2, 1]),
        ("limit=1.5", [3, 2]),
        ("status=canceled", [2]),
        ("status[]=canceled&status[]=pending", [2, 1]),
        ("payment_status=captured", [3]),
        ("fulfillment_status=shipped", []),
        ("id=order_2", [2]),
        ("cart_id=cart_1", [1]),
        ("email=ada@example.com", [3, 1]),
        ("email=ADA@example.com", []),
        ("display_id=%202", [2]),
        ("tax_rate=7e0", [2]),
        ("currency_code=usd&status=completed", [3]),
        ("created_at[lt]=2024-01-01", [1]),
        ("canceled_at[gt]=2020-01-01", [2]),
        ("q=zo", [2]),
        ("q=quist", []),
        ("q=0199", [3, 2]),
        ("q=ada@", [3]),
        ("q=3", [3]),
        ("q=%25&email=x&display_id=99", [3, 2]),
    ],
)
def test_which_orders_are_found(ada: Visitor, query: str, numbers: list[int]) -> None:
    """Those made last come first; `q` looks where an order was sent, and filters are all to fit."""
    assert numbers == found(ada, query)


def test_a_page_says_how_many_there_are(ada: Visitor) -> None:
    """With what was asked for."""
    answer = ada.ask("GET", ORDERS, None, "limit=1&offset=2").document

    assert (["orders", "count", "offset", "limit"], 3, 2, 1) == (
        list(answer),
        answer["count"],
        answer["offset"],
        answer["limit"],
    )


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("order=created_at&limit=abc", "property order should not exist, limit must be a number conforming to the specified constraints"),
        ("status=pending,canceled", f"each value in status must be one of the following values: {STATUSES}"),
        ("status[a]=pending", f"each value in status must be one of the following values: {STATUSES}"),
        ("q[]=a&id[]=b", "id must be a string, q must be a string"),
        ("created_at=2020-01-01", "nested property created_at must be either object or array"),
    ],
)  # fmt: skip
def test_what_a_query_may_not_say(ada: Visitor, query: str, text: str) -> None:
    """All that is wrong is said at once."""
    assert (400, text) == ada.said("GET", ORDERS, None, query)


@pytest.mark.parametrize(
    "query",
    [
        "limit=-1", "offset=9223372036854775808", "display_id=abc", "display_id=", "display_id=1.5", "display_id=1_0",
        "display_id=2147483648", "tax_rate=", "tax_rate=1_0", "q=", "id=%00", "q=%00", "fields=foo", "expand=foo",
        "fields=item_tax_total",
    ],
)  # fmt: skip
def test_what_breaks_the_server(ada: Visitor, query: str) -> None:
    """The database takes it for nothing."""
    assert (500, "An unknown error occurred.") == ada.said("GET", ORDERS, None, query)


def test_fields_and_relations_are_chosen(ada: Visitor) -> None:
    """Some are always there; what is searched is shown, whatever was asked for."""
    shown = ada.ask("GET", ORDERS, None, "fields=email&expand=&id=order_2").document["orders"][0]
    searched = ada.ask("GET", ORDERS, None, "fields=email&expand=&q=zoe").document["orders"][0]

    assert ["object", "id", "created_at", "email", "tax_rate"] == list(shown)[:5]
    assert "customer" not in shown
    assert ("Zoe", "cus_ada") == (searched["shipping_address"]["first_name"], searched["customer"]["id"])


def test_a_stranger_has_no_orders(ask: Ask) -> None:
    """Whatever the query."""
    assert 401 == ask("GET", f"{ORDERS}?foo=1").status
