"""The official client when the wire, a proxy or the server misbehaves: what it tries again, and what it gives up."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote

import pytest
from clients.conftest import PaymentCall
from processes import Server, running

pytestmark = pytest.mark.node

AUTHORIZE = "authorizePaymentSession"
STUB = """description: x
stubs:
  - operation: authorizePaymentSession
    replies:
      - {reply}
      - {{}}
"""
ONCE = {  # what goes wrong once, and whether the client tries again by itself (tests/facts/clients.md 1.3)
    "conflict-409": ("{status: 409}", True),
    "proxy-501": ("{status: 501, off_contract: true}", True),
    "proxy-503": ("{status: 503, off_contract: true}", True),
    "proxy-599": ("{status: 599, off_contract: true}", True),
    "reset": ("{fault: reset}", True),
    "empty": ("{fault: empty}", True),
    "truncate": ("{fault: truncate}", True),
    "garbage": ("{fault: garbage}", True),
    "server-500": ("{status: 500}", False),
    "declined-422": ("{status: 422}", False),
    "not-found-404": ("{status: 404}", False),
    "busy-429": ("{status: 429, off_contract: true}", False),
    "later-409": ("{status: 409, headers: {Retry-After: '1'}}", True),
    "now-409": ("{status: 409, headers: {Retry-After: '0'}}", False),
    "drip": ("{fault: drip, delay: 500ms}", None),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a running mock with a scenario for each of these, which goes wrong once."""
    folder = tmp_path_factory.mktemp("once")
    for name, (reply, _) in ONCE.items():
        (folder / f"{name}.yaml").write_text(STUB.format(reply=reply))
    with running("--scenarios", str(folder)) as server:
        yield server


def journal(server: Server, sandbox: str) -> list[dict[str, Any]]:
    """Return what a sandbox was asked."""
    return list(server.ask("GET", f"/__mock/journal?sandbox={quote(sandbox)}").document["entries"])


@pytest.mark.parametrize("name", ONCE)
def test_what_is_tried_again(call: PaymentCall, server: Server, name: str) -> None:
    """409, 501 to 599 and no answer are tried again; 404, 422, 429 and 500 are not, nor a 409 with `Retry-After: 0`."""
    again = ONCE[name][1]
    outcome = call(f"{server.url}/~{name}/@{name}", AUTHORIZE, "paycol_1", "ps_1")
    asked = journal(server, name)

    assert (1 if not again else 2) == len(asked)
    assert ("resolved" in outcome) is (again is not False)
    if "resolved" in outcome:
        assert "authorized" == outcome["resolved"]["payment_session"]["status"]
        assert 1 == len({entry["path"] for entry in asked})


def test_retry_after_is_waited_for(call: PaymentCall, server: Server) -> None:
    """A second, where the client alone would have waited half of it."""
    call(f"{server.url}/~waits/@later-409", AUTHORIZE, "paycol_1", "ps_1")
    first, second = (entry["time"] for entry in journal(server, "waits"))

    assert 0.9 <= _seconds(first, second)


def test_broken_wire_gets_through_at_the_fourth_try(call: PaymentCall, server: Server) -> None:
    """Three lost answers, all of one payment: the client's three retries are just enough."""
    outcome = call(f"{server.url}/~wire/@broken-wire", AUTHORIZE, "paycol_1", "ps_1")
    asked = journal(server, "wire")

    assert "authorized" == outcome["resolved"]["payment_session"]["status"]
    assert ["reset", "truncate", "garbage", None] == [entry["fault"] for entry in asked]
    state = server.ask("GET", "/__mock/sandboxes/wire/state").document["payment_collections"]
    assert 1 == len(state[0]["payments"])


def test_flaky_shows_what_a_client_is_worth(call: PaymentCall, server: Server) -> None:
    """Twelve payments in a row all get through, though some of them need more than one try."""
    for number in range(12):
        outcome = call(f"{server.url}/~flaky/@flaky", AUTHORIZE, "paycol_1", f"ps_{number}")
        assert "authorized" == outcome["resolved"]["payment_session"]["status"]

    assert 12 < len(journal(server, "flaky"))


def test_a_timeout_is_the_callers_own_to_set(call: PaymentCall, server: Server) -> None:
    """The client has none of its own: it waits until somebody gives up, and the payment is made all the same."""
    outcome = call(f"{server.url}/~timeout/@timeout", AUTHORIZE, "paycol_1", "ps_1", seconds=2)
    (entry,) = journal(server, "timeout")

    assert {"pending": True} == outcome
    assert "hang" == entry["fault"]
    state = server.ask("GET", "/__mock/sandboxes/timeout/state").document["payment_collections"]
    assert "authorized" == state[0]["status"]


def _seconds(first: str, second: str) -> float:
    """Return the seconds between two times of a journal."""
    return (datetime.fromisoformat(second) - datetime.fromisoformat(first)).total_seconds()
