"""Manage one session or several: what the collection has afterwards (tests/facts/server.md 4)."""

import pytest
from asking import Ask
from dirty_equals import IsStr
from operations.shop import ONE, TWO, UNKNOWN, Shop, given, outcome


class TestManage:
    """One session for the collection."""

    @pytest.mark.parametrize(
        ("body", "message"),
        [
            (None, "provider_id must be a string"),
            ({"provider_id": 5}, "provider_id must be a string"),
            ({"toString": 1, "__proto__": {}, "provider_id": None}, "provider_id must be a string"),
            ({"foo": 1, "provider_id": None}, "property foo should not exist, provider_id must be a string"),
            ({"provider_id": "stripe"}, "Payment provider not found"),
            ([], "Payment provider not found"),
            ([{}], "property 0 should not exist"),
        ],
    )
    def test_the_body_is_checked(self, shop: Shop, body: object, message: str) -> None:
        """400 with Medusa's own words."""
        assert (400, message) == outcome(shop.ask("POST", "/sessions", body))

    def test_validation_comes_before_the_collection(self, ask: Ask) -> None:
        """A bad body is a 400 even where there is nothing; then 404."""
        shop = Shop(ask, {"unknown_ids": "not_found"})

        assert [400, 404] == [shop.ask("POST", "/sessions", body).status for body in ({}, {"provider_id": "manual"})]

    def test_the_same_provider_keeps_the_session(self, ask: Ask) -> None:
        """Again with one provider is an update; another provider replaces the session."""
        shop = given(ask, ONE, providers={"stripe": {}})
        ids = [
            shop.ask("POST", "/sessions", {"provider_id": provider}).document["payment_collection"]["payment_sessions"][
                0
            ]["id"]
            for provider in ("manual", "manual", "stripe")
        ]

        assert ["ps_1", "ps_1"] == ids[:2]
        assert IsStr(regex="ps_[0-9A-HJKMNP-TV-Z]{26}") == ids[2]
        assert [ids[2]] == [session["id"] for session in shop.seen()["payment_sessions"]]

    def test_only_an_unpaid_collection_can_be_managed(self, ask: Ask) -> None:
        """400 that names the status."""
        shop = given(ask, ONE, status="awaiting")
        message = "Cannot set payment sessions for a payment collection with status awaiting"

        assert (400, message) == outcome(shop.ask("POST", "/sessions", {"provider_id": "manual"}))

    def test_a_provider_that_updates_nothing_leaves_the_session(self, ask: Ask) -> None:
        """One that answers an update with nothing leaves amount and data as they were."""
        shop = given(ask, ONE, amount=1500, providers={"*": {"update": {"data": None}}})
        shop.ask("POST", "/sessions", {"provider_id": "manual"})

        assert [1000] == [session["amount"] for session in shop.seen()["payment_sessions"]]

    def test_a_provider_that_cannot_initiate(self, ask: Ask) -> None:
        """400, and the old session stays."""
        shop = given(ask, ONE, providers={"stripe": {"initiate": {"error": "No account."}}})

        assert (400, "No account.") == outcome(shop.ask("POST", "/sessions", {"provider_id": "stripe"}))
        assert ["ps_1"] == [session["id"] for session in shop.seen()["payment_sessions"]]


class TestManageBatch:
    """Several sessions whose amounts add up."""

    def test_sessions_are_updated_inserted_and_dropped(self, ask: Ask) -> None:
        """Those that are named are kept, new ones get new ids, all others go, whatever their provider says to that."""
        shop = given(ask, ONE, TWO, providers={"*": {"delete": {"throws": "TypeError"}}})
        sessions = [
            {"provider_id": "manual", "amount": 500},
            {"provider_id": "manual", "amount": 2500, "session_id": "ps_1"},
        ]
        answer = shop.ask("POST", "/sessions/batch", {"sessions": sessions})
        new, kept = answer.document["payment_collection"]["payment_sessions"]

        assert [("ps_1", 2500), (new["id"], 500)] == [
            (one["id"], one["amount"]) for one in shop.seen()["payment_sessions"]
        ]
        assert ("ps_1", 2500) == (kept["id"], kept["amount"])

    @pytest.mark.parametrize(
        ("body", "status", "message"),
        [
            ({}, 400, IsStr(regex=r'.*"Cannot read properties of undefined \(reading \'constructor\'\)".*')),
            ({"sessions": None}, 400, IsStr(regex=r".*properties of null.*")),
            ({"sessions": "x"}, 400, IsStr(regex=r".*an unknown value was passed to the validate function.*")),
            ({"sessions": []}, 500, UNKNOWN["message"]),
            ({"sessions": [{}, {"provider_id": 5}]}, 500, UNKNOWN["message"]),
            ({"sessions": [{"provider_id": "manual", "amount": 1000}], "x": 1}, 400, "property x should not exist"),
            ({"sessions": [{"provider_id": "manual", "amount": 1000}, None]}, 500, UNKNOWN["message"]),
            ({"sessions": [{"provider_id": "manual", "amount": 5}]}, 500, "The sum of sessions is not equal to 1000 on Payment Collection"),
            ({"sessions": [{"provider_id": "manual", "amount": 1000}, {"provider_id": "manual", "amount": "0"}]}, 500,
             "The sum of sessions is not equal to 1000 on Payment Collection"),
            ({"sessions": [{"provider_id": "manual", "amount": 0}, {"provider_id": "manual", "amount": 999.5},
                           {"provider_id": "manual", "amount": 0.5}]}, 500, UNKNOWN["message"]),
            ([], 500, UNKNOWN["message"]),
            ([1, 2], 400, "property 0 should not exist, property 1 should not exist"),
        ],
    )  # fmt: skip
    def test_bad_bodies(self, ask: Ask, body: object, status: int, message: object) -> None:
        """What the real server's union validator, its sum and its columns make of them."""
        assert (status, message) == outcome(given(ask, ONE).ask("POST", "/sessions/batch", body))

    def test_providers_that_are_not_there_are_dropped(self, ask: Ask) -> None:
        """A session for an unknown provider is passed over in silence; what is left must add up."""
        sessions = [{"provider_id": "manual", "amount": 1000}, {"provider_id": "nobody", "amount": 5}]
        answer = given(ask, ONE).ask("POST", "/sessions/batch", {"sessions": sessions})

        assert [1000] == [one["amount"] for one in answer.document["payment_collection"]["payment_sessions"]]

    def test_an_invented_collection_agrees_with_what_is_asked(self, shop: Shop) -> None:
        """The amounts that are listed for a collection that nobody has heard of are its amount."""
        sessions = [{"provider_id": "manual", "amount": amount} for amount in (700, 34)]
        answer = shop.ask("POST", "/sessions/batch", {"sessions": sessions})

        assert (200, 734) == (answer.status, answer.document["payment_collection"]["amount"])
