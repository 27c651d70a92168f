"""Retrieve: what of a collection is shown (tests/facts/server.md 4)."""

import pytest
from asking import Ask
from operations.shop import UNKNOWN, Shop, given, outcome


class TestRetrieve:
    """Seven columns and two relations, unless `fields` and `expand` say otherwise."""

    def test_what_is_shown_by_default(self, shop: Shop) -> None:
        """Keys in the real server's order (tests/facts/server.md 2)."""
        shown = shop.ask("GET").document["payment_collection"]

        assert [
            "id", "type", "status", "description", "amount", "currency_code", "metadata", "payment_sessions", "region",
        ] == list(shown)  # fmt: skip

    @pytest.mark.parametrize(
        ("query", "keys"),
        [
            ("fields=amount,region_id&expand=", ["id", "amount", "region_id"]),
            ("fields=", ["id", "payment_sessions", "region"]),
            ("expand=payments", ["id", "type", "status", "description", "amount", "currency_code", "metadata", "payments"]),
            ("fields=authorized_amount&expand=region,currency", ["id", "authorized_amount", "currency", "region"]),
            ("fields=region.countries", ["id", "payment_sessions"]),
            ("fields=currency.code", ["id", "currency", "payment_sessions", "region"]),
            ("fields=currency.code&expand=payments", ["id", "payments"]),
            ("fields=status,*,-amount&expand=", ["id", "status", "amount"]),
            ("fields=*,-amount,-id,-nobody,%2Bcreated_by&expand=", ["id", "type", "status", "description", "currency_code", "metadata", "created_by"]),
            ("fields=-&expand=__proto__", ["id", "type", "status", "description", "amount", "currency_code", "metadata"]),
            ("=&constructor=1&hasOwnProperty=1&fields=id&expand=", ["id"]),
        ],
    )  # fmt: skip
    def test_fields_and_expand(self, shop: Shop, query: str, keys: list[str]) -> None:
        """`fields` adds to the id, `expand` replaces the relations; a relation of which no column is named is gone."""
        assert keys == list(shop.ask("GET", query=query).document["payment_collection"])

    def test_all_sessions_are_shown_without_their_ids(self, ask: Ask) -> None:
        """Where `fields` leaves out the ids, every session stands there still (drift with the real server)."""
        shop = given(ask, {"id": "ps_1", "amount": 1000}, {"id": "ps_2", "amount": 2000})
        shown = shop.ask("GET", query="fields=payment_sessions.amount").document["payment_collection"]

        assert [{"amount": 1000}, {"amount": 2000}] == shown["payment_sessions"]

    def test_relations_of_relations(self, shop: Shop) -> None:
        """Dots lead on; a relation that leads to nothing is null; named columns of one narrow it."""
        deep = shop.ask("GET", query="expand=region.countries,region.currency,payment_sessions.cart").document
        narrow = shop.ask("GET", query="fields=region.name&expand=region").document

        assert {"countries", "currency"} <= set(deep["payment_collection"]["region"])
        assert [None] == [session["cart"] for session in deep["payment_collection"]["payment_sessions"]]
        assert ["name"] == list(narrow["payment_collection"]["region"])

    @pytest.mark.parametrize(
        "query",
        ["expand=nobody", "fields=nobody", "expand=amount", "fields=amount.x", "expand=region.x", "fields=%2Bnobody"],
    )
    def test_an_unknown_field_or_relation(self, shop: Shop, query: str) -> None:
        """500: Medusa does not check them (tests/facts/server.md 4)."""
        answer = shop.ask("GET", query=query)

        assert (500, UNKNOWN) == (answer.status, answer.document)

    @pytest.mark.parametrize(
        ("query", "message"),
        [
            ("limit=5", "property limit should not exist"),
            ("expand=a&expand=b", "expand must be a string"),
            ("fields[]=a&order=x", "property order should not exist, fields must be a string"),
        ],
    )
    def test_the_query_is_checked(self, shop: Shop, query: str, message: str) -> None:
        """Unknown keys come first; a repeated one is an array."""
        assert (400, message) == outcome(shop.ask("GET", query=query))

    def test_nul_in_an_id(self, shop: Shop) -> None:
        """PostgreSQL's text cannot hold it: 500 (get-nul-id)."""
        assert 500 == shop.ask("GET", "/store/payment-collections/%00").status
