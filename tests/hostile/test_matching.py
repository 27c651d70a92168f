"""What a scenario wants of requests is held against each of them on the event loop: it answers yes or no, within a bound."""

import json
import time
from typing import Any

import pytest
from asking import Ask, ask_of, header, in_scenario
from holding import holds, longest

from mockserver.edge.mock import Mock
from mockserver.messages import MOST_STEPS, Response, TooMuch, Visit
from mockserver.scenarios.matchers import Matcher

BATCH = "/store/payment-collections/paycol_1/sessions/batch"
FIVES = [5] * 49_000
TOO_MUCH = "more is to be looked at than may be for one request; the last was "


def stubs(*wanted: Any, part: str = "body") -> list[dict[str, Any]]:
    """Return a stub for each of many things that are wanted."""
    operation = "paymentCollections.managePaymentSessionsBatch"
    return [{"operation": operation, "when": {part: one}, "reply": {"status": 500}} for one in wanted]


def sent(ask: Ask, body: Any, query: str = "") -> tuple[Response, float]:
    """Send a body in as few bytes as it has; return the answer, and the longest that the loop was held: the least of three."""
    text, held = json.dumps(body, separators=(",", ":")), []
    for _ in range(3):
        with holds() as found:
            answer = ask("POST", BATCH, text, query, content_type="application/json")
        held.append(max(found))
    return answer, min(held)


@pytest.mark.parametrize(
    ("said", "body", "query"),
    [
        (stubs({"a": {"contains": {"in": list(range(1000, 1100))}}}), {"a": [5] * 5000}, ""),
        (stubs({"a": {"contains": {"in": [10]}}}), {"a": FIVES}, ""),
        (stubs({"a": {"contains": {"gt": 5}}}), {"a": FIVES}, ""),
        (stubs(*[{"a": number} for number in range(20)]), {"a": FIVES}, ""),
        (stubs(*[{"a": {"equals": [*FIVES[:90], number]}} for number in range(100)]), {"a": FIVES}, ""),
        (stubs(*[{"a": number} for number in range(1000)]), {"a": [5] * 7000}, ""),
        (stubs(*[{"a": f"*{number}b*"} for number in range(100)]), {"a": "ab" * 45_000}, ""),
        (stubs(*[{"q": f"x{number}"} for number in range(60)], part="query"), {}, "a=1&" * 2000 + "q=1"),
    ],
    ids=["in", "in contained", "bounds", "numbers", "equals", "a thousand stubs", "globs", "query"],
)
def test_what_is_held_against_a_large_request_holds_nobody(mock: Mock, said: Any, body: Any, query: str) -> None:
    """No value is put into words, and what differs at once is not looked at to its end."""
    ask = ask_of(mock.app)
    answer, held = sent(in_scenario(ask, {"stubs": said}), body, query)

    assert "behaviour" == header(answer, "x-mock-source")
    assert held < longest(mock)


@pytest.mark.parametrize(
    ("said", "body"),
    [
        (stubs(*[{"a": {"contains": {"gt": number}}} for number in range(6, 106)]), {"a": FIVES}),
        (stubs(*[{"a": {"contains": {"n": number, "m": {"in": [1]}}}} for number in range(100)]), {"a": [{"n": 5}] * 8000}),
        (stubs(*[{"a": {"contains": {"contains": number}}} for number in range(100)]), {"a": [[5] * 9] * 5000}),
        (stubs(*[{"a": f"*{number}b*"} for number in range(1000)]), {"a": "ab" * 45_000}),
        (stubs(*[{"a": f"*{'?' * 150}c{number}*"} for number in range(1000)]), {"a": "a" * 90_000}),
        (stubs(*[{"a": {"contains": f"{number}b"}} for number in range(1000)]), {"a": "ab" * 45_000}),
        (stubs(*[{"a": {"matches": f"(a|b)*a(a|b){{80}}c{number}"}} for number in range(9)]), {"a": "ab" * 4999 + "c"}),
    ],
    ids=["bounds", "mappings", "lists", "globs", "globs of any characters", "texts", "patterns"],
)  # fmt: skip
def test_what_would_take_too_long_is_refused_with_its_place(mock: Mock, said: Any, body: Any) -> None:
    """By the mock itself, before it takes long; the journal says so as well."""
    ask = ask_of(mock.app)
    answer, held = sent(in_scenario(ask, {"stubs": said}, "large"), body)
    (*_, entry) = ask("GET", "/__mock/journal").document["entries"]
    why = ask("GET", f"/__mock/journal/{entry['number']}").document["why"]

    assert (400, "mock_server_error") == (answer.status, answer.document["type"])
    assert answer.document["message"].startswith(f"{TOO_MUCH}stub large.")
    assert answer.document["message"].endswith("((inline)/large:1): let fewer stubs look at less, or ask with less")
    assert why["text"].startswith(answer.document["message"])
    assert held < longest(mock)


def test_a_providers_outcomes_share_the_bound(mock: Mock) -> None:
    """The sessions of a request are held against them all, with the place of the last."""
    when = [{"when": {"data": {"a": {"contains": {"gt": number}}}}, "error": "No."} for number in range(6, 106)]
    given = {"payment_collections": [{"id": "paycol_1", "payment_sessions": [{"id": "ps_1", "provider_id": "slow", "data": {"a": FIVES[:900]}}]}]}  # fmt: skip
    ask = in_scenario(ask_of(mock.app), {"given": given, "providers": {"slow": {"authorize": when}}}, "asked")
    answer = ask("POST", "/store/payment-collections/paycol_1/sessions/ps_1/authorize")

    assert 400 == answer.status
    assert answer.document["message"].startswith(f"{TOO_MUCH}when provider slow refuses: 'No.' ((inline)/asked:1)")


def test_a_reason_is_found_among_a_thousand_stubs_beside_the_loop(mock: Mock) -> None:
    """What differs is counted; the twenty nearest are put into words, which have the beginning of what came."""
    ask = ask_of(mock.app)
    said = stubs(*[{"a": number, "b": {"c": 1}} for number in range(1000)])
    in_scenario(ask, {"stubs": said}, "many")("POST", BATCH, {"a": ["x" * 90] * 150, "b": {"c": 1}})
    with holds() as found:
        answer = ask("GET", "/__mock/journal/1")
    near = answer.document["why"]["near"]

    assert [f"many.{number}" for number in range(20)] == [one["stub"] for one in near]
    assert {1} == {len(one["differences"]) for one in near}
    assert all(600 > len(text) and text.endswith("...") for one in near for text in one["differences"])
    assert 50_000 > len(answer.body)
    assert max(found) < longest(mock)


def test_a_stub_with_many_differences_names_twenty(mock: Mock) -> None:
    """And says how many more there are."""
    ask = ask_of(mock.app)
    in_scenario(ask, {"stubs": stubs({f"k{number}": 1 for number in range(500)})}, "wide")("POST", BATCH, {"a": 1})
    (near,) = ask("GET", "/__mock/journal/1").document["why"]["near"]

    assert [20, "and 480 more"] == [len(near["differences"]) - 1, near["differences"][-1]]


def test_a_reason_that_takes_too_long_says_how_far_it_went(mock: Mock) -> None:
    """Of a body that is not kept it is looked for while others wait."""
    ask = ask_of(mock.app)
    said = stubs(*[{"b": number} for number in range(3)], {"a": {"contains": {"gt": 6}}}, {"b": 9})
    in_scenario(ask, {"stubs": said}, "long")("POST", BATCH, {"a": FIVES[:30_000]})
    why = ask("GET", "/__mock/journal/1").document["why"]

    assert why["text"].endswith("answered; 3 of those that did not were looked at, the others would take too long")
    assert ["long.0", "long.1", "long.2"] == [one["stub"] for one in why["near"]]


@pytest.mark.parametrize(
    ("wanted", "got"),
    [
        ({"equals": {"a": [1, "x", None, True]}}, {"a": [1, "x", None, True]}),
        ({"in": [None]}, None),
        ({"in": ["a?", {"b": 1}]}, {"b": 1}),
        ({"in": [{"gt": 4}]}, 5),
        ([{"a": {"gt": 1}}, "x*"], [{"a": 2, "b": 1}, "xy"]),
    ],
)
def test_values_are_the_same_where_their_types_are(wanted: Any, got: Any) -> None:
    """What is looked up, and what is compared to its end."""
    assert Matcher({"body": {"x": wanted}}).matches(Visit({}, "", {}, {"x": got}))


@pytest.mark.parametrize(
    ("wanted", "got"),
    [
        ({"equals": {"a": [1]}}, {"a": [True]}),
        ({"equals": {"a": [1]}}, {"a": [1, 1]}),
        ({"equals": {"a": 1}}, {"a": 1, "b": 1}),
        ({"equals": {"a": 1}}, [1]),
        ({"equals": [1]}, {"a": 1}),
        ({"in": [1, 0]}, True),
        ({"in": [True]}, 1),
        ({"in": ["1"]}, 1),
        ([{"a": 1}], {"a": 1}),
        ({"a": 1}, [1]),
        ([1, 2], [1, 3]),
    ],
)
def test_values_of_other_types_are_others(wanted: Any, got: Any) -> None:
    """Though Python thinks that they are equal."""
    visit = Visit({}, "", {}, {"x": got})

    assert not Matcher({"body": {"x": wanted}}).matches(visit)
    assert 1 == len(list(Matcher({"body": {"x": wanted}}).differences(visit)))


def test_a_header_that_is_a_list_fits_no_text(ask: Ask) -> None:
    """Only `set-cookie` is one, which nobody sends to a server."""
    said = {"operation": "carts.create", "when": {"header": {"set-cookie": "a*"}}, "reply": {"status": 500}}
    answer = in_scenario(ask, {"stubs": [said]})("POST", "/store/carts", {}, pairs=[("set-cookie", "a=1")])

    assert 200 == answer.status


def test_the_values_of_a_query_are_read_once() -> None:
    """However many look at them."""
    visit = Visit({}, "a=1&b=2", {}, None)
    first = visit.part("query")

    assert {"a": "1", "b": "2"} == first
    assert first is visit.part("query")


def test_what_is_looked_at_is_bounded_for_all_matchers_of_a_visit() -> None:
    """Steps that one has taken another does not have; a little is always left for what hardly looks."""
    visit = Visit({}, "", {}, {"a": "ab" * 45_000})
    matcher = Matcher({"body": {"a": "*cb*"}})
    for _ in range(MOST_STEPS // 90_100):
        assert not matcher.matches(visit)
    with pytest.raises(TooMuch):
        matcher.matches(visit)


@pytest.mark.parametrize(
    "got", ["x" * 100_000, ["x"] * 50_000, {"x" * 99_000: {}}, {f"k{n}": [{"a": None}] for n in range(9000)}]
)
def test_words_have_the_beginning_of_what_came(got: Any) -> None:
    """Which is found without putting all of it into words."""
    began = time.thread_time()
    (found,) = Matcher({"body": {"a": 5}}).differences(Visit({}, "", {}, {"a": got}))

    assert f"body.a: wanted 5, got {got!r}"[:500] == found[:500]
    assert 530 > len(found)
    assert 0.01 > time.thread_time() - began
