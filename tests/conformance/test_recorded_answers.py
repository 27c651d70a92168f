"""What a real server was recorded to answer where all went well is valid by our contract, operation by operation."""

import copy
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from conformance.journeys import Exchange, exchanges, journeys

from mockserver.contract import Contract, MalformedEscape, Operation

JOURNEYS = {journey["name"]: journey for journey in journeys()}
README = Path(__file__).parents[2] / "README.md"
LEDGER = yaml.safe_load((files("mockserver.contract") / "deviations.yaml").read_text("utf-8"))
ON_PURPOSE = {name for entry in LEDGER for name in entry.get("recordings", ()) if name in JOURNEYS}
NEVER_WELL = {  # operations that no journey holds a success of
    "GetCustomersCustomerPaymentMethods",  # 500 as soon as one provider is a processor (tests/facts/customers.md 8)
    "PostPaymentCollectionsPaymentCollectionPaymentSessionsSession",  # tests/vectors/payment_collections.jsonl has it
}


def answered(contract: Contract, name: str) -> Iterator[tuple[Operation, Exchange]]:
    """Yield the exchanges of a journey with the operation that answered; an answer to HEAD has no body to look at."""
    for exchange in exchanges(JOURNEYS[name]):
        try:
            routed = contract.route(exchange.method, exchange.path)
        except MalformedEscape:
            continue
        if routed is not None and exchange.method != "HEAD":
            yield routed[0], exchange


def answered_well(contract: Contract, name: str) -> Iterator[tuple[Operation, Exchange]]:
    """Yield the exchanges of a journey whose operation succeeded."""
    return (found for found in answered(contract, name) if 200 <= found[1].status < 300)


def wrong(contract: Contract, operation: Operation, exchange: Exchange, body: Any) -> list[str]:
    """Return how an answer breaks the contract, and where it was recorded."""
    found = contract.violations(operation, exchange.status, exchange.media_type, body)
    return [f"{exchange.journey} {exchange.number}: {operation}: {one}" for one in found]


@pytest.mark.parametrize("name", JOURNEYS)
def test_what_was_recorded_is_valid(contract: Contract, name: str) -> None:
    """Every success of every journey, but for those that the ledger names: each of them has one that is not."""
    found = [
        one
        for operation, exchange in answered_well(contract, name)
        for one in wrong(contract, operation, exchange, exchange.body)
    ]

    assert (name in ON_PURPOSE) == bool(found), found


def test_refusals_that_were_recorded_are_valid(contract: Contract) -> None:
    """Every other answer, too, but for the word Unauthorized without a media type, of operations that want a log-in."""
    (untyped,) = [entry for entry in LEDGER if entry["id"] == "login-needed-without-type"]
    refused = [
        (operation, exchange)
        for name in JOURNEYS
        for operation, exchange in answered(contract, name)
        if exchange.status >= 300
    ]
    broken = [(one, exchange) for one, exchange in refused if wrong(contract, one, exchange, exchange.body)]

    assert len(refused) > 600
    assert {(401, None)} == {(exchange.status, exchange.media_type) for _, exchange in broken}
    assert {operation.id for operation, _ in broken} == set(untyped["operations"])


def test_nearly_all_operations_were_recorded(contract: Contract) -> None:
    """The journeys hold a success of every operation but two; the README says how many of all are valid."""
    seen = {operation.id for name in JOURNEYS for operation, _ in answered_well(contract, name)}
    valid = [
        not wrong(contract, operation, exchange, exchange.body)
        for name in JOURNEYS
        for operation, exchange in answered_well(contract, name)
    ]

    assert NEVER_WELL == {operation.id for operation in contract.operations} - seen
    figure = f"* {sum(valid)} of {len(valid)} successes that a real server was recorded to answer, of {len(seen)} operations,"
    assert figure in README.read_text("utf-8")


def test_a_wrong_answer_would_be_found(contract: Contract) -> None:
    """The control: the same answers with a text for an amount are not valid."""
    carts = [
        (operation, exchange)
        for operation, exchange in answered_well(contract, "carts-checkout-guest-eur")
        if isinstance(exchange.body, dict) and "cart" in exchange.body
    ]

    assert carts
    for operation, exchange in carts:
        body = copy.deepcopy(exchange.body)
        body["cart"]["total"] = "much"
        (found,) = wrong(contract, operation, exchange, body)
        assert 'cart.total: "much" is not of type "integer"' in found
