"""Stubs that look at what the tables hold for the entity that the path names."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from asking import Ask, in_scenario
from conftest import AUTHORIZE

from mockserver import MockServerError
from mockserver.contract import Contract
from mockserver.edge.mock import Mock
from mockserver.messages import Visit
from mockserver.scenarios import scenarios_of
from mockserver.scenarios.held import look, state_problems
from mockserver.state.relations import Relations

COLLECTION = "/store/payment-collections/paycol_1"
GIVEN = {
    "payment_collections": [
        {
            "id": "paycol_1",
            "region": {"id": "reg_1", "name": "North"},
            "payment_sessions": [{"id": "ps_1", "amount": 500, "provider_id": "manual"}],
        }
    ]
}


def statuses(ask: Ask, state: dict[str, Any], *paths: str, operation: str = "*") -> list[int]:
    """Return the statuses of requests, to a scenario that answers 404 where the tables hold what is wanted."""
    stub = {"operation": operation, "when": {"state": state}, "reply": {"status": 404}}
    there = in_scenario(ask, {"given": GIVEN, "stubs": [stub]})
    return [there("POST" if "sessions" in path else "GET", path).status for path in paths]


def test_only_what_is_in_a_state(ask: Ask) -> None:
    """What changes the state changes which requests match; what the tables do not hold never does."""
    asked = (COLLECTION, AUTHORIZE, COLLECTION, COLLECTION.replace("paycol_1", "paycol_2"))

    assert [200, 200, 404, 200] == statuses(ask, {"status": "authorized", "amount": {"gte": 500}}, *asked)


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ({"payment_sessions": {"contains": {"id": "ps_*", "amount": {"lt": 501}}}}, 404),
        ({"payment_sessions": {"contains": {"id": "ps_2"}}}, 200),
        ({"payment_sessions": [{"status": "pending"}]}, 404),
        ({"region": {"name": "N*", "countries": {"not": "x"}}}, 404),
        ({"region": {"name": "South"}}, 200),
        ({"payments": []}, 404),
        ({"payments": {"not": {"contains": {"amount": 500}}}}, 404),
    ],
)
def test_relations_are_followed(ask: Ask, state: dict[str, Any], status: int) -> None:
    """What is related stands inside, as the API shows it."""
    assert [status] == statuses(ask, state, COLLECTION)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ({"payment_session": {"status": "authorized"}}, [200, 200, 404, 404]),
        ({"payment_session": {"status": "authorized"}, "region": {"name": "N*"}}, [200, 200, 404, 404]),
        ({"payment_session": {"status": "authorized"}, "region": {"name": "S*"}}, [200, 200, 200, 200]),
        ({"payment_session": {"status": "pending"}}, [404, 404, 404, 404]),
        ({"payment_session": {"absent": True}}, [200, 200, 200, 200]),
        ({"payment_session": {"amount": 700}}, [200, 404, 200, 404]),
    ],
)
def test_the_session_that_the_path_names_second(ask: Ask, state: dict[str, Any], expected: list[int]) -> None:
    """It stands beside the collection's own fields, under the name of its entity: this very one, not any of the collection."""
    sessions = [{"id": f"ps_{n}", "amount": n * 100, "provider_id": "manual"} for n in (5, 7)]
    given = {"payment_collections": [{**GIVEN["payment_collections"][0], "payment_sessions": sessions}]}
    stub = {"operation": "authorizePaymentSession", "when": {"state": state}, "reply": {"status": 404}}
    there = in_scenario(ask, {"given": given, "stubs": [stub]})
    tries = [there("POST", f"{COLLECTION}/sessions/{one}/authorize").status for one in ("ps_5", "ps_7", "ps_5", "ps_7")]

    assert expected == tries


def test_what_nobody_has_touched_holds_nothing(ask: Ask) -> None:
    """Neither a collection nor a session, where the path names both; the collection may be there without the session."""
    absent = {"id": {"absent": True}, "payment_session": {"absent": True}}

    assert [404] == statuses(ask, absent, AUTHORIZE.replace("paycol_1", "paycol_9").replace("ps_1", "ps_9"))
    assert [404] == statuses(
        ask, {"amount": 500, "payment_session": {"absent": True}}, AUTHORIZE.replace("ps_1", "ps_9")
    )
    assert [404] == statuses(ask, {"payment_session": {"absent": True}}, COLLECTION)


def test_a_field_of_the_first_is_not_hidden_by_the_second(contract: Contract, mock: Mock) -> None:
    """Where an entity's name is that of a field as well, the field is meant."""
    operation = contract.operation("authorizePaymentSession")
    named = replace(operation, entities={"id": "payment_collection", "session_id": "region"})
    mock.engine.give(mock.sandboxes["shared"], {**GIVEN, "regions": [{"id": "reg_2"}]})
    found = look(named, [{"region": {"id": "x"}}])

    assert found
    held = found.held(mock.sandboxes["shared"].tables, {"id": "paycol_1", "session_id": "reg_2"})
    assert "reg_1" == held["region"]["id"]


def test_why_says_what_the_tables_held_then(mock: Mock, ask: Ask) -> None:
    """Not what they hold when somebody reads it."""
    statuses(ask, {"status": "authorized"}, COLLECTION, AUTHORIZE)
    first, _ = mock.sandboxes["shared"].journal
    (near,) = first.document()["why"]["near"]

    assert ["state.status: wanted 'authorized', got 'not_paid'"] == near["differences"]


def test_a_row_without_a_relation_holds_nothing_there(mock: Mock, ask: Ask) -> None:
    """A collection may have no region."""
    mock.engine.give(mock.sandboxes["shared"], {"payment_collections": [{"id": "paycol_3"}]})
    mock.sandboxes["shared"].tables.update("payment_collections", "paycol_3", region_id=None)

    assert [404] == statuses(ask, {"region": None}, COLLECTION.replace("paycol_1", "paycol_3"))


def test_nobody_can_tell_beforehand_which_stub_answers(tmp_path: Path) -> None:
    """Where that hangs on the tables, none is found; where another part rules the stub out, the next one is."""
    (tmp_path / "x.yaml").write_text(
        """
description: x
stubs:
  - {operation: paymentCollections.retrieve, when: {path: {id: a}, state: {amount: 1}}, reply: {}}
  - {operation: paymentCollections.retrieve, when: {path: {id: "?"}}, reply: {}}
"""
    )
    scenario = scenarios_of([tmp_path])["x"]
    first, second = scenario

    assert [None, second, None] == [
        scenario.find(first.operation, Visit({"id": id}, "", {}, {})) for id in ("a", "b", "cc")
    ]


@pytest.mark.parametrize(
    ("state", "problem"),
    [
        ("{statuss: x}", "stubs.0.when.state.statuss: no field 'statuss'; did you mean 'status'?"),
        (
            "{payment_sessions: {contains: {amout: 1}}}",
            "state.payment_sessions.contains.amout: no field 'amout'; did you mean",
        ),
        ("{region: {nam: x}}", "stubs.0.when.state.region.nam: no field 'nam'; did you mean 'name'?"),
        ("{amount: {gt: [1]}}", "stubs.0.when.state.amount.gt: wants a number"),
        ("{payments: {in: [[]], not: [1]}}", ""),
        (
            "{payment_session: {status: error}}",
            "state.payment_session: no field 'payment_session'; did you mean 'payment_sessions'",
        ),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, state: str, problem: str) -> None:
    """A field that the entity does not have, nor what is related to it, can never match."""
    path = tmp_path / "x.yaml"
    path.write_text(
        f"description: x\nstubs:\n  - {{operation: paymentCollections.retrieve, when: {{state: {state}}}, reply: {{}}}}\n"
    )
    if not problem:
        assert ["x"] == list(scenarios_of([tmp_path]))
        return
    with pytest.raises(MockServerError) as refused:
        scenarios_of([tmp_path])
    assert str(refused.value).startswith(f"{path}:3: stubs.0.when.state")
    assert problem in str(refused.value)


@pytest.mark.parametrize(
    ("state", "problem"),
    [
        (
            {"payment_session": {"statu": "x"}},
            (("payment_session", "statu"), "no field 'statu'; did you mean 'status'?"),
        ),
        ({"payment_sesion": {}}, (("payment_sesion",), "no field 'payment_sesion'; did you mean 'payment_session'?")),
    ],
)
def test_a_mistake_about_the_second_is_named(contract: Contract, state: dict[str, Any], problem: Any) -> None:
    """Its fields are known as those of the first are."""
    operations = [contract.operation(name) for name in ("authorizePaymentSession", "regions.list")]
    ((place, text),) = state_problems(Relations(contract.document), operations, state)

    assert problem == (place, text.partition(" known:")[0])


def test_a_path_may_name_no_entity(contract: Contract) -> None:
    """Then nothing can be held for it, which is said; where nothing is wanted, nothing is wrong."""
    relations = Relations(contract.document)
    nameless = replace(contract.operation("paymentCollections.retrieve"), entities={})

    assert [((), "no path that this stub is for names an entity that the tables hold")] == list(
        state_problems(relations, [nameless], {"amount": 1})
    )
    assert [] == list(state_problems(relations, [nameless], {}))
    assert look(nameless, [{"amount": 1}]) is None
