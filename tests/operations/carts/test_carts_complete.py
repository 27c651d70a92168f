"""A cart that is completed, in every outcome, and the order that it becomes (tests/facts/carts.md 9)."""

from typing import Any

import pytest
from asking import Ask
from operations.checkout import EU, LAMP, MUG, Checkout, outcome
from operations.shop import UNKNOWN

Rule = dict[str, Any]


def _ready(ask: Ask, given: Rule | None = None, **authorize: Any) -> Checkout:
    """Return a shopper who only has to complete; `authorize` is what `manual` answers."""
    checkout = Checkout(ask, given=given, providers={"manual": {"authorize": authorize}} if authorize else {})
    checkout.add(quantity=2)
    checkout.pays()
    return checkout


def test_all_that_is_bought_is_stored(ask: Ask) -> None:
    """The order, its payment, the stock, the cart; a second time answers the same order."""
    checkout = _ready(ask)
    order = checkout.order()
    cart = checkout.cart()

    assert ("order", 1, "awaiting", 2000, 2000) == tuple(
        order[name] for name in ("object", "display_id", "payment_status", "paid_total", "total")
    )
    assert 98 == order["items"][0]["variant"]["inventory_quantity"]
    assert (order["id"], order["payments"][0]["id"]) == (cart["items"][0]["order_id"], cart["payment_id"])
    assert cart["completed_at"] is not None
    assert order == checkout.order()


def test_orders_are_counted(ask: Ask) -> None:
    """From one in each sandbox."""
    checkout = _ready(ask)
    first = checkout.order()["display_id"]
    checkout.id = checkout.made(region_id=EU)["id"]
    checkout.add()
    checkout.pays()

    assert [1, 2] == [first, checkout.order()["display_id"]]


@pytest.mark.parametrize(
    ("rule", "status", "message", "session"),
    [
        ({"status": "error"}, 400, "Cart payment not authorized", "error"),
        ({"status": "canceled"}, 400, "Cart payment not authorized", "canceled"),
        ({"error": "Declined.", "code": "card_declined"}, 400, "Declined.", "pending"),
        ({"throws": "Error"}, 500, UNKNOWN["message"], "pending"),
        ({"status": "lost", "off_contract": True}, 500, UNKNOWN["message"], "pending"),
    ],
)
def test_a_provider_that_does_not_authorize(ask: Ask, rule: Rule, status: int, message: str, session: str) -> None:
    """What it says is stored, what it fails at is not; the next try asks it again."""
    checkout = _ready(ask, **rule)

    assert [(status, message)] * 2 == [outcome(checkout.post("/complete")) for _ in range(2)]
    assert session == checkout.cart()["payment_session"]["status"]


def test_a_conflict_is_reported_and_the_answer_stored_all_the_same(ask: Ask) -> None:
    """409; the cart is not completed."""
    checkout = _ready(ask, overlap="conflict")

    assert 409 == checkout.post("/complete").status
    assert ("authorized", None) == (checkout.cart()["payment_session"]["status"], checkout.cart()["completed_at"])


@pytest.mark.parametrize("status", ["requires_more", "pending"])
def test_a_payment_that_wants_more_answers_the_cart(ask: Ask, status: str) -> None:
    """200 without totals; the session remembers, and the next try may go through."""
    checkout = Checkout(ask, providers={"manual": {"authorize": [{"status": status}, {"data": {"done": 1}}]}})
    checkout.add()
    checkout.pays()
    answer = checkout.post("/complete").document
    order = checkout.order()

    assert (status, "cart", status) == (
        answer["payment_status"],
        answer["type"],
        answer["data"]["payment_session"]["status"],
    )
    assert "total" not in answer["data"]
    assert {"done": 1} == order["payments"][0]["data"]


def test_a_payment_has_what_its_provider_retrieves(ask: Ask) -> None:
    """Rather than the session's data."""
    checkout = Checkout(ask, providers={"manual": {"retrieve": {"data": {"id": "pi_1"}}}})
    checkout.add()
    checkout.pays()

    assert {"id": "pi_1"} == checkout.order()["payments"][0]["data"]


class TestShort:
    """Goods that were sold out meanwhile."""

    def test_the_payment_is_canceled(self, ask: Ask) -> None:
        """409 with the item that is short, each time; another payment each time."""
        checkout = _ready(ask)
        checkout.knows(product_variants=[{"id": MUG, "inventory_quantity": 1}])
        answers = [checkout.post("/complete") for _ in range(2)]
        cart = checkout.cart()
        message = f"Variant with id: {MUG} does not have the required inventory"

        assert [409, 409] == [answer.status for answer in answers]
        assert {"errors": [{"message": message, "type": "not_allowed", "code": "insufficient_inventory"}]} == answers[
            1
        ].document
        assert {"status": "canceled"} == cart["payment"]["data"]
        assert (None, "authorized") == (cart["payment_authorized_at"], cart["payment_session"]["status"])

    def test_nothing_was_to_be_paid(self, ask: Ask) -> None:
        """409 all the same, and there is no payment to cancel."""
        card = {"id": "gift_1", "code": "GIFT", "value": 9000}
        checkout = Checkout(ask, given={"gift_cards": [card]})
        checkout.add(quantity=2)
        checkout.post(body={"gift_cards": [{"code": "GIFT"}], "email": "a@example.com"})
        checkout.knows(product_variants=[{"id": MUG, "inventory_quantity": 1}])

        assert 409 == checkout.post("/complete").status
        assert checkout.cart()["payment"] is None

    def test_another_provider_keeps_its_data(self, ask: Ask) -> None:
        """Only manual writes that it was canceled."""
        checkout = Checkout(ask, providers={"pay": {"initiate": {"data": {"a": 1}}}})
        checkout.add(quantity=2)
        checkout.pays("pay")
        checkout.knows(product_variants=[{"id": MUG, "inventory_quantity": 1}])
        checkout.post("/complete")

        assert {"a": 1} == checkout.cart()["payment"]["data"]


class TestMissing:
    """What a cart may lack."""

    def test_goods(self, ask: Ask) -> None:
        """400, though shipping is to be paid: the payment is made, and stands in the way of the next try."""
        checkout = Checkout(ask)
        checkout.post("/shipping-methods", {"option_id": checkout.option(is_return=False)["id"]})
        checkout.pays()

        assert (400, "Cannot create order from empty cart") == outcome(checkout.post("/complete"))
        assert (422, f"Payment with cart_id {checkout.id} already exists.") == outcome(checkout.post("/complete"))

    def test_a_customer(self, ask: Ask) -> None:
        """400 after the payment was made; the cart is lost, whoever says her e-mail then."""
        checkout = Checkout(ask)
        checkout.add()
        checkout.post("/payment-sessions")
        checkout.post("/payment-session", {"provider_id": "manual"})
        first = outcome(checkout.post("/complete"))
        checkout.post(body={"email": "late@example.com"})

        assert (400, "Cannot create an order from the cart without a customer") == first
        assert 422 == checkout.post("/complete").status

    def test_a_payment_of_an_earlier_try_is_taken(self, ask: Ask) -> None:
        """Where the provider that is asked now refuses, what the first one authorized is still there."""
        checkout = Checkout(ask, providers={"pay": {"authorize": {"status": "error"}}})
        checkout.add()
        checkout.post("/payment-sessions")
        checkout.post("/payment-session", {"provider_id": "manual"})
        nobody = checkout.post("/complete")
        checkout.pays("pay")

        assert (400, "Cannot create an order from the cart without a customer") == outcome(nobody)
        assert ["manual"] == [payment["provider_id"] for payment in checkout.order()["payments"]]

    def test_a_session(self, ask: Ask) -> None:
        """400, unless nothing is to be paid."""
        checkout = Checkout(ask)
        checkout.add()

        assert (400, "You cannot complete a cart without a payment session.") == outcome(checkout.post("/complete"))


def test_gift_cards_pay_and_are_used_up(ask: Ask) -> None:
    """One after the other; one that is not needed keeps what it has. The discount is counted a moment later."""
    cards = [{"id": f"gift_{value}", "code": f"G{value}", "value": value} for value in (500, 9000, 70)]
    checkout = Checkout(ask, given={"gift_cards": cards, "discounts": [{"id": "disc_1", "code": "TEN"}]})
    checkout.add()
    codes = [{"code": card["code"]} for card in cards]
    checkout.post(body={"email": "a@example.com", "gift_cards": codes, "discounts": [{"code": "TEN"}]})
    order = checkout.order()
    again = checkout.made()["id"]
    discounts = checkout.ask("POST", f"/store/carts/{again}", {"discounts": [{"code": "TEN"}]}).document["cart"][
        "discounts"
    ]

    assert (900, 0, 0) == (order["gift_card_total"], order["total"], order["paid_total"])
    assert [500, 400] == [one["amount"] for one in order["gift_card_transactions"]]
    assert [(0, True), (8600, False), (70, False)] == [
        (one["balance"], one["is_disabled"]) for one in order["gift_cards"]
    ]
    assert (0, 1) == (order["discounts"][0]["usage_count"], discounts[0]["usage_count"])


class TestAfterwards:
    """A cart that became an order."""

    def test_goods_that_are_sent_stay(self, ask: Ask) -> None:
        """The order's taxes stand in the way: 404, and nothing changes."""
        checkout = Checkout(ask)
        option = {"option_id": checkout.option(is_return=False)["id"]}
        item = checkout.add()["items"][0]["id"]
        checkout.post("/shipping-methods", option)
        checkout.pays()
        checkout.order()
        answers = [
            checkout.post("/line-items", {"variant_id": LAMP, "quantity": 1}),
            checkout.post(f"/line-items/{item}", {"quantity": 5}),
            checkout.delete(f"/line-items/{item}"),
            checkout.post("/shipping-methods", option),
        ]

        assert [(404, "null")] * 4 == [outcome(answer) for answer in answers]
        assert [1] == [one["quantity"] for one in checkout.cart()["items"]]

    def test_without_shipping_its_lines_are_the_orders(self, ask: Ask) -> None:
        """Whoever changes the cart changes the order."""
        checkout = _ready(ask)
        order = checkout.order()
        checkout.post(f"/line-items/{order['items'][0]['id']}", {"quantity": 5})

        assert 5 == checkout.ask("GET", f"/store/orders/{order['id']}").document["order"]["items"][0]["quantity"]


def test_a_line_whose_variant_is_gone_is_bought_all_the_same(ask: Ask) -> None:
    """There is no stock that it could be taken from."""
    checkout = _ready(ask)
    checkout.knows(product_variants=[{"id": MUG, "deleted_at": "2024-01-01T00:00:00.000Z"}])

    assert checkout.order()["items"][0]["variant"] is None


def test_two_lines_of_one_variant_take_what_the_last_one_says(ask: Ask) -> None:
    """As a real server does, which reads the stock before it takes anything."""
    checkout = Checkout(ask)
    checkout.add(quantity=100)
    checkout.add(quantity=60, metadata={"x": 1})
    checkout.pays()

    assert [40, 40] == [item["variant"]["inventory_quantity"] for item in checkout.order()["items"]]
