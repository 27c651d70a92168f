"""What a page of another site can do in somebody's browser: not push anybody's sandbox out."""

import pytest
from asking import Ask, ask_of, header
from conftest import AUTHORIZE, CLOCK

from mockserver import Settings
from mockserver.edge.mock import Mock

CROSS = {"sec_fetch_site": "cross-site", "sec_fetch_mode": "no-cors"}


def test_a_page_of_another_site_pushes_no_sandbox_out(mock: Mock, ask: Ask) -> None:
    """It names as many new ones as it likes, by prefix or header: each is the mock's own 400, and none is made."""
    ask("POST", f"/~mine{AUTHORIZE}")
    answers = [ask("GET", f"/~evil{number}/health", **CROSS) for number in range(1001)]
    answers += [
        ask("GET", "/health", x_mock_sandbox="evil", **CROSS),
        ask("GET", "/~evil/health", origin="https://evil.test", **CROSS),
    ]
    answers += [
        ask("GET", "/health", cookie="mock_sandbox=evil", **CROSS),
        ask("GET", "/~evil/health", origin="null", **CROSS),
    ]

    assert {(400, "mock")} == {(one.status, header(one, "x-mock-source")) for one in answers}
    assert ["shared", "mine"] == [sandbox.name for sandbox in mock.sandboxes]
    assert "sandbox 'evil0' is not there, and a page of another site makes none" in answers[0].document["message"]
    assert 200 == ask("GET", "/~mine/health", **CROSS).status


def test_a_page_of_another_site_leaves_nothing(mock: Mock, ask: Ask) -> None:
    """Room that it takes in a sandbox that is there would be taken from others: it reads what is there, and changes nothing."""
    ask("POST", f"/~mine{AUTHORIZE}")
    before = mock.sandboxes.bytes
    reads = [ask("GET", f"{place}/store/payment-collections/evil", **CROSS) for place in ("", "/~mine", "/@busy")]
    writes = [ask("POST", f"{place}/store/carts", **CROSS) for place in ("", "/~mine", "/@busy")]

    assert [404] * 3 == [one.status for one in reads]
    assert [(400, "mock")] * 3 == [(one.status, header(one, "x-mock-source")) for one in writes]
    assert "a page of another site asks, which changes nothing here" in writes[0].document["message"]
    assert before == mock.sandboxes.bytes
    assert 200 == ask("GET", "/~mine/store/payment-collections/paycol_1", **CROSS).status


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"sec_fetch_site": "same-site", "origin": "http://localhost:8000"},
        {"sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "none"},
        {"sec_fetch_site": "cross-site", "origin": "http://127.0.0.1:8000"},
        {"sec_fetch_site": "cross-site", "origin": "https://shop.test"},
        {"origin": "https://evil.test"},
    ],
    ids=str,
)
def test_storefronts_and_tests_make_sandboxes(said: dict[str, str]) -> None:
    """A client that is no browser, a shop on another port, an origin that --cors allows, an address that somebody typed."""
    mock = Mock(Settings(clock=CLOCK, cors=("https://shop.test", *Settings().cors)))
    answer = ask_of(mock.app)("POST", f"/~new{AUTHORIZE}", **said)

    assert 200 == answer.status
    assert "new" in mock.sandboxes
