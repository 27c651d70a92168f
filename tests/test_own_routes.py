"""Stubs on paths that Medusa does not have: answered by the scenario alone, in all else as any other stub."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from asking import Ask, ask_of, header, in_scenario, recorded
from control.conftest import api_of, message

from mockserver import MockServerError, Settings
from mockserver.contract import Contract
from mockserver.edge.mock import Mock
from mockserver.scenarios import json_schema, scenarios_of

POINTS = "/store/loyalty/mem_1"
ROUTE = "GET /store/loyalty/{id}"


def stubs(*replies: dict[str, Any], route: str = ROUTE, **said: Any) -> dict[str, Any]:
    """Return a scenario with a stub on a route."""
    return {"stubs": [{"route": route, "replies": list(replies), **said}]}


def refusal(folder: Path, *said: dict[str, Any]) -> str:
    """Return what is said of a scenario file with stubs that cannot be."""
    lines = [f"  - {json.dumps(stub)}\n" for stub in said]
    (folder / "x.yaml").write_text(f"description: x\nstubs:\n{''.join(lines)}")
    with pytest.raises(MockServerError) as refused:
        scenarios_of([folder])
    return str(refused.value).replace(f"{folder}/", "")


def test_a_reply_is_all_that_is_answered(ask: Ask) -> None:
    """A document as it stands, nulls and all; placeholders are filled, and the answer says that it is a stub's."""
    body = {"id": "{id}", "card": None, "tiers": [{"of": "{id}"}]}
    answer = in_scenario(ask, stubs({"body": body, "headers": {"X-Member": "{id}"}}), "mine")("GET", POINTS)

    assert (200, {"id": "mem_1", "card": None, "tiers": [{"of": "mem_1"}]}) == (answer.status, answer.document)
    assert ("mem_1", "stub", "mine;by=prefix", "application/json; charset=utf-8") == tuple(
        header(answer, name) for name in ("x-member", "x-mock-source", "x-mock-scenario", "content-type")
    )


@pytest.mark.parametrize("media_type", ["application/json", "application/jsonx"])
def test_what_is_called_json_and_is_none_is_shown_as_it_is(ask: Ask, media_type: str) -> None:
    """A shop may meet that, too: the journal has the text."""
    stub = {"route": "GET /store/x", "reply": {"body": "hello", "headers": {"Content-Type": media_type}}}
    assert b"hello" == in_scenario(ask, {"stubs": [stub]})("GET", "/store/x").body
    (entry,) = ask("GET", "/__mock/journal").document["entries"]

    assert "hello" == ask("GET", f"/__mock/journal/{entry['number']}").document["answer"]["body"]


@pytest.mark.parametrize(
    ("reply", "status", "body", "media_type"),
    [
        ({}, 200, b"", None),
        ({"status": 204}, 204, b"", None),
        ({"status": 418}, 418, b"", None),
        (
            {"status": 404, "body": {"type": "not_found"}},
            404,
            b'{"type":"not_found"}',
            "application/json; charset=utf-8",
        ),
        ({"body": "{id}!"}, 200, b"mem_1!", "text/plain; charset=utf-8"),
        ({"body": [1]}, 200, b"[1]", "application/json; charset=utf-8"),
        ({"body": {"id": 7}}, 200, b'{"id":7}', "application/json; charset=utf-8"),
    ],
)
def test_no_contract_is_asked(
    ask: Ask, reply: dict[str, Any], status: int, body: bytes, media_type: str | None
) -> None:
    """Any status, with any body or none."""
    answer = in_scenario(ask, stubs(reply))("GET", POINTS)

    assert (status, body, media_type) == (answer.status, answer.body, answer.media_type)


def test_turns_and_matchers_are_as_those_of_operations(ask: Ask) -> None:
    """Replies come in their order, counted for each member where `per` says so; all parts of a request may be waited for."""
    there = in_scenario(ask, stubs({"status": 201}, {"status": 202}, per="id"))
    waiting = {
        "path": {"id": "gold_*"},
        "query": {"page": {"gt": 1}},
        "header": {"X-Card": "visa"},
        "body": {"points": {"gt": 5}},
    }
    chooses = in_scenario(ask, stubs({}, route="POST /store/loyalty/{id}", when=waiting))

    assert [201, 201, 202, 202] == [there("GET", f"/store/loyalty/{one}").status for one in "abab"]
    asked = [("gold_1", "page=2", "visa", 6), ("x", "page=2", "visa", 6), ("gold_1", "page=1", "visa", 6)]
    asked += [("gold_1", "page=2", "amex", 6), ("gold_1", "page=2", "visa", 5)]
    assert [200, 404, 404, 404, 404] == [
        chooses("POST", f"/store/loyalty/{id}", {"points": points}, query, X_Card=card).status
        for id, query, card, points in asked
    ]


def test_delays_faults_and_chances_are_as_those_of_operations(mock: Mock, ask: Ask) -> None:
    """Where the chance is not taken, nothing else answers."""
    in_scenario(ask, stubs({"fault": "reset", "delay": "2s"}), "broken")
    in_scenario(ask, stubs({"chance": 0.5}), "lucky")
    broken = recorded(mock, "GET", f"/@broken{POINTS}")

    assert ("reset", 2.0) == (broken.response.fault, broken.response.delay)
    assert {200, 404} == {ask("GET", f"/@lucky{POINTS}").status for _ in range(20)}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/store/loyalty/top", b"static"),
        ("GET", "/Store/Loyalty/TOP/", b"static"),
        ("GET", "/store//loyalty/top", b"static"),
        ("GET", "/store/loyalty/mem_1", b"member mem_1"),
        ("GET", "/store/loyalty/a%20b", b"member a b"),
        ("GET", "/store/loyalty/top/gifts", b"gifts of top"),
        ("PATCH", "/store/loyalty/top", b"changed top"),
        ("HEAD", "/store/loyalty/top", b""),
    ],
)
def test_routes_are_found_as_express_finds_them(ask: Ask, method: str, path: str, body: bytes) -> None:
    """Fixed segments in any case and before parameters, whatever comes first in the file; HEAD as GET."""
    routes = {
        "GET /store/loyalty/{id}": "member {id}",
        "get /store/Loyalty/top/": "static",
        "GET /store/loyalty/{member}/gifts": "gifts of {member}",
        "PATCH /store/loyalty/{id}": "changed {id}",
    }
    said = {"stubs": [{"route": route, "reply": {"body": text}} for route, text in routes.items()]}
    answer = in_scenario(ask, said)(method, path)

    assert (200, body) == (answer.status, answer.body)


@pytest.mark.parametrize("path", ["/store/loyalty", "/store/loyalty/mem_1/x", "/store/nothing"])
def test_all_else_is_medusas(ask: Ask, path: str) -> None:
    """Also where the path is a route with another method, or in a scenario without the route."""
    there = in_scenario(ask, stubs({"body": "mine"}))
    for answer in (there("GET", path), there("POST", POINTS), ask("GET", POINTS)):
        assert (404, "behaviour") == (answer.status, header(answer, "x-mock-source"))
        assert b"Cannot " in answer.body
    assert 200 == there("GET", "/store/regions").status
    assert (500, "unknown_error") == ((bad := there("GET", "/store/loyalty/%ff")).status, bad.document["code"])


def test_what_is_nearly_a_route_is_told_so(ask: Ask) -> None:
    """By the hint that tells of operations; not where the path is right, and its stub does not match."""
    there = in_scenario(ask, stubs({}, when={"path": {"id": "x"}}))

    assert "did you mean GET /store/loyalty/7" == header(there("GET", "/store/loyality/7"), "x-mock-hint")
    assert "did you mean GET /store/loyalty/7" == header(there("POST", "/store/loyalty/7"), "x-mock-hint")
    assert "did you mean GET /store/regions" == header(there("GET", "/store/region"), "x-mock-hint")
    for answer in (there("GET", "/store/loyalty/7"), ask("GET", "/store/loyality/7")):
        assert 404 == answer.status
        assert "x-mock-hint" not in dict(answer.headers)


def test_preflights_and_origins_are_as_those_of_operations(ask: Ask) -> None:
    """A browser may ask from where it may ask anything else."""
    there = in_scenario(ask, stubs({"body": {}}))
    origin = {"Origin": "http://localhost:8000", "Access_Control_Request_Method": "GET"}
    of_route, of_operation = there("OPTIONS", POINTS, **origin), there("OPTIONS", "/store/regions", **origin)

    assert 204 == of_route.status
    assert [name for name, _ in of_operation.headers] == [name for name, _ in of_route.headers]
    assert "http://localhost:8000" == header(there("GET", POINTS, **origin), "access-control-allow-origin")


def test_prefer_has_no_status_of_a_route(tmp_path: Path) -> None:
    """Nobody documents one."""
    (tmp_path / "mine.yaml").write_text(f"description: x\nstubs: [{{route: '{ROUTE}', reply: {{}}}}]\n")
    ask = ask_of(Mock(Settings(scenario="mine", scenarios=[tmp_path])).app)
    answer = ask("GET", POINTS, Prefer="code=409")

    assert (200, 400) == (ask("GET", POINTS).status, answer.status)
    assert f"status 409 is not documented for {ROUTE}; known: none" == answer.document["message"]


def test_the_journal_says_which_route_it_was(mock: Mock, ask: Ask) -> None:
    """With the stub that answered, or with what ruled each of them out; it is filtered and counted by its route."""
    there = in_scenario(ask, stubs({}, when={"path": {"id": "mem_1"}}), "mine")
    there("GET", POINTS)
    there("GET", POINTS.replace("1", "2"))
    api = api_of(mock)
    first, second = (api("GET", f"/journal/{number}").document for number in (1, 2))

    assert (ROUTE, "mine.0", 200) == (first["operation"], first["stub"], first["status"])
    assert first["why"]["text"].startswith("stub mine.0 (")
    assert f"no stub of 'mine' for {ROUTE} matched, and nothing else answers there" == second["why"]["text"]
    assert ["path.id: wanted 'mem_1', got 'mem_2'"] == second["why"]["near"][0]["differences"]
    assert api("POST", "/journal/count", {"operation": "get /store/Loyalty/{id}", "times": 2}).document["met"]
    assert f"no route 'GET /store/loyalti/{{id}}'; did you mean '{ROUTE}'? known: {ROUTE}" == message(
        api("GET", "/journal?operation=GET+/store/loyalti/{id}"), 400
    )
    (seen,) = [one for one in api("GET", "/matrix").document["operations"] if one["operation"] == ROUTE]
    assert (ROUTE.partition(" ")[2], [], {"200": 1, "404": 1}) == (seen["path"], seen["documented"], seen["statuses"])


def test_a_scenario_without_routes_has_none_to_ask_for(mock: Mock) -> None:
    """Nor a mock whose scenarios have none."""
    assert "known: none" in message(api_of(mock)("GET", "/journal?operation=GET+/store/x"), 400)


@pytest.mark.parametrize(
    ("route", "problem"),
    [
        ("GET /store/regions", "route: GET /store/regions is answered by an operation; say 'operation: regions.list' instead"),
        ("GET /store/Regions/{any}", "say 'operation: regions.retrieve' instead"),
        ("GET /store/regions/reg_1", "say 'operation: regions.retrieve' and 'when: {path: {id: reg_1}}' instead"),
        ("FETCH /store/x", "stubs.0.route: no method 'FETCH'; did you mean 'PATCH'? known: GET, POST, PUT, PATCH, DELETE"),
        ("HEAD /store/x", "(a GET answers HEAD as well)"),
        ("/store/x", "stubs.0.route: '/store/x' is no route such as 'GET /store/loyalty/{id}'"),
        ("GET store/x", "is no route such as"),
        ("GET /admin/x", "'GET /admin/x' is not below /store/, where this mock answers as Medusa"),
        ("GET /store", "is not below /store/"),
        ("GET /store/", "is not below /store/"),
        ("GET /", "is not below /store/"),
        ("GET /store/x/:id", "':id' is to be written as '{id}'"),
        ("GET /store/x?a=b", "a route has no query; 'when: {query: ...}' waits for one"),
        ("GET /store/x{id}", "'x{id}' is no segment of a path: a text, or a parameter such as '{id}'"),
        ("GET /store/:", "':' is no segment of a path"),
        ("GET /store//x", "'' is no segment of a path"),
        ("GET /store/%ff", "'%ff' is no segment of a path"),
        ("GET /store/{id}/{id}", "'GET /store/{id}/{id}' has {id} twice; each needs a name of its own"),
    ],
)  # fmt: skip
def test_a_route_that_cannot_be_is_named(tmp_path: Path, route: str, problem: str) -> None:
    """With its cure, where there is one."""
    assert problem in refusal(tmp_path, {"route": route, "reply": {}})


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"operation": "regions.list"}, "stubs.0: needs either 'operation' or 'route'"),
        ({"route": None}, "stubs.0: needs either 'operation' or 'route'"),
        ({"route": None, "operation": "GET /store/x/{id}"}, "stubs.0.operation: no operation 'GET /store/x/{id}'; a path that Medusa does not have is a 'route: GET /store/x/{id}'"),
        ({"route": None, "operation": "GET /store/regions"}, "stubs.0.operation: GET /store/regions is answered by an operation; say 'operation: regions.list' instead"),
        ({"when": {"path": {"idd": "a"}}}, "stubs.0.when.path.idd: no path parameter 'idd'; did you mean 'id'?"),
        ({"when": {"state": {"a": "b"}}}, "no path that this stub is for names an entity that the tables hold"),
        ({"when": {"body": {"a": "b"}}}, "GET /store/loyalty/{id} takes no body"),
        ({"per": "session_id"}, "stubs.0.per: no turn 'session_id'"),
        ({"reply": {"provider": {"status": "authorized"}}}, "stubs.0.reply.provider: no operation is behind a route that could ask a provider"),
        ({"reply": {"off_contract": True}}, "stubs.0.reply.off_contract: no contract speaks of a route; leave it out"),
        ({"route": "GET /store/x/{member}", "reply": {"body": {"of": "{membr}"}}}, "no path parameter 'membr'; did you mean 'member'?"),
        ({"route": "GET /store/x/{member}", "reply": {"headers": {"X-Of": "{membr}"}}}, "no path parameter 'membr'; did you mean 'member'?"),
    ],
)  # fmt: skip
def test_a_mistake_beside_a_route_is_named(tmp_path: Path, said: dict[str, Any], problem: str) -> None:
    """As beside an operation."""
    stub = {"route": ROUTE, "reply": {}, **said}

    assert problem in refusal(tmp_path, {name: value for name, value in stub.items() if value is not None})


def test_no_contract_holds_a_route_to_anything(tmp_path: Path) -> None:
    """What is checked against the contract leaves them out; what a scenario leads to does not."""
    lines = [f"route: '{ROUTE}', reply: {{status: 418}}", "operation: regions.list, reply: {status: 409}"]
    (tmp_path / "x.yaml").write_text("description: x\nstubs: [" + ", ".join(f"{{{line}}}" for line in lines) + "]\n")
    (tmp_path / "y.yaml").write_text("description: x\n")
    both, none = (scenarios_of([tmp_path])[name] for name in "xy")

    assert [418, 409] == both.statuses()
    assert (["regions.list"], None) == (
        [str(one.operation) for one in both.within_contract()],
        both.within_contract().routes,
    )
    assert none is none.within_contract()


def test_a_route_has_one_spelling_in_a_scenario(tmp_path: Path) -> None:
    """Of two with other names for their parameters only one would ever be found; one that no request reaches is named."""
    routes = [ROUTE, "GET /store/loyalty/{member}", "GET /store/Loyalty/{id}", "POST /store/loyalty/{member}"]

    assert [
        f"x.yaml:4: stubs.1.route: is '{ROUTE}' with other names; use the same ones in all stubs",
        "x.yaml:5: stubs.2: no request reaches it: stubs.0 answers all of them",
    ] == refusal(tmp_path, *[{"route": route, "reply": {}} for route in routes]).splitlines()


@pytest.mark.parametrize(
    ("stub", "is_valid"),
    [
        ({"route": ROUTE}, True),
        ({"operation": "regions.list"}, True),
        ({"operation": "regions.list", "route": ROUTE}, False),
        ({}, False),
        ({"route": "/store/loyalty"}, False),
        ({"operation": None}, False),
    ],
)
def test_editors_know_routes(contract: Contract, *, stub: dict[str, Any], is_valid: bool) -> None:
    """The schema wants an operation or a route."""
    validator = jsonschema_rs.validator_for(json_schema(contract))

    assert is_valid is validator.is_valid({"description": "x", "stubs": [{**stub, "reply": {}}]})
