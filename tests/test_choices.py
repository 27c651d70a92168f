"""Choosing a scenario and a sandbox: prefix, header, Prefer, cookie, setting, default, in that order."""

from pathlib import Path

import pytest
from asking import Ask, ask_of, header, recorded
from conftest import AUTHORIZE

from mockserver import MockServerError, Settings
from mockserver.edge.mock import Mock
from mockserver.errors import MOST_KNOWN
from mockserver.messages import Response
from mockserver.scenarios import scenarios_of


def chosen(answer: Response) -> str:
    """Return what an answer says chose it."""
    return header(answer, "x-mock-scenario")


@pytest.mark.parametrize(
    ("prefix", "headers", "expected"),
    [
        ("/@busy", {"X_Mock_Scenario": "missing", "Prefer": "code=500", "Cookie": "mock_scenario=outage"}, "busy;by=prefix"),
        ("", {"X_Mock_Scenario": "missing", "Prefer": "code=500", "Cookie": "mock_scenario=outage"}, "missing;by=header"),
        ("", {"Prefer": "code=500", "Cookie": "mock_scenario=outage"}, "declined;by=prefer"),
        ("", {"Cookie": "mock_scenario=outage"}, "outage;by=cookie"),
        ("", {}, "declined;by=setting"),
    ],
)  # fmt: skip
def test_the_nearest_choice_wins(prefix: str, headers: dict[str, str], expected: str) -> None:
    """What stands nearer to the request wins, and every answer says what it was."""
    mock = Mock(Settings(scenario="declined"))

    assert expected == chosen(ask_of(mock.app)("POST", prefix + AUTHORIZE, **headers))


@pytest.mark.parametrize(
    ("prefix", "headers", "expected"),
    [
        ("/~one/@busy", {"X_Mock_Sandbox": "two"}, ("/~one/@busy", "one", "prefix", "busy", "prefix")),
        ("/%40busy/%7eone", {}, ("/%40busy/%7eone", "one", "prefix", "busy", "prefix")),
        ("", {"X_Mock_Sandbox": " two ", "Cookie": "mock_sandbox=three"}, ("", "two", "header", "declined", "setting")),
        ("", {"Cookie": "mock_sandbox=three; mock_scenario=busy"}, ("", "three", "cookie", "busy", "cookie")),
        ("/@busy", {}, ("/@busy", "shared", "default", "busy", "prefix")),
        ("", {}, ("", "shared", "default", "declined", "setting")),
        ("/~one/@bsy", {}, ("/~one/@bsy", "one", "prefix", "declined", "nobody")),
        ("/~o ne/@busy", {}, ("/~o ne/@busy", "shared", "nobody", "declined", "nobody")),
    ],
)
def test_the_journal_says_what_chose(prefix: str, headers: dict[str, str], expected: tuple[str, ...]) -> None:
    """The prefix as it was sent, the sandbox and the scenario, and what chose each; the path stands behind the prefix."""
    mock = Mock(Settings(scenario="declined"))
    said = recorded(mock, "POST", prefix + AUTHORIZE, **headers).summary()

    assert expected == tuple(said[name] for name in ("prefix", "sandbox", "sandbox_chosen_by", "scenario", "chosen_by"))
    assert AUTHORIZE == said["path"]


@pytest.mark.parametrize(("path", "prefix"), [("/~me", "/~me"), ("/~me/", "/~me"), ("/@busy/~me", "/@busy/~me")])
def test_a_prefix_alone_leads_to_the_root(mock: Mock, path: str, prefix: str) -> None:
    """With its slash or without."""
    said = recorded(mock, "GET", path).summary()

    assert (prefix, "/") == (said["prefix"], said["path"])


def test_the_default_says_that_it_is_one(ask: Ask) -> None:
    """Nobody chose: `default;by=default`."""
    assert "default;by=default" == chosen(ask("POST", AUTHORIZE))


@pytest.mark.parametrize("prefix", ["/@busy", "/%40busy", "/~me/@busy", "/@busy/~me", "/@slow/@busy"])
def test_prefixes_come_in_any_order_and_escaped(ask: Ask, prefix: str) -> None:
    """A prefix is found before or behind a sandbox', with its sign escaped; of two the last one counts."""
    answer = ask("POST", prefix + AUTHORIZE)

    assert 409 == answer.status
    assert "busy;by=prefix" == chosen(answer)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X_Mock_Scenario", " busy "),
        ("Cookie", "a=b; mock_scenario=busy"),
        ("Cookie", "mock_scenario=bus%79"),
        ("Prefer", "code=409"),
        ("Prefer", 'return=minimal, CODE = "409"'),
        ("Prefer", "wait=5; code=409"),
    ],
)
def test_ways_to_write_a_choice(ask: Ask, header: str, value: str) -> None:
    """Spaces, quotes, escapes and neighbours do not matter."""
    assert 409 == ask("POST", AUTHORIZE, **{header: value}).status


@pytest.mark.parametrize("value", ["respond-async", "code", "statuscode=409"])
def test_other_preferences_choose_nothing(ask: Ask, value: str) -> None:
    """A Prefer header that asks for something else is not for us."""
    assert "default;by=default" == chosen(ask("POST", AUTHORIZE, Prefer=value))


NAMES = list(scenarios_of([]))
KNOWN = f"{', '.join(NAMES[:MOST_KNOWN])} and {len(NAMES) - MOST_KNOWN} more"


@pytest.mark.parametrize(
    ("path", "headers", "message"),
    [
        (f"/@declned{AUTHORIZE}", {}, f"no scenario 'declned'; did you mean 'declined'? known: {KNOWN}"),
        (f"/@{AUTHORIZE}", {}, f"no scenario ''; known: {KNOWN}"),
        (AUTHORIZE, {"X_Mock_Scenario": "zzz"}, f"no scenario 'zzz'; known: {KNOWN}"),
        (AUTHORIZE, {"Cookie": "mock_scenario=zzz"}, f"no scenario 'zzz'; known: {KNOWN}"),
        (AUTHORIZE, {"Prefer": "code=4x9"}, "Prefer: code=4x9 is not a status such as 409"),
        (AUTHORIZE, {"Prefer": "code="}, "Prefer: code= is not a status such as 409"),
        (
            AUTHORIZE,
            {"Prefer": "code=418"},
            "status 418 is not documented for paymentCollections.authorizePaymentSession; known: 200, 400, 401, 404, 409, 413, 415, 422, 500",
        ),
        (f"/~a%2Fb{AUTHORIZE}", {}, "'a%2Fb' is no name for a sandbox; use up to 64 of A-Z a-z 0-9 . _ -"),
        (f"/~{AUTHORIZE}", {}, "'' is no name for a sandbox; use up to 64 of A-Z a-z 0-9 . _ -"),
        (AUTHORIZE, {"X_Mock_Sandbox": "a b"}, "'a b' is no name for a sandbox; use up to 64 of A-Z a-z 0-9 . _ -"),
    ],
)
def test_a_bad_choice_is_our_own_error(ask: Ask, path: str, headers: dict[str, str], message: str) -> None:
    """A name that is not known is a 400 which no Medusa sends, with the nearest name and all that are known."""
    answer = ask("POST", path, **headers)

    assert (400, {"type": "mock_server_error", "message": message}) == (answer.status, answer.document)
    assert "mock" == header(answer, "x-mock-source")
    assert "x-mock-scenario" not in dict(answer.headers)


def test_an_unknown_setting_stops_the_start() -> None:
    """A scenario that is not there cannot be the default."""
    with pytest.raises(MockServerError, match="no scenario 'bussy'; did you mean 'busy'\\?"):
        Mock(Settings(scenario="bussy"))


def test_scenarios_of_ones_own_are_chosen_alike(tmp_path: Path) -> None:
    """A file in a folder that was named at the start is a scenario by its file's name."""
    (tmp_path / "late.yaml").write_text("description: Too late.\nproviders: {'*': {authorize: {status: canceled}}}\n")
    mock = Mock(Settings(scenarios=(tmp_path,)))

    assert 422 == ask_of(mock.app)("POST", f"/@late{AUTHORIZE}").status


def test_the_scenario_of_a_sandbox_is_that_of_requests_which_choose_none(mock: Mock, ask: Ask) -> None:
    """It comes before the server's own, after a cookie; other sandboxes do not know of it."""
    mock.sandboxes["mine"].scenario = "declined"

    assert "declined;by=sandbox" == chosen(ask("POST", f"/~mine{AUTHORIZE}"))
    assert "busy;by=cookie" == chosen(ask("POST", f"/~mine{AUTHORIZE}", Cookie="mock_scenario=busy"))
    assert "default;by=default" == chosen(ask("POST", AUTHORIZE))


@pytest.mark.parametrize("headers", [{"X_Mock_Sandbox": "mine"}, {"Cookie": "mock_sandbox=mine"}])
def test_a_sandbox_by_prefix_header_or_cookie_is_the_same(ask: Ask, headers: dict[str, str]) -> None:
    """Three ways lead to one sandbox: what was authorized by one shows by the others."""
    ask("POST", f"/~mine{AUTHORIZE}")
    answer = ask("GET", "/store/payment-collections/paycol_1", **headers)

    assert ["authorized"] == [one["status"] for one in answer.document["payment_collection"]["payment_sessions"]]
