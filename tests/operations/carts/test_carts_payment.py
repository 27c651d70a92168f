"""How a cart is paid: sessions, providers, keys (tests/facts/carts.md 7 and 11)."""

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from asking import Ask, ask_of, header
from operations.checkout import EU, Checkout, outcome
from operations.shop import UNKNOWN

from mockserver import Settings, create_app
from mockserver.operations.shared.idempotency import MOST_ANSWERS


def _sessions(cart: dict[str, Any]) -> dict[str, Any]:
    return {one["provider_id"]: one for one in cart["payment_sessions"]}


@pytest.fixture
def checkout(ask: Ask) -> Checkout:
    """Return a shopper in a region with two providers, with a mug in the cart."""
    checkout = Checkout(ask, providers={"pay": {"initiate": {"data": {"token": "t"}}}})
    checkout.add()
    return checkout


class TestSessions:
    """Create, select, update, refresh, delete."""

    def test_one_for_each_provider_and_none_is_asked_yet(self, checkout: Checkout) -> None:
        """The answer says the cart twice, once without its discounts before rounding."""
        answer = checkout.post("/payment-sessions").document
        sessions = _sessions(answer["cart"])

        assert {"manual", "pay"} == set(sessions)
        assert [(None, False, {}, 1000)] * 2 == [
            (one["is_selected"], one["is_initiated"], one["data"], one["amount"]) for one in sessions.values()
        ]
        assert {**answer["data"], "raw_discount_total": 0} == answer["cart"]

    def test_selecting_one_leaves_the_others_their_data(self, checkout: Checkout) -> None:
        """Only one is selected; selecting it again changes nothing."""
        checkout.pays("pay")
        checkout.pays("manual")
        before = checkout.cart()
        again = checkout.post("/payment-session", {"provider_id": "manual"}).document["cart"]
        sessions = _sessions(before)

        assert ({"token": "t"}, None, False) == tuple(
            sessions["pay"][name] for name in ("data", "is_selected", "is_initiated")
        )
        assert ({"status": "pending"}, True) == (sessions["manual"]["data"], sessions["manual"]["is_selected"])
        assert before["payment_session"]["id"] == again["payment_session"]["id"]

    def test_data_that_is_handed_over_is_merged(self, checkout: Checkout) -> None:
        """The session is selected at that; manual does not look at it."""
        checkout.post("/payment-sessions")
        data = [
            checkout.post(f"/payment-sessions/{provider}", {"data": {"card": 4}}).document["cart"]["payment_session"][
                "data"
            ]
            for provider in ("pay", "manual")
        ]

        assert [{"card": 4, "token": "t"}, {"status": "pending"}] == data

    def test_an_empty_list_for_a_body_names_nothing(self, checkout: Checkout) -> None:
        """No provider; no data, which nothing can be made of."""
        checkout.pays("pay")

        assert (400, "The payment method is not available in this region") == outcome(
            checkout.post("/payment-session", [])
        )
        assert 500 == checkout.post("/payment-sessions/pay", []).status

    def test_a_scenario_says_what_a_provider_makes_of_it(self, ask: Ask) -> None:
        """Of a new session, of data, of another amount; one that answers nothing leaves the amount."""
        rules = {"initiate": {"data": None}, "update": [{"data": {"seen": True}}, {"data": None}]}
        checkout = Checkout(ask, providers={"pay": rules})
        item = checkout.add()["items"][0]["id"]
        initiated = checkout.pays("pay")["payment_session"]["data"]
        checkout.post("/payment-sessions/pay", {"data": {"a": 1}})
        checkout.post(f"/line-items/{item}", {"quantity": 3})
        sessions = _sessions(checkout.cart())

        assert ({}, {"seen": True}) == (initiated, sessions["pay"]["data"])
        assert (1000, 3000) == (sessions["pay"]["amount"], sessions["manual"]["amount"])

    def test_the_selected_one_follows_the_cart(self, checkout: Checkout) -> None:
        """Its provider takes the new amount, and may answer other data."""
        checkout.pays("manual")

        assert [2000, 2000] == [one["amount"] for one in checkout.add()["payment_sessions"]]

    def test_a_provider_that_fails_changes_nothing(self, ask: Ask) -> None:
        """400 with its code."""
        refused = {"error": "No.", "code": "no"}
        checkout = Checkout(ask, providers={"pay": {"initiate": refused, "delete": refused}})
        checkout.add()
        checkout.pays("manual")

        assert (400, "No.") == outcome(checkout.post("/payment-session", {"provider_id": "pay"}))
        assert _sessions(checkout.cart())["manual"]["is_selected"]

    def test_a_refreshed_one_is_new_and_not_selected(self, checkout: Checkout) -> None:
        """As soon as sessions are set again there is another, as if nobody had initiated it."""
        before = checkout.pays("pay")["payment_session"]["id"]
        fresh = _sessions(checkout.post("/payment-sessions/pay/refresh").document["cart"])["pay"]
        later = _sessions(checkout.add())["pay"]

        assert before != fresh["id"]
        assert (None, True, {"token": "t"}) == (fresh["is_selected"], fresh["is_initiated"], fresh["data"])
        assert fresh["id"] != later["id"]
        assert (False, {}, 2000) == tuple(later[name] for name in ("is_initiated", "data", "amount"))

    def test_only_the_selected_one_is_replaced(self, checkout: Checkout) -> None:
        """By a refresh: the next one leaves it, and selecting it again updates it at its provider."""
        checkout.pays("pay")
        ids = [
            _sessions(checkout.post(path, body).document["cart"])["pay"]["id"]
            for path, body in (
                ("/payment-sessions/pay/refresh", None),
                ("/payment-sessions/pay/refresh", None),
                ("/payment-session", {"provider_id": "pay"}),
                ("/payment-sessions/pay/refresh", None),
            )
        ]

        assert [True, True, False] == [one == other for one, other in pairwise(ids)]

    def test_a_provider_that_is_alone_is_selected(self, ask: Ask) -> None:
        """At once; what others left behind is dropped, and so is all where nothing is to be paid."""
        checkout = Checkout(ask, providers={"pay": {}})
        item = checkout.add()["items"][0]["id"]
        checkout.pays()
        checkout.delete("/payment-sessions/pay")
        checkout.knows(regions=[{"id": EU, "payment_providers": [{"id": "pay"}]}])
        alone = checkout.post("/payment-sessions").document["cart"]
        checkout.delete(f"/line-items/{item}")

        assert ["pay"] == [session["provider_id"] for session in alone["payment_sessions"]]
        assert alone["payment_session"]["is_selected"]
        assert [] == checkout.cart()["payment_sessions"]

    def test_a_provider_that_is_alone_has_one_session(self, ask: Ask) -> None:
        """One that was refreshed stands in the way of the next, until it is selected."""
        checkout = Checkout(ask, providers={"pay": {}})
        checkout.knows(regions=[{"id": EU, "payment_providers": [{"id": "pay"}]}])
        checkout.add()
        checkout.post("/payment-sessions")
        checkout.post("/payment-sessions/pay/refresh")
        twice = outcome(checkout.post("/payment-sessions"))
        checkout.post("/payment-session", {"provider_id": "pay"})

        message = f"Payment_session with cart_id, provider_id {checkout.id}, pay already exists."
        assert (422, message) == twice
        assert 200 == checkout.post("/payment-sessions").status

    def test_a_provider_that_the_shop_has_agrees(self, tmp_path: Path) -> None:
        """Though no scenario names it; its region names it in the file of data."""
        region = {
            "name": "EU",
            "currency_code": "eur",
            "tax_rate": 0,
            "payment_providers": ["bank"],
            "countries": ["de"],
        }
        path = tmp_path / "seed.json"
        path.write_text(json.dumps({"regions": [region]}))
        ask = ask_of(create_app(Settings(data=path)))
        region_id = ask("GET", "/store/regions").document["regions"][0]["id"]
        checkout = Checkout(ask, region_id)
        checkout.add()

        assert "bank" == checkout.pays("bank")["payment_session"]["provider_id"]
        assert "order" == checkout.order()["object"]

    def test_one_that_nobody_has_is_not_found(self, ask: Ask) -> None:
        """Though a cart's region names it."""
        checkout = Checkout(ask)
        checkout.knows(regions=[{"id": EU, "payment_providers": [{"id": "manual"}, {"id": "pay"}]}])
        checkout.add()
        checkout.post("/payment-sessions")
        answer = checkout.post("/payment-session", {"provider_id": "pay"})

        assert (404, "Could not find a payment provider with id: pay") == outcome(answer)


class TestStripe:
    """`stripe` answers as its plugin does."""

    def test_it_has_a_payment_intent(self, ask: Ask) -> None:
        """With a secret that its own client takes; another session has another."""
        checkout = Checkout(ask, providers={"stripe": {}})
        checkout.add()
        data = checkout.pays("stripe")["payment_session"]["data"]
        again = _sessions(checkout.post("/payment-sessions/stripe/refresh").document["cart"])["stripe"]["data"]

        assert re.fullmatch(r"pi_[0-9A-Za-z]{24}_secret_[0-9A-Za-z]{25}", data["client_secret"])
        assert data["client_secret"].startswith(data["id"])
        assert (1000, "requires_payment_method") == (data["amount"], data["status"])
        assert data["id"] != again["id"]

    def test_it_follows_the_cart_to_the_payment(self, ask: Ask) -> None:
        """Amount and status; the payment has what the session had."""
        checkout = Checkout(ask, providers={"stripe": {}})
        checkout.add()
        checkout.pays("stripe")
        amount = checkout.add()["payment_session"]["data"]["amount"]
        (payment,) = checkout.order()["payments"]

        assert (2000, 2000, "requires_capture") == (amount, payment["data"]["amount"], payment["data"]["status"])

    def test_it_is_canceled_where_goods_are_short(self, ask: Ask) -> None:
        """The intent stays, and says so."""
        checkout = Checkout(ask, providers={"stripe": {}})
        checkout.add()
        checkout.pays("stripe")
        checkout.knows(product_variants=[{"id": "variant_mug", "inventory_quantity": 0}])
        checkout.post("/complete")
        data = checkout.cart()["payment"]["data"]

        assert ("canceled", "payment_intent") == (data["status"], data["object"])


class TestKeys:
    """Answers are kept under keys that the server issues."""

    def test_a_key_answers_the_same_again(self, checkout: Checkout) -> None:
        """On any of the four routes, whatever the body; its keys are in the database's order, and each route shows what it shows."""
        first = checkout.post("/line-items", {"variant_id": "variant_mug", "quantity": 1})
        key = header(first, "idempotency-key")
        again = checkout.post("/complete", idempotency_key=key)
        cart = first.document["cart"]

        assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", key)
        assert (key, "Idempotency-Key") == (
            header(again, "idempotency-key"),
            header(again, "access-control-expose-headers"),
        )
        assert cart["items"][0]["quantity"] == again.document["cart"]["items"][0]["quantity"] == 2
        assert "raw_discount_total" in again.document["cart"]["items"][0]
        assert ["id", "type"] == list(again.document["cart"])[:2]

    def test_discounts_before_rounding_come_again_where_a_route_leaves_them(self, checkout: Checkout) -> None:
        """Nowhere in a cart that lines or taxes answer again; in the first of the two that payment sessions do."""
        line = {"variant_id": "variant_mug", "quantity": 1}
        key = header(checkout.post("/line-items", line), "idempotency-key")
        lines, taxes, sessions = (
            checkout.post(route, body, idempotency_key=key).document
            for route, body in (("/line-items", line), ("/taxes", None), ("/payment-sessions", None))
        )
        carts = lines["cart"], taxes["cart"], sessions["data"], sessions["cart"]

        assert [False, False, False, True] == ["raw_discount_total" in cart for cart in carts]
        assert [False, False, False, True] == ["raw_discount_total" in cart["items"][0] for cart in carts]

    def test_a_failed_completion_goes_on_where_it_was(self, checkout: Checkout) -> None:
        """Under its key it is paid already, and no other payment is made; other routes do not know how far it came."""
        checkout.post("/line-items", {"variant_id": "variant_mug", "quantity": 1})
        checkout.post("/payment-sessions")
        checkout.post("/payment-session", {"provider_id": "manual"})
        failed = checkout.post("/complete")
        key = header(failed, "idempotency-key")
        again, other = checkout.post("/complete", idempotency_key=key), checkout.post("/complete")
        checkout.post(body={"email": "a@example.com"})
        done = checkout.post("/complete", idempotency_key=key)
        elsewhere = checkout.post("/payment-sessions", idempotency_key=key)
        unknown = [checkout.post("/taxes", idempotency_key=header(other, "idempotency-key")) for _ in range(2)]

        assert [400, 400, 422] == [one.status for one in (failed, again, other)]
        assert failed.document == again.document
        assert (200, "order") == (done.status, done.document["type"])
        assert done.document["data"].keys() | {"raw_discount_total"} == elsewhere.document["data"].keys()
        assert [(500, {"message": "Unknown recovery point"})] * 2 == [(one.status, one.document) for one in unknown]

    def test_what_is_sold_out_is_said_again(self, checkout: Checkout) -> None:
        """A completion that was refused is over: its key answers the 409 once more, though there is enough by now."""
        checkout.post("/line-items", {"variant_id": "variant_mug", "quantity": 1})
        checkout.post(body={"email": "a@example.com"})
        checkout.post("/payment-sessions")
        checkout.post("/payment-session", {"provider_id": "manual"})
        checkout.knows(product_variants=[{"id": "variant_mug", "inventory_quantity": 0}])
        refused = checkout.post("/complete")
        checkout.knows(product_variants=[{"id": "variant_mug", "inventory_quantity": 5}])
        again = checkout.post("/complete", idempotency_key=header(refused, "idempotency-key"))

        assert [409, 409] == [refused.status, again.status]
        assert refused.document == again.document

    def test_a_key_of_an_error_runs_again(self, checkout: Checkout) -> None:
        """And one that nobody issued is replaced."""
        failed = checkout.post("/line-items", {"variant_id": "nope", "quantity": 1}, idempotency_key="mine")
        key = header(failed, "idempotency-key")
        again = checkout.post("/line-items", {"variant_id": "variant_mug", "quantity": 1}, idempotency_key=key)

        assert (400, 200) == (failed.status, again.status)
        assert "mine" != key == header(again, "idempotency-key")

    def test_only_so_many_are_kept(self, checkout: Checkout) -> None:
        """The oldest goes first: it runs again, under another key."""
        keys = [header(checkout.post("/taxes"), "idempotency-key") for _ in range(MOST_ANSWERS + 1)]
        answers = [
            header(checkout.post("/taxes", idempotency_key=key), "idempotency-key") for key in (keys[1], keys[0])
        ]

        assert keys[1] == answers[0]
        assert answers[1] not in keys

    def test_a_body_that_does_not_pass_has_no_key(self, checkout: Checkout) -> None:
        """It comes before any key is made."""
        assert "idempotency-key" not in {name.lower() for name, _ in checkout.post("/line-items", {}).headers}


def test_taxes_are_shown_where_they_are_asked_for(ask: Ask) -> None:
    """A region that works none out by itself: asking does, and so do sessions; the selected one is without."""
    checkout = Checkout(ask, providers={"pay": {}})
    checkout.knows(regions=[{"id": EU, "automatic_taxes": False, "tax_rate": 19}])
    checkout.add()
    taxed = checkout.post("/taxes").document["cart"]
    plain = checkout.cart()
    sessions = _sessions(checkout.pays())

    assert (190, 0, []) == (taxed["tax_total"], plain["tax_total"], plain["items"][0]["tax_lines"])
    assert (1190, 1000) == (sessions["pay"]["amount"], sessions["manual"]["amount"])
    assert json.dumps(taxed["items"][0]["tax_lines"][0]["rate"]) == "19"


def test_an_unknown_cart_breaks_the_server(checkout: Checkout) -> None:
    """All operations but two have no word for it."""
    checkout.id = "cart_nope"

    assert UNKNOWN == checkout.post("/payment-sessions").document
    assert (404, "Cart with cart_nope was not found") == outcome(checkout.ask("GET", "/store/carts/cart_nope"))


class TestTaxesToBeAskedFor:
    """A region that leaves taxes to be asked for: what sessions are for, and what shows once there is an order."""

    def test_a_new_line_leaves_them_out(self, ask: Ask) -> None:
        """Of all sessions; any other change puts them in, into the selected one as well."""
        checkout = _untaxed(ask)
        added = checkout.add()
        renamed = checkout.post(body={"email": "b@example.com"}).document["cart"]
        refreshed = checkout.post("/payment-sessions/pay/refresh").document["cart"]

        assert {2000} == {session["amount"] for session in added["payment_sessions"]}
        assert {2380} == {session["amount"] for session in renamed["payment_sessions"]}
        assert 2000 == renamed["total"]
        assert {2000, 2380} == {session["amount"] for session in refreshed["payment_sessions"]}

    def test_stored_ones_are_shown(self, ask: Ask) -> None:
        """Of an ordered cart, with the ids that they were stored under."""
        checkout = _untaxed(ask)
        order, cart = checkout.order(), checkout.cart()

        assert (1190, 1190) == (order["total"], cart["total"])
        assert order["items"][0]["tax_lines"] == cart["items"][0]["tax_lines"] != []


def _untaxed(ask: Ask) -> Checkout:
    """Return a shopper who only has to complete her cart, where taxes are to be asked for."""
    checkout = Checkout(ask, providers={"pay": {}})
    checkout.knows(regions=[{"id": EU, "automatic_taxes": False, "tax_rate": 19}])
    checkout.add()
    checkout.pays()
    return checkout


def test_a_line_that_is_not_there_sets_sessions_again(ask: Ask) -> None:
    """Taking it out changes nothing else: a session that was dropped is back."""
    checkout = Checkout(ask, providers={"pay": {}})
    checkout.add()
    checkout.pays()
    dropped = checkout.delete("/payment-sessions/pay").document["cart"]
    again = checkout.delete("/line-items/item_nope").document["cart"]

    assert [1, 2] == [len(cart["payment_sessions"]) for cart in (dropped, again)]
