"""Prices of customer groups: who is in one pays them (tests/facts/catalog.md 4)."""

from pathlib import Path

from asking import ask_of
from operations.customers import Visitor

from mockserver import Settings, create_app

SEED = Path(__file__).parent.parent / "conformance" / "journeys" / "seed.json"


def test_prices_are_those_of_the_groups_that_a_customer_is_in() -> None:
    """In the list of products, in one, and in variants; for nobody else."""
    ask = ask_of(create_app(Settings(data=SEED)))
    (product,) = ask("GET", "/store/products?limit=1").document["products"]
    variant = product["variants"][0]["id"]
    amount = {
        "id": "ma_vip",
        "currency_code": "eur",
        "amount": 1,
        "variant_id": variant,
        "min_quantity": None,
        "max_quantity": None,
    }
    prices = {"id": "pl_vip", "status": "active", "type": "sale", "starts_at": None, "ends_at": None}
    given = {
        "customer_groups": [{"id": "cgrp_vip", "name": "VIP"}],
        "customers": [{"email": "ada@example.com", "password": "secret", "groups": [{"id": "cgrp_vip"}]}],
        "price_lists": [{**prices, "customer_groups": [{"id": "cgrp_vip"}], "prices": [amount]}],
    }
    answer = ask("PATCH", "/__mock/sandboxes/shared/state", given)
    assert 200 == answer.status, answer.document
    query = "currency_code=eur"
    ada, eve = Visitor(ask), Visitor(ask)
    ada.ask("POST", "/store/auth", {"email": "ada@example.com", "password": "secret"})

    for visitor, is_in in ((ada, True), (eve, False)):
        one = visitor.ask("GET", f"/store/products/{product['id']}?{query}").document["product"]["variants"]
        listed = visitor.ask("GET", f"/store/products?id={product['id']}&{query}").document["products"][0]["variants"]
        alone = visitor.ask("GET", f"/store/variants/{variant}?{query}").document["variant"]
        several = visitor.ask("GET", f"/store/variants?id={variant}&{query}").document["variants"][0]
        found = [next(row for row in rows if row["id"] == variant) for rows in (one, listed)]
        assert {is_in} == {row["calculated_price"] == 1 for row in (*found, alone, several)}
