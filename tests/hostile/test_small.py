"""Small things that attackers found, one by one: numbers, names, times and keys that nobody expects."""

import pytest
from asking import Ask

from mockserver import Settings
from mockserver.clock import instant
from mockserver.edge.mock import Mock
from mockserver.errors import MockServerError

BATCH = "/store/payment-collections/paycol_1/sessions/batch"
MANY_DIGITS = "1" + "0" * 400
UNKNOWN = "unknown_error"


@pytest.mark.parametrize(
    ("amounts", "said"),
    [
        ([MANY_DIGITS, "0.5"], UNKNOWN),
        ([MANY_DIGITS], UNKNOWN),
        (["9" * 5000], UNKNOWN),
        (["1e999", "-1e999"], UNKNOWN),
        (["1", "1e999"], "unexpected_state"),
        (["1", MANY_DIGITS, "0.5"], "unexpected_state"),
        (["1e300"], "unexpected_state"),
        (["9007199254740993"], "unexpected_state"),
    ],
)
def test_numbers_are_those_of_javascript(ask: Ask, amounts: list[str], said: str) -> None:
    """What is infinite there is no integer, so no session is valid, and a real server falls over it; 1e300 is an integer."""
    items = ", ".join(f'{{"provider_id": "manual", "amount": {amount}}}' for amount in amounts)
    answer = ask("POST", BATCH, f'{{"sessions": [{items}]}}', content_type="application/json")

    assert (500, said) == (answer.status, answer.document["type"])


@pytest.mark.parametrize("name", [".", ".."])
def test_dots_are_no_names(ask: Ask, mock: Mock, name: str) -> None:
    """They mean something else in a URL: no sandbox and no snapshot is called so, as clients would never reach it."""
    answers = [
        ask("GET", f"/~{name}/health"),
        ask("GET", "/health", x_mock_sandbox=name),
        ask("POST", "/__mock/sandboxes", {"name": name}),
        ask("PUT", f"/__mock/sandboxes/{name}/scenario", {"scenario": "busy"}),
        ask("PUT", f"/__mock/sandboxes/me/snapshots/{name}"),
    ]

    assert {400} == {answer.status for answer in answers}
    assert ["shared"] == [sandbox.name for sandbox in mock.sandboxes]
    assert 200 == ask("GET", "/~.../health").status


@pytest.mark.parametrize(
    "text", ["1969-12-31T23:59:59Z", "1970-01-01T00:00:00+14:00", "9998-12-31T23:59:59-12:00", "0001-01-01"]
)
def test_no_clock_stands_before_1970(text: str) -> None:
    """Nor behind 9998, in UTC, whatever year it is in its own zone; neither at start nor later."""
    with pytest.raises(MockServerError, match="is not a time from 1970 to 9998"):
        Mock(Settings(clock=text))
    assert 0 == instant("1970-01-01T01:00:00+01:00")


@pytest.mark.parametrize("body", ['{"\\ud800": 1}', '{"a": ["\\ud800"]}', '{"\\ud800": {"\\udfff": 1e5}}'])
def test_lone_surrogates_can_be_read_in_the_journal(ask: Ask, body: str) -> None:
    """As keys, too: they are escaped as they were sent."""
    ask("POST", "/~me" + BATCH, body, content_type="application/json")
    (entry,) = ask("GET", "/__mock/journal?sandbox=me").document["entries"]
    shown = ask("GET", f"/__mock/journal/{entry['number']}")

    assert 200 == shown.status
    assert "\\ud800" in shown.body.decode()


def test_a_thousand_names_are_not_listed(ask: Ask) -> None:
    """A mistake lists twenty of the scenarios that there are, and says how many more."""
    for number in range(30):
        ask("PUT", f"/__mock/scenarios/odd-{number}", {"description": "One of many."})
    said = ask("GET", "/@oddly/health").document["message"]

    assert 20 == said.partition("known: ")[2].count(",") + 1
    assert said.endswith(f" and {len(ask('GET', '/__mock/scenarios').document['scenarios']) - 20} more")


def test_a_cart_has_200_lines_at_most(ask: Ask) -> None:
    """More are refused by the mock itself, all of them: whoever reckons up thousands lets others wait."""
    shown = ask("GET", "/store/products").document["products"][0]["variants"][0]["id"]
    items = [{"variant_id": shown, "quantity": 1}] * 201
    refused = ask("POST", "/store/carts", {"items": items})
    cart = ask("POST", "/store/carts", {"items": items[1:]}).document["cart"]
    line = {"variant_id": shown, "quantity": 1, "metadata": {"another": True}}

    assert (400, "mock_server_error") == (refused.status, refused.document["type"])
    assert 200 == len(cart["items"])
    assert 400 == ask("POST", f"/store/carts/{cart['id']}/line-items", line).status
    assert 200 == ask("POST", f"/store/carts/{cart['id']}/line-items", line | {"metadata": {}}).status
