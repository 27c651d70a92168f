"""Plays every scenario as a case: forced on a mock, provoked on a real server where its own data allow it."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, islice
from typing import Any
from urllib.parse import quote, urlencode

from ..contract import Contract, Operation
from ..messages import Visit
from ..realserver.supply import Supply, Values
from ..realserver.target import SANDBOX, Heard, Target
from ..scenarios import Scenario, Stub
from .findings import Case, Exchange
from .provoking import Provoked, provoked
from .standing import stand

AUTHORIZE = "PostPaymentCollectionsSessionsSessionAuthorize"
RETRIEVE = "GetPaymentCollectionsPaymentCollection"
UNKNOWN_COLLECTION, UNKNOWN_SESSION = "(unknown collection)", "(unknown session)"
SOURCE = "x-mock-source"
UNREADABLE = (  # each a Content-Type and a body (tests/facts/server.md 3)
    ("application/json", b"{"),
    ("application/json", b'"' + b"a" * 102_400 + b'"'),
    ("application/json; charset=bogus", b"{}"),
)
BROKEN_ESCAPE = "%E0%A4%A"
_PARAMETER = re.compile(r"{\w+}")
MOST_PLAYED = 100  # requests of one stub's sequence


@dataclass(frozen=True, slots=True)
class Call:
    """One request for an operation, its body a JSON value or None."""

    operation: Operation
    path: Values
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    query: str = ""

    @property
    def url(self) -> str:
        url = self.operation.path
        for name in self.operation.path_parameters:
            url = url.replace(f"{{{name}}}", quote(self.path[name], safe=""))
        return f"{url}?{self.query}" if self.query else url


class Player:
    """Plays scenarios against one server, as far as they are about some operations, and keeps the exchanges."""

    def __init__(self, contract: Contract, target: Target, supply: Supply, operations: Sequence[Operation]) -> None:
        self._contract = contract
        self._target = target
        self._supply = supply
        self._operations = operations
        self._numbers = count()
        self.exchanges: list[Exchange] = []

    def play(self, scenarios: Mapping[str, Scenario]) -> Iterator[Case]:
        """Yield what became of each scenario, and on a real server of ids that are unknown."""
        for scenario in scenarios.values():
            found, reason = (
                self._force(scenario.within_contract())
                if self._target.is_mock
                else self._provoke(scenario.within_contract())
            )
            yield Case(scenario.name, scenario.description, found, reason)
        if not self._target.is_mock:
            yield from self._unknown_ids()

    def _unknown_ids(self) -> Iterator[Case]:
        """Ask each operation about what no server has, and authorize a session that a collection does not have."""
        naming = [operation for operation in self._operations if operation.path_parameters]
        calls = [Call(operation, nowhere(operation), body=operation.body) for operation in naming]
        reason = next(filter(None, [self._compare(404, call) for call in calls]), "")
        yield Case(UNKNOWN_COLLECTION, "Ids that no server has made.", "failed" if reason else "passed", reason)
        if self._supply and self._authorize in self._operations:
            path = {**self._supply.next(), "session_id": nowhere(self._authorize)["session_id"]}
            reason = self._compare(422, Call(self._authorize, path))
            description = "A collection that is known, a session that is not."
            yield Case(UNKNOWN_SESSION, description, "failed" if reason else "passed", reason)

    def force_every_status(self) -> None:
        """Ask a mock for every documented status of every operation, by `Prefer`, each operation in a sandbox of its own, and before it for none."""
        for operation in self._operations:
            sandbox, shopper = self._prepared()
            headers = {**sandbox, **(shopper or {})}
            call = Call(operation, anything(operation), headers, operation.body)
            self._ask(call)
            for status in operation.responses:
                self._ask(replace(call, headers={**headers, "Prefer": f"code={status}"}))

    def send_what_nobody_reads(self) -> None:
        """Ask each operation with bodies that are refused before any route is looked at, and with an id that no database takes."""
        for operation in self._operations:
            for type, body in UNREADABLE:
                self._send(Call(operation, anything(operation)), type, body)
            if operation.path_parameters:
                self._ask(Call(operation, dict.fromkeys(operation.path_parameters, "\0"), body=operation.body))
                url = _PARAMETER.sub(BROKEN_ESCAPE, operation.path)
                self._note(Call(operation, {}), self._target.ask(operation.method, url, operation.body), unread=True)

    def provoke(self) -> None:
        """Bring a mock by data alone to what random questions hardly ever hit, and ask it for what is nowhere."""
        for operation in (one for one in self._operations if one.path_parameters):
            sandbox, shopper = self._prepared()
            headers = {**sandbox, **(shopper or {}), "X-Mock-Scenario": "strict"}
            self._ask(Call(operation, nowhere(operation), headers, operation.body))
        for one in provoked(self._contract):
            if one.operation in self._operations:
                list(self.ask_provoked(one))

    def ask_provoked(self, one: Provoked) -> Iterator[Heard]:
        """Yield the answers to a request and to what comes before it; none where the mock lets nobody say what is there."""
        sandbox, shopper = self._prepared()
        if shopper is None:
            return
        self._target.ask("PATCH", f"/__mock/sandboxes/{sandbox[SANDBOX]}/state", one.given)
        for step in (*one.before, one):
            headers = {**sandbox, **(shopper if step.shopper else {}), **step.headers}
            yield self._ask(
                Call(step.operation, {**anything(step.operation), **step.path}, headers, step.body, step.query)
            )

    def _prepared(self) -> tuple[dict[str, str], Mapping[str, str] | None]:
        """
        Return the header that leads to a sandbox which nothing else in this run uses, where what examples speak of stands.

        And the headers of the customer among that; None where the mock lets nobody say what is there.
        """
        if not self._target.sandbox:
            return {}, None
        name = f"{self._target.sandbox}-{next(self._numbers)}"
        return {SANDBOX: name}, stand(self._target, name)

    @property
    def _authorize(self) -> Operation:
        return self._contract.operation(AUTHORIZE)

    def _force(self, scenario: Scenario) -> tuple[Any, str]:
        """Choose a scenario in sandboxes of its own; compare what its stubs and its providers answer, in their order."""
        if scenario.faults() or any(reply.chance for stub in scenario for reply in stub.replies):
            return "forced only", "it is about the connection, or about chance, which no contract speaks of"
        chosen = {"X-Mock-Scenario": scenario.name}
        for stub in (one for one in scenario if one.operation in self._operations):
            call = _call(stub)
            if scenario.find(stub.operation, Visit(call.path, call.query, call.headers, call.body)) is not stub:
                continue  # a stub before it answers: it is there for requests that its example is not
            sandbox, shopper = self._prepared()  # for each stub: one of several operations counts their turns together
            headers = {**chosen, **sandbox}
            for reply in islice((one for one in stub.replies for _ in range(one.repeat)), MOST_PLAYED):
                reason = self._compare(stub.status(reply), replace(call, headers={**call.headers, **headers}))
                if reason and not reply.status and shopper is None:
                    return "forced only", "what it needs can be given by /__mock alone, which is closed to this run"
                if reason:
                    return "failed", reason
        outcomes = list(scenario.providers.authorizations()) if self._authorize in self._operations else []
        if any(outcome.when for outcome in outcomes):
            return "forced only", "what its providers answer hangs on amounts or data"
        headers = {**chosen, **self._prepared()[0]} if outcomes else chosen
        for outcome in outcomes:
            reason = self._compare(outcome.answer_status(), Call(self._authorize, anything(self._authorize), headers))
            if reason:
                return "failed", reason
        return "passed", ""

    def _provoke(self, scenario: Scenario) -> tuple[Any, str]:
        """Bring a real server into a scenario's situation by data alone: by ids that name it, or by ids of nothing."""
        if not {self._authorize.id, RETRIEVE} <= {operation.id for operation in self._operations}:
            return "forced only", "the operations that can be led to it are not all chosen"
        labelled = self._supply.labelled(scenario.name)
        if labelled is not None:
            return self._try(scenario.statuses(), {**nowhere(self._authorize), **labelled})
        if scenario.name == "missing":
            return self._try(scenario.statuses(), nowhere(self._authorize))
        if scenario.name == "default" and self._supply:
            reason = self._compare(200, Call(self._contract.operation(RETRIEVE), self._supply.next()))
            return ("failed" if reason else "passed"), reason
        return "forced only", "no ids were given that lead to it"

    def _try(self, expected: list[int], path: Values) -> tuple[Any, str]:
        """Authorize one session as often as a scenario has statuses."""
        for status in expected:
            reason = self._compare(status, Call(self._authorize, path))
            if reason:
                return "failed", reason
        return "passed", ""

    def _compare(self, expected: int, call: Call) -> str:
        """Return why an answer is not the expected one, or nothing."""
        heard = self._ask(call)
        if heard.status != expected:
            return f"{call.operation} answered {heard.status}, expected {expected}"
        violation = self._contract.violation(call.operation, heard.status, heard.media_type, heard.document) or ""
        return self._target.client.hide(violation)

    def _ask(self, call: Call) -> Heard:
        return self._note(call, self._target.ask(call.operation.method, call.url, call.body, call.headers))

    def _send(self, call: Call, type: str, body: bytes) -> None:
        headers = {**call.headers, "Content-Type": type}
        self._note(call, self._target.send(call.operation.method, call.url, body, headers), unread=True)

    def _note(self, call: Call, heard: Heard, *, unread: bool = False) -> Heard:
        """Keep an exchange; a mock says whether the operation itself answered, or a scenario for it."""
        forced = self._target.is_mock and heard.header(SOURCE) != "behaviour"
        self.exchanges.append(Exchange(call.operation, heard.status, heard.seconds, forced=forced, unread=unread))
        return heard


def nowhere(operation: Operation) -> Values:
    """Return ids for an operation's path that look like Medusa's, and that no server has made."""
    return {name: f"{_prefix(operation, name)}01HZZZZZZZZZZZZZZZZZZZZZZZ" for name in operation.path_parameters}


def anything(operation: Operation) -> Values:
    """Return ids for an operation's path, those of the contract's examples."""
    return {name: operation.examples[name] for name in operation.path_parameters}


def _prefix(operation: Operation, parameter: str) -> str:
    """Return what ids of a path parameter begin with, by its example: `paycol_`."""
    prefix, line, _ = operation.examples.get(parameter, "").partition("_")
    return prefix + line if line else ""


def _call(stub: Stub) -> Call:
    """Return a request that a stub waits for."""
    matcher = stub.matcher
    headers = {name: _text(value) for name, value in matcher.example("header").items()}
    query = urlencode({name: _text(value) for name, value in matcher.example("query").items()})
    path = {**anything(stub.operation), **matcher.example("path")}
    return Call(stub.operation, path, headers, matcher.example("body") or stub.operation.body, query)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
