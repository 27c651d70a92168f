"""The official client, @medusajs/medusa-js 6.1.10, unmodified: what its callers see, and what it sends."""

import re

import pytest
from clients.conftest import PaymentCall
from clients.recorder import Recorder
from dirty_equals import IsInt, IsPartialDict, IsStr

pytestmark = pytest.mark.node

AUTHORIZE = "authorizePaymentSession"
UUID4 = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


def choose(how: str, scenario: str, wire: Recorder, sandbox: str) -> tuple[str, dict[str, str]]:
    """Return a base URL and custom headers that choose a scenario, in a sandbox of its own."""
    if how == "prefix":
        return f"{wire.url}/@{scenario}", {"X-Mock-Sandbox": sandbox}
    return wire.url, {"X-Mock-Scenario": scenario, "X-Mock-Sandbox": sandbox}


def test_authorize_resolves(call: PaymentCall, wire: Recorder) -> None:
    """`authorizePaymentSession` resolves with the payment session, authorized, under the id that was asked for."""
    outcome = call(wire.url, AUTHORIZE, "paycol_1", "ps_1")

    assert 200 == outcome["status"]
    assert {"payment_session": IsPartialDict(id="ps_1", status="authorized")} == outcome["resolved"]
    assert [("POST", "/store/payment-collections/paycol_1/sessions/ps_1/authorize", b"{}")] == [
        (exchange.method, exchange.path, exchange.body) for exchange in wire.exchanges
    ]


def test_busy_by_base_url_alone(call: PaymentCall, wire: Recorder) -> None:
    """`http://localhost:PORT/@busy` as the base URL is all that a shop needs to see its client retry."""
    outcome = call(f"{wire.url}/@busy", AUTHORIZE, "paycol_busy", "ps_busy")

    assert [409, 409, 200] == wire.statuses()
    assert "authorized" == outcome["resolved"]["payment_session"]["status"]


@pytest.mark.parametrize("how", ["prefix", "header"])
def test_busy_is_retried_with_one_key(call: PaymentCall, wire: Recorder, how: str) -> None:
    """`busy` resolves after two retries, and all three requests carry the same Idempotency-Key."""
    base_url, headers = choose(how, "busy", wire, f"busy-{how}")
    outcome = call(base_url, AUTHORIZE, "paycol_1", "ps_1", headers)
    keys = {exchange.headers["idempotency-key"] for exchange in wire.exchanges}

    assert [409, 409, 200] == wire.statuses()
    assert {"payment_session": IsPartialDict(id="ps_1", status="authorized")} == outcome["resolved"]
    assert 1 == len(keys)
    assert re.fullmatch(UUID4, keys.pop())


def test_the_next_call_has_another_key(call: PaymentCall, wire: Recorder) -> None:
    """Two calls carry two Idempotency-Keys: one key for three requests is the retries' doing, not a constant."""
    for _ in range(2):
        call(wire.url, AUTHORIZE, "paycol_1", "ps_1")

    assert 2 == len({exchange.headers["idempotency-key"] for exchange in wire.exchanges})


@pytest.mark.parametrize("how", ["prefix", "header"])
def test_declined_rejects_at_once(call: PaymentCall, wire: Recorder, how: str) -> None:
    """`declined` rejects after one request, with the body that a real server sends."""
    base_url, headers = choose(how, "declined", wire, f"declined-{how}")
    outcome = call(base_url, AUTHORIZE, "paycol_1", "ps_1", headers)

    assert [422] == wire.statuses()
    assert 422 == outcome["status"]
    assert {
        "type": "payment_authorization_error",
        "message": 'Failed to authorize Payment Session id "paycol_1"',
    } == outcome["rejected"]


@pytest.mark.parametrize("how", ["prefix", "header"])
def test_conflict_is_given_up(call: PaymentCall, wire: Recorder, how: str) -> None:
    """A conflict that never ends rejects after maxRetries: four requests, the last one's body."""
    base_url, headers = choose(how, "conflict", wire, f"conflict-{how}")
    outcome = call(base_url, AUTHORIZE, "paycol_1", "ps_1", headers)

    assert [409] * 4 == wire.statuses()
    assert IsPartialDict(code="invalid_state_error") == outcome["rejected"]


@pytest.mark.parametrize("how", ["prefix", "header"])
def test_outage_is_not_retried(call: PaymentCall, wire: Recorder, how: str) -> None:
    """A 500 rejects after one request: the client retries what is above 500 only."""
    base_url, headers = choose(how, "outage", wire, f"outage-{how}")

    assert 500 == call(base_url, AUTHORIZE, "paycol_1", "ps_1", headers)["status"]
    assert [500] == wire.statuses()


def test_the_other_five_methods(call: PaymentCall, wire: Recorder) -> None:
    """Manage, retrieve, refresh, manage in a batch and authorize in a batch resolve, each fed by the one before it."""
    url = f"{wire.url}/~other-five"
    managed = call(url, "managePaymentSession", "paycol_9", {"provider_id": "manual"})["resolved"]["payment_collection"]
    old = managed["payment_sessions"][0]["id"]
    seen = call(url, "retrieve", "paycol_9", {"fields": "amount,region_id"})["resolved"]["payment_collection"]
    new = call(url, "refreshPaymentSession", "paycol_9", old)["resolved"]["payment_session"]["id"]
    sessions = [{"provider_id": "manual", "amount": seen["amount"], "session_id": new}]
    batch = call(url, "managePaymentSessionsBatch", "paycol_9", {"sessions": sessions})["resolved"]
    done = call(url, "authorizePaymentSessionsBatch", "paycol_9", {"session_ids": [new]})["resolved"]

    assert IsPartialDict(id="paycol_9", amount=IsInt(gt=0), region_id=IsStr(regex="reg_.+")) == seen
    assert new != old
    assert [new] == [session["id"] for session in batch["payment_collection"]["payment_sessions"]]
    assert "authorized" == done["payment_collection"]["status"]
    assert [200] * 5 == wire.statuses()
