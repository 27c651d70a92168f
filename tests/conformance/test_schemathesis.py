"""Schemathesis tries the mock against the contract, in process and over a socket, with a gate and a negative control."""

import json
import re
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
import yaml
from asking import ask_of
from conformance.fuzzing import AUTHORIZE, Run, fuzz
from conftest import CLOCK
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockserver import Settings, create_app
from mockserver.contract import Contract
from mockserver.scenarios import scenarios_of

SCENARIOS = [  # without those that break connections, and three seconds for each answer
    name for name, scenario in scenarios_of([]).items() if name != "slow" and not scenario.faults()
]
Spoil = Callable[[dict[str, Any]], None]


@pytest.fixture
def app() -> ASGIApp:
    """Return an application whose clock stands still."""
    return create_app(Settings(clock=CLOCK))


STANDING = yaml.safe_load((files("mockserver.verify") / "standing.yaml").read_text("utf-8"))  # what examples speak of
KNOWN = re.compile(  # deviations.yaml: login-needed-without-type, line-metadata
    r'401 content_type_conformance: The follow|200 response_schema_conformance: .* is not of types "null", "object"\n'
)
OPERATIONS = {operation.id: operation.success for operation in Contract().operations}


@pytest.mark.volume
@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_keeps_the_contract_in_process(operation: str) -> None:
    """
    Examples, boundaries and random data: no answer breaks the contract, and some of them succeed, for whoever is logged in.

    Who has to log in is told so without a Content-Type (deviations.yaml, login-needed-without-type).
    """
    app = create_app(Settings(clock=CLOCK, scenario="logged-in"))
    assert 200 == ask_of(app)("PATCH", "/__mock/sandboxes/shared/state", STANDING).status
    run = fuzz(app, only=operation, max_examples=30)

    assert [] == [one for one in run.failures if not KNOWN.match(one.partition(" ")[2])]
    assert [] == run.errors
    assert run.seen[operation, OPERATIONS[operation]]


@pytest.mark.slow
def test_every_documented_status_of_authorize_is_seen_and_keeps_the_contract(app: ASGIApp) -> None:
    """Each scenario, and each status by `Prefer`: all that is documented is seen, and nothing that is not."""
    whole = Run()
    for name in SCENARIOS:
        whole.add(fuzz(app, {"X-Mock-Scenario": name}, only=AUTHORIZE))
    for status in (413, 415):  # what only bodies that no generator makes would bring about
        whole.add(fuzz(app, {"Prefer": f"code={status}"}, only=AUTHORIZE))

    assert [] == whole.failures
    assert set() == whole.unseen()


@pytest.mark.slow
def test_the_gate_fails_on_a_run_that_only_collects_404s(app: ASGIApp) -> None:
    """A run against ids that do not exist has seen next to nothing, and the gate says so."""
    run = fuzz(app, {"X-Mock-Scenario": "missing"}, only=AUTHORIZE)

    assert [] == run.failures
    assert {200, 401, 409, 422, 500} <= run.unseen()


@pytest.mark.slow
def test_the_same_seed_asks_the_same_questions(app: ASGIApp) -> None:
    """Two runs send the same requests in the same order and see the same statuses."""
    again = create_app(Settings(clock=CLOCK))

    assert fuzz(app, only=AUTHORIZE).asked == fuzz(again, only=AUTHORIZE).asked


def broken(app: ASGIApp, spoil: Spoil) -> ASGIApp:
    """Return an application that spoils every JSON document before it leaves."""

    async def spoiled(scope: Scope, receive: Receive, send: Send) -> None:
        start: list[Message] = []
        if scope["type"] != "http":
            await app(scope, receive, send)
            return

        async def pass_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.append(message)
                return
            body = message["body"]
            if body.startswith(b"{"):
                document = json.loads(body)
                spoil(document)
                body = json.dumps(document).encode()
            headers = [pair for pair in start[0]["headers"] if pair[0] != b"content-length"]
            await send(start[0] | {"headers": [*headers, (b"content-length", str(len(body)).encode())]})
            await send(message | {"body": body})

        await app(scope, receive, pass_on)

    return spoiled


def _drop_amount(document: dict[str, Any]) -> None:
    document.get("payment_session", {}).pop("amount", None)


def _amount_as_text(document: dict[str, Any]) -> None:
    if "payment_session" in document:
        document["payment_session"]["amount"] = "1000"


def _unknown_status(document: dict[str, Any]) -> None:
    if "payment_session" in document:
        document["payment_session"]["status"] = "paid"


@pytest.mark.slow
@pytest.mark.parametrize("spoil", [_drop_amount, _amount_as_text, _unknown_status])
def test_a_broken_answer_is_caught(app: ASGIApp, spoil: Spoil) -> None:
    """The negative control: a required field dropped, a wrong type, a status outside the enum, each is a failure."""
    run = fuzz(broken(app, spoil), only=AUTHORIZE)

    assert run.failures
    assert all("response_schema_conformance" in failure for failure in run.failures)
