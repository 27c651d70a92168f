"""Orders of another address that a customer claims: a token by mail, and its confirmation (tests/facts/orders.md 4)."""

import hmac
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from asking import Ask
from operations.checkout import outcome
from operations.customers import Visitor

from mockserver.operations.shared.shopper import SECRET
from mockserver.operations.shared.tokens import signed

CLAIM, CONFIRM = "/store/orders/batch/customer/token", "/store/orders/customer/confirm"
ORDERS = [
    {"id": f"order_{number}", "email": email, "customer_id": "cus_guest", "status": "pending"}
    for number, email in enumerate(("guest@example.com", "guest@example.com", "other@example.com"))
]
ALWAYS = 4070908800  # seconds, in 2099: a token that is issued then is young enough whenever it is shown
NEITHER = "token must be a jwt string, token should not be empty"


@pytest.fixture
def ada(ask: Ask) -> Visitor:
    """Return Ada, who is logged in, in a shop with orders of others."""
    assert 200 == ask("PATCH", "/__mock/sandboxes/shared/state", {"orders": ORDERS}).status
    ada = Visitor(ask)
    ada.register()
    return ada


def _claim(ada: Visitor, ids: Any) -> Any:
    answer = ada.ask("POST", CLAIM, {"order_ids": ids})
    assert (200, b"OK") == (answer.status, answer.body)
    return ada.ask("GET", "/__mock/outbox", None, "event=order-*").document["messages"]


def _confirm(ada: Visitor, **payload: Any) -> Any:
    return ada.ask("POST", CONFIRM, {"token": signed(payload, SECRET)})


def _owners(ada: Visitor) -> list[str]:
    orders = ada.ask("GET", "/__mock/sandboxes/shared/state").document["orders"]
    return [order["email"].partition("@")[0] for order in orders]


def test_a_claim_is_confirmed_by_whoever_gets_the_token(ada: Visitor) -> None:
    """One for each address; the orders are Ada's then, however often it is shown."""
    told = [message["data"] for message in _claim(ada, ["order_0", "order_2", "order_1", "order_x"])]
    before = _owners(ada)
    guest = ada.other()
    confirmed = [guest.ask("POST", CONFIRM, {"token": told[0]["token"]}) for _ in range(2)]
    order = guest.ask("GET", "/store/orders/order_1").document["order"]

    assert [("guest@example.com", ["order_0", "order_1"]), ("other@example.com", ["order_2"])] == [
        (one["old_email"], one["orders"]) for one in told
    ]
    assert [(200, b"OK")] * 2 == [(one.status, one.body) for one in confirmed]
    assert (["guest", "guest", "other"], ["ada", "ada", "other"]) == (before, _owners(ada))
    assert told[0]["new_customer_id"] == order["customer_id"]


def test_a_single_order_may_be_claimed(ada: Visitor) -> None:
    """A text passes for a list; nothing claims nothing."""
    assert [["order_2"]] == [one["data"]["orders"] for one in _claim(ada, "order_2")]
    assert 1 == len(_claim(ada, []))


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (None, "each value in order_ids must be a string, each value in order_ids should not be empty"),
        ([1], "each value in order_ids must be a string"),
        ([""], "each value in order_ids should not be empty"),
    ],
)
def test_what_cannot_be_claimed(ada: Visitor, ids: Any, message: str) -> None:
    """All that is wrong is said, to whoever is logged in."""
    assert (400, message) == ada.said("POST", CLAIM, {"order_ids": ids})
    assert 401 == ada.other().ask("POST", CLAIM, {"order_ids": ids}).status


def test_only_accounts_claim(ada: Visitor, ask: Ask) -> None:
    """A customer who has none any more is told so."""
    state = {"customers": [{"id": "*", "has_account": False}]}
    assert 200 == ask("PATCH", "/__mock/sandboxes/shared/state", state).status

    assert (401, "Customer does not have an account") == ada.said("POST", CLAIM, {"order_ids": ["order_0"]})


@pytest.mark.parametrize(
    ("token", "status", "message"),
    [
        (None, 400, NEITHER),
        ("", 400, NEITHER),
        ("a.b", 400, "token must be a jwt string"),
        ("a.b.c", 500, "An unknown error occurred."),
    ],
)
def test_what_is_no_token(ada: Visitor, token: Any, status: int, message: str) -> None:
    """400 for what does not look like one, and 500 for what does."""
    assert (status, message) == ada.said("POST", CONFIRM, {"token": token})


@pytest.mark.parametrize(
    ("payload", "status", "message"),
    [
        ({"iat": 1_500_000_000}, 500, "An unknown error occurred."),
        ({}, 500, "An unknown error occurred."),
        ({"iat": ALWAYS}, 404, '"customerId" must be defined'),
        ({"iat": ALWAYS, "claimingCustomerId": "cus_x"}, 404, "Customer with id: cus_x was not found"),
        ({"iat": ALWAYS, "claimingCustomerId": ["cus_x"]}, 500, "An unknown error occurred."),
    ],
)
def test_tokens_that_claim_nothing(ada: Visitor, payload: Any, status: int, message: str) -> None:
    """Too old, of no time, of nobody, of somebody who is not there."""
    assert (status, message) == outcome(_confirm(ada, **payload))


def test_a_token_that_is_nested_without_end_is_none(ada: Visitor) -> None:
    """Though it is signed."""
    head, body = (urlsafe_b64encode(part).decode().rstrip("=") for part in (b'{"alg":"HS256"}', b"[" * 60_000))
    signature = urlsafe_b64encode(hmac.digest(SECRET.encode(), f"{head}.{body}".encode(), "sha256")).decode()
    sent = {"token": f"{head}.{body}.{signature.rstrip('=')}"}

    assert (500, "An unknown error occurred.") == ada.said("POST", CONFIRM, sent)


@pytest.mark.parametrize("orders", [[["x"]], [{}], {}])
def test_what_is_no_id_of_an_order_claims_nothing(ada: Visitor, orders: Any) -> None:
    """Whoever knows the documented secret can sign anything."""
    me = ada.ask("GET", "/store/customers/me").document["customer"]["id"]

    assert (500, "An unknown error occurred.") == outcome(
        _confirm(ada, iat=ALWAYS, claimingCustomerId=me, orders=orders)
    )


def test_a_token_of_no_orders_claims_all(ada: Visitor) -> None:
    """As the real server has it; where one of them was canceled, none."""
    me = ada.ask("GET", "/store/customers/me").document["customer"]["id"]
    all_ = _confirm(ada, iat=ALWAYS, claimingCustomerId=me)
    owners = _owners(ada)
    state = {
        "orders": [{"id": "order_0", "email": "a@b.se"}, {"id": "order_1", "status": "canceled", "email": "a@b.se"}]
    }
    assert 200 == ada.ask("PATCH", "/__mock/sandboxes/shared/state", state).status
    canceled = _confirm(ada, iat=ALWAYS, claimingCustomerId=me, orders=["order_0", "order_1"])

    assert (200, ["ada"] * 3) == (all_.status, owners)
    assert (400, "A canceled order cannot be updated") == outcome(canceled)
    assert ["a", "a", "ada"] == _owners(ada)
