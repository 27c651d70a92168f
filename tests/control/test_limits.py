"""What callers of the control API cannot have without end: problems in one answer, values in one body, places to wait and to listen."""

import json
import time
from typing import Any

import pytest
from asking import Ask

from mockserver.edge.app import Mock


@pytest.mark.parametrize(
    ("method", "path", "body", "said"),
    [
        ("POST", "/sandboxes", {f"odd{number}": 1 for number in range(30_000)}, "; and 29980 more"),
        ("PATCH", "/sandboxes/me/state", {"regions": [{f"odd{number}": 1 for number in range(30_000)}]}, "; and perhaps more"),
        ("PATCH", "/sandboxes/me/state", {f"odd{number}": [] for number in range(30_000)}, "; and perhaps more"),
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
    assert any(said in answer.document["message"] for said in ("more than 100000 values", "nested more than 60 levels"))


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
