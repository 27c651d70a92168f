"""Whose turn it is: sequences that begin again, turns of each session or header, and stubs for more than one operation."""

from pathlib import Path
from typing import Any

import pytest
from asking import Ask, in_scenario
from conftest import AUTHORIZE

from mockserver import MockServerError
from mockserver.edge.mock import Mock
from mockserver.scenarios import scenarios_of

COLLECTION = "/store/payment-collections/paycol_1"
SECOND = [{}, {"status": 409}, {}]


def statuses(ask: Ask, stub: dict[str, Any], *asked: tuple[str, str, dict[str, str]]) -> list[int]:
    """Return the statuses that a scenario with one stub answers, request by request."""
    there = in_scenario(ask, {"stubs": [{"operation": "authorizePaymentSession", **stub}]})
    return [there(method, path, pairs=headers.items()).status for method, path, headers in asked]


def test_every_fifth_call_fails(ask: Ask) -> None:
    """With `loop` the replies begin again after the last."""
    stub = {"replies": [{"repeat": 4}, {"status": 409}], "loop": True}

    assert [200, 200, 200, 200, 409] * 2 + [200] == statuses(ask, stub, *[("POST", AUTHORIZE, {})] * 11)


def test_the_last_of_a_loop_may_have_several_turns(ask: Ask) -> None:
    """`repeat` is allowed there, as something follows."""
    stub = {"replies": [{}, {"status": 409, "repeat": 2}], "loop": True}

    assert [200, 409, 409, 200, 409] == statuses(ask, stub, *[("POST", AUTHORIZE, {})] * 5)


def test_turns_of_each_session(ask: Ask) -> None:
    """The second try of each session collides, whatever others do."""
    first, other = ("POST", AUTHORIZE, {}), ("POST", AUTHORIZE.replace("ps_1", "ps_2"), {})

    assert [200, 200, 409, 409, 200] == statuses(
        ask, {"replies": SECOND, "per": "session_id"}, first, other, first, other, first
    )
    assert [200, 409, 200, 200, 200] == statuses(
        ask, {"replies": SECOND, "per": "sandbox"}, first, other, first, other, first
    )


def test_turns_of_each_value_of_a_header(ask: Ask) -> None:
    """Those who do not send it share their turns; a long value is one of its own all the same."""
    one, other, long, none = (
        ("POST", AUTHORIZE, headers)
        for headers in ({"idempotency-key": "a"}, {"idempotency-key": "b"}, {"idempotency-key": "c" * 5000}, {})
    )
    asked = (one, other, long, none, one, other, long, none)

    assert [200] * 4 + [409] * 4 == statuses(ask, {"replies": SECOND, "per": "header Idempotency-Key"}, *asked)


@pytest.mark.parametrize(
    ("per", "said"), [("session_id", "'ps_1'"), ("header X-Shop", "'north'"), ("header Authorization", "'***'")]
)
def test_why_says_whose_turn_it_was(mock: Mock, ask: Ask, per: str, said: str) -> None:
    """With the value whose turns were counted, unless that is a secret."""
    headers = {"x-shop": "north", "authorization": "Bearer x"}
    statuses(ask, {"replies": SECOND, "per": per}, ("POST", AUTHORIZE, headers))
    (entry,) = mock.sandboxes["shared"].journal

    assert entry.document()["why"]["text"].endswith(f"matched, for the 1st time with {per} {said}")


@pytest.mark.parametrize("operation", ["*", "paymentCollections.*"])
def test_a_whole_resource_fails(ask: Ask, operation: str) -> None:
    """One stub answers all operations that it covers, and counts their turns together."""
    stub = {"operation": operation, "replies": [{"status": 500, "repeat": 2}, {}]}
    asked = [("GET", COLLECTION, {}), ("POST", AUTHORIZE, {}), ("GET", COLLECTION, {}), ("POST", AUTHORIZE, {})]

    assert [500, 500, 200, 200] == statuses(ask, stub, *asked)


def test_a_whole_resource_may_look_at_a_parameter_that_some_have(ask: Ask) -> None:
    """Those without it do not match; a placeholder that only some fill stays for the others."""
    stub = {
        "operation": "*",
        "when": {"path": {"session_id": "ps_*"}},
        "reply": {"status": 500, "headers": {"X-Shop": "{session_ids}"}},
    }

    assert [200, 500] == statuses(ask, stub, ("GET", COLLECTION, {}), ("POST", AUTHORIZE, {}))


@pytest.mark.parametrize(
    ("stub", "problem"),
    [
        ("{operation: 'cart.*', reply: {}}", "operation: no resource 'cart'; did you mean 'carts'?"),
        ("{operation: '*', reply: {status: 418}}", "reply.status: status 418 is not documented; 'off_contract: true'"),
        ("{operation: '*', reply: {status: 418}}", "allows it (so it is for auth.getSession, "),
        ("{operation: '*', when: {path: {ids: x}}, reply: {}}", "when.path.ids: no path parameter 'ids'; did you mean 'id'?"),
        ("{operation: paymentCollections.retrieve, reply: {}, loop: true}", "says 'loop' where one reply repeats anyway"),
        ("{operation: paymentCollections.retrieve, replies: [{}], loop: true}", "says 'loop' where one reply repeats anyway"),
        ("{operation: paymentCollections.retrieve, reply: {}, per: session_id}", "per: no turn 'session_id'; known: sandbox, id, header NAME"),
        ("{operation: paymentCollections.retrieve, reply: {}, per: 'header'}", "per: no turn 'header'; did you mean 'header NAME'?"),
        ("{operation: paymentCollections.retrieve, when: {path: {id: {gtt: 1}}}, reply: {}}", "path.id.gtt: no comparison 'gtt'; did you mean 'gt'?"),
        ("{operation: paymentCollections.retrieve, when: {path: {id: 5}}, reply: {}}", "path.id: 5 is neither a text nor a comparison"),
        ("{operation: managePaymentSession, when: {body: {a: {gt: true}}}, reply: {}}", "body.a.gt: wants a number, or a text"),
        ("{operation: managePaymentSession, when: {body: {in: []}}, reply: {}}", "body.in: wants a list of what may come, got []"),
        ("{operation: managePaymentSession, when: {body: [{absent: false}]}, reply: {}}", "body.0.absent: can only be true, got false"),
        ("{operation: managePaymentSession, when: {body: {not: {matches: 5}}}, reply: {}}", "body.not.matches: wants a regular expression"),
        ("{operation: paymentCollections.retrieve, when: {query: {fields: {matches: '(?=a)'}}}, reply: {}}", "no regular expression that takes linear"),
    ],
)  # fmt: skip
def test_a_mistake_is_named(tmp_path: Path, stub: str, problem: str) -> None:
    """In its line, with what was probably meant, and for more than one operation once."""
    (tmp_path / "x.yaml").write_text(f"description: x\nstubs:\n  - {stub}\n")
    with pytest.raises(MockServerError) as refused:
        scenarios_of([tmp_path])

    assert str(refused.value).startswith(f"{tmp_path}/x.yaml:3: stubs.0")
    assert problem in str(refused.value)
    assert 1 == len(str(refused.value).splitlines())


def test_a_literal_mapping_may_have_the_words_of_comparing(ask: Ask) -> None:
    """`equals` compares with what is written, and a mapping with any other key compares nothing."""
    stub = {
        "when": {"body": {"a": {"equals": {"gt": "*"}}, "b": {"in": 1, "of": 2}, "c": {"matches": "^x$"}}},
        "reply": {"status": 409},
    }
    there = in_scenario(ask, {"stubs": [{"operation": "authorizePaymentSession", **stub}]})
    sent = [
        b'{"a": {"gt": "*"}, "b": {"in": 1, "of": 2}, "c": "x"}',
        b'{"a": {"gt": "x"}, "b": {"in": 1, "of": 2}, "c": "x"}',
    ]

    assert [409, 200] == [there("POST", AUTHORIZE, body, content_type="application/json").status for body in sent]
