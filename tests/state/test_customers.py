"""Customers and orders that are given, partly written."""

import json

import pytest
from asking import Ask
from operations.customers import ME, Visitor

from mockserver.edge.mock import Mock

STATE = "/__mock/sandboxes/shared/state"


def test_a_customer_who_is_given_can_log_in(ask: Ask) -> None:
    """With the address in any case of letters; the rest is null, and names are invented."""
    ada = {"email": "Ada@Example.com", "password": "secret", "shipping_addresses": [{"id": "addr_1", "city": "London"}]}
    ask("PATCH", STATE, {"customers": [ada]})
    visitor = Visitor(ask)
    customer = visitor.ask("POST", "/store/auth", {"email": "ada@example.com", "password": "secret"}).document[
        "customer"
    ]

    assert ("ada@example.com", True, None, None, None) == tuple(
        customer[name] for name in ("email", "has_account", "phone", "metadata", "billing_address_id")
    )
    assert ["addr_1"] == [one["id"] for one in customer["shipping_addresses"]]


def test_a_row_of_a_real_database_can_be_given(ask: Ask) -> None:
    """Its hash is taken as it is, and so is its address, though nobody can log in to one with capitals."""
    hash = "c2NyeXB0AAEAAAABAAAAARL/4VbpbI3EySVLYZDfc1FxQ0X5yq00+WZzL+4ZH7BdYEEzA4yezVBFiM1OPKEROt3I5YHRHvos3HE0sB2ZM4/HCzA6SutvdqchfeFKR4Lw"
    given = [{"id": f"cus_{one}", "email": one, "password_hash": hash} for one in ("a@x.com", "B@x.com")]
    ask("PATCH", STATE, {"customers": given})
    tries = [
        ask("POST", "/store/auth", {"email": one, "password": "old-secret"}).status for one in ("A@x.com", "B@x.com")
    ]

    assert [200, 401] == tries


def test_a_given_password_is_changed_by_giving_another(ask: Ask) -> None:
    """What else is stored stays; an account can also be said to be none."""
    for said in ({"email": "a@x.com", "password": "one", "first_name": "Ada"}, {"password": "two"}):
        ask("PATCH", STATE, {"customers": [{"id": "cus_a", **said}]})
    ask(
        "PATCH",
        STATE,
        {"customers": [{"id": "cus_g", "email": "a@x.com", "password": "x", "has_account": False}, {"id": "cus_n"}]},
    )
    answers = [ask("POST", "/store/auth", {"email": "a@x.com", "password": one}) for one in ("one", "two", "x")]

    assert [401, 200, 401] == [answer.status for answer in answers]
    assert "Ada" == answers[1].document["customer"]["first_name"]


@pytest.mark.parametrize("name", ["password", "password_hash"])
def test_passwords_are_texts(ask: Ask, name: str) -> None:
    """Anything else is refused with its place, also inside another entity."""
    said = {"customers": [{name: 5}], "orders": [{"customer": {name: []}}]}
    message = ask("PATCH", STATE, said).document["message"]

    assert f"customers.0.{name}: is no text; orders.0.customer.{name}: is no text" == message


def test_no_password_shows_anywhere(ask: Ask, mock: Mock) -> None:
    """Not in state, scenario, snapshots, journal or outbox, and no hash of it either."""
    visitor = Visitor(ask)
    visitor.register(password="hunter2")  # noqa: S106
    login = {"email": "ada@example.com", "password": "hunter2"}
    token = visitor.ask("POST", "/store/auth/token", login).document["access_token"]
    visitor.ask("POST", "/store/auth", '{"email": "ada@example.com", "password": "hunter2"}', content_type="text/plain")
    ask("PATCH", STATE, {"customers": [{"email": "b@x.com", "password": "hunter2"}]})
    sandbox = mock.sandboxes["shared"]
    sandbox.take_snapshot("one")
    shown = [
        ask("GET", f"/__mock{path}").document
        for path in ("/sandboxes/shared/state", "/sandboxes/shared/state/scenario", "/sandboxes", "/outbox", "/journal")
    ]
    shown += [ask("GET", f"/__mock/journal/{entry.number}").document for entry in sandbox.journal]
    hashes = [row["_password_hash"] for row in sandbox.tables.all("customers")]
    text = json.dumps(shown)

    assert "ada@example.com" in text
    assert "***" in text
    assert "hunter2" not in text
    assert token not in text
    assert 2 == len(hashes)
    assert not any(hash in text for hash in hashes)


def test_what_a_stub_wants_of_a_password_is_masked(ask: Ask) -> None:
    """The reasons say which field it was, and neither what was wanted nor what was sent."""
    stub = {"operation": "auth.authenticate", "when": {"body": {"password": "hunter2"}}, "reply": {"status": 422}}
    ask("PUT", "/__mock/scenarios/mine", {"description": "One password.", "stubs": [stub]})
    ask("POST", "/@mine/store/auth", {"email": "a@x.com", "password": "hunter3"})
    why = ask("GET", "/__mock/journal/1").document["why"]

    assert ["body.password: wanted '***', got '***'"] == why["near"][0]["differences"]


def test_an_order_that_is_given_has_a_number_and_a_region(ask: Ask) -> None:
    """The next number, and the region that sells in its currency; or the one that it says."""
    said = [
        {"id": "order_1", "currency_code": "eur"},
        {"id": "order_2"},
        {"id": "order_3", "display_id": 9, "region_id": "reg_01HK3CQKJ5S2Q7TGDGGK4V8K2M"},
        {"id": "order_4", "region": {"id": "reg_9", "name": "Nowhere", "currency_code": "nok"}},
    ]
    ask("PATCH", STATE, {"customers": [{"id": "cus_1", "email": "a@x.com", "password": "x", "orders": said}]})
    ask("PATCH", STATE, {"orders": [{"id": "order_1", "payment_status": "captured"}]})
    visitor = Visitor(ask)
    visitor.ask("POST", "/store/auth", {"email": "a@x.com", "password": "x"})
    orders = {one["id"]: one for one in visitor.ask("GET", f"{ME}/orders").document["orders"]}

    assert [1, 2, 9, 10] == [orders[one["id"]]["display_id"] for one in said]
    assert ["eur", "usd", "eur", "nok"] == [orders[one["id"]]["region"]["currency_code"] for one in said]
    assert "captured" == orders["order_1"]["payment_status"]
