"""What callers of the control API cannot have without end: problems in one answer, values in one body, places to wait and to listen."""

import asyncio
import json
import time
from typing import Any

import pytest
from asking import Ask, asked
from holding import holds, longest

from mockserver.control import listeners, waiters
from mockserver.edge.mock import Mock
from mockserver.messages import Response


@pytest.mark.parametrize(
    ("method", "path", "body", "said"),
    [
        ("POST", "/sandboxes", {f"odd{number}": 1 for number in range(30_000)}, "; and 29980 more"),
        ("PATCH", "/sandboxes/me/state", {"regions": [{f"odd{number}": 1 for number in range(30_000)}]}, "; and perhaps more"),
        ("PATCH", "/sandboxes/me/state", {f"odd{number}": [] for number in range(20_000)}, "; and perhaps more"),
        ("PATCH", "/sandboxes/me/state", {"regions": 900 * [{"name": 1, "payment_providers": "x" * 1000}]}, "; and perhaps more"),
    ],
)  # fmt: skip
def test_a_refusal_names_twenty_problems_and_no_more(ask: Ask, method: str, path: str, body: Any, said: str) -> None:
    """Each has its place; the answer stays small, whatever was sent, and is there soon."""
    began = time.thread_time()
    answer = ask(method, f"/__mock{path}", body)

    assert 400 == answer.status
    message = answer.document["message"]
    assert message.endswith(said)
    assert 20 == message.count("known: ") + message.count("is not of type")
    assert 20_000 > len(answer.body)
    assert 1.5 > time.thread_time() - began


def test_a_long_value_is_not_repeated_whole(ask: Ask) -> None:
    """What is wrong is said behind its beginning and its end."""
    answer = ask("PATCH", "/__mock/sandboxes/me/state", {"regions": [{"id": "reg_1", "name": ["x" * 5000]}]})

    assert 400 == answer.status
    assert 'is not of type "string"' in answer.document["message"]
    assert 500 > len(answer.body)


@pytest.mark.parametrize(
    "text", ["[" + "[]," * 60_000 + "1]", "[" + "1," * 120_000 + "1]", '{"a":' * 30_000 + "1" + "}" * 30_000]
)
def test_a_body_has_a_limit_of_values(ask: Ask, text: str) -> None:
    """A megabyte of brackets or of commas is refused before it is read."""
    answer = ask("PATCH", "/__mock/sandboxes/me/state", text, content_type="application/json")

    assert 400 == answer.status
    assert any(said in answer.document["message"] for said in ("more than 50000 values", "nested more than 60 levels"))


def test_a_glob_of_a_thousand_characters_does_not_hold_the_journal(ask: Ask, mock: Mock) -> None:
    """Over the longest paths that can be asked for."""
    for _ in range(20):
        ask("GET", "/~me/" + "a" * 15_000)
    began = time.thread_time()
    counted = ask("POST", "/__mock/journal/count", {"sandbox": "me", "path": "*a" * 499 + "b"})

    assert (200, False) == (counted.status, counted.document["met"])
    assert 0.5 > time.thread_time() - began
    assert 20 == len(mock.sandboxes["me"].journal)


def test_a_glob_of_more_characters_is_refused(ask: Ask) -> None:
    """With its place."""
    answer = ask("POST", "/__mock/journal/count", {"path": "a" * 1001})

    assert (400, True) == (answer.status, answer.document["message"].startswith("body path: "))
    assert json.dumps(answer.document)


def test_a_hundred_can_wait_and_no_more(mock: Mock) -> None:
    """Who comes then is told so; when they have gone there is room again, and requests are held against nothing."""

    async def many() -> tuple[list[Response], Response, Response]:
        waiting = [
            asyncio.create_task(asked(mock.app, "POST", "/__mock/journal/wait", {"sandbox": "me", "timeout": "20s"}))
            for _ in range(waiters.MOST)
        ]
        await asyncio.sleep(0.3)
        refused = await asked(mock.app, "POST", "/__mock/journal/wait", {"timeout": "1ms"})
        await asked(mock.app, "GET", "/~me/health")
        met = await asyncio.gather(*waiting)
        return met, refused, await asked(mock.app, "POST", "/__mock/journal/wait", {"timeout": "1ms", "after": 5})

    met, refused, last = asyncio.run(many())

    assert [True] * waiters.MOST == [one.document["met"] for one in met]
    assert (503, "100 wait already; that is the most") == (refused.status, refused.document["message"])
    assert (200, False) == (last.status, last.document["met"])
    assert not mock.sandboxes.journals.listeners


def test_those_who_wait_cost_others_little(mock: Mock) -> None:
    """A hundred who wait for another sandbox take no tenth of the time of a request."""

    async def seconds(count: int) -> float:
        wanted = {"sandbox": "other", "path": "*a*b", "timeout": "20s"}
        waiting = [asyncio.create_task(asked(mock.app, "POST", "/__mock/journal/wait", wanted)) for _ in range(count)]
        await asyncio.sleep(0.3 if count else 0)
        began = time.thread_time()
        for _ in range(1000):
            await asked(mock.app, "GET", "/~me/health")
        taken = time.thread_time() - began
        for one in waiting:
            one.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        return taken

    rounds = [
        (asyncio.run(seconds(0)), asyncio.run(seconds(waiters.MOST))) for _ in range(5)
    ]  # in turn: machines are noisy
    alone, beside = map(min, zip(*rounds, strict=True))

    assert beside < 1.3 * alone, (alone, beside)


def test_a_hundred_who_wait_hold_nobody(mock: Mock) -> None:
    """For the longest paths that can be asked for; a glob that would take too long over one is refused, and only to wait for."""

    async def many() -> tuple[list[float], Response, Response]:
        wanted = {"sandbox": "me", "path": f"*{'?' * 19}b*", "timeout": "20s"}
        waiting = [
            asyncio.create_task(asked(mock.app, "POST", "/__mock/journal/wait", wanted)) for _ in range(waiters.MOST)
        ]
        await asyncio.sleep(0.5)
        with holds() as found:
            await asyncio.create_task(asked(mock.app, "GET", "/~me/" + "a" * 16_000))
        for one in waiting:
            one.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        wanted["path"] = f"*{'?' * 20}b*"
        refused = await asked(mock.app, "POST", "/__mock/journal/wait", wanted)
        return found, refused, await asked(mock.app, "POST", "/__mock/journal/count", {"path": wanted["path"]})

    pace = longest(mock)
    found, refused, counted = asyncio.run(many())

    assert max(found) < pace
    assert (400, 200) == (refused.status, counted.status)
    assert refused.document["message"].startswith("body path: is too much to wait for")


def test_the_limit_of_listeners_holds_in_a_burst(mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many come in the same moment; who leaves makes room."""
    monkeypatch.setattr("mockserver.control.events.MOST", 5)

    async def burst() -> list[int]:
        asking = [asked(mock.app, "GET", "/__mock/events", leaves=0.2) for _ in range(12)]
        return [answer.status for answer in await asyncio.gather(*asking)]

    assert [[200] * 5 + [503] * 7] * 2 == [sorted(asyncio.run(burst())) for _ in range(2)]


def test_events_that_wait_have_a_bound_in_bytes(mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shared by all who listen; one event goes to each, whatever its size."""
    monkeypatch.setattr(listeners, "MOST_BYTES", 40_000)

    async def listen() -> tuple[bytes, int]:
        all_of_them = listeners.Listeners(mock.sandboxes)
        slow, _ = all_of_them.open(), all_of_them.open()
        for _ in range(20):
            await asked(mock.app, "GET", "/~me/" + "a" * 7000)
        most = slow.bytes
        await asked(mock.app, "GET", "/~me/" + "a" * 30_000)
        return await slow.take(1), most

    heard, most = asyncio.run(listen())

    assert 20_000 >= most
    assert heard.startswith(listeners.LOST)
    assert 1 == heard.count(b"event: request")
    assert b"a" * 30_000 in heard


def test_an_event_is_one_line_for_every_client() -> None:
    """Also for one that takes U+2028 and its like for the end of a line."""
    event = listeners.event_of("request", {"path": "/\u2028\x85\u2029\n\r"}).decode()

    assert ["event: request", 'data: {"path":"/\\u2028\\u0085\\u2029\\n\\r"}', ""] == event.splitlines()


def test_lists_inside_entities_have_a_limit(ask: Ask) -> None:
    """As those of a scenario have."""
    state = {"payment_collections": [{"payment_sessions": [{}] * 301}]}
    answer = ask("PATCH", "/__mock/sandboxes/me/state", state)

    assert 400 == answer.status
    assert "payment_collections.0.payment_sessions: has 301 entries; 300 are the most" == answer.document["message"]
