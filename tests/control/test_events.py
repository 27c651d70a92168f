"""Events as they happen, over a real connection."""

import asyncio
import json
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPResponse
from typing import Any

import pytest
from conftest import AUTHORIZE
from processes import Server, running

from mockserver.edge.app import Mock
from mockserver.messages import Request


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Return a running mock."""
    with running() as server:
        yield server


def events(response: HTTPResponse) -> Iterator[tuple[str, Any]]:
    """Yield name and data of each event."""
    name = ""
    while line := response.readline().decode():
        if line.startswith("event: "):
            name = line.removeprefix("event: ").strip()
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def send(server: Server, method: str, path: str, body: str | None = None) -> None:
    """Call the control API."""
    with closing(server.connect()) as connection:
        connection.request(method, f"/__mock{path}", body, {"Content-Type": "application/json"})
        assert connection.getresponse().status < 300


def test_what_happens_is_told(server: Server) -> None:
    """The scenarios first; then requests of that sandbox alone, its changes, and scenarios that come and go."""
    with closing(server.connect()) as connection:
        connection.request("GET", "/__mock/events?sandbox=me")
        response = connection.getresponse()
        heard = events(response)
        first, said = next(heard)
        assert ("scenarios", "default") == (first, said["default"])
        server.post(f"/~other{AUTHORIZE}")
        server.post(f"/~me/@busy{AUTHORIZE}")
        send(server, "PUT", "/sandboxes/other/scenario", '{"scenario": "declined"}')
        send(server, "PUT", "/sandboxes/me/scenario", '{"scenario": "declined"}')
        send(server, "PUT", "/scenarios/mine", '{"description": "Mine."}')
        send(server, "DELETE", "/journal?sandbox=other")
        send(server, "DELETE", "/journal?sandbox=me")
        found = [next(heard) for _ in range(4)]

    assert ["request", "sandbox", "scenarios", "cleared"] == [name for name, _ in found]
    assert ("me", 409) == (found[0][1]["sandbox"], found[0][1]["status"])
    assert {"sandbox": "me"} == found[1][1] == found[3][1]
    assert "mine" in {scenario["name"] for scenario in found[2][1]["scenarios"]}


def test_a_listener_that_leaves_leaves_nothing_behind(server: Server) -> None:
    """And one that leaves in the middle of a body, or of a wait, is no error."""
    for text in (
        "GET /__mock/events HTTP/1.1\r\nHost: localhost\r\n\r\n",
        (
            "POST /__mock/journal/wait HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 18\r\n\r\n"
            '{"timeout": "60s"}'
        ),
        "PUT /__mock/scenarios/x HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/yaml\r\nContent-Length: 50\r\n\r\nhalf",
    ):
        with closing(socket.create_connection(("127.0.0.1", server.port), timeout=10)) as connection:
            connection.sendall(text.encode())
            time.sleep(0.2)
    end = time.monotonic() + 5
    while server.json("GET", "/__mock/health")["listening"] and time.monotonic() < end:
        time.sleep(0.05)

    health = server.json("GET", "/__mock/health")
    assert ("ok", 0, 0) == (health["status"], health["listening"], health["answering"])
    assert "x" not in {scenario["name"] for scenario in server.json("GET", "/__mock/scenarios")["scenarios"]}


def scope(method: str, path: str, media_type: str = "application/json") -> dict[str, Any]:
    """Return the ASGI scope of a call."""
    return {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"localhost"), (b"content-type", media_type.encode())],
    }


def test_waiting_ends_with_the_request(mock: Mock) -> None:
    """In the same moment, not at the next look."""
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        wanted = b'{"timeout": "60s", "count": 2, "sandbox": "shared", "operation": "authorizePaymentSession"}'
        return {"type": "http.request", "body": wanted} if not sent else await asyncio.sleep(60, {})

    async def send(message: Any) -> None:
        sent.append(message.get("body", b""))

    async def waited() -> None:
        task = asyncio.create_task(mock.app(scope("POST", "/__mock/journal/wait"), receive, send))
        await asyncio.sleep(0.05)
        for path in (AUTHORIZE, f"/~other{AUTHORIZE}", "/health"):  # of three only one is meant, and two are wanted
            mock.engine.serve(Request("POST", path))
        await asyncio.sleep(0.05)
        assert not task.done()
        mock.engine.serve(Request("POST", AUTHORIZE))
        async with asyncio.timeout(0.3):
            await task

    asyncio.run(waited())

    assert json.loads(sent[1])["met"]


def test_a_caller_that_leaves_in_the_middle_of_its_body_is_answered_nothing(mock: Mock) -> None:
    """And nothing is done of what it wanted."""
    messages: list[dict[str, Any]] = [
        {"type": "http.request", "body": b"description: x", "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(mock.app(scope("PUT", "/__mock/scenarios/x", "text/yaml"), receive, send))

    assert [] == sent
    assert "x" not in mock.scenarios


def test_silence_is_broken_now_and_then(mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    """A comment that clients pass over keeps the connection open for proxies on the way."""
    monkeypatch.setattr("mockserver.control.events.SIGN_OF_LIFE", 0.01)
    sent: list[bytes] = []

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0.3)
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message.get("body", b""))

    asyncio.run(mock.app(scope("GET", "/__mock/events"), receive, send))

    assert sent[1].startswith(b"event: scenarios\n")
    assert b":\n\n" == sent[2]
