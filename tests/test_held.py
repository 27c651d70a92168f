"""Stubs that look at what the tables hold for the entity that the path names."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from asking import Ask, in_scenario
from conftest import AUTHORIZE

from mockserver import MockServerError
from mockserver.contract import Contract
from mockserver.edge.app import Mock
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


def test_a_path_may_name_no_entity(contract: Contract) -> None:
    """Then nothing can be held for it, which is said; where nothing is wanted, nothing is wrong."""
    relations = Relations(contract.document)
    nameless = replace(contract.operation("paymentCollections.retrieve"), entities={})

    assert [((), "no path that this stub is for names an entity that the tables hold")] == list(
        state_problems(relations, [nameless], {"amount": 1})
    )
    assert [] == list(state_problems(relations, [nameless], {}))
    assert look(nameless, [{"amount": 1}]) is None
