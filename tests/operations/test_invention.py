"""What is invented on first touch, and what becomes of it."""

from itertools import count
from typing import Any

from asking import Ask, ask_of, header, in_scenario
from dirty_equals import IsPartialDict
from hypothesis import given as of
from hypothesis import settings
from hypothesis import strategies as st
from operations.shop import ONE, Shop, given, outcome

from mockserver import Settings, create_app
from mockserver.edge.mock import Mock
from mockserver.operations.payment_collections.finding import MOST_INVENTED


class TestInvention:
    """Ids that nobody has heard of."""

    def test_what_is_invented_is_remembered(self, shop: Shop) -> None:
        """An unknown collection exists from its first touch on, with the sessions that were asked for; its price stays."""
        price = shop.seen()["amount"]
        shop.authorize("ps_a")
        shop.authorize("ps_b")
        seen = shop.seen()

        assert ["ps_a", "ps_b"] == [session["id"] for session in seen["payment_sessions"][1:]]
        assert ["pending", "authorized", "authorized"] == [session["status"] for session in seen["payment_sessions"]]
        assert seen["amount"] == seen["authorized_amount"] == price

    def test_a_get_shows_one_session_for_the_whole_price(self, shop: Shop) -> None:
        """So that a client that reads first has something to pay with; it is the collection's own."""
        seen = shop.seen()
        (session,) = seen["payment_sessions"]

        assert seen["amount"] == session["amount"]
        assert 200 == shop.authorize(session["id"]).status
        assert [session["id"]] == [one["id"] for one in shop.seen()["payment_sessions"]]

    def test_the_price_does_not_depend_on_what_is_asked_first(self, shop: Shop, mock: Mock) -> None:
        """A collection that is authorized before it was read costs what it costs when it is read first."""
        price = shop.seen()["amount"]
        mock.sandboxes["shared"].reset()
        shop.authorize()

        assert price == shop.seen()["amount"]

    def test_two_collections_may_be_asked_for_the_same_session(self, shop: Shop) -> None:
        """Each has its own: a suite with one constant session id gets 200 for every collection."""
        other = "/store/payment-collections/paycol_2"
        first = shop.authorize("ps_a").document["payment_session"]
        second = shop.ask("POST", f"{other}/sessions/ps_a/authorize").document["payment_session"]

        assert ["ps_a", "ps_a"] == [first["id"], second["id"]]
        assert first["amount"] != second["amount"]
        assert ["ps_a"] == [session["id"] for session in shop.seen()["payment_sessions"]]
        assert 200 == shop.ask("POST", f"{other}/sessions/ps_a").status
        assert 200 == shop.ask("POST", "/sessions/ps_a").status

    def test_two_collections_with_the_same_session_have_a_sequence_each(self, ask: Ask) -> None:
        """What a provider answers at the first try of one session is answered at the first try of the other."""
        shop = Shop(ask, {"providers": {"*": {"authorize": [{"status": "requires_more"}, {}]}}})
        paths = [f"/store/payment-collections/{id}/sessions/ps_a/authorize" for id in ("paycol_1", "paycol_2")]

        assert [422, 422, 200, 200] == [shop.ask("POST", path).status for path in paths * 2]

    def test_sessions_that_are_asked_for_at_once_share_what_is_owed(self, shop: Shop) -> None:
        """Several in one request add up to the price."""
        price = shop.seen()["amount"]
        answer = shop.ask("POST", "/sessions/batch/authorize", {"session_ids": ["ps_a", "ps_b", "ps_c"]})
        collection = answer.document["payment_collection"]

        assert (200, "authorized", price) == (answer.status, collection["status"], collection["authorized_amount"])
        assert price == sum(one["amount"] for one in collection["payment_sessions"][1:])

    def test_a_session_that_was_dropped_is_not_invented_again(self, shop: Shop) -> None:
        """It was this collection's, and is no more: 422, as on the real server; for another collection it is as new."""
        shop.ask("POST", "/sessions/ps_a")

        assert 422 == shop.authorize("ps_a").status
        assert 200 == shop.ask("POST", "/store/payment-collections/paycol_2/sessions/ps_a/authorize").status

    def test_a_scenario_refuses_any_session(self, ask: Ask) -> None:
        """Though the price is paid already: whoever asks for a refusal sees one, with any id."""
        Shop(ask, {}).authorize("ps_a")
        declined = Shop(ask, {"providers": {"*": {"authorize": {"error": "No."}}}})

        assert (400, "No.") == outcome(declined.authorize("ps_b"))
        assert "authorized" == declined.seen()["status"]

    def test_a_collection_grows_so_far_and_no_further(self, shop: Shop) -> None:
        """The next session is refused by the mock itself, which says what to do; those that are there go on."""
        ids = [f"ps_{number}" for number in range(MOST_INVENTED)]
        assert 200 == shop.ask("POST", "/sessions/batch/authorize", {"session_ids": ids}).status
        refused = shop.authorize("ps_more")

        assert (400, "mock_server_error") == (refused.status, refused.document["type"])
        assert "'paycol_1' was asked for more than 200 sessions that nobody gave it" in refused.document["message"]
        assert 200 == shop.authorize("ps_0").status
        assert MOST_INVENTED == len(shop.seen()["payment_sessions"])

    def test_ids_may_be_no_unicode(self, shop: Shop) -> None:
        """Half of a surrogate pair, which JSON can hold: no id is too strange to be invented."""
        assert 200 == shop.ask("POST", "/sessions/batch/authorize", {"session_ids": ["\ud800"]}).status

    def test_unknown_ids_can_be_missing(self, ask: Ask) -> None:
        """`unknown_ids: not_found` answers as Medusa does."""
        shop = Shop(ask, {"unknown_ids": "not_found"})

        assert (404, "Payment collection with id paycol_1 was not found") == outcome(shop.ask("GET"))

    def test_a_scenario_that_refuses_takes_back_what_was_invented(self, ask: Ask) -> None:
        """Whoever asks for a refusal of an invented session that went through sees it refused, and the sums follow."""
        fine, declined = Shop(ask, {}), Shop(ask, {"providers": {"*": {"authorize": {"status": "error"}}}})
        fine.authorize()

        assert 422 == declined.authorize().status
        assert IsPartialDict(status="awaiting", authorized_amount=0, payments=[]) == declined.seen()

    def test_only_what_was_asked_for_is_taken_back(self, ask: Ask) -> None:
        """Another session that went through stays so, and its payment with it."""
        fine, declined = Shop(ask, {}), Shop(ask, {"providers": {"*": {"authorize": {"status": "error"}}}})
        fine.ask("POST", "/sessions/batch/authorize", {"session_ids": ["ps_a", "ps_b"]})
        assert 422 == declined.authorize("ps_a").status
        seen = declined.seen()

        assert ["error", "authorized"] == [session["status"] for session in seen["payment_sessions"]]
        assert [seen["payment_sessions"][1]["amount"]] == [payment["amount"] for payment in seen["payments"]]
        assert seen["authorized_amount"] == seen["payment_sessions"][1]["amount"]

    def test_a_given_session_is_not_taken_back(self, ask: Ask) -> None:
        """What a scenario gave is authorized once and for all, as on the real server."""
        shop = given(ask, ONE, providers={"*": {"authorize": [{}, {"status": "error"}]}})

        assert [200, 200] == [shop.authorize().status for _ in range(2)]

    def test_an_invented_session_of_a_provider_that_is_gone(self, ask: Ask) -> None:
        """A session whose provider another scenario does not have stays as it is, even where that one refuses all."""
        Shop(ask, {"providers": {"stripe": {}}}).ask("POST", "/sessions", {"provider_id": "stripe"})
        with_stripe = Shop(ask, {"providers": {"stripe": {}}})
        (session,) = with_stripe.seen()["payment_sessions"]
        with_stripe.authorize(session["id"])

        assert 200 == Shop(ask, {}).authorize(session["id"]).status
        assert (
            200 == Shop(ask, {"providers": {"*": {"authorize": {"status": "error"}}}}).authorize(session["id"]).status
        )


collections, sessions = st.sampled_from(["paycol_a", "paycol_b"]), st.sampled_from(["ps_1", "ps_2", "ps_3"])
steps = st.one_of(
    st.tuples(st.just("get"), collections),
    st.tuples(st.just("manage"), collections),
    st.tuples(st.just("batch"), collections, st.integers(1, 3)),
    st.tuples(st.just("refresh"), collections, sessions),
    st.tuples(st.just("authorize"), collections, sessions),
    st.tuples(st.just("authorize own"), collections),
    st.tuples(st.just("authorize batch"), collections, st.lists(sessions, max_size=3)),
)
ASK = ask_of(create_app(Settings(clock="2024-01-06T03:57:20Z")))
NUMBERS = count()


class Street:
    """Two collections that nobody gave, in a sandbox of their own."""

    def __init__(self) -> None:
        self._name = f"street-{next(NUMBERS)}"

    def ask(self, method: str, collection: str, path: str = "", body: str = "", query: str = "") -> Any:
        """Ask something of a collection."""
        where = f"/~{self._name}/store/payment-collections/{collection}{path}"
        return ASK(method, where, body, query, content_type="application/json")

    def seen(self, collection: str) -> dict[str, Any]:
        """Return all of a collection."""
        query = "fields=status,amount,authorized_amount&expand=payment_sessions,payments"
        return dict(self.ask("GET", collection, query=query).document["payment_collection"])

    def play(self, step: tuple[Any, ...], before: dict[str, Any]) -> Any:
        """Do a step; `before` is how its collection is."""
        kind, collection, *said = step
        if kind == "manage":
            return self.ask("POST", collection, "/sessions", '{"provider_id": "manual"}')
        if kind == "batch":
            amounts = [before["amount"] - (said[0] - 1), *([1] * (said[0] - 1))]
            items = ", ".join(f'{{"provider_id": "manual", "amount": {amount}}}' for amount in amounts)
            return self.ask("POST", collection, "/sessions/batch", f'{{"sessions": [{items}]}}')
        if kind == "refresh":
            return self.ask("POST", collection, f"/sessions/{said[0]}")
        if kind == "authorize batch":
            ids = ", ".join(f'"{id}"' for id in said[0])
            return self.ask("POST", collection, "/sessions/batch/authorize", f'{{"session_ids": [{ids}]}}')
        if kind == "get":
            return self.ask("GET", collection)
        own = before["payment_sessions"][0]["id"]
        return self.ask("POST", collection, f"/sessions/{said[0] if said else own}/authorize")


@settings(max_examples=150, deadline=None)
@of(st.lists(steps, max_size=12))
def test_whatever_is_asked_in_whatever_order_belongs_together(sequence: list[tuple[Any, ...]]) -> None:
    """Any session that was not dropped is authorized, no price changes by that, and no collection touches another."""
    street = Street()
    gone: set[tuple[str, str]] = set()
    for step in sequence:
        collection, other = step[1], "paycol_b" if step[1] == "paycol_a" else "paycol_a"
        before, elsewhere = street.seen(collection), street.seen(other)
        answer = street.play(step, before)
        after = street.seen(collection)

        assert elsewhere == street.seen(other)
        assert after["amount"] == before["amount"]
        if step[0] == "authorize own" or (step[0] == "authorize" and (collection, step[2]) not in gone):
            assert (200, "authorized") == (answer.status, answer.document["payment_session"]["status"])
        if step[0].startswith("authorize"):
            assert 0 <= after["authorized_amount"] <= after["amount"]
        asked = {step[2]} if step[0] == "refresh" else set()
        left = {one["id"] for one in after["payment_sessions"]}
        gone |= {(collection, id) for id in {one["id"] for one in before["payment_sessions"]} | asked if id not in left}


def test_long_ids_are_not_invented(ask: Ask) -> None:
    """255 characters are; of longer ones the mock itself says why not, and a scenario without inventions answers as Medusa does."""
    path = "/store/payment-collections/{}/sessions/{}/authorize"
    good = ask("POST", path.format("p" * 255, "s" * 255))
    long = [ask("POST", path.format("p" * 256, "ps_1")), ask("POST", path.format("paycol_1", "s" * 256))]
    unknown = in_scenario(ask, {"unknown_ids": "not_found"})("GET", f"/store/payment-collections/{'p' * 256}")

    assert 200 == good.status
    assert [(400, "mock")] * 2 == [(one.status, header(one, "x-mock-source")) for one in long]
    assert "an id of 256 characters is not invented" in long[0].document["message"]
    assert 404 == unknown.status


def test_a_request_lists_two_hundred_sessions_at_most(ask: Ask) -> None:
    """More of them would let all others wait; it is the mock itself that says so."""
    path = "/store/payment-collections/paycol_1/sessions/batch"
    sessions = [{"provider_id": "manual", "amount": 1}] * 200
    many = [
        ask("POST", path, {"sessions": sessions * 2}),
        ask("POST", f"{path}/authorize", {"session_ids": ["x"] * 201}),
    ]

    assert 200 == ask("POST", path, {"sessions": sessions}).status
    assert [(400, "mock")] * 2 == [(one.status, header(one, "x-mock-source")) for one in many]
    assert "400 sessions are listed; this mock takes 200 at once" == many[0].document["message"]
