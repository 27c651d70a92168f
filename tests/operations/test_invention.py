"""What is invented on first touch, and what becomes of it."""

from dirty_equals import IsPartialDict
from operations.shop import ONE, Shop, given, outcome

from mockserver.edge.app import Mock
from mockserver.operations.payment_collections.finding import MOST_INVENTED


class TestInvention:
    """Ids that nobody has heard of."""

    def test_what_is_invented_is_remembered(self, shop: Shop) -> None:
        """An unknown collection exists from its first touch on, with the session that was asked for."""
        shop.authorize("ps_a")
        shop.authorize("ps_b")
        seen = shop.seen()

        assert ["ps_a", "ps_b"] == [session["id"] for session in seen["payment_sessions"]]
        assert seen["amount"] == seen["authorized_amount"] == sum(one["amount"] for one in seen["payment_sessions"])

    def test_a_session_of_another_collection_is_not_stolen(self, shop: Shop) -> None:
        """A session belongs where it was first seen; the other collection has none to authorize."""
        shop.authorize("ps_a")

        assert 400 == shop.ask("POST", "/store/payment-collections/paycol_2/sessions/ps_a/authorize").status
        assert ["ps_a"] == [session["id"] for session in shop.seen()["payment_sessions"]]

    def test_a_collection_grows_so_far_and_no_further(self, shop: Shop) -> None:
        """Its oldest invented sessions are forgotten as if they never were; the sums follow, and they can be asked for anew."""
        for number in range(MOST_INVENTED + 5):
            assert 200 == shop.authorize(f"ps_{number}").status
        seen = shop.seen()

        assert [f"ps_{number}" for number in range(5, MOST_INVENTED + 5)] == [
            one["id"] for one in seen["payment_sessions"]
        ]
        assert MOST_INVENTED == len(seen["payments"])
        assert seen["amount"] == seen["authorized_amount"] == sum(one["amount"] for one in seen["payment_sessions"])
        assert "authorized" == seen["status"]
        assert 200 == shop.authorize("ps_0").status

    def test_refused_sessions_are_forgotten_too(self, mock: Mock) -> None:
        """Nothing was authorized of them, so nothing is taken back."""
        shop = Shop(mock, {"providers": {"*": {"authorize": {"status": "error"}}}})
        for number in range(MOST_INVENTED + 2):
            assert 422 == shop.authorize(f"ps_{number}").status
        seen = shop.seen()

        assert MOST_INVENTED == len(seen["payment_sessions"])
        assert (0, sum(one["amount"] for one in seen["payment_sessions"])) == (
            seen["authorized_amount"],
            seen["amount"],
        )

    def test_ids_may_be_no_unicode(self, shop: Shop) -> None:
        """Half of a surrogate pair, which JSON can hold: no id is too strange to be invented."""
        assert 200 == shop.ask("POST", "/sessions/batch/authorize", {"session_ids": ["\ud800"]}).status

    def test_unknown_ids_can_be_missing(self, mock: Mock) -> None:
        """`unknown_ids: not_found` answers as Medusa does."""
        shop = Shop(mock, {"unknown_ids": "not_found"})

        assert (404, "Payment collection with id paycol_1 was not found") == outcome(shop.ask("GET"))

    def test_a_scenario_that_refuses_takes_back_what_was_invented(self, mock: Mock) -> None:
        """Whoever asks for a refusal of an invented session that went through sees it refused, and the sums follow."""
        fine, declined = Shop(mock, {}), Shop(mock, {"providers": {"*": {"authorize": {"status": "error"}}}})
        fine.authorize()

        assert 422 == declined.authorize().status
        assert IsPartialDict(status="awaiting", authorized_amount=0, payments=[]) == declined.seen()

    def test_a_given_session_is_not_taken_back(self, mock: Mock) -> None:
        """What a scenario gave is authorized once and for all, as on the real server."""
        shop = given(mock, ONE, providers={"*": {"authorize": [{}, {"status": "error"}]}})

        assert [200, 200] == [shop.authorize().status for _ in range(2)]

    def test_an_invented_session_of_a_provider_that_is_gone(self, mock: Mock) -> None:
        """A session whose provider another scenario does not have stays as it is."""
        Shop(mock, {"providers": {"stripe": {}}}).ask("POST", "/sessions", {"provider_id": "stripe"})
        with_stripe = Shop(mock, {"providers": {"stripe": {}}})
        (session,) = with_stripe.seen()["payment_sessions"]
        with_stripe.authorize(session["id"])

        assert 200 == Shop(mock, {}).authorize(session["id"]).status
