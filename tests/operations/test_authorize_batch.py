"""Authorize several sessions at once (tests/facts/server.md 4)."""

import pytest
from asking import Ask
from dirty_equals import IsPartialDict
from operations.shop import ONE, TWO, UNKNOWN, Shop, given, outcome


class TestAuthorizeBatch:
    """The same engine, and never a 422."""

    @pytest.mark.parametrize(
        ("body", "message"),
        [
            ({}, "each value in session_ids must be a string, session_ids must be an array"),
            ({"session_ids": "ps_1"}, "session_ids must be an array"),
            ({"session_ids": [1]}, "each value in session_ids must be a string"),
            ([5], "property 0 should not exist"),
        ],
    )
    def test_the_body_is_checked(self, shop: Shop, body: object, message: str) -> None:
        """400 with Medusa's own words."""
        assert (400, message) == outcome(shop.ask("POST", "/sessions/batch/authorize", body))

    def test_an_array_for_a_body(self, ask: Ask) -> None:
        """An empty one passes the check, and the server falls over it once it looks for a session: 500."""
        shop = given(ask, ONE)
        assert (500, UNKNOWN["message"]) == outcome(shop.ask("POST", "/sessions/batch/authorize", []))
        shop.authorize()

        assert 200 == shop.ask("POST", "/sessions/batch/authorize", []).status

    @pytest.mark.parametrize("ids", [[], ["ps_nobody"]])
    def test_nothing_authorized_is_still_200(self, ask: Ask, ids: list[str]) -> None:
        """The collection awaits."""
        answer = given(ask, ONE).ask("POST", "/sessions/batch/authorize", {"session_ids": ids})

        assert (200, "awaiting") == (answer.status, answer.document["payment_collection"]["status"])

    def test_all_at_once(self, ask: Ask) -> None:
        """Every session is authorized and leaves its payment."""
        shop = given(ask, ONE, TWO)
        answer = shop.ask("POST", "/sessions/batch/authorize", {"session_ids": ["ps_1", "ps_2"]})

        assert IsPartialDict(status="authorized", authorized_amount=3000) == answer.document["payment_collection"]
        assert [1000, 2000] == [payment["amount"] for payment in answer.document["payment_collection"]["payments"]]

    def test_one_failure_rolls_all_back(self, ask: Ask) -> None:
        """Either all providers answer or nothing is stored."""
        shop = given(ask, ONE, {**TWO, "provider_id": "bad"}, providers={"bad": {"authorize": {"error": "No."}}})

        assert 400 == shop.ask("POST", "/sessions/batch/authorize", {"session_ids": ["ps_1", "ps_2"]}).status
        assert IsPartialDict(status="not_paid", payments=[]) == shop.seen()
