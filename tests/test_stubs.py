"""Stubs: which one answers, and what its reply does."""

from pathlib import Path
from typing import Any

import pytest
from asking import Ask, ask_of, header, in_scenario
from conftest import AUTHORIZE
from dirty_equals import IsPartialDict

from mockserver import MockServerError
from mockserver.edge.mock import Mock
from mockserver.messages import Response
from mockserver.scenarios import scenarios_of

OPERATION = "authorizePaymentSession"


def ask(mock: Mock, *stubs: dict[str, Any], path: str = AUTHORIZE, **said: Any) -> list[Response]:
    """Ask three times what a scenario with these stubs answers."""
    whole = [{"operation": OPERATION, **stub} for stub in stubs]
    ask = in_scenario(ask_of(mock.app), {"stubs": whole, **said})
    return [ask("POST", path, x_card="visa") for _ in range(3)]


def test_the_first_stub_that_matches_answers(mock: Mock) -> None:
    """Order in the file decides; one that does not match is passed over."""
    stubs: list[dict[str, Any]] = [
        {"when": {"path": {"session_id": "ps_2"}}, "reply": {"status": 500}},
        {"when": {"header": {"X-Card": "master*"}}, "reply": {"status": 404}},
        {"when": {"header": {"X-Card": "vi*"}, "path": {"id": "paycol_*"}}, "reply": {"status": 409}},
        {"reply": {"status": 422}},
    ]

    assert 409 == ask(mock, *stubs)[0].status


def test_no_stub_matches(mock: Mock) -> None:
    """Then the operation itself answers."""
    (answer, *_) = ask(mock, {"when": {"header": {"X-Card": "amex"}}, "reply": {"status": 404}})

    assert (200, "behaviour") == (answer.status, header(answer, "x-mock-source"))


def test_a_body_is_merged_over_what_the_operation_says(mock: Mock) -> None:
    """What is said replaces, null removes, all else stays; the answer comes from the stub."""
    body = {"payment_session": {"amount": 4200, "data": {"x": 1}}}
    (answer, *_) = ask(mock, {"reply": {"status": 200, "body": body}})

    assert IsPartialDict(id="ps_1", amount=4200, data=IsPartialDict(x=1)) == answer.document["payment_session"]
    assert "stub" == header(answer, "x-mock-source")


def test_a_body_is_not_merged_into_an_error(mock: Mock) -> None:
    """Where the operation fails, its error stays whole."""
    body = {"payment_session": {"amount": 4200}}
    (answer, *_) = ask(mock, {"reply": {"body": body}}, unknown_ids="not_found")

    assert (404, ["type", "message"]) == (answer.status, list(answer.document))


def test_headers_hold_the_paths_values(mock: Mock) -> None:
    """`{id}` in a header is the path's; a line break in it cannot start another header."""
    headers = {"X-Shop": "{id} of {nobody}", "Retry-After": "1"}
    path = AUTHORIZE.replace("paycol_1", "a%0D%0ASet-Cookie:b")
    (canned, *_) = ask(mock, {"reply": {"status": 409, "headers": headers}}, path=path)
    (operated, *_) = ask(mock, {"reply": {"headers": headers}}, path=path)

    for answer in (canned, operated):
        assert {"x-shop": "a??Set-Cookie:b of {nobody}", "retry-after": "1"}.items() <= dict(answer.headers).items()


def test_headers_are_sent_as_they_are_written(mock: Mock) -> None:
    """A tab, a hard space; and one that Express would send, too, stands in its place."""
    headers = {"X-A": "a\tb\u00a0c", "Content-Type": "application/x-shop", "date": "never", "set-cookie": "a=b"}
    sent = ask(mock, {"reply": {"headers": headers}})[0].headers

    for name, value in headers.items():
        assert (name.lower(), value) in sent
    assert ["content-type", "date"] == sorted(name for name, _ in sent if name in ("content-type", "date"))
    assert 2 == len([name for name, _ in sent if name == "set-cookie"])


def test_a_header_may_be_said_several_times(mock: Mock) -> None:
    """A list is one header for each of its values, in their order; a session cookie stands beside them."""
    headers = {"Set-Cookie": ["a=1", "b={id}"], "Link": ["<1>", "<2>"]}
    (canned, *_) = ask(mock, {"reply": {"status": 409, "headers": headers}})
    (operated, *_) = ask(mock, {"reply": {"headers": headers}})

    for answer in (canned, operated):
        assert ["<1>", "<2>"] == [value for name, value in answer.headers if name == "link"]
        assert ["a=1", "b=paycol_1"] == [value for name, value in answer.headers if name == "set-cookie"][:2]
        assert 3 == len([value for name, value in answer.headers if name == "set-cookie"])


def test_delays_add_up(mock: Mock) -> None:
    """A reply's delay comes on top of what its provider takes."""
    provider = {"status": "authorized", "wait": "20ms"}

    ask(mock, {"reply": {"delay": "30ms", "provider": provider}})
    delays = [round(entry.response.delay, 3) for entry in mock.sandboxes["shared"].journal]

    assert [0.05, 0.03, 0.03] == delays  # nobody is asked once it is authorized


def test_a_provider_for_one_call(mock: Mock) -> None:
    """`provider:` in a reply is what the provider answers this once; state changes as it would."""
    stub = {"replies": [{"provider": {"status": "requires_more"}}, {"provider": {"error": "No.", "code": "x"}}, {}]}

    assert [422, 400, 200] == [answer.status for answer in ask(mock, stub)]


def test_canned_text_and_dynamic_error(mock: Mock) -> None:
    """A status alone has the real server's words with the path's values; what is said is merged over them."""
    (plain, changed, _) = ask(mock, {"replies": [{"status": 404}, {"status": 404, "body": {"code": "gone"}}]})

    assert {"type": "not_found", "message": "Payment collection with id paycol_1 was not found"} == plain.document
    assert ["code", "type", "message"] == list(changed.document)
    assert "gone" == changed.document["code"]


def test_a_preferred_status_is_prepared_once(ask: Ask) -> None:
    """Asking for a status again gives the same answer."""
    first, second = (ask("POST", AUTHORIZE, prefer="code=409") for _ in range(2))

    assert first == second


def test_what_is_given_is_checked(tmp_path: Path) -> None:
    """A field of a given entity that the contract does not allow is named with its line, unless it is meant."""
    text = "description: x\ngiven:\n  payment_collections:\n    - id: a\n      description: [five]\n"
    (tmp_path / "x.yaml").write_text(text)
    with pytest.raises(MockServerError) as refused:
        scenarios_of([tmp_path])
    assert str(refused.value).startswith(
        f'{tmp_path}/x.yaml:5: given.payment_collections.0.description: ["five"] is not of type'
    )
    (tmp_path / "x.yaml").write_text(text + "  off_contract: true\n")

    assert ["x"] == list(scenarios_of([tmp_path]))


def test_a_query_parameter_can_be_waited_for(ask: Ask) -> None:
    """A stub may look at the query of an operation that has one."""
    stub = {"operation": "paymentCollections.retrieve", "when": {"query": {"expand": "pay*"}}, "reply": {"status": 404}}
    ask = in_scenario(ask, {"stubs": [stub]})
    path = "/store/payment-collections/paycol_1"

    assert [404, 200] == [ask("GET", path, query=query).status for query in ("expand=payments", "")]
