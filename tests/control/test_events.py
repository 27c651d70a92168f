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
from asking import ask_of, asked
from conftest import AUTHORIZE
from processes import Server

from mockserver.edge.mock import Mock
from mockserver.messages import Response


def events(response: HTTPResponse) -> Iterator[tuple[str, Any]]:
    """Yield name and data of each event."""
    name = ""
    while line := response.readline().decode():
        if line.startswith("event: "):
            name = line.removeprefix("event: ").strip()
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def test_what_happens_is_told(plain: Server) -> None:
    """The scenarios first; then requests of that sandbox alone, its changes, and scenarios that come and go."""
    with closing(plain.open("GET /__mock/events?sandbox=me HTTP/1.1\r\nHost: localhost\r\n\r\n")) as connection:
        response = HTTPResponse(connection)
        response.begin()
        heard = events(response)
        first, said = next(heard)
        assert ("scenarios", "default") == (first, said["default"])
        plain.ask("POST", f"/~other{AUTHORIZE}")
        plain.ask("POST", f"/~me/@busy{AUTHORIZE}")
        plain.ask("PUT", "/__mock/sandboxes/other/scenario", {"scenario": "declined"})
        plain.ask("PUT", "/__mock/sandboxes/me/scenario", {"scenario": "declined"})
        plain.ask("PUT", "/__mock/scenarios/mine", {"description": "Mine."})
        plain.ask("DELETE", "/__mock/journal?sandbox=other")
        plain.ask("DELETE", "/__mock/journal?sandbox=me")
        found = [next(heard) for _ in range(4)]

    assert ["request", "sandbox", "scenarios", "cleared"] == [name for name, _ in found]
    assert ("me", 409) == (found[0][1]["sandbox"], found[0][1]["status"])
    assert {"sandbox": "me"} == found[1][1] == found[3][1]
    assert "mine" in {scenario["name"] for scenario in found[2][1]["scenarios"]}


def test_a_listener_that_leaves_leaves_nothing_behind(plain: Server) -> None:
    """And one that leaves in the middle of a body, or of a wait, is no error."""
    for text in (
        "GET /__mock/events HTTP/1.1\r\nHost: localhost\r\n\r\n",
        (
            "POST /__mock/journal/wait HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 18\r\n\r\n"
            '{"timeout": "60s"}'
        ),
        "PUT /__mock/scenarios/x HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/yaml\r\nContent-Length: 50\r\n\r\nhalf",
    ):
        with closing(plain.open(text)):
            time.sleep(0.2)
    end = time.monotonic() + 5
    while plain.ask("GET", "/__mock/health").document["listening"] and time.monotonic() < end:
        time.sleep(0.05)

    health = plain.ask("GET", "/__mock/health").document
    assert ("ok", 0, 0) == (health["status"], health["listening"], health["answering"])
    assert "x" not in {scenario["name"] for scenario in plain.ask("GET", "/__mock/scenarios").document["scenarios"]}


def test_waiting_ends_with_the_request(mock: Mock) -> None:
    """In the same moment, not at the next look."""
    wanted = {"timeout": "60s", "count": 2, "sandbox": "shared", "operation": "authorizePaymentSession"}

    async def waited() -> Response:
        waiting = asyncio.create_task(asked(mock.app, "POST", "/__mock/journal/wait", wanted))
        await asyncio.sleep(0.05)
        for path in (AUTHORIZE, f"/~other{AUTHORIZE}", "/health"):  # of three only one is meant, and two are wanted
            await asked(mock.app, "POST", path)
        await asyncio.sleep(0.05)
        assert not waiting.done()
        await asked(mock.app, "POST", AUTHORIZE)
        async with asyncio.timeout(0.3):
            return await waiting

    assert asyncio.run(waited()).document["met"]


def test_a_caller_that_leaves_in_the_middle_of_its_body_is_answered_nothing(mock: Mock) -> None:
    """And nothing is done of what it wanted."""
    with pytest.raises(ConnectionError):
        ask_of(mock.app)("PUT", "/__mock/scenarios/x", (b"description: x", None), content_type="text/yaml")

    assert "x" not in mock.scenarios


def test_a_client_that_leaves_is_told(mock: Mock) -> None:
    """The request first, then that its client left."""

    async def heard() -> Response:
        listening = asyncio.create_task(asked(mock.app, "GET", "/__mock/events", leaves=0.5))
        await asyncio.sleep(0.05)
        with pytest.raises(ConnectionError):
            await asked(mock.app, "POST", f"/@slow{AUTHORIZE}", leaves=0.05)
        return await listening

    _, *told = [part.split(b"\ndata: ") for part in asyncio.run(heard()).body.strip().split(b"\n\n")]

    assert [b"event: request", b"event: aborted"] == [name for name, _ in told]
    first, last = [json.loads(data) for _, data in told]
    assert first["aborted_after"] is None
    assert {**first, "aborted_after": last["aborted_after"]} == last
    assert last["aborted_after"] >= 50


def test_silence_is_broken_now_and_then(mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    """A comment that clients pass over keeps the connection open for proxies on the way."""
    monkeypatch.setattr("mockserver.control.events.SIGN_OF_LIFE", 0.01)
    heard = ask_of(mock.app)("GET", "/__mock/events", leaves=0.3).body

    assert heard.startswith(b"event: scenarios\n")
    assert b"\n\n:\n\n" in heard


def test_scenario_files_that_change_are_told(mock: Mock) -> None:
    """To whoever listens; where nobody does, the list is not even made."""
    mock.control.tell_scenarios()
    listeners = mock.control._controlled.listeners  # noqa: SLF001  (a stream keeps one)
    listener = listeners.open(None)
    mock.control.tell_scenarios()
    listeners.close(listener)

    assert asyncio.run(listener.take(1)).startswith(b"event: scenarios\n")


def test_who_closed_before_a_late_answer_has_left(plain: Server) -> None:
    """Nobody can tell a closed connection from one that only asks nothing more, until the answer is written to it."""
    late = {"description": "Late.", "stubs": [{"operation": "regions.list", "reply": {"delay": "400ms"}}]}
    plain.ask("PUT", "/__mock/scenarios/late", late)
    with closing(plain.open("GET /~left/@late/store/regions HTTP/1.1\r\nHost: localhost\r\n\r\n")):
        time.sleep(0.2)
    with closing(plain.open("GET /~read/@late/store/regions HTTP/1.1\r\nHost: localhost\r\n\r\n")) as connection:
        connection.shutdown(socket.SHUT_WR)
        assert connection.makefile("rb").read().startswith(b"HTTP/1.1 200")  # who leaves before the end has left
    time.sleep(0.5)
    left, read = (
        plain.ask("GET", f"/__mock/journal?sandbox={name}").document["entries"][0] for name in ("left", "read")
    )

    assert left["aborted_after"] is not None
    assert read["aborted_after"] is None
