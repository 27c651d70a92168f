"""What there may be by the thousand, names, routes, messages, entries, is gone through within a bound, or beside the event loop."""

import json
from difflib import get_close_matches
from random import Random
from typing import Any

import pytest
from asking import ask_of, in_scenario
from holding import holds, longest

from mockserver.contract import Contract
from mockserver.edge.mock import Mock
from mockserver.errors import MockServerError, unknown
from mockserver.likeness import LONGEST, nearest
from mockserver.messages import Response
from mockserver.scenarios import catalogue

A = {"description": "One of many."}


def held(mock: Mock, method: str, path: str, body: Any = None) -> tuple[Response, float]:
    """Return an answer, and the longest that the loop was held: the least of three."""
    found = []
    for _ in range(3):
        with holds() as one:
            answer = ask_of(mock.app)(method, path, body)
        found.append(max(one))
    return answer, min(found)


def routes(*paths: str) -> list[dict[str, Any]]:
    """Return stubs on paths of a scenario's own."""
    return [{"route": f"GET {path}", "reply": {"body": {}}} for path in paths]


@pytest.mark.parametrize(
    ("template", "path"),
    [
        ("/store/loyalty{n}/x/abcdefgh{n}", f"/store/{'loyalty' * 1000}/x/abcdefghz"),
        ("/store/" + "ab" * 30 + "{n}/" + "aab" * 20 + "{n}", "/store/" + "ba" * 32 + "/" + "aba" * 21),
        ("/store/" + "ab" * 3000 + "{n}", "/store/" + "ba" * 3001),
        ("/store/loyalty{n}", "/" + "store/" * 2500),
        ("/store/loyalty{n}", "/" + "a/" * 7000),
    ],
    ids=["long segments", "segments alike", "long segments alike", "store", "many segments"],
)
def test_a_path_without_a_route_holds_nobody(mock: Mock, template: str, path: str) -> None:
    """Whatever it is, and though a scenario has many routes that may have been meant."""
    paths = [template.replace("{n}", str(number)) for number in range(1000 if len(template) < 200 else 100)]
    in_scenario(ask_of(mock.app), {"stubs": routes(*paths)}, "own")
    taken = []
    for number in range(3):  # another each time: what a path means is remembered
        answer, once = held(mock, "GET", f"/@own{path}{number}")
        assert (404, True) == (answer.status, "Cannot GET" in answer.document)
        taken.append(once)

    assert min(taken) < longest(mock)


def test_a_route_of_more_segments_is_refused(mock: Mock) -> None:
    """With its place: nothing walks a path of thousands."""
    said = {**A, "stubs": routes("/store" + "/a" * 20)}
    answer = ask_of(mock.app)("PUT", "/__mock/scenarios/deep", said)

    assert 400 == answer.status
    assert "stubs.0.route: a route of 21 segments is too long; 20 are the most" in answer.document["message"]


@pytest.mark.parametrize("name", ["scenario-1000x", "ab" * 40, "a" * 5000])
def test_an_unknown_name_among_thousands_holds_nobody(mock: Mock, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Of scenarios, however like each other their names are."""
    scenario = mock.scenarios["default"]
    many = {f"scenario-{number}": scenario for number in range(20_000)} | {
        f"{'ba' * 38}{n}": scenario for n in range(1000)
    }
    monkeypatch.setattr(mock.scenarios, "_all", many)
    answer, once = held(mock, "GET", f"/@{name}/health")

    assert answer.document["message"].startswith("no scenario ")
    assert ("did you mean 'scenario-1000'?" in answer.document["message"]) is (name == "scenario-1000x")
    assert once < longest(mock)


def test_what_was_meant_is_what_python_finds(contract: Contract) -> None:
    """For a name that is mistyped in one place, among all that operations are called."""
    draw, known = Random(15), list(contract.names)
    for _ in range(200):
        name = draw.choice(known)
        place = draw.randrange(len(name))
        typed = name[:place] + draw.choice(["", "x", name[place] * 2]) + name[place + 1 :]

        assert get_close_matches(typed, known, n=1) == [nearest(typed, known)]


def test_no_slip_is_looked_for_in_a_long_text() -> None:
    """Nobody mistypes one; the sentence names what is known all the same."""
    assert None is nearest("a" * (LONGEST + 1), ["a" * LONGEST])
    assert None is nearest("a" * LONGEST, ["a" * (LONGEST + 1)])
    assert "a" * (LONGEST - 1) == nearest("a" * LONGEST, ["a" * (LONGEST - 1), "b"])
    assert "no thing 'x'; known: none" == unknown("thing", "x", [])


def test_an_operation_of_many_words_holds_nobody(mock: Mock) -> None:
    """An unknown one, of a thousand characters at most."""
    answer, once = held(mock, "POST", "/__mock/journal/count", {"operation": "Cart" * 250})

    assert 400 == answer.status
    assert answer.document["message"].startswith("no operation 'CartCart")
    assert once < longest(mock)


def test_a_thousand_scenarios_can_be_added(mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    """One more is refused, and says why; another in the place of one that is there is not."""
    ask = ask_of(mock.app)
    monkeypatch.setattr(catalogue, "MOST_NUMBER", 3)
    statuses = [ask("PUT", f"/__mock/scenarios/odd-{number}", A).status for number in (0, 1, 2, 3, 0)]
    answer = ask("PUT", "/__mock/scenarios/odd-4", A)

    assert [201, 201, 201, 400, 200] == statuses
    assert "3 scenarios were added already; that is the most; remove some" == answer.document["message"]
    assert 204 == ask("DELETE", "/__mock/scenarios/odd-1").status
    assert 201 == ask("PUT", "/__mock/scenarios/odd-4", A).status


@pytest.mark.slow
def test_scenarios_are_listed_without_going_through_their_stubs(mock: Mock) -> None:
    """What each leads to is known once it is read; one that covers all operations hundreds of times is shown beside the loop."""
    ask = ask_of(mock.app)
    stubs = [{"operation": "*", "when": {"header": {"x": str(n)}}, "reply": {}} for n in range(500)]
    added, putting = held(mock, "PUT", "/__mock/scenarios/wide", {**A, "stubs": stubs})
    shown, showing = held(mock, "GET", "/__mock/scenarios/wide")
    _, listing = held(mock, "GET", "/__mock/scenarios")

    assert [200, 200] == [added.status, shown.status]
    assert 500 * len(mock.contract.operations) == len(shown.document["stubs"])
    assert ask("DELETE", "/__mock/scenarios/wide").status == 204
    assert max(putting, showing, listing) < longest(mock)


@pytest.mark.parametrize("path", ["operations", "matrix"])
def test_routes_by_the_thousand_are_listed_beside_the_loop(mock: Mock, path: str) -> None:
    """And how each of them was answered is not looked for in all that was answered."""
    ask = ask_of(mock.app)
    in_scenario(ask, {"stubs": routes(*[f"/store/a{number}" for number in range(1000)])}, "own")
    there = mock.scenarios["own"].own_routes()
    mock.sandboxes["me"].journal.seen.update({(one.id, status): 2 for one in there for status in (200, 404, 500)})
    answer, once = held(mock, "GET", f"/__mock/{path}")
    said = {one["path"]: one for one in answer.document["operations"]}

    assert path == "operations" or {"200": 2, "404": 2, "500": 2} == said["/store/a999"]["statuses"]
    assert once < longest(mock)


def test_messages_by_the_thousand_are_listed_beside_the_loop(mock: Mock) -> None:
    """Of all sandboxes."""
    for number in range(20):
        outbox = mock.sandboxes[f"box-{number}"].outbox
        for _ in range(1000):
            outbox.put("2024-01-06T03:57:20.000Z", "customer.created", {"id": "cus_1", "email": "ada@example.com"})
    answer, once = held(mock, "GET", "/__mock/outbox")

    assert (20_000, 0) == (len(answer.document["messages"]), answer.document["forgotten"])
    assert once < longest(mock)


@pytest.mark.parametrize("count", [1, 10_000])
def test_who_waits_for_what_was_there_holds_nobody(mock: Mock, count: int) -> None:
    """Of ten thousand entries only those that are answered are put into words."""
    ask = ask_of(mock.app)
    ask("GET", "/~me/health")
    journal = mock.sandboxes["me"].journal
    (entry,) = journal
    for _ in range(9_999):
        journal.record(entry._replace(number=journal.next_number()))
    answer, once = held(mock, "POST", "/__mock/journal/wait", {"count": count})

    assert (True, count) == (answer.document["met"], len(answer.document["entries"]))
    assert list(range(1, count + 1)) == [one["number"] for one in answer.document["entries"]]
    assert once < longest(mock)


def test_replies_for_all_operations_are_counted_before_they_are_prepared(mock: Mock) -> None:
    """A stub for each operation, a reply for each of its replies: what would be millions is refused with the place of the first too many."""
    replies = ", ".join(["{}"] * 200)
    text = "description: x\nstubs:\n" + f"- {{operation: '*', replies: [{replies}]}}\n" * 300
    answer = ask_of(mock.app)("POST", "/__mock/scenarios/check", text, content_type="text/yaml")
    (line, *_) = [one for one in answer.document["problems"] if "the most" in one["message"]]

    assert 18 == line["line"]
    assert (
        "stubs.15: there are 208000 replies and values in their bodies up to here, each for each operation"
        in line["message"]
    )
    assert mock.scenarios.get("mine") is None


def test_a_body_counts_for_each_operation(mock: Mock) -> None:
    """Also one that a text of a few kilobytes says by aliases; what is written for one operation alone may be as long."""
    inner = ", ".join(f"k{number}: {{}}" for number in range(900))
    body = f"{{a: &inner {{{inner}}}, b: *inner, c: *inner, d: *inner}}"
    text = f"description: x\nstubs:\n- {{operation: '*', reply: {{status: 500, off_contract: true, body: {body}}}}}\n"
    ask = ask_of(mock.app)
    refused = ask("PUT", "/__mock/scenarios/wide", text, content_type="text/yaml")
    added = ask("PUT", "/__mock/scenarios/wide", text.replace("'*'", "carts.create"), content_type="text/yaml")

    assert [400, 201] == [refused.status, added.status]
    assert "(inline)/wide:3: stubs.0: there are 234390 replies and values" in refused.document["message"]
    assert 3606 == mock.scenarios["wide"].replied


def test_broken_stubs_are_looked_at_while_they_are_few(mock: Mock) -> None:
    """What else is wrong with them is not looked for in a million replies."""
    replies = ", ".join(["{status: 299}"] * 100)
    ask, problems = ask_of(mock.app), []
    for number in (1, 40):
        stub = f"- {{operation: '*', replay: 1, replies: [{', '.join([replies] * (9 if number > 1 else 1))}]}}\n"
        text = "description: x\nstubs:\n" + stub * number
        problems.append(ask("POST", "/__mock/scenarios/check", text, content_type="text/yaml").document["problems"])
    few, many = ([one["message"] for one in found] for found in problems)

    assert any("status 299 is not documented" in text for text in few)
    assert all("no key 'replay'" in text or "more problems" in text for text in many)


def test_what_is_wrong_with_replies_is_found_two_thousand_times(mock: Mock) -> None:
    """In one stub; nobody reads what else there is."""
    replies = ", ".join(["{status: 299}"] * 100)
    text = f"description: x\nstubs:\n- {{operation: '*', replies: [{replies}]}}\n"
    answer = ask_of(mock.app)("POST", "/__mock/scenarios/check", text, content_type="text/yaml")
    (*named, last) = [one["message"] for one in answer.document["problems"]]

    assert 20 == sum("status 299 is not documented" in text for text in named)
    assert "and 80 more problems from here on" == last


def test_a_stub_that_names_nothing_has_no_replies(mock: Mock) -> None:
    """It is named where it stands, and those behind it are counted on."""
    stubs = [{"operation": "nothing", "reply": {}}, {"operation": "*", "reply": {}}]
    with pytest.raises(MockServerError, match=r"stubs\.0\.operation: no operation 'nothing'") as refused:
        mock.scenarios.add("mine", json.dumps({**A, "stubs": stubs}))

    assert "the most" not in str(refused.value)
