"""Operations whose success is no JSON document: a text, a redirect, nothing at all. None of them is a stumbling block."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asking import Ask, ask_of
from conftest import CLOCK
from contracts import extended

from mockserver import Settings
from mockserver.cli import main
from mockserver.contract import Contract, packaged, parts
from mockserver.edge.mock import Mock
from mockserver.messages import Answer
from mockserver.operations import Context
from mockserver.scenarios import prepared
from mockserver.verify import Options, verify

LISTS = "/store/wish-lists"
GONE, SHARED = ("DELETE", f"{LISTS}/wish_1"), ("POST", f"{LISTS}/wish_1/token")


@pytest.fixture(autouse=True)
def contract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Contract]:
    """Let the product have a contract with one resource more, whose operations have no behaviour."""
    folder = tmp_path / "contract"
    folder.mkdir()
    monkeypatch.setattr(parts, "source", lambda: extended(folder) if not any(folder.iterdir()) else folder)
    _prepare_anew()
    yield packaged()
    _prepare_anew()


def _prepare_anew() -> None:
    packaged.cache_clear()
    prepared.cache_clear()


@pytest.fixture
def mock(contract: Contract) -> Mock:
    """Return a mock with that contract."""
    mock = Mock(Settings(clock=CLOCK))
    assert len(contract.operations) == len(mock.contract.operations)
    return mock


def journal(mock: Mock) -> list[dict[str, Any]]:
    """Return what was asked of the mock."""
    return [entry.document() for entry in mock.sandboxes["shared"].journal]


@pytest.mark.parametrize(
    ("asked", "status", "document", "media_type"),
    [(GONE, 204, None, None), (SHARED, 200, "OK", "text/plain; charset=utf-8")],
)
def test_a_sample_is_what_the_contract_says(  # noqa: PLR0913, PLR0917  (what is tried, and what of)
    mock: Mock, ask: Ask, asked: tuple[str, str], status: int, document: Any, media_type: str | None
) -> None:
    """Without behaviour, a 204 has no body and a text is the text; `Prefer` may ask for either."""
    for headers in ({}, {"prefer": f"code={status}"}):
        answer = ask(*asked, **headers)
        assert (status, document, media_type) == (answer.status, answer.document, answer.media_type)
    assert ["sample", "sample"] == [entry["source"] for entry in journal(mock)]
    assert "the operation itself answered" in journal(mock)[0]["why"]["text"]


def test_two_resources_may_have_the_same_method(mock: Mock, ask: Ask) -> None:
    """`retrieve` of wish lists answers a wish list, with the id that was asked for; the journal tells the two apart."""
    answer = ask("GET", f"{LISTS}/wish_7")
    ask("GET", "/store/payment-collections/paycol_1")

    assert {"wish_list": {"id": "wish_7"}} == answer.document
    assert ["wishLists.retrieve", "paymentCollections.retrieve"] == [entry["operation"] for entry in journal(mock)]
    assert (
        "Wish list with id wish_7 was not found" == ask("GET", f"{LISTS}/wish_7", Prefer="code=404").document["message"]
    )


def answers(mock: Mock, id: str, answer: Any) -> None:
    """Give an operation a behaviour."""

    def behaviour(_context: Context) -> Any:
        return answer

    mock.engine.behaviours[id] = behaviour


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, "OK", "text/plain; charset=utf-8", headers=(("Set-Cookie", "a=b"),)),
        Answer(302, None, None, headers=(("Location", "/"),)),
    ],
)
def test_a_behaviour_may_answer_anything_that_is_documented(mock: Mock, ask: Ask, answer: Answer) -> None:
    """A text with a cookie and a redirect go out as they are."""
    answers(mock, "PostWishListsWishListToken", answer)
    got = ask(*SHARED)

    assert (answer.status, answer.document, answer.media_type) == (got.status, got.document, got.media_type)
    ((name, value),) = answer.headers
    assert (name.lower(), value) in got.headers


@pytest.mark.parametrize(
    ("id", "asked", "answer", "sentence"),
    [
        ("DeleteWishListsWishList", GONE, {"deleted": True}, "status 200 is not documented"),
        ("DeleteWishListsWishList", GONE, Answer(204, {}), "application/json is not documented for wishLists.delete 204, which has"),
        ("PostWishListsWishListToken", SHARED, Answer(303, None, None), "status 303 is not documented"),
        ("PostWishListsWishListToken", SHARED, {"ok": True}, "application/json is not documented for wishLists.share 200"),
        ("PostWishListsWishListToken", SHARED, Answer(200, "No", "text/plain"), "body: "),
    ],
)  # fmt: skip
def test_what_is_not_documented_cannot_leave(  # noqa: PLR0913, PLR0917  (what is tried, and what of)
    mock: Mock, ask: Ask, id: str, asked: tuple[str, str], answer: Any, sentence: str
) -> None:
    """A document and an Answer are both checked: status, media type and body."""
    answers(mock, id, answer)
    got = ask(*asked)

    assert 500 == got.status
    assert "mock_server_error" == got.document["type"]
    assert sentence in got.document["message"]


def scenario(folder: Path, *stubs: str) -> Path:
    """Write a scenario called `mine` into a folder of its own."""
    made = folder / "scenarios"
    made.mkdir()
    (made / "mine.yaml").write_text(
        "description: x\nstubs:\n" + "".join(f"  - {{operation: {one}}}\n" for one in stubs)
    )
    return made


def test_scenarios_may_stub_them(tmp_path: Path) -> None:
    """A reply may delay them, replace a text by another that the contract knows, or make them fail; verify plays it."""
    folder = scenario(
        tmp_path,
        "wishLists.delete, when: {path: {list_id: wish_a}}, reply: {delay: 1ms}",
        "wishLists.delete, reply: {status: 404}",
        "share, when: {path: {list_id: wish_b}}, reply: {body: OK}",
        "share, reply: {body: Sent, off_contract: true}",
    )
    mock = Mock(Settings(scenarios=(folder,), scenario="mine"))
    ask = ask_of(mock.app)

    assert [(204, None), (200, "OK"), (200, "Sent")] == [
        (answer.status, answer.document)
        for answer in (
            ask("DELETE", f"{LISTS}/wish_a"),
            ask("POST", f"{LISTS}/wish_b/token"),
            ask("POST", f"{LISTS}/wish_c/token"),
        )
    ]
    assert {"message": "Wish list with id wish_b was not found", "type": "not_found"} == ask(
        "DELETE", f"{LISTS}/wish_b"
    ).document
    assert [204, 404, 200] == mock.scenarios["mine"].statuses()


@pytest.mark.parametrize(
    ("stub", "sentence"),
    [
        ("wishLists.delete, reply: {body: {a: 1}}", "application/json is not documented for wishLists.delete 204"),
        ("wishLists.delete, reply: {body: gone}", "text/plain is not documented for wishLists.delete 204"),
        (
            "share, reply: {body: {a: 1}}",
            "application/json is not documented for wishLists.share 200; known: text/plain",
        ),
        ("share, reply: {body: Sent}", 'body: "OK" was expected'),
    ],
)
def test_a_body_that_they_cannot_have_is_a_mistake(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], stub: str, sentence: str
) -> None:
    """`check` names it, as for any other operation."""
    with pytest.raises(SystemExit):
        main(["check", str(scenario(tmp_path, stub))])

    assert sentence in capsys.readouterr().err


@pytest.mark.slow
def test_verify_checks_them(tmp_path: Path) -> None:
    """Every documented status of theirs is seen, and scenarios about them are played."""
    folder = scenario(
        tmp_path, "wishLists.delete, reply: {}", "share, reply: {body: OK}", "wishLists.list, reply: {status: 404}"
    )
    report = verify(
        None,
        Options(max_examples=2, cases=["mine"], operations=["wishLists.*"], scenarios=[folder], require=["204", "302"]),
    )

    assert [("mine", "passed", "")] == [(case.scenario, case.result, case.reason) for case in report.cases]
    assert [] == report.unseen
    assert [] == [finding for finding in report.failures if finding.operation.resource == "wishLists"]
