"""The journal: what was asked, what was answered and why, bounded, secrets masked."""

import json
from contextlib import suppress
from typing import Any

import pytest
from asking import Ask, ask_of, in_scenario, recorded
from conftest import AUTHORIZE
from dirty_equals import IsFloat, IsPartialDict, IsStr

from mockserver import Settings
from mockserver.edge.mock import Mock
from mockserver.express.javascript import dumps
from mockserver.state.entry import LONGEST

STUBS = [
    {
        "operation": "paymentCollections.authorizePaymentSession",
        "when": {"path": {"id": "paycol_9", "session_id": "ps_9"}, "header": {"X-Card": "visa"}},
        "reply": {"status": 404},
    },
    {"operation": "authorizePaymentSession", "when": {"path": {"session_id": "ps_2"}}, "reply": {"status": 409}},
    {"operation": "authorizePaymentSession", "when": {"path": {"session_id": "ps_1"}}, "reply": {"status": 422}},
    {"operation": "authorizePaymentSession", "reply": {"status": 500}},
    {
        "operation": "paymentCollections.retrieve",
        "when": {"header": {"Authorization": "Bearer right"}},
        "reply": {"status": 404},
    },
]


def entries(mock: Mock, sandbox: str = "shared") -> list[dict[str, Any]]:
    """Return the journal of a sandbox."""
    return [entry.document() for entry in mock.sandboxes[sandbox].journal]


def test_an_entry_says_all_of_a_request(mock: Mock, ask: Ask) -> None:
    """Who was asked, what, in which scenario and why that one, what was answered, by whom, how fast."""
    ask("POST", f"/~mine/@busy{AUTHORIZE}", b'{"a": 1}', "b=2", Content_Type="application/json")
    (entry,) = entries(mock, "mine")

    assert entry == IsPartialDict(
        number=1,
        time=IsStr(regex=r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"),
        sandbox="mine",
        scenario="busy",
        chosen_by="prefix",
        operation="paymentCollections.authorizePaymentSession",
        method="POST",
        path=AUTHORIZE,
        status=409,
        fault=None,
        source="stub",
        stub="busy.0",
        milliseconds=IsFloat(gt=0),
        request=IsPartialDict(query="b=2", body={"a": 1}, headers=IsPartialDict({"content-type": "application/json"})),
        answer=IsPartialDict(status=409, body=IsPartialDict(code="invalid_state_error"), delay=0.0),
    )
    assert [] == entries(mock)


def test_why_names_the_stub_that_matched(mock: Mock, ask: Ask) -> None:
    """With its place in the file, its turn, and what ruled out those before it."""
    ask = in_scenario(ask, {"stubs": STUBS}, "mine")
    for _ in range(2):
        ask("POST", AUTHORIZE)
    why = entries(mock)[1]["why"]

    assert "mine.2" == why["stub"]
    assert why["text"].startswith("stub mine.2 (")
    assert why["text"].endswith(") matched, for the 2nd time")
    assert ["mine.1", "mine.0"] == [near["stub"] for near in why["near"]]
    assert ["path.session_id: wanted 'ps_2', got 'ps_1'"] == why["near"][0]["differences"]


def test_times_include_delays(mock: Mock) -> None:
    """How long the client waits, and what of that the mock itself took."""
    shown = recorded(mock, "POST", f"/@slow{AUTHORIZE}").summary()

    assert shown["milliseconds"] == pytest.approx(3000 + shown["mock_milliseconds"])
    assert 0 < shown["mock_milliseconds"] < 3000


@pytest.mark.parametrize(
    ("reply", "seen"),
    [({"delay": "5s"}, []), ({"delay": "5s", "fault": "reset"}, []), ({"delay": "5s", "fault": "drip"}, [200])],
)
def test_a_client_that_leaves_is_seen(mock: Mock, ask: Ask, reply: dict[str, Any], seen: list[int]) -> None:
    """Before its answer, or in the midst of it: the entry says after how long; no status counts that nobody was sent."""
    ask_there = in_scenario(ask, {"stubs": [{"operation": "authorizePaymentSession", "reply": reply}]})
    with suppress(ConnectionError):
        ask_there("POST", AUTHORIZE, leaves=0.05)
    assert seen == [status for _, status in mock.sandboxes["shared"].journal.seen]
    ask("POST", f"/~other{AUTHORIZE}")
    (left,), (stayed,) = entries(mock), entries(mock, "other")

    assert left["aborted_after"] == IsFloat(ge=50, lt=5000)
    assert left["milliseconds"] > 5000
    assert stayed["aborted_after"] is None


def test_a_client_that_leaves_behind_a_reset_is_nobodys_concern(mock: Mock) -> None:
    """What its entry said is forgotten, and other entries stay as they are."""
    before = recorded(mock, "POST", "/@busy" + AUTHORIZE)
    gone = recorded(mock, "POST", f"/~gone{AUTHORIZE}")
    mock.sandboxes["gone"].journal.clear()
    mock.sandboxes.journals.abort(gone.response, 1.0)

    assert [before] == list(mock.sandboxes["shared"].journal)


def test_why_names_what_ruled_every_stub_out_nearest_first(mock: Mock, ask: Ask) -> None:
    """The stub with the fewest differences comes first."""
    ask = in_scenario(ask, {"stubs": STUBS[:3]}, "mine")
    ask("POST", AUTHORIZE.replace("ps_1", "ps_7"))
    why = entries(mock)[0]["why"]

    assert (
        None,
        "no stub of 'mine' for paymentCollections.authorizePaymentSession matched; the operation itself answered",
    ) == (
        why["stub"],
        why["text"],
    )
    assert [1, 1, 3] == [len(near["differences"]) for near in why["near"]]


@pytest.mark.parametrize(
    ("path", "headers", "text"),
    [
        ("/store/nothing", {}, "no operation has this method and path"),
        (
            f"/@declined{AUTHORIZE}",
            {},
            "'declined' has no stub for paymentCollections.authorizePaymentSession; the operation itself answered",
        ),
        (AUTHORIZE, {"Prefer": "code=409"}, "the header Prefer asked for this status"),
        (f"/@declned{AUTHORIZE}", {}, "no scenario 'declned'; did you mean 'declined'?"),
        (AUTHORIZE, {"X_Mock_Sandbox": "a b"}, "'a b' is no name for a sandbox;"),
    ],
)
def test_why_in_other_cases(mock: Mock, ask: Ask, path: str, headers: dict[str, str], text: str) -> None:
    """No route, no stubs, a status by `Prefer`, a scenario or a sandbox that cannot be."""
    ask("POST", path, **headers)

    assert entries(mock)[0]["why"]["text"].startswith(text)


@pytest.mark.parametrize(("turn", "said"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (23, "23rd")])
def test_turns_in_words(mock: Mock, ask: Ask, turn: int, said: str) -> None:
    """As people count."""
    for _ in range(turn):
        ask("POST", f"/@conflict{AUTHORIZE}")

    assert entries(mock)[-1]["why"]["text"].endswith(f"for the {said} time")


def test_secrets_are_masked(mock: Mock, ask: Ask) -> None:
    """Authorization and cookies show nowhere: not in headers, not in the differences of a stub that wants another one."""
    ask = in_scenario(ask, {"stubs": STUBS}, "mine")
    secret = {"authorization": "Bearer hunter2", "cookie": "connect.sid=hunter2", "x-shop": "plain"}
    ask("GET", "/store/payment-collections/paycol_1", pairs=secret.items())
    (entry,) = entries(mock)

    assert "hunter2" not in json.dumps(entry)
    assert {"host": "localhost:9000", "authorization": "***", "cookie": "***", "x-shop": "plain"} == entry["request"][
        "headers"
    ]
    assert ["header.authorization: wanted '***', got '***'"] == entry["why"]["near"][0]["differences"]


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b"", None),
        (b"plain", "plain"),
        (b"\xff", "\ufffd"),
        (b'{"a": 1e999}', '{"a": 1e999}'),
        (b'{"a": NaN}', '{"a": NaN}'),
        (b'["\\ud800"]', ["\ud800"]),
    ],
)
def test_any_body_can_be_shown(mock: Mock, ask: Ask, body: bytes, shown: object) -> None:
    """JSON as JSON, everything else as text; all of it can be written as JSON again."""
    ask("POST", AUTHORIZE, body)
    (entry,) = entries(mock)

    assert shown == entry["request"]["body"]
    assert dumps(entry)


def test_a_body_nested_beyond_reason_is_shown_as_text(mock: Mock, ask: Ask) -> None:
    """What cannot be written again is not read either."""
    for depth in (900, 5000):
        ask("POST", AUTHORIZE, b"[" * depth + b"]" * depth)

    assert all(isinstance(entry["request"]["body"], (str, list)) for entry in entries(mock))
    assert all(dumps(entry) for entry in entries(mock))


def test_long_bodies_are_cut_and_still_explained(mock: Mock, ask: Ask) -> None:
    """The first 16 kB are kept; what a stub found in the rest is known all the same."""
    stub = {"operation": "authorizePaymentSession", "when": {"body": {"z": 1}}, "reply": {"status": 404}}
    ask = in_scenario(ask, {"stubs": [stub]})
    ask("POST", AUTHORIZE, {"a": "x" * LONGEST, "z": 2})
    (entry,) = entries(mock)

    assert LONGEST == len(entry["request"]["body"])
    assert ["body.z: wanted 1, got 2"] == entry["why"]["near"][0]["differences"]


def test_sequences_do_not_depend_on_what_is_still_in_the_journal(mock: Mock, ask: Ask) -> None:
    """Cleared in the middle, `busy` goes on where it was."""
    first = ask("POST", f"/@busy{AUTHORIZE}").status
    assert 1 == mock.sandboxes["shared"].journal.clear()
    rest = [ask("POST", f"/@busy{AUTHORIZE}").status for _ in range(2)]

    assert [409, 409, 200] == [first, *rest]
    assert [2, 3] == [entry["number"] for entry in entries(mock)]


def test_the_rule_of_a_provider_is_named_though_the_mock_gave_up() -> None:
    """What a provider answered before there was no room for it is among the reasons, beside the mock's own."""
    mock = Mock(Settings(state=1))
    ask = ask_of(mock.app)
    ask("PATCH", "/__mock/sandboxes/shared/state", {"currencies": [{"code": "big", "name": "x" * 600_000}]})
    shop = in_scenario(ask, {"providers": {"manual": {"update": {"data": {"note": "x" * 500_000}}}}}, "fat")
    shop("GET", "/store/payment-collections/paycol_9")
    answer = shop("POST", "/store/payment-collections/paycol_9/sessions", {"provider_id": "manual"})

    assert 507 == answer.status
    *_, entry = mock.sandboxes["shared"].journal
    assert entry.why()["text"].startswith("sandbox 'shared' holds 0.6 MB")
    assert "provider manual says authorized" in entry.why()["text"]


def test_listeners_hear_of_every_entry(mock: Mock, ask: Ask) -> None:
    """Of all sandboxes, in order, until they stop."""
    heard: list[int] = []

    def listener(entry: Any) -> None:
        heard.append(entry.number)

    mock.sandboxes.journals.listeners.add(listener)
    ask("POST", AUTHORIZE)
    ask("POST", f"/~other{AUTHORIZE}")
    mock.sandboxes.journals.listeners.discard(listener)
    ask("POST", AUTHORIZE)

    assert [1, 2] == heard
