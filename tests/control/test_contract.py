"""The control API keeps its own OpenAPI document, whatever it is sent."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from asking import Ask, ask_of, header
from conformance.fuzzing import fuzz_document
from conftest import AUTHORIZE, CLOCK
from control.conftest import api_of
from openapi_spec_validator import validate

from mockserver import Settings
from mockserver.control.table import CALLS, control_document
from mockserver.edge.mock import Mock

STREAMS = "listenToEvents"
PROTECTED = (
    "putScenario",
    "deleteScenario",
    "deleteSandbox",
    "createSession",
)  # `busy` is a file, `shared` stays, nobody has an account
ORDER = {  # of whom the document's examples speak
    "id": "order_lamp",
    "payment_status": "awaiting",
    "items": [{"id": "item_lamp", "unit_price": 1800, "quantity": 1}],
    "shipping_methods": [{"id": "sm_post", "shipping_option": {"id": "so_post", "provider_id": "manual"}}],
}
NASTY = [
    "\x00",
    "..",
    "../../etc/passwd",
    "%2e%2e%2f",
    "a" * 5000,
    "é",
    "'; DROP TABLE x; --",
    "<script>",
    "${7*7}",
    "{{7*7}}",
    "\ud7ff",
    "-1",
    "1e9",
    "null",
]


def test_the_document_is_openapi(api: Ask) -> None:
    """Valid, with every call in it, and served."""
    document = api("GET", "/openapi.json").document
    validate(document)
    described = {(method.upper(), path) for path, item in document["paths"].items() for method in item}

    assert {(call.method, f"/__mock{call.path}") for call in CALLS} == described
    assert all(call.summary.endswith(".") for call in CALLS)


def test_names_are_those_of_the_functions() -> None:
    """One operationId each."""
    names = [call.name for call in CALLS]

    assert len(set(names)) == len(names)
    assert "chooseScenario" in names


@pytest.mark.slow
@pytest.mark.parametrize("name", [call.name for call in CALLS if call.name != STREAMS])
def test_every_call_keeps_the_document(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Examples, boundaries and random data, right and wrong: no 500, nothing that is not documented."""
    monkeypatch.setattr("mockserver.control.journal.seconds_of", lambda _timeout: 0.01)
    mock = Mock(Settings(clock=CLOCK))
    ask_of(mock.app)("POST", AUTHORIZE)
    mock.engine.give(mock.sandboxes["shared"], {"orders": [ORDER]})
    mock.sandboxes["shared"].take_snapshot("before")
    run = fuzz_document(control_document(), mock.app, name, {"Host": "localhost"}, max_examples=30)
    statuses = {status for _, status in run.seen}

    assert [] == run.failures
    assert [] == run.errors
    assert not statuses & {401, 403, 500}
    assert statuses & {200, 201, 204} or name in PROTECTED


@pytest.mark.parametrize("call", [call for call in CALLS if call.name != STREAMS], ids=lambda call: call.name)
def test_nasty_paths_are_refused_or_answered(api: Ask, mock: Mock, call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """NUL bytes, dots, long names, scripts: never a 500, and no file or scenario is made of them."""
    monkeypatch.setattr("mockserver.control.journal.seconds_of", lambda _timeout: 0.01)
    before = dict(mock.scenarios)
    for nasty in NASTY:
        path = re.sub(r"\{\w+\}", lambda _, nasty=nasty: quote(nasty, safe=""), call.path)  # type: ignore[misc]
        for body in ({} if call.body else None, "\x00", "[" * 20_000, '{"a":' * 100 + "1" + "}" * 100):
            answer = api(call.method, path, body, Content_Type="application/json")
            assert answer.status < 500, (path, body)
        if "{" not in call.path:
            break

    assert before == dict(mock.scenarios)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/sandboxes/me/scenario"),
        ("PATCH", "/sandboxes/me/clock"),
        ("PATCH", "/sandboxes/me/state"),
        ("PUT", "/scenarios/mine"),
        ("POST", "/journal/wait"),
        ("POST", "/journal/count"),
    ],
)
@pytest.mark.parametrize(
    "body",
    [
        '{"scenario": 7, "now": 7, "payment_collections": 7, "description": 7, "count": "x"}',
        '{"a": "' + "x" * 1_000_001 + '"}',
        "[" * 50_000 + "]" * 50_000,
        '{"unknown": {}}',
        "\x00",
        "",
        "9" * 5000,
    ],
    ids=["wrong types", "huge", "deep", "unknown key", "NUL", "nothing", "a long number"],
)
def test_a_refused_call_changes_nothing(api: Ask, ask: Ask, method: str, path: str, body: str) -> None:
    """The answer is a 4xx that says why; scenario, clock, state, journal and counters are those of before."""
    ask("POST", f"/~me/@busy{AUTHORIZE}")

    def world() -> str:
        listed = [
            api("GET", one).body.decode() for one in ("/sandboxes", "/sandboxes/me/state", "/journal", "/scenarios")
        ]
        return json.dumps(listed)

    before = world()
    for way in (path, path.replace("/me/", "/never-heard-of/")):
        answer = api(method, way, body, Content_Type="application/json")

        assert 400 <= answer.status < 500
        assert answer.document["message"]
        assert before == world()


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/sandboxes/new/scenario", {"scenario": "bussy"}),
        ("PATCH", "/sandboxes/new/clock", {"advance": "99999999d"}),
        ("PATCH", "/sandboxes/new/clock", {"frozen": "no"}),
        ("PATCH", "/sandboxes/new/state", {"payment_collections": [{"id": "paycol_1"}, {"region": []}]}),
        ("PATCH", "/sandboxes/new/state", {"payment_collections": [{"payments": {"currency_code": "zzz"}}]}),
        ("PATCH", "/sandboxes/new/state", {"payment_collections": [{"payment_sessions": {"id": "ps_1"}}]}),
        ("POST", "/sandboxes", {"name": "new", "state": {"payment_collections": [{"region": [{}]}]}}),
        ("POST", "/sandboxes", {"name": "new", "state": {"orders": [{"returnable_items": [{}]}]}}),
        ("PUT", "/sandboxes/new/snapshots/a%20b", None),
        ("POST", "/journal/count", {"sandbox": "new", "times": True}),
    ],
)
def test_a_refused_call_makes_no_sandbox_and_drops_none(method: str, path: str, body: Any) -> None:
    """Not even where there is room for one only."""
    mock = Mock(Settings(clock=CLOCK, sandboxes=1))
    ask_of(mock.app)("POST", f"/~old{AUTHORIZE}")
    answer = api_of(mock)(method, path, body)

    assert 400 <= answer.status < 500, answer.body.decode()
    assert ["shared", "old"] == [sandbox.name for sandbox in mock.sandboxes]
    assert 1 == len(mock.sandboxes["old"].tables.all("payment_collections"))


def test_a_head_of_a_stream_ends(api: Ask) -> None:
    """It has no body to wait for."""
    answer = api("HEAD", "/events")

    assert (200, b"", "text/event-stream; charset=utf-8") == (
        answer.status,
        answer.body,
        header(answer, "content-type"),
    )


def test_listeners_have_a_bound(api: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """One too many is told so."""
    monkeypatch.setattr("mockserver.control.events.MOST", 0)

    assert "0 listen already" in api("GET", "/events").document["message"]
    assert 503 == api("GET", "/events").status


def test_no_file_of_the_machine_is_read(api: Ask, tmp_path: Path) -> None:
    """A scenario that is uploaded cannot include one: YAML has no such thing here."""
    (tmp_path / "secret").write_text("hunter2")
    text = f"description: !include {tmp_path}/secret\n"
    answer = api("PUT", "/scenarios/mine", text, Content_Type="application/yaml")

    assert 400 == answer.status
    assert "hunter2" not in answer.body.decode()
