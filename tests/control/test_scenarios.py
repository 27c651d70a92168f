"""Scenarios through the control API."""

import asyncio
import json
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from asking import Ask, ask_of, asked
from conftest import AUTHORIZE, CLOCK
from control.conftest import api_of, message

from mockserver import Settings
from mockserver.edge.mock import Mock

YAML = "description: Mine.\nstubs:\n  - operation: authorizePaymentSession\n    reply: {status: 409}\n"
JSON = {"description": "Mine.", "stubs": [{"operation": "authorizePaymentSession", "reply": {"status": 422}}]}


def test_they_are_listed(api: Ask) -> None:
    """With what they answer, where they come from, and the one that is on when nobody chooses."""
    listed = api("GET", "/scenarios").document
    by_name = {scenario["name"]: scenario for scenario in listed["scenarios"]}

    assert ("default", []) == (listed["default"], listed["problems"])
    assert [409, 200] == by_name["busy"]["statuses"]
    assert ["reset", "truncate", "garbage"] == by_name["broken-wire"]["faults"]
    assert "file" == by_name["busy"]["origin"]


def test_one_is_shown_with_its_stubs(api: Ask) -> None:
    """Each with its place in the file."""
    shown = api("GET", "/scenarios/busy").document
    (stub,) = shown["stubs"]

    assert ("busy.0", "paymentCollections.authorizePaymentSession", 3) == (
        stub["stub"],
        stub["operation"],
        stub["replies"],
    )
    assert stub["where"].endswith("busy.yaml:3")
    assert "did you mean 'busy'?" in message(api("GET", "/scenarios/bussy"), 404)


def test_one_is_added_chosen_replaced_and_removed(api: Ask, ask: Ask) -> None:
    """YAML or JSON; it is live at once, and gone at once."""
    assert 201 == api("PUT", "/scenarios/mine", YAML, Content_Type="application/yaml").status
    assert 409 == ask("POST", f"/@mine{AUTHORIZE}").status
    replaced = api("PUT", "/scenarios/mine", JSON)
    assert (200, "inline") == (replaced.status, replaced.document["origin"])
    assert 422 == ask("POST", f"/@mine{AUTHORIZE}").status
    assert 204 == api("DELETE", "/scenarios/mine").status

    assert 400 == ask("POST", f"/@mine{AUTHORIZE}").status


@pytest.mark.parametrize(
    ("call", "method", "path"), [("prepared", "PUT", "/scenarios/mine"), ("read", "POST", "/scenarios/reload")]
)
def test_others_are_answered_while_scenarios_are_read(
    mock: Mock, monkeypatch: pytest.MonkeyPatch, call: str, method: str, path: str
) -> None:
    """However long it takes: here until another request has its answer."""
    answered, waited = Event(), []
    does = getattr(mock.scenarios, call)

    def slowly(*arguments: Any) -> Any:
        waited.append(answered.wait(5))
        return does(*arguments)

    async def both() -> None:
        body = JSON if method == "PUT" else None
        long = asyncio.create_task(asked(mock.app, method, f"/__mock{path}", body))
        await asyncio.sleep(0)
        assert 200 == (await asked(mock.app, "GET", "/health")).status
        answered.set()
        assert (await long).status in (200, 201)

    monkeypatch.setattr(mock.scenarios, call, slowly)
    asyncio.run(both())

    assert [True] == waited


@pytest.mark.parametrize(
    ("name", "body", "status", "said"),
    [
        ("busy", JSON, 409, "scenario 'busy' is a file, "),
        ("mine", {"description": "x", "stubz": []}, 400, "(inline)/mine:1: no key 'stubz'; did you mean 'stubs'?"),
        ("Mine", JSON, 400, "(inline)/Mine:1: 'Mine' cannot stand in a URL"),
        ("mine", [], 400, "(inline)/mine:1: is to be a mapping, `key: value`"),
        ("mine", '{"a": 1', 400, "the body is not JSON: "),
        ("mine", "[" * 5000, 400, "the body is nested more than 60 levels deep"),
        ("mine", '{"a": NaN}', 400, "the body is not JSON: NaN is no number"),
        ("mine", '{"a": 1e999}', 400, "the body is not JSON: 1e999 is too large"),
        ("mine", '{"a": "\\ud800"}', 400, "the body is not JSON: "),
        ("mine", b"\xff", 400, "the body is not UTF-8 (byte 0)"),
        ("mine", "x" * 1_000_001, 413, "the body has more than 1000000 bytes"),
    ],
)
def test_what_is_wrong_adds_nothing(api: Ask, name: str, body: object, status: int, said: str) -> None:
    """The refusal says what and where; the scenarios are those of before."""
    before = api("GET", "/scenarios").document

    assert message(api("PUT", f"/scenarios/{name}", body, Content_Type="application/json"), status).startswith(said)
    assert before == api("GET", "/scenarios").document


@pytest.mark.parametrize("media_type", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_a_body_says_what_it_is(api: Ask, media_type: str) -> None:
    """What a form of another site could send is not taken."""
    said = message(api("PUT", "/scenarios/mine", YAML, Content_Type=media_type), 415)

    assert said.startswith("the body is to be application/json or application/yaml or text/yaml")


def test_a_python_object_in_yaml_is_text_that_is_refused(api: Ask) -> None:
    """No tag runs anything."""
    evil = "description: !!python/object/apply:os.system ['touch /tmp/owned']\n"

    said = message(api("PUT", "/scenarios/mine", evil, Content_Type="text/yaml"), 400)
    assert "uses the tag" in said


def test_only_what_was_added_is_removed(api: Ask) -> None:
    """A file's scenario is a conflict, an unknown one is not found."""
    assert "only what was added can be removed" in message(api("DELETE", "/scenarios/busy"), 409)
    assert "no scenario 'nobody'" in message(api("DELETE", "/scenarios/nobody"), 404)


def test_files_are_read_again_when_asked(tmp_path: Path) -> None:
    """What is wrong then is listed with file and line, and the last good set stays."""
    (tmp_path / "mine.yaml").write_text(YAML)
    mock = Mock(Settings(clock=CLOCK, scenarios=(tmp_path,)))
    (tmp_path / "mine.yaml").write_text(YAML + "broken\n")
    (tmp_path / "new.yaml").write_text(YAML)
    listed = api_of(mock)("POST", "/scenarios/reload").document

    assert {"mine", "new"} <= {scenario["name"] for scenario in listed["scenarios"]}
    (problem,) = listed["problems"]
    assert (f"{tmp_path}/mine.yaml", 6) == (problem["file"], problem["line"])


def test_json_keeps_every_character(api: Ask, mock: Mock) -> None:
    """Those too that YAML would not have, or takes for a line break."""
    odd = "a\x7fb\x85c\u2028d\ufeffe\U0001f600f"
    assert 201 == api("PUT", "/scenarios/mine", {"description": odd}).status

    assert odd == mock.scenarios["mine"].description


def test_one_that_is_chosen_stays(api: Ask, mock: Mock) -> None:
    """Until another one is chosen there: its requests would be answered by nobody."""
    api("PUT", "/scenarios/mine", JSON)
    api("PUT", "/sandboxes/me/scenario", {"scenario": "mine"})
    assert "scenario 'mine' is chosen in me; choose another there first" == message(
        api("DELETE", "/scenarios/mine"), 409
    )
    api("PUT", "/sandboxes/me/scenario", {"scenario": None})

    assert 204 == api("DELETE", "/scenarios/mine").status
    assert "mine" not in mock.scenarios


def test_a_long_name_is_not_repeated_at_length(api: Ask) -> None:
    """A sentence stays one."""
    said = message(api("PUT", "/sandboxes/me/scenario", {"scenario": "x" * 900_000}), 404)

    assert len(said) < 1000
    assert said.startswith(f"no scenario '{'x' * 200}...'; known: ")


def test_a_text_is_checked_and_not_added(api: Ask, mock: Mock) -> None:
    """All that is wrong with it, each with its line; line 0 is the name."""
    before = dict(mock.scenarios)

    def problems(name: str, text: str, media_type: str = "application/yaml") -> list[tuple[int, str]]:
        checked = api("POST", f"/scenarios/check?name={name}", text, Content_Type=media_type).document
        return [(problem["line"], problem["message"]) for problem in checked["problems"]]

    assert [] == problems("mine", YAML)
    assert [] == problems("mine", json.dumps(JSON), "Application/JSON")
    ((line, said),) = problems("mine", "description: x\nstubz: []\n")
    assert (2, "no key 'stubz'; did you mean 'stubs'?") == (line, said.partition(" known:")[0])
    ((line, said), broken) = problems("busy", "")
    assert (0, f"'busy' is a file, {mock.scenarios['busy'].path}; take a name of your own") == (line, said)
    assert (1, "is empty; a scenario needs at least a description") == broken
    assert before == dict(mock.scenarios)


def test_a_text_is_read_as_it_was_written(api: Ask, tmp_path: Path) -> None:
    """That of a file, comments and all, even while it is broken; and that of a scenario which was added."""
    file = tmp_path / "filed.yaml"
    file.write_text(f"# why\n{YAML}")
    mock = Mock(Settings(clock=CLOCK, scenarios=(tmp_path,)))
    ask, path = ask_of(mock.app), "/__mock/scenarios/filed/text"
    assert {"text": f"# why\n{YAML}"} == ask("GET", path).document
    file.write_text("broken: [")
    assert {"text": "broken: ["} == ask("GET", path).document
    file.write_bytes(b"\xff")
    assert f"{file} is not UTF-8 text (byte 0)" == ask("GET", path).document["message"]
    file.unlink()
    assert f"{file} cannot be read: No such file or directory" == message(ask("GET", path), 404)

    api("PUT", "/scenarios/mine", YAML, Content_Type="application/yaml")
    assert {"text": YAML} == api("GET", "/scenarios/mine/text").document
    assert "did you mean 'mine'?" in message(api("GET", "/scenarios/mines/text"), 404)
