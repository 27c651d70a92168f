"""The shipped scenarios for a checkout: each goes wrong in its own way, as its sentence says."""

import pytest
from asking import Ask
from operations.checkout import MUG, Checkout, outcome

from mockserver.edge.mock import Mock
from mockserver.messages import Request, Response

CONFLICT = "The request conflicted with another request. You may retry the request with the provided Idempotency-Key."


@pytest.fixture
def checkout(ask: Ask) -> Checkout:
    """Return a shopper who only has to complete."""
    checkout = Checkout(ask)
    checkout.add()
    checkout.pays()
    return checkout


def _completed(checkout: Checkout, scenario: str, **headers: str) -> Response:
    return checkout.under(scenario)("POST", f"/store/carts/{checkout.id}/complete", {}, **headers)


@pytest.mark.parametrize("name", ["payment-declined", "declined"])
def test_a_payment_is_declined(checkout: Checkout, name: str) -> None:
    """400, and the session says error."""
    assert (400, "Cart payment not authorized") == outcome(_completed(checkout, name))
    assert "error" == checkout.cart()["payment_session"]["status"]


@pytest.mark.parametrize("name", ["requires-action", "requires-more"])
def test_a_payment_wants_another_step(checkout: Checkout, name: str) -> None:
    """The cart with what is wanted, then the order."""
    answers = [_completed(checkout, name).document for _ in range(2)]

    assert ["cart", "order"] == [answer["type"] for answer in answers]
    assert "requires_more" == answers[0]["payment_status"]


def test_a_conflict_goes_away_with_the_same_key(checkout: Checkout) -> None:
    """Each key collides once."""
    answers = [_completed(checkout, "cart-conflict", idempotency_key=key) for key in ("a", "b", "a")]

    assert [409, 409, 200] == [answer.status for answer in answers]
    assert {"code": "invalid_state_error", "message": CONFLICT} == answers[0].document


def test_a_cart_is_gone(checkout: Checkout) -> None:
    """404 once; the one that is made then is there."""
    asks = checkout.under("cart-gone")
    gone = asks("GET", f"/store/carts/{checkout.id}")
    fresh = asks("POST", "/store/carts", {}).document["cart"]["id"]

    assert (404, f"Cart with {checkout.id} was not found") == outcome(gone)
    assert 200 == asks("GET", f"/store/carts/{fresh}").status


@pytest.mark.parametrize(
    ("name", "status"),
    [("sold-out-at-checkout", 409), ("conflict", 409), ("outage", 500), ("no-sessions", 400), ("card-error", 400)],
)
def test_completing_fails(checkout: Checkout, name: str, status: int) -> None:
    """Each time; the cart stays as it is."""
    assert [status] * 2 == [_completed(checkout, name).status for _ in range(2)]
    assert checkout.cart()["completed_at"] is None


def test_what_is_sold_out_is_said(checkout: Checkout) -> None:
    """With the code that clients look for and the cart's own variant, which is gone; the payment is made and canceled."""
    (error,) = _completed(checkout, "sold-out-at-checkout").document["errors"]
    (line,) = checkout.cart()["items"]

    assert ("insufficient_inventory", 0) == (error["code"], line["variant"]["inventory_quantity"])
    assert f"Variant with id: {line['variant_id']} does not have the required inventory" == error["message"]
    assert "authorized" == checkout.cart()["payment_session"]["status"]
    assert 409 == checkout.post("/complete").status


def test_nothing_can_be_sent(checkout: Checkout) -> None:
    """The list of a cart's options is empty; without the scenario it is not."""
    path = f"/store/shipping-options/{checkout.id}"

    assert [0, True] == [
        len(checkout.under("no-shipping")("GET", path).document["shipping_options"]),
        len(checkout.ask("GET", path).document["shipping_options"]) > 0,
    ]


@pytest.mark.parametrize(
    ("code", "status", "message"),
    [
        ("SUMMER", 400, "Discount SUMMER is expired"),
        ("autumn", 400, "Discount AUTUMN is not valid yet"),
        ("WINTER", 200, None),
    ],
)
def test_a_discount_is_expired(checkout: Checkout, code: str, status: int, message: str | None) -> None:
    """By its dates, as any discount is."""
    answer = checkout.under("discount-expired")("POST", f"/store/carts/{checkout.id}", {"discounts": [{"code": code}]})

    assert (status, message) == outcome(answer)
    assert status != 200 or answer.document["cart"]["discount_total"] == 100


def test_a_checkout_is_slow(checkout: Checkout, mock: Mock) -> None:
    """Completing takes longer than all else."""
    delays = [
        mock.engine.serve(Request(method, f"/~{checkout.sandbox}/@slow-checkout/store/carts/{checkout.id}{path}")).delay
        for method, path in (("GET", ""), ("POST", "/complete"))
    ]

    assert [1.0, 5.0] == delays


def test_an_answer_is_lost_and_the_order_is_placed(checkout: Checkout, mock: Mock) -> None:
    """The connection breaks; completing again answers the order that was made."""
    request = Request("POST", f"/~{checkout.sandbox}/@order-placed-but-answer-lost/store/carts/{checkout.id}/complete")
    lost, answer = mock.engine.serve(request), mock.engine.serve(request)

    assert ("reset", None) == (lost.fault, answer.fault)
    assert lost.document["data"]["id"] == answer.document["data"]["id"]
    assert 1 == sum(item["quantity"] for item in checkout.cart()["items"] if item["variant_id"] == MUG)
