"""Authorize: the six decisions of tests/facts/server.md 4 in their order, with what each stores."""

import json
from typing import Any

import pytest
from asking import Ask
from dirty_equals import IsPartialDict
from operations.shop import ONE, TWO, UNKNOWN, given, outcome

FAILED = 'Failed to authorize Payment Session id "paycol_1"'


class TestAuthorize:
    """The six decisions in their order, with what each stores."""

    def test_an_authorized_session_leaves_a_payment(self, ask: Ask) -> None:
        """200; session and collection are authorized, a payment is there, a second try changes nothing."""
        shop = given(ask, ONE)
        first, second = shop.authorize(), shop.authorize()
        seen = shop.seen()

        assert first.document == second.document
        assert IsPartialDict(status="authorized", authorized_amount=1000) == seen
        assert [IsPartialDict(amount=1000, provider_id="manual", captured_at=None)] == seen["payments"]

    def test_a_payment_whose_provider_retrieves_nothing_has_no_data(self, ask: Ask) -> None:
        """Not the session's either: an empty object."""
        shop = given(ask, ONE, providers={"*": {"retrieve": {"data": None}}})
        shop.authorize()

        assert [{}] == [payment["data"] for payment in shop.seen()["payments"]]

    def test_one_of_two_leaves_the_collection_partially_authorized(self, ask: Ask) -> None:
        """The sum decides: part of the amount, then all of it."""
        shop = given(ask, ONE, TWO)
        shop.authorize("ps_1")
        assert IsPartialDict(status="partially_authorized", authorized_amount=1000) == shop.seen()
        shop.authorize("ps_2")
        assert IsPartialDict(status="authorized", authorized_amount=3000) == shop.seen()

    @pytest.mark.parametrize("session", ["ps_nobody", "PS_1", "%00", "not an id"])
    def test_an_unknown_session_is_422_and_makes_the_collection_await(self, ask: Ask, session: str) -> None:
        """The message carries the collection's id; not_paid becomes awaiting."""
        shop = given(ask, ONE)

        assert (422, FAILED) == outcome(shop.authorize(session.replace(" ", "%20")))
        assert IsPartialDict(status="awaiting", authorized_amount=0) == shop.seen()

    def test_a_missing_collection_wins_over_a_missing_session(self, ask: Ask) -> None:
        """404 with the collection's id."""
        answer = given(ask, ONE).ask("POST", "/store/payment-collections/PAYCOL_1/sessions/ps_9/authorize")

        assert (404, "Payment collection with id PAYCOL_1 was not found") == outcome(answer)

    def test_a_collection_without_sessions(self, ask: Ask) -> None:
        """400, and nothing is saved."""
        shop = given(ask, amount=1000)

        assert 400 == shop.authorize().status
        assert IsPartialDict(status="not_paid") == shop.seen()

    @pytest.mark.parametrize("amount", [0, -5])
    def test_nothing_to_pay(self, ask: Ask, amount: int) -> None:
        """422 for the session, which no provider was asked about, yet the collection is authorized."""
        shop = given(ask, {"id": "ps_1", "amount": amount}, amount=amount)

        assert 422 == shop.authorize().status
        assert IsPartialDict(status="authorized", authorized_amount=0) == shop.seen()

    def test_marked_authorized_by_an_admin(self, ask: Ask) -> None:
        """authorized_amount equals amount already: no provider is asked, the pending session is a 422."""
        shop = given(ask, ONE, amount=1000, authorized_amount=1000, status="authorized")

        assert 422 == shop.authorize().status
        assert [] == shop.seen()["payments"]

    @pytest.mark.parametrize("status", ["canceled", "awaiting", "partially_authorized", "authorized"])
    def test_the_collections_status_is_no_gate(self, ask: Ask, status: str) -> None:
        """200 whatever it was."""
        shop = given(ask, ONE, status=status, authorized_amount=None)

        assert 200 == shop.authorize().status
        assert "authorized" == shop.seen()["status"]

    @pytest.mark.parametrize("status", ["pending", "requires_more", "error", "canceled"])
    def test_the_sessions_status_is_no_gate(self, ask: Ask, status: str) -> None:
        """A session that failed can be tried again."""
        assert 200 == given(ask, {**ONE, "status": status}).authorize().status

    def test_more_than_the_amount_leaves_the_status(self, ask: Ask) -> None:
        """200; the collection stays not_paid with all that was authorized."""
        shop = given(ask, {"id": "ps_1", "amount": 5000}, amount=1000)

        assert 200 == shop.authorize().status
        assert IsPartialDict(status="not_paid", authorized_amount=5000) == shop.seen()

    def test_a_session_without_an_amount(self, ask: Ask) -> None:
        """The payment cannot be inserted: 400, nothing stored."""
        shop = given(ask, {"id": "ps_1", "amount": None}, amount=1000)

        assert (400, "Can't insert null value in field amount on insert in table payment") == outcome(shop.authorize())
        assert ["pending"] == [session["status"] for session in shop.seen()["payment_sessions"]]

    @pytest.mark.parametrize("status", ["requires_more", "pending", "error", "canceled"])
    def test_a_provider_that_does_not_authorize(self, ask: Ask, status: str) -> None:
        """422; the session keeps what the provider said, and a later try goes through."""
        shop = given(ask, ONE, providers={"*": {"authorize": [{"status": status, "data": {"step": 1}}, {}]}})

        assert (422, FAILED) == outcome(shop.authorize())
        assert [IsPartialDict(status=status, data={"step": 1})] == shop.seen()["payment_sessions"]
        assert 200 == shop.authorize().status

    @pytest.mark.parametrize(
        ("said", "status", "document"),
        [
            ({"error": "No.", "code": "card_declined", "detail": "poor"}, 400,
             {"code": "card_declined", "type": "invalid_data", "message": "No.:\npoor"}),
            ({"error": "No."}, 400, {"type": "invalid_data", "message": "No."}),
            ({"throws": "TypeError"}, 500, UNKNOWN),
            ({"throws": "unauthorized", "message": "Who?"}, 401, {"type": "unauthorized", "message": "Who?"}),
            ({"throws": "conflict"}, 409, IsPartialDict(code="invalid_state_error", type="conflict")),
            ({"status": "paid", "off_contract": True}, 500, UNKNOWN),
        ],
    )  # fmt: skip
    def test_a_provider_that_fails_leaves_nothing(
        self, ask: Ask, said: dict[str, str], status: int, document: Any
    ) -> None:
        """Its error is mapped as Medusa maps it; session and collection are as before."""
        shop = given(ask, ONE, providers={"*": {"authorize": said}})
        before = shop.seen()
        answer = shop.authorize()

        assert (status, document) == (answer.status, answer.document)
        assert before == shop.seen()

    def test_a_failure_after_the_charge(self, ask: Ask) -> None:
        """The provider authorized, then could not be read: 400, rolled back."""
        shop = given(ask, ONE, providers={"manual": {"retrieve": {"error": "Gone."}}})

        assert (400, "Gone.") == outcome(shop.authorize())
        assert [] == shop.seen()["payments"]

    def test_a_provider_that_is_not_installed(self, ask: Ask) -> None:
        """404 that names it, nothing stored."""
        shop = given(ask, {**ONE, "provider_id": "stripe"})

        assert (404, "Could not find a payment provider with id: stripe") == outcome(shop.authorize())

    def test_what_a_provider_sends_as_data_is_the_sessions(self, ask: Ask) -> None:
        """Verbatim now; on later reads in the order of jsonb, shorter keys first (auth-data-key-order-*)."""
        shop = given(
            ask, ONE, providers={"*": {"authorize": {"data": {"secret": 1, "id": {"b": 2, "a": [{"cc": 1, "d": 2}]}}}}}
        )
        answered = shop.authorize().document["payment_session"]["data"]
        (stored,) = shop.seen()["payment_sessions"]

        assert '{"secret": 1, "id": {"b": 2, "a": [{"cc": 1, "d": 2}]}}' == json.dumps(answered)
        assert '{"id": {"a": [{"d": 2, "cc": 1}], "b": 2}, "secret": 1}' == json.dumps(stored["data"])

    def test_a_provider_without_data(self, ask: Ask) -> None:
        """The key is missing from this one answer, the stored data stays (tests/facts/server.md 2, "Payment session")."""
        shop = given(ask, {**ONE, "data": {"a": 1}}, providers={"*": {"authorize": {"data": None}}})

        assert "data" not in shop.authorize().document["payment_session"]
        assert [{"a": 1}] == [session["data"] for session in shop.seen()["payment_sessions"]]

    def test_the_payment_has_what_the_provider_retrieves(self, ask: Ask) -> None:
        """A payment's data is the answer to `retrieve`."""
        shop = given(ask, ONE, providers={"*": {"retrieve": {"data": {"charge": "ch_1"}}}})
        shop.authorize()

        assert [{"charge": "ch_1"}] == [payment["data"] for payment in shop.seen()["payments"]]


class TestOverlap:
    """What overlapping requests do on a real server, here every time."""

    def test_conflict_yet_paid(self, ask: Ask) -> None:
        """409, though the authorization was stored."""
        shop = given(ask, ONE, providers={"*": {"authorize": {"overlap": "conflict"}}})

        assert 409 == shop.authorize().status
        assert IsPartialDict(status="authorized", authorized_amount=1000) == shop.seen()

    def test_paid_then_rolled_back(self, ask: Ask) -> None:
        """200 and authorized, though nothing was stored."""
        shop = given(ask, ONE, providers={"*": {"authorize": {"overlap": "rolled-back"}}})

        assert "authorized" == shop.authorize().document["payment_session"]["status"]
        assert IsPartialDict(status="not_paid", payments=[]) == shop.seen()

    def test_paid_twice(self, ask: Ask) -> None:
        """One session, two payments, each with an id of its own."""
        shop = given(ask, ONE, providers={"*": {"authorize": {"overlap": "paid-twice"}}})
        shop.authorize()

        assert 2 == len({payment["id"] for payment in shop.seen()["payments"]})

    def test_lost_update(self, ask: Ask) -> None:
        """Both 200, the collection counts the last one alone."""
        shop = given(ask, ONE, TWO, providers={"*": {"authorize": {"overlap": "lost-update"}}})

        assert [200, 200] == [shop.authorize(id).status for id in ("ps_1", "ps_2")]
        assert IsPartialDict(status="partially_authorized", authorized_amount=2000) == shop.seen()
