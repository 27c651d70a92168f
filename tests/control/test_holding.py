"""What takes its time is done beside the event loop: nobody else waits for it, and it is seen whole or not at all."""

import asyncio
from functools import partial
from typing import Any

import pytest
from asking import Ask, ask_of, asked, in_scenario
from conftest import AUTHORIZE, CLOCK
from holding import holds, longest

from mockserver import Settings
from mockserver.edge.mock import Mock
from mockserver.engine.preparing import write
from mockserver.messages import Response
from mockserver.state.draft import Draft

STATE = "/__mock/sandboxes/me/state"
COLLECTIONS = [
    {"id": f"paycol_{number}", "amount": 100, "payment_sessions": [{"amount": 60}, {}]} for number in range(1000)
]


def told(mock: Mock, *asking: tuple[str, str, Any]) -> tuple[list[Response], float]:
    """Ask all at the same time; return the answers, and the longest that the loop was held."""

    async def all_of() -> list[Response]:
        return await asyncio.gather(*[asked(mock.app, *one) for one in asking])

    ask_of(mock.app)("PATCH", STATE, {"customers": [{}]})  # what is loaded once is loaded
    with holds() as found:
        answers = asyncio.run(all_of())
    return answers, max(found)


@pytest.mark.slow
def test_a_thousand_given_collections_hold_nobody(mock: Mock) -> None:
    """Whether they are written by a call, or brought in by a scenario; who comes meanwhile is answered, and sees all or nothing."""
    answers, held = told(mock, ("PATCH", STATE, {"payment_collections": COLLECTIONS}), ("GET", "/~me/health", None))
    added = {"description": "Many.", "given": {"payment_collections": COLLECTIONS}, "unknown_ids": "not_found"}
    (scenario,), _ = told(mock, ("PUT", "/__mock/scenarios/many", added))
    paths = [f"/~new/@many/store/payment-collections/paycol_{number}" for number in (0, 999, 500, 1000)]
    reads, second = told(mock, *[("GET", path, None) for path in paths])

    assert [200, 200] == [one.status for one in answers]
    assert 1000 == len(answers[0].document["payment_collections"])
    assert 201 == scenario.status
    assert [200, 200, 200, 404] == [one.status for one in reads]
    assert max(held, second) < longest(mock)
    assert 1000 == len(mock.sandboxes["new"].tables.changed("payment_collections"))


def test_what_is_written_meanwhile_is_not_lost(mock: Mock) -> None:
    """Of calls that change one row at the same time each leaves what it said; one is done after the other, however many they are."""
    wanted = [
        {"description": "x"},
        {"metadata": {"a": 1}},
        {"type": "order_edit"},
        {"created_by": "me"},
        {"amount": 7},
        {"status": "canceled"},
    ]
    calls = [("PATCH", STATE, {"payment_collections": [{"id": "paycol_1", **one}]}) for one in wanted]
    answers, _ = told(mock, *calls)
    row = mock.sandboxes["me"].tables.get("payment_collections", "paycol_1")

    assert {200} == {one.status for one in answers}
    assert row is not None
    assert {key: row[key] for one in wanted for key in one} == {
        key: value for one in wanted for key, value in one.items()
    }


def test_requests_that_need_the_same_wait_for_it_once(mock: Mock) -> None:
    """What a scenario gives is given once, to all who came meanwhile."""
    given = {"payment_collections": COLLECTIONS[:50]}
    in_scenario(ask_of(mock.app), {"given": given, "unknown_ids": "not_found"}, "fifty")
    answers, _ = told(mock, *[("GET", "/~me/@fifty/store/payment-collections/paycol_7", None)] * 5)

    assert [200] * 5 == [one.status for one in answers]
    assert 1 == len({one.body for one in answers})


def test_what_cannot_be_given_is_said_to_whoever_asks() -> None:
    """A scenario that gives more than there is room for is a 507 for each request, and leaves nothing behind."""
    mock = Mock(Settings(clock=CLOCK, state=1))
    many = [{"id": f"paycol_{number}", "metadata": {"a": "x" * 5000}} for number in range(150)]
    in_scenario(ask_of(mock.app), {"given": {"payment_collections": many}}, "many")
    ask_of(mock.app)("PATCH", "/__mock/sandboxes/other/state", {"customers": [{}]})
    before = mock.sandboxes.bytes
    more = [{"id": f"paycol_{number}", "metadata": {"a": "x" * 5000}} for number in range(150, 180)]
    ask_of(mock.app)("PATCH", STATE, {"payment_collections": more})
    answers, _ = told(mock, ("GET", "/~me/@many/store/payment-collections/paycol_7", None))

    assert [507] == [one.status for one in answers]
    assert "other" in mock.sandboxes
    assert 0 < before < mock.sandboxes.bytes


def test_a_refused_call_costs_no_other_its_place() -> None:
    """Neither a sandbox that cannot be filled, nor one whose name is taken meanwhile, pushes the least recently used one out."""
    mock = Mock(Settings(clock=CLOCK, sandboxes=2, state=1))
    ask = ask_of(mock.app)
    for name in ("first", "second"):
        ask(
            "PATCH",
            f"/__mock/sandboxes/{name}/state",
            {"payment_collections": [{"id": "paycol_1", "metadata": {"a": "x" * 300_000}}]},
        )
    state = {
        "payment_collections": [{"id": f"paycol_{number}", "metadata": {"a": "x" * 9000}} for number in range(105)]
    }
    refused = ask("POST", "/__mock/sandboxes", {"name": "third", "state": state})

    assert 507 == refused.status
    assert ["shared", "first", "second"] == [sandbox.name for sandbox in mock.sandboxes]

    same, _ = told(mock, *[("POST", "/__mock/sandboxes", {"name": "twin"})] * 2)

    assert [201, 409] == sorted(one.status for one in same)


def test_a_scenario_that_finds_no_room_costs_no_other_its_place() -> None:
    """Also where it gives little enough to be brought in at once: nothing of it is, and nobody goes for it."""
    mock = Mock(Settings(clock=CLOCK, state=1))
    ask = ask_of(mock.app)
    large = [{"id": f"paycol_{number}", "metadata": {"a": "x" * 60_000}} for number in range(15)]
    in_scenario(ask, {"given": {"payment_collections": large}}, "large")
    ask("PATCH", "/__mock/sandboxes/other/state", {"payment_collections": [{"metadata": {"a": "x" * 300_000}}]})
    more = {"payment_collections": [{"id": "paycol_x", "metadata": {"a": "x" * 300_000}}]}
    assert 200 == ask("PATCH", STATE, more).status
    before = mock.sandboxes.bytes

    assert 507 == ask("GET", "/~me/@large/store/payment-collections/paycol_1").status
    assert "other" in mock.sandboxes
    assert before == mock.sandboxes.bytes


def test_what_is_written_to_a_deleted_sandbox_takes_no_room(mock: Mock) -> None:
    """Also where it is deleted while somebody is still at it: that room could never be given back."""
    before, sandbox = mock.sandboxes.bytes, mock.sandboxes["me"]

    async def deleted() -> Response:
        give = partial(mock.engine.give, sandbox, {"payment_collections": COLLECTIONS[:20]})
        writing = asyncio.create_task(write(sandbox, give))
        await asyncio.sleep(0)
        assert sandbox.writing is not None
        answer = await asked(mock.app, "DELETE", "/__mock/sandboxes/me")
        await writing
        return answer

    assert 204 == asyncio.run(deleted()).status
    assert "me" not in mock.sandboxes
    assert before == mock.sandboxes.bytes


def test_a_sandbox_that_is_written_to_keeps_its_place() -> None:
    """Others come and go meanwhile, by their number or by the room they take."""
    mock = Mock(Settings(clock=CLOCK, sandboxes=2, state=1))
    large = {"payment_collections": [{"id": "paycol_1", "metadata": {"a": "x" * 400_000}}]}
    mock.sandboxes["me"].writing = asyncio.Event()
    asking = [("PATCH", f"/__mock/sandboxes/other-{number}/state", large) for number in range(4)]
    statuses = [ask_of(mock.app)(*one).status for one in asking]

    assert [200] * 4 == statuses
    assert ["shared", "me", "other-3"] == [one.name for one in mock.sandboxes]


def test_what_nobody_else_writes_is_brought_in(mock: Mock) -> None:
    """And where somebody did, nothing is: not even what he left alone."""
    tables = mock.sandboxes["me"].tables
    first, second = Draft(tables), Draft(tables)
    for draft, name in ((first, "A"), (second, "B")):
        draft.tables.insert("customers", {"id": "cus_1", "name": name})
        draft.tables.insert("customers", {"id": f"cus_{name}"})
    tables.insert("customers", {"id": "cus_0"})

    assert (True, False) == (first.bring_in(), second.bring_in())
    assert ["cus_0", "cus_1", "cus_A"] == [row["id"] for row in tables.all("customers")]
    assert {"customers": 3} == tables.counts()


@pytest.mark.parametrize("others", [[], ["cus_other"]])
def test_a_change_of_the_catalogue_keeps_its_place(mock: Mock, others: list[str]) -> None:
    """Rows of the shop that are written by a call stand where they stood, and what is gone is gone; whatever others write meanwhile."""
    tables = mock.sandboxes["me"].tables
    regions = [row["id"] for row in tables.all("regions")]
    draft = Draft(tables)
    draft.tables.update("regions", regions[0], name="Elsewhere")
    draft.tables.delete("regions", regions[1])
    for id in others:
        tables.insert("customers", {"id": id})

    assert draft.bring_in()
    assert [regions[0], *regions[2:]] == [row["id"] for row in tables.all("regions")]
    assert "Elsewhere" == tables.all("regions")[0]["name"]
    assert others == [row["id"] for row in tables.all("customers")]


@pytest.mark.parametrize("others", [[], ["cus_other"]])
def test_what_is_brought_in_counts_and_is_found(mock: Mock, others: list[str]) -> None:
    """By any of its columns, with the bytes that it takes."""
    sandbox = mock.sandboxes["me"]
    before, draft = mock.sandboxes.bytes, Draft(sandbox.tables)
    assert [] == sandbox.tables.where("customers", email="me@example.com")
    draft.tables.insert("customers", {"id": "cus_1", "email": "me@example.com"})
    for id in others:
        sandbox.tables.insert("customers", {"id": id})

    assert draft.bring_in()
    assert ["cus_1"] == [row["id"] for row in sandbox.tables.where("customers", email="me@example.com")]
    assert draft.tables.bytes <= mock.sandboxes.bytes - before
    sandbox.reset()
    assert before == mock.sandboxes.bytes


def test_what_is_gone_from_a_draft_is_gone(mock: Mock) -> None:
    """Rows that were the sandbox' own, too; where somebody wrote them meanwhile, nothing is brought in."""
    tables = mock.sandboxes["me"].tables
    for id in ("cus_1", "cus_2"):
        tables.insert("customers", {"id": id})
    first, second = Draft(tables), Draft(tables)
    for draft in (first, second):
        draft.tables.delete("customers", "cus_1")

    assert (True, False) == (first.bring_in(), second.bring_in())
    assert ["cus_2"] == [row["id"] for row in tables.all("customers")]


def test_who_always_writes_the_same_waits_in_the_end(mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that others get in the way of is carried out: requests to its sandbox wait for it, and to no other."""
    bring_in, events = Draft.bring_in, list[str]()
    authorize = "store/payment-collections/paycol_1/sessions/ps_1/authorize"

    is_refused, is_other_answered = asyncio.Event(), asyncio.Event()

    async def at_leisure(function: Any, *arguments: Any) -> Any:
        if events:
            is_refused.set()
            await is_other_answered.wait()
        return function(*arguments)

    def brought_in(draft: Draft) -> bool:
        is_first = not events
        events.append("refused" if is_first else "written")
        return not is_first and bring_in(draft)

    async def asked_meanwhile(name: str) -> Response:
        await is_refused.wait()
        answer = await asked(mock.app, "POST", f"/~{name}/{authorize}")
        events.append(name)
        is_other_answered.set()
        return answer

    async def all_of() -> list[Response]:
        state = {"payment_collections": [{"id": "paycol_1", "payment_sessions": [{"id": "ps_1"}]}]}
        writing = asked(mock.app, "PATCH", STATE, state)
        return await asyncio.gather(writing, asked_meanwhile("me"), asked_meanwhile("other"))

    monkeypatch.setattr("mockserver.engine.preparing.TRIES", 1)
    monkeypatch.setattr("mockserver.engine.preparing.at_leisure", at_leisure)
    monkeypatch.setattr(Draft, "bring_in", brought_in)

    assert [200] * 3 == [one.status for one in asyncio.run(all_of())]
    assert ["refused", "other", "written", "me"] == events


def test_what_is_tried_again_and_again_is_done_while_others_wait(mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where others always write the same rows, a call is carried out all the same."""
    monkeypatch.setattr(Draft, "bring_in", lambda _draft: False)

    assert 200 == ask_of(mock.app)("PATCH", STATE, {"customers": [{"id": "cus_1"}]}).status
    assert ["cus_1"] == [row["id"] for row in mock.sandboxes["me"].tables.changed("customers")]


def test_an_error_of_the_mock_itself_is_said_and_logged(
    mock: Mock, ask: Ask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Wherever it happens: no answer without a body, one entry of the log each, an entry of the journal for Medusa's paths."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(mock.scenarios, "values", broken)
    monkeypatch.setattr(mock.engine, "_served", broken)
    control, store = ask("GET", "/__mock/scenarios"), ask("POST", AUTHORIZE)

    assert (500, 500) == (control.status, store.status)
    assert {
        "type": "mock_server_error",
        "message": "an error of the mock itself, which its log shows",
    } == control.document
    assert ["type", "message"] == list(store.document)
    assert 2 == len(
        [record for record in caplog.records if record.exc_info and "could not be answered" in record.message]
    )
    (entry,) = mock.sandboxes["shared"].journal
    assert (500, AUTHORIZE) == (entry.response.status, entry.request.path)
    assert "an error of the mock itself" in entry.document()["why"]["text"]
