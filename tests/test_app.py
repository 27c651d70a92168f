"""The ASGI edge: HTTP in, HTTP out, and waiting."""

import asyncio
import logging
from typing import Any

import pytest
from conftest import AUTHORIZE, CLOCK
from starlette.testclient import TestClient

from mockserver import Settings, create_app
from mockserver.edge.app import Mock
from mockserver.messages import HTML


@pytest.fixture
def client(mock: Mock) -> TestClient:
    """Return Starlette's own client of the application."""
    return TestClient(mock.app)


async def call(
    mock: Mock, path: str, *parts: bytes, method: str = "POST", leaves: float | None = None, **headers: str
) -> list[dict[str, Any]]:
    """Send the parts of a body to the application, leave after `leaves` seconds; return all that it sent."""
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode("latin-1"),
        "query_string": b"",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }
    *first, last = parts or (b"",)
    messages = [{"type": "http.request", "body": part, "more_body": True} for part in first]
    messages += [{"type": "http.request", "body": last}, {"type": "of.no.interest"}]

    async def receive() -> dict[str, Any]:
        if messages:
            return messages.pop(0)
        await asyncio.sleep(30 if leaves is None else leaves)
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await mock.app(scope, receive, send)
    return sent


def test_create_app_serves_under_any_asgi_server() -> None:
    """`create_app(settings)` is an application that a test client or a server of one's own can run."""
    answer = TestClient(create_app(Settings(scenario="declined"))).post(AUTHORIZE)

    assert 422 == answer.status_code
    assert "payment_authorization_error" == answer.json()["type"]


def test_head_is_get_without_a_body(client: TestClient) -> None:
    """HEAD has the headers of GET, its length too, and no body."""
    path = "/store/payment-collections/paycol_1"
    got, head = client.get(path), client.head(path)

    assert (200, b"") == (head.status_code, head.content)
    assert [got.headers[name] for name in ("content-length", "etag")] == [
        head.headers[name] for name in ("content-length", "etag")
    ]


def test_a_body_may_come_in_parts(mock: Mock) -> None:
    """A body is what all its parts are together."""
    parts = (b'{"provider', b'_id": "man', b'ual"}')
    path = "/store/payment-collections/paycol_1/sessions"
    sent = asyncio.run(call(mock, path, *parts, content_type="application/json"))

    assert 200 == sent[0]["status"]
    assert b'"provider_id":"manual"' in sent[1]["body"]


def test_a_body_without_end_is_not_kept(mock: Mock) -> None:
    """A body of 100 MB is read, refused with 413, and never held in memory as a whole."""
    parts = [b'{"a": "', *([b"x" * 1_000_000] * 100), b'"}']
    sent = asyncio.run(call(mock, AUTHORIZE, *parts, content_type="application/json"))

    assert 413 == sent[0]["status"]


def test_only_our_own_server_says_how_long_it_keeps_a_connection(mock: Mock) -> None:
    """Under any other it is no matter of the application, and over HTTP/2 forbidden."""
    sent = asyncio.run(call(mock, "/health", method="GET"))

    assert {b"connection", b"keep-alive"}.isdisjoint(dict(sent[0]["headers"]))


def test_a_header_beyond_latin_1_is_no_crash(mock: Mock) -> None:
    """A hint that holds what no header can is sent with a question mark in its place."""
    sent = asyncio.run(call(mock, "/store/payment-collection/\xff", method="GET"))
    hint = dict(sent[0]["headers"])[b"x-mock-hint"]

    assert 404 == sent[0]["status"]
    assert hint.startswith(b"did you mean GET /store/payment-collections/")


def test_a_delay_is_waited_for(mock: Mock) -> None:
    """`slow` answers after its three seconds, while others are answered at once."""

    async def both() -> tuple[float, float]:
        loop = asyncio.get_running_loop()
        begin = loop.time()
        slow = asyncio.ensure_future(call(mock, f"/@slow{AUTHORIZE}"))
        await call(mock, AUTHORIZE)
        quick = loop.time() - begin
        sent = await slow
        assert 200 == sent[0]["status"]
        return quick, loop.time() - begin

    quick, slow = asyncio.run(both())

    assert quick < 3.0 <= slow


def test_a_client_that_leaves_is_not_waited_for(mock: Mock) -> None:
    """Nothing is sent to a client that is gone, and no task of it is left."""

    async def leave() -> tuple[list[dict[str, Any]], int]:
        sent = await asyncio.wait_for(call(mock, f"/@slow{AUTHORIZE}", leaves=0.05), 2)
        await asyncio.sleep(0)
        return sent, len(asyncio.all_tasks())

    assert ([], 1) == asyncio.run(leave())


def test_nothing_is_logged_for_a_plain_request(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    """A request that goes well says nothing."""
    with caplog.at_level(logging.DEBUG, logger="mockserver"):
        client.post(AUTHORIZE)

    assert [] == caplog.messages


def test_a_path_that_holds_a_line_break_is_served(mock: Mock) -> None:
    """Whatever a path holds, it has an answer."""
    sent = asyncio.run(call(mock, "/store/x\ny", method="GET"))

    assert 404 == sent[0]["status"]
    assert (b"content-type", HTML.encode()) in sent[0]["headers"]


def test_answers_are_the_same_byte_for_byte() -> None:
    """With a clock that stands, two servers with one seed send the same bytes, headers and all."""

    def sent() -> list[dict[str, Any]]:
        return asyncio.run(call(Mock(Settings(clock=CLOCK)), AUTHORIZE))

    assert sent() == sent()


def test_it_has_a_lifespan() -> None:
    """A server that begins and ends it finds the application alive in between, and no task of it behind it."""

    async def live() -> list[str]:
        sent: list[str] = []
        told: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

        async def send(message: Any) -> None:
            sent.append(message["type"])

        task = asyncio.create_task(create_app()({"type": "lifespan"}, told.get, send))
        told.put_nowait({"type": "lifespan.startup"})
        await asyncio.sleep(0.05)
        assert ["lifespan.startup.complete"] == sent
        told.put_nowait({"type": "lifespan.shutdown"})
        await task
        await asyncio.sleep(0)
        assert 1 == len(asyncio.all_tasks())
        return sent

    assert "lifespan.shutdown.complete" == asyncio.run(live())[-1]


def test_a_websocket_is_closed() -> None:
    """A server that offers them is told that there is none."""
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(create_app()({"type": "websocket"}, lambda: asyncio.sleep(0), send))  # type: ignore[arg-type]

    assert [{"type": "websocket.close"}] == sent


def test_a_client_that_leaves_in_its_body_asked_nothing(mock: Mock) -> None:
    """Half a body is no request: nothing is answered, and the journal has no entry."""
    sent: list[Any] = []
    told = [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}]
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "path": AUTHORIZE,
        "query_string": b"",
        "headers": [],
    }

    async def receive() -> Any:
        return told.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(mock.app(scope, receive, send))

    assert [] == sent
    assert 0 == len(mock.sandboxes["shared"].journal)


def test_a_server_need_not_tell_the_raw_path(mock: Mock) -> None:
    """ASGI leaves it out where it likes: the path is then written as it may have been."""
    sent: list[Any] = []
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "path": "/h\u00e4lth",
        "query_string": b"",
        "headers": [],
    }

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(mock.app(scope, receive, send))
    (entry,) = mock.sandboxes["shared"].journal

    assert (404, "/h%C3%A4lth") == (sent[0]["status"], entry.request.path)
