"""Faults on a real connection: what a client sees of each, and that nothing of it is left behind."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from asking import ask_of
from conftest import AUTHORIZE
from processes import Server, running

from mockserver import Settings, create_app

FAULTS = ("reset", "empty", "truncate", "garbage", "hang", "drip")
STUB = "description: x\nstubs:\n  - operation: authorizePaymentSession\n    reply: {{fault: {}, delay: {}}}\n"
DRIP = 1.0  # second


def folder_of(path: Path) -> Path:
    """Write a scenario for each fault."""
    for fault in FAULTS:
        (path / f"{fault}.yaml").write_text(STUB.format(fault, "1s" if fault == "drip" else "0ms"))
    return path


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a running mock with a scenario for each fault."""
    with running("--scenarios", str(folder_of(tmp_path_factory.mktemp("faults")))) as server:
        yield server


def request(fault: str, prefix: str = "") -> str:
    """Return an authorization in the scenario of a fault, as it is sent."""
    return f"POST {prefix}/@{fault}{AUTHORIZE} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"


def answering(server: Server) -> int:
    """Return how many requests are being answered."""
    return int(server.ask("GET", "/__mock/health").document["answering"])


def test_reset(server: Server) -> None:
    """The connection is reset, not closed."""
    with pytest.raises(ConnectionResetError):
        server.send(request("reset"))


def test_empty(server: Server) -> None:
    """The connection is closed without a byte."""
    assert b"" == server.send(request("empty"))


def test_truncate(server: Server) -> None:
    """Half the body of a length that is said in full."""
    head, _, body = server.send(request("truncate")).partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])

    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert length // 2 == len(body)
    assert body.startswith(b'{"payment_session":{')


def test_garbage(server: Server) -> None:
    """Bytes that are no HTTP."""
    found = server.send(request("garbage"))

    assert len(found) > 16
    assert b"HTTP" not in found


def test_drip(server: Server) -> None:
    """The whole answer, over the time that the reply says."""
    begin = time.monotonic()
    answer = server.ask("POST", f"/@drip{AUTHORIZE}")
    took = time.monotonic() - begin

    assert 200 == answer.status
    assert answer.body.endswith(b"}}")
    assert DRIP * 0.8 <= took


@pytest.mark.parametrize("fault", ["hang", "drip"])
def test_a_client_that_leaves_leaves_no_task_behind(server: Server, fault: str) -> None:
    """In the middle of a hang or a drip; the journal says that it left."""
    connections = [server.open(request(fault)) for _ in range(20)]
    time.sleep(0.3)
    assert 20 == answering(server)
    for connection in connections:
        connection.close()
    end = time.monotonic() + 5
    while answering(server) and time.monotonic() < end:
        time.sleep(0.05)

    assert 0 == answering(server)
    entries = server.ask("GET", f"/__mock/journal?aborted=true&fault={fault}").document["entries"]
    assert 20 == len(entries)
    assert all(200 < entry["aborted_after"] < 5000 for entry in entries)


def test_a_hanging_request_answers_nothing(server: Server) -> None:
    """As long as the client waits; others are answered meanwhile."""
    with closing(server.open(request("hang"))) as connection:
        connection.settimeout(0.5)
        assert 200 == server.ask("POST", AUTHORIZE).status
        with pytest.raises(TimeoutError):
            connection.recv(1)


def test_the_payment_is_made_whatever_the_wire_does(server: Server) -> None:
    """`broken-wire`: three lost answers, then a good one; the state is that of the first."""
    path = f"/~lost/@broken-wire{AUTHORIZE}"
    for _ in range(3):
        with suppress(ConnectionResetError):
            server.send(request("broken-wire", "/~lost"))
    seen = server.ask("GET", "/~lost/store/payment-collections/paycol_1").document

    assert "authorized" == seen["payment_collection"]["status"]
    assert 200 == server.ask("POST", path).status


def test_under_another_server_a_broken_wire_is_an_error(tmp_path: Path) -> None:
    """A test client has no connection to break: it gets a ConnectionError which says so."""
    ask = ask_of(create_app(Settings(scenarios=(folder_of(tmp_path),))))

    with pytest.raises(ConnectionError, match="fault 'reset': only `mockserver serve` can do this to a connection"):
        ask("POST", f"/@reset{AUTHORIZE}")


def test_a_hang_ends_though_the_client_never_says_that_it_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its cable may be cut: after the longest delay there is, the connection is given up."""
    monkeypatch.setattr("mockserver.edge.faults.MAX_DELAY", 0.05)
    done: list[str] = []
    connection = type(
        "Connection", (), {"end": lambda _: done.append("closed"), "hang": lambda _: None, "answered": lambda _: None}
    )()
    app = create_app(Settings(scenarios=(folder_of(tmp_path),)))
    path = f"/@hang{AUTHORIZE}"
    scope = {
        "http_version": "1.1",
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [],
        "state": {"mockserver.connection": lambda: connection},
    }
    asked: list[dict[str, object]] = [{"type": "http.request", "body": b""}]

    async def receive() -> dict[str, object]:
        if asked:
            return asked.pop()
        if done:
            return {"type": "http.disconnect"}
        return await asyncio.sleep(60, {})

    async def send(message: object) -> None:
        raise AssertionError(message)

    asyncio.run(app(scope, receive, send))

    assert ["closed"] == done


def test_a_drip_needs_no_server_of_ours(tmp_path: Path) -> None:
    """Time is all that it takes."""
    ask = ask_of(create_app(Settings(scenarios=(folder_of(tmp_path),))))
    answer = ask("POST", f"/@drip{AUTHORIZE}")

    assert (200, "ps_1") == (answer.status, answer.document["payment_session"]["id"])
