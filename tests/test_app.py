"""The ASGI edge: HTTP in, HTTP out, and waiting."""

import asyncio
import logging
from typing import Any

import pytest
from asking import Ask, ask_of, asked, header, undated
from conftest import AUTHORIZE, CLOCK
from dirty_equals import IsFloat

from mockserver import Settings, create_app
from mockserver.edge.mock import Mock
from mockserver.messages import HTML, Response


def test_create_app_serves_under_any_asgi_server() -> None:
    """`create_app(settings)` is an application that a test client or a server of one's own can run."""
    answer = ask_of(create_app(Settings(scenario="declined")))("POST", AUTHORIZE)

    assert 422 == answer.status
    assert "payment_authorization_error" == answer.document["type"]


def test_head_is_get_without_a_body(ask: Ask) -> None:
    """HEAD has the headers of GET, its length too, and no body."""
    path = "/store/payment-collections/paycol_1"
    got, head = ask("GET", path), ask("HEAD", path)

    assert (200, b"") == (head.status, head.body)
    assert [header(got, name) for name in ("content-length", "etag")] == [
        header(head, name) for name in ("content-length", "etag")
    ]


def test_a_body_may_come_in_parts(ask: Ask) -> None:
    """A body is what all its parts are together."""
    parts = (b'{"provider', b'_id": "man', b'ual"}')
    path = "/store/payment-collections/paycol_1/sessions"
    answer = ask("POST", path, parts, content_type="application/json")

    assert 200 == answer.status
    assert b'"provider_id":"manual"' in answer.body


def test_a_body_without_end_is_not_kept(ask: Ask) -> None:
    """A body of 100 MB is read, refused with 413, and never held in memory as a whole."""
    parts = (b'{"a": "', *([b"x" * 1_000_000] * 100), b'"}')

    assert 413 == ask("POST", AUTHORIZE, parts, content_type="application/json").status


def test_only_our_own_server_says_how_long_it_keeps_a_connection(ask: Ask) -> None:
    """Under any other it is no matter of the application, and over HTTP/2 forbidden."""
    assert {"connection", "keep-alive"}.isdisjoint(dict(ask("GET", "/health").headers))


def test_a_header_beyond_latin_1_is_no_crash(ask: Ask) -> None:
    """A hint that holds what no header can is sent with a question mark in its place."""
    answer = ask("GET", "/store/payment-collection/\xff")

    assert 404 == answer.status
    assert header(answer, "x-mock-hint").startswith("did you mean GET /store/payment-collections/")


@pytest.mark.slow
def test_a_delay_is_waited_for(mock: Mock) -> None:
    """`slow` answers after its three seconds, while others are answered at once."""

    async def both() -> tuple[float, float]:
        loop = asyncio.get_running_loop()
        begin = loop.time()
        slow = asyncio.ensure_future(asked(mock.app, "POST", f"/@slow{AUTHORIZE}"))
        await asked(mock.app, "POST", AUTHORIZE)
        quick = loop.time() - begin
        assert 200 == (await slow).status
        return quick, loop.time() - begin

    quick, slow = asyncio.run(both())

    assert quick < 3.0 <= slow


def test_a_client_that_leaves_is_not_waited_for(mock: Mock) -> None:
    """Nothing is sent to a client that is gone, and no task of it is left."""

    async def leave() -> int:
        with pytest.raises(ConnectionError, match="nothing was answered"):
            await asyncio.wait_for(asked(mock.app, "POST", f"/@slow{AUTHORIZE}", leaves=0.05), 2)
        await asyncio.sleep(0)
        return len(asyncio.all_tasks())

    assert 1 == asyncio.run(leave())


def test_nothing_is_logged_for_a_plain_request(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    """A request that goes well says nothing."""
    with caplog.at_level(logging.DEBUG, logger="mockserver"):
        ask("POST", AUTHORIZE)

    assert [] == caplog.messages


def test_a_path_that_holds_a_line_break_is_served(ask: Ask) -> None:
    """Whatever a path holds, it has an answer."""
    answer = ask("GET", "/store/x\ny")

    assert (404, HTML) == (answer.status, answer.media_type)


def test_answers_are_the_same_byte_for_byte() -> None:
    """With a clock that stands, two servers with one seed send the same bytes, headers and all."""

    def sent() -> Response:
        return ask_of(create_app(Settings(clock=CLOCK)))("POST", AUTHORIZE)

    assert undated(sent()) == undated(sent())


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


def test_a_client_that_leaves_in_its_body_is_seen(mock: Mock, ask: Ask) -> None:
    """Half a body is no request, and nothing is done: the journal says that it was aborted, and how much came."""
    with pytest.raises(ConnectionError, match="nothing was answered"):
        ask("POST", f"/~mine/@busy{AUTHORIZE}", (b'{"password": "hunter', None), content_type="application/json")
    (entry,) = mock.sandboxes["mine"].journal
    shown = entry.document()

    assert ("busy", 400, "mock", None) == tuple(shown[key] for key in ("scenario", "status", "source", "operation"))
    assert shown["aborted_after"] == IsFloat(ge=0, lt=5000)
    assert "the request never became whole: 20 bytes of its body came, and nothing was done" == shown["why"]["text"]
    assert '{"password": "***"' == shown["request"]["body"]
    assert not mock.sandboxes["mine"].journal.seen
    assert 409 == ask("POST", f"/~mine/@busy{AUTHORIZE}").status  # the first of its two conflicts


def test_a_server_need_not_tell_the_raw_path(mock: Mock, ask: Ask) -> None:
    """ASGI leaves it out where it likes: the path is then written as it may have been."""
    answer = ask("GET", "/health", scope={"path": "/h\u00e4lth", "raw_path": None})
    (entry,) = mock.sandboxes["shared"].journal

    assert (404, "/h%C3%A4lth") == (answer.status, entry.request.path)
    assert 200 == ask("GET", "/__mock/health", scope={"raw_path": None}).status
