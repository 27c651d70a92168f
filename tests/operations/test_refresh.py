"""Refresh: a new session for an old one (tests/facts/server.md 4)."""

import pytest
from asking import Ask
from dirty_equals import IsPartialDict
from operations.shop import ONE, TWO, Shop, given, outcome

from mockserver.edge.mock import Mock
from mockserver.state.sandboxes import SHARED


class TestRefresh:
    """A new session for an old one."""

    def test_a_new_id_and_the_others_are_gone(self, ask: Ask) -> None:
        """The old id is no more, the other sessions are detached (refresh-one-of-two)."""
        shop = given(ask, ONE, TWO)
        fresh = shop.ask("POST", "/sessions/ps_1").document["payment_session"]

        assert IsPartialDict(status="pending", amount=1000) == fresh
        assert [fresh["id"]] == [session["id"] for session in shop.seen()["payment_sessions"]]
        assert "ps_1" != fresh["id"]
        assert [404, 404] == [shop.ask("POST", f"/sessions/{id}").status for id in ("ps_1", "ps_2")]
        assert 422 == shop.authorize("ps_1").status

    def test_a_new_id_is_one_that_nobody_has(self, mock: Mock, ask: Ask) -> None:
        """Even where a scenario gives a session under the very id that would have come next."""
        taken = given(ask, ONE).ask("POST", "/sessions/ps_1").document["payment_session"]["id"]
        mock.sandboxes[SHARED].reset()
        fresh = (
            given(ask, {"id": taken, "amount": 1000})
            .ask("POST", f"/sessions/{taken}")
            .document["payment_session"]["id"]
        )

        assert taken != fresh

    def test_an_authorized_session(self, ask: Ask) -> None:
        """Its amount is subtracted, the collection stays authorized."""
        shop = given(ask, ONE)
        shop.authorize()
        shop.ask("POST", "/sessions/ps_1")

        assert IsPartialDict(status="authorized", authorized_amount=0) == shop.seen()

    def test_whose_session_it_is(self, ask: Ask) -> None:
        """An unknown session is 404, one of another collection 400."""
        shop = given(ask, ONE)
        unknown = shop.ask("POST", "/sessions/ps_9")
        other = shop.ask("POST", "/store/payment-collections/paycol_2/sessions/ps_1")

        assert (404, "Payment collection related to Payment Session id ps_9 was not found") == outcome(unknown)
        assert (400, "Payment Session ps_1 does not belong to Payment Collection paycol_2") == outcome(other)

    def test_a_session_that_belongs_to_nothing_that_is_there(self, ask: Ask) -> None:
        """Its collection was deleted, or it never had one: nobody's, 404."""
        deleted = {"id": "paycol_2", "deleted_at": "2024-01-06T03:57:20.000Z", "payment_sessions": [{"id": "ps_2"}]}
        collections = [{"id": "paycol_1", "payment_sessions": [ONE]}, deleted]
        state = {"payment_collections": collections, "payment_sessions": [{"id": "ps_3"}]}
        shop = Shop(ask, {"unknown_ids": "not_found", "given": state})
        paths = ("/sessions/ps_2", "/sessions/ps_3", "/store/payment-collections/paycol_2/sessions/ps_2")

        assert [404, 404, 404] == [shop.ask("POST", path).status for path in paths]

    @pytest.mark.parametrize(("said", "status"), [({"error": "Still open."}, 400), ({"throws": "TypeError"}, 500)])
    def test_a_provider_that_cannot_delete(self, ask: Ask, said: dict[str, str], status: int) -> None:
        """Its error is the answer, and nothing changed."""
        shop = given(ask, ONE, providers={"*": {"delete": said}})

        assert status == shop.ask("POST", "/sessions/ps_1").status
        assert ["ps_1"] == [session["id"] for session in shop.seen()["payment_sessions"]]

    def test_an_invented_session(self, shop: Shop) -> None:
        """Where ids are invented, a session that nobody has heard of is refreshed too; a dropped one stays gone."""
        assert 200 == shop.ask("POST", "/sessions/ps_1").status
        assert 404 == shop.ask("POST", "/sessions/ps_1").status

    def test_nul_in_an_id(self, shop: Shop) -> None:
        """PostgreSQL's text cannot hold it: 500."""
        assert 500 == shop.ask("POST", "/sessions/%00").status
