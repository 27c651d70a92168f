"""Sandboxes through the control API: scenario, clock, state, snapshots."""

from typing import Any

import pytest
from asking import Ask, header
from conftest import AUTHORIZE, CLOCK
from control.conftest import api_of, message
from dirty_equals import IsInt, IsPartialDict

from mockserver import Settings
from mockserver.edge.mock import Mock

COLLECTION = "/store/payment-collections/paycol_1"


def state(api: Ask, name: str = "mine") -> list[dict[str, Any]]:
    """Return the payment collections of a sandbox."""
    return list(api("GET", f"/sandboxes/{name}/state").document["payment_collections"])


def test_one_is_made_with_all_that_it_is_to_have(api: Ask, ask: Ask) -> None:
    """A scenario, a clock, a state: the next request finds them."""
    said = {
        "name": "mine",
        "scenario": "busy",
        "clock": {"now": "2030-01-01T00:00:00Z", "frozen": True},
        "state": {"payment_collections": [{"id": "paycol_7", "amount": 700}]},
    }
    made = api("POST", "/sandboxes", said)

    assert 201 == made.status
    assert made.document == {
        "name": "mine",
        "prefix": "/~mine",
        "scenario": "busy",
        "clock": {"now": "2030-01-01T00:00:00.000Z", "frozen": True},
        "rows": {"payment_collections": 1},
        "bytes": IsInt(gt=500),
        "requests": 0,
        "snapshots": [],
    }
    assert 409 == ask("POST", f"/~mine{AUTHORIZE}").status
    answer = ask("GET", "/~mine/store/payment-collections/paycol_7")
    assert 700 == answer.document["payment_collection"]["amount"]
    assert ["shared", "mine"] == [one["name"] for one in api("GET", "/sandboxes").document["sandboxes"]]
    assert "there is a sandbox 'mine' already" == message(api("POST", "/sandboxes", {"name": "mine"}), 409)


def test_one_without_a_name_gets_one_that_is_free(api: Ask) -> None:
    """Two of them are two."""
    names = [api("POST", "/sandboxes", {}).document["name"] for _ in range(2)]

    assert 2 == len(set(names))


@pytest.mark.parametrize(
    ("said", "status", "text"),
    [
        ({"nam": "x"}, 400, "no body field 'nam'; did you mean 'name'?"),
        ({"name": "a/b"}, 400, "body name: 'a/b' is no name for a sandbox; use up to 64 of"),
        ({"name": "x", "scenario": "bussy"}, 404, "no scenario 'bussy'; did you mean 'busy'?"),
        ({"name": "x", "clock": {"now": "soon"}}, 400, "body clock.now: clock: 'soon' is not a time such as"),
        (
            {"name": "x", "clock": {"advance": "-1s"}},
            400,
            "body clock.advance: '-1s' is not a duration such as '300ms'",
        ),
        ({"name": "x", "clock": {"advance": "999999999999d"}}, 400, "clock: that is not a time from 1970 to 9998"),
        ({"name": "x", "clock": {"froze": True}}, 400, "body clock.froze: Extra inputs are not permitted"),
        (
            {"name": "x", "state": {"payment_collections": [{}, {"amont": 1}]}},
            400,
            "payment_collections.1.amont: no field 'amont'; did you mean 'amount'?",
        ),
        (
            {"name": "x", "state": {"payment_colections": []}},
            400,
            "payment_colections: no table 'payment_colections'; did you mean 'payment_collections'?",
        ),
        ({"name": "x", "state": {"regions": {}}}, 400, "body state.regions: Input should be a valid list"),
        ([], 400, "body: Input should be a valid dictionary"),
        ("null", 400, "body: Input should be a valid dictionary"),
    ],
)
def test_what_is_wrong_makes_nothing(api: Ask, mock: Mock, said: object, status: int, text: str) -> None:
    """The refusal says what; no sandbox is there that was not before."""
    assert message(api("POST", "/sandboxes", said, Content_Type="application/json"), status).startswith(text)
    assert 0 == len(mock.sandboxes)


def test_a_scenario_is_chosen_and_given_up(api: Ask, ask: Ask) -> None:
    """Requests that choose none get it; null leaves it to the server again."""
    assert "declined" == api("PUT", "/sandboxes/mine/scenario", {"scenario": "declined"}).document["scenario"]
    assert 422 == ask("POST", f"/~mine{AUTHORIZE}").status
    assert 200 == ask("POST", AUTHORIZE).status
    assert api("PUT", "/sandboxes/mine/scenario", {"scenario": None}).document["scenario"] is None
    assert 200 == ask("POST", f"/~mine{AUTHORIZE}").status
    assert "did you mean 'declined'?" in message(api("PUT", "/sandboxes/mine/scenario", {"scenario": "declind"}), 404)


def test_the_shared_sandbox_may_have_a_scenario_too(api: Ask, ask: Ask) -> None:
    """Requests that choose nothing at all get it, until it is given up."""
    api("PUT", "/sandboxes/shared/scenario", {"scenario": "busy"})
    answer = ask("POST", AUTHORIZE)
    assert (409, "busy;by=sandbox") == (answer.status, header(answer, "x-mock-scenario"))
    api("PUT", "/sandboxes/shared/scenario", {"scenario": None})

    assert 200 == ask("POST", AUTHORIZE).status


def test_times_in_answers_follow_the_clock(api: Ask, ask: Ask) -> None:
    """Set, advanced, frozen: documents and the Date header alike; other sandboxes keep their own time."""
    changed = api("PATCH", "/sandboxes/mine/clock", {"now": "2030-01-01T00:00:00Z", "advance": "90m", "frozen": True})
    assert {"now": "2030-01-01T01:30:00.000Z", "frozen": True} == changed.document

    def dated(prefix: str) -> tuple[str, str]:
        answer = ask("POST", f"{prefix}{AUTHORIZE}")
        return answer.document["payment_session"]["payment_authorized_at"], header(answer, "date")

    assert ("2030-01-01T01:30:00.000Z", "Tue, 01 Jan 2030 01:30:00 GMT") == dated("/~mine")
    assert ("2024-01-06T03:57:20.000Z", "Sat, 06 Jan 2024 03:57:20 GMT") == dated("/~other")
    assert not api("PATCH", "/sandboxes/mine/clock", {"frozen": False}).document["frozen"]
    assert "9998" in message(api("PATCH", "/sandboxes/mine/clock", {"advance": "99999999d"}), 400)


def test_a_clock_begins_as_the_servers(api: Ask) -> None:
    """Where that stands still, so does one that is advanced, whichever call makes the sandbox."""
    made = api("POST", "/sandboxes", {"name": "one", "clock": {"advance": "10m"}}).document["clock"]
    changed = api("PATCH", "/sandboxes/two/clock", {"advance": "10m"}).document

    assert {"now": "2024-01-06T04:07:20.000Z", "frozen": True} == made == changed


def test_what_finds_no_room_is_refused() -> None:
    """A state or a snapshot that is too large for the server: 507, and nothing is changed."""
    mock = Mock(Settings(clock=CLOCK, state=1))
    api = api_of(mock)
    big = {"currencies": [{"code": "big", "name": "x" * 600_000}]}
    assert 200 == api("PATCH", "/sandboxes/one/state", big).status
    more = {"regions": [{"id": "reg_1"}], "currencies": [{"code": "bigger", "name": "x" * 600_000}]}

    for method, path, body in (
        ("PUT", "/sandboxes/one/snapshots/a", None),
        ("PATCH", "/sandboxes/one/state", more),
    ):
        assert "sandbox 'one' holds 0.6 MB, and there is no room for more" in message(api(method, path, body), 507)
    assert IsPartialDict(rows={"currencies": 1}, snapshots=[]) == api("GET", "/sandboxes/one").document
    api("DELETE", "/sandboxes/one")
    assert 201 == api("POST", "/sandboxes", {"name": "two", "state": big}).status


def test_what_finds_no_room_makes_no_sandbox() -> None:
    """One that was to begin with a state which is too large is not there afterwards."""
    api = api_of(Mock(Settings(clock=CLOCK, state=1)))
    big = {"currencies": [{"code": "big", "name": "x" * 600_000}]}
    api("PATCH", "/sandboxes/shared/state", big)

    assert "sandbox 'shared' holds 0.6 MB" in message(api("POST", "/sandboxes", {"name": "mine", "state": big}), 507)
    assert ["shared"] == [one["name"] for one in api("GET", "/sandboxes").document["sandboxes"]]


def test_any_table_is_read_and_merged(api: Ask, ask: Ask) -> None:
    """Entities by table, in the contract's words; those of the shop are there until they are changed."""
    said = {"regions": [{"id": "reg_1", "name": "Moon"}], "customers": [{"id": "cus_1", "email": "a@example.com"}]}
    read = api("PATCH", "/sandboxes/mine/state", said).document

    assert {"regions", "customers"} == set(read)
    assert IsPartialDict(id="reg_1", name="Moon", currency_code="usd") == read["regions"][0]
    assert read == api("PATCH", "/sandboxes/mine/state", read).document == api("GET", "/sandboxes/mine/state").document
    ask("GET", f"/~mine{COLLECTION}")
    assert {"regions", "customers", "payment_collections"} == set(api("GET", "/sandboxes/mine/state").document)


def test_state_is_read_and_merged(api: Ask, ask: Ask) -> None:
    """What is not said stays; a session that is made authorized has its time and its payment."""
    ask("GET", f"/~mine{COLLECTION}")
    sessions = [{"id": "ps_a", "amount": 600}, {"id": "ps_b", "amount": 400}]
    api("PATCH", "/sandboxes/mine/state", {"payment_collections": [{"id": "paycol_1", "payment_sessions": sessions}]})
    before = state(api)[0]
    said = {"id": "paycol_1", "description": "Mine.", "payment_sessions": [{"id": "ps_a", "status": "authorized"}]}
    merged = api("PATCH", "/sandboxes/mine/state", {"payment_collections": [said]}).document["payment_collections"][0]

    assert merged == IsPartialDict(
        id="paycol_1",
        description="Mine.",
        amount=before["amount"],
        created_by=before["created_by"],
        status="partially_authorized",
        authorized_amount=600,
    )
    by_id = {session["id"]: session for session in merged["payment_sessions"]}
    assert "2024-01-06T03:57:20.000Z" == by_id["ps_a"]["payment_authorized_at"]
    assert "pending" == by_id["ps_b"]["status"]
    assert [600] == [payment["amount"] for payment in merged["payments"]]
    again = {"id": "paycol_1", "payment_sessions": [{"id": "ps_b", "status": "authorized"}]}
    done = api("PATCH", "/sandboxes/mine/state", {"payment_collections": [again]}).document["payment_collections"][0]
    assert merged["payments"][0] == done["payments"][0]
    assert [600, 400] == [payment["amount"] for payment in done["payments"]]
    assert 200 == ask("POST", f"/~mine{AUTHORIZE.replace('ps_1', 'ps_b')}").status


def test_what_was_read_can_be_merged_again(api: Ask, ask: Ask) -> None:
    """All of it: nothing changes by that."""
    ask("POST", f"/~mine{AUTHORIZE}")
    read = state(api)
    merged = api("PATCH", "/sandboxes/mine/state", {"payment_collections": read})

    assert 200 == merged.status
    assert read == merged.document["payment_collections"]


def test_what_is_said_of_the_collection_alone_leaves_its_sessions(api: Ask, ask: Ask) -> None:
    """Status, sessions and payments are those of before."""
    ask("POST", f"/~mine{AUTHORIZE}")
    (before,) = state(api)
    api("PATCH", "/sandboxes/mine/state", {"payment_collections": [{"id": "paycol_1", "description": "Mine."}]})

    assert [{**before, "description": "Mine."}] == state(api)


def test_a_region_and_payments_are_merged_too(api: Ask, ask: Ask) -> None:
    """The region key by key, payments by their ids, status and amount as they are said."""
    ask("POST", f"/~mine{AUTHORIZE}")
    (payment,) = state(api)[0]["payments"]
    said = {
        "id": "paycol_1",
        "status": "canceled",
        "authorized_amount": 1,
        "region": {"name": "Far away"},
        "payments": [{"id": payment["id"], "amount": 7}],
        "payment_sessions": [{"amount": 5}],
    }
    merged = api("PATCH", "/sandboxes/mine/state", {"payment_collections": [said]}).document["payment_collections"][0]

    assert "Far away" == merged["region"]["name"]
    assert ("canceled", 1) == (merged["status"], merged["authorized_amount"])
    assert {**payment, "amount": 7} == merged["payments"][0]
    assert 2 == len(merged["payment_sessions"])


def test_a_state_that_the_contract_does_not_allow_changes_nothing(api: Ask) -> None:
    """Not even what stands before it."""
    said = {"payment_collections": [{"id": "paycol_8"}, {"id": "paycol_9", "amount": "much"}]}

    assert 'payment_collections.1.amount: "much" is not of type' in message(
        api("PATCH", "/sandboxes/mine/state", said), 400
    )
    assert "no sandbox 'mine'" in message(api("GET", "/sandboxes/mine/state"), 404)


def test_snapshots_are_taken_restored_and_deleted(api: Ask, ask: Ask) -> None:
    """The sandbox is what it was, as often as wanted."""
    ask("GET", f"/~mine{COLLECTION}")
    assert ["start"] == api("PUT", "/sandboxes/mine/snapshots/start").document["snapshots"]
    for _ in range(2):
        ask("POST", f"/~mine{AUTHORIZE}")
        assert "authorized" == state(api)[0]["status"]
        assert 200 == api("POST", "/sandboxes/mine/snapshots/start/restore").status
        assert "not_paid" == state(api)[0]["status"]
    assert 204 == api("DELETE", "/sandboxes/mine/snapshots/start").status

    assert "no snapshot 'start'" in message(api("DELETE", "/sandboxes/mine/snapshots/start"), 404)
    assert "no snapshot 'start'" in message(api("POST", "/sandboxes/mine/snapshots/start/restore"), 404)
    assert "is no name for a snapshot" in message(api("PUT", "/sandboxes/mine/snapshots/a b"), 400)
    for number in range(10):
        api("PUT", f"/sandboxes/mine/snapshots/s{number}")
    assert "has 10 snapshots already" in message(api("PUT", "/sandboxes/mine/snapshots/more"), 409)


def test_reset_and_delete(api: Ask, ask: Ask) -> None:
    """A reset one is as new; a deleted one is not there; the shared one stays."""
    ask("POST", f"/~mine{AUTHORIZE}")
    reset = api("POST", "/sandboxes/mine/reset").document
    assert ({}, 0, 0) == (reset["rows"], reset["bytes"], reset["requests"])
    assert 204 == api("DELETE", "/sandboxes/mine").status
    assert "no sandbox 'mine'" in message(api("GET", "/sandboxes/mine"), 404)

    assert "the shared sandbox cannot be deleted; reset it" == message(api("DELETE", "/sandboxes/shared"), 409)
    assert 200 == api("POST", "/sandboxes/shared/reset").status
    assert "shared" == api("GET", "/sandboxes/shared").document["name"]
    assert "is no name for a sandbox" in message(api("POST", "/sandboxes/a b/reset"), 400)


def test_a_state_becomes_a_scenario(api: Ask, ask: Ask) -> None:
    """It is read again as what it was, texts that look like numbers too; another sandbox with that scenario has the same state."""
    ask("POST", f"/~me{AUTHORIZE}")
    odd = {"a": "1e5", "b": "no", "c": "2024-01-06", "d": "null", "e": "x: #\u2028\x85", "f": 7, "g": "*", "h": ""}
    api("PATCH", "/sandboxes/me/state", {"payment_collections": [{"id": "paycol_1", "metadata": odd}]})
    text = api("GET", "/sandboxes/me/state/scenario").document["text"]
    assert text.startswith("description: As sandbox me was.\ngiven:\n  payment_collections:\n  - id: paycol_1\n")
    assert 201 == api("PUT", "/scenarios/mine", text, Content_Type="application/yaml").status
    shown = ask("GET", "/~other/@mine/store/payment-collections/paycol_1").document["payment_collection"]

    assert odd == shown["metadata"]
    assert api("GET", "/sandboxes/me/state").document == api("GET", "/sandboxes/other/state").document


def test_no_state_is_a_scenario_too(api: Ask) -> None:
    """With nothing but a description; of a sandbox that is not there there is none."""
    assert {"text": "description: As sandbox shared was.\n"} == api("GET", "/sandboxes/shared/state/scenario").document
    assert "no sandbox 'me'" in message(api("GET", "/sandboxes/me/state/scenario"), 404)


@pytest.mark.parametrize("levels", [54, 55, 56, 350])
def test_a_state_that_no_scenario_can_hold_is_refused_as_one(ask: Ask, api: Ask, levels: int) -> None:
    """What is nested deeper than a scenario may be, as a shopper may have sent it; all others are read again."""
    metadata: dict[str, Any] = {}
    for _ in range(levels):
        metadata = {"a": metadata}
    account = ask("POST", "/~me/store/customers", {"email": "ada@example.com", "password": "secret"})
    cookie = header(account, "set-cookie").partition(";")[0]
    assert 200 == ask("POST", "/~me/store/customers/me", {"metadata": metadata}, cookie=cookie).status
    told = api("GET", "/sandboxes/me/state/scenario")

    assert 200 == api("GET", "/sandboxes/me/state").status
    if levels > 55:
        assert "what it holds is nested more than 60 levels deep, and no scenario is" == message(told, 409)
    else:
        assert 201 == api("PUT", "/scenarios/deep", told.document["text"], Content_Type="application/yaml").status
