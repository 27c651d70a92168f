"""Lets Schemathesis try a server against the contract, with real ids where it would draw random ones."""

import json
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import schemathesis
from schemathesis import hooks
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from ..contract import Contract, Operation
from ..errors import LONGEST_NAME, MockServerError
from ..realserver.cause import Evidence
from ..realserver.client import PATIENCE
from ..realserver.supply import Supply
from ..realserver.target import Target
from . import checks
from .chosen import chosen, narrowed
from .findings import Exchange, Finding
from .gateway import Gateway
from .options import Options
from .sessions import closed_sessions

EVERY = 6  # one request in six keeps the id that was drawn, so that 404s are seen too
USES = 10  # requests for each set of real ids, before the next one is taken
IGNORED = (  # checks that ask for what no contract of Medusa says (tests/facts/server.md 3 and 4)
    "positive_data_acceptance",  # a valid request can be refused: what is stored decides, not its shape alone
    "unsupported_method",  # a wrong method is a 404, never a 405
    "ignored_auth",  # nobody has to be logged in
)
MOST, OTHERS = 50, "other fields"  # of no schema that a report has lines for: where keys are ids they have no end
Progress = Callable[[int], None]


@dataclass(slots=True)
class Fuzzed:
    """
    What a run of Schemathesis saw and found; where it was `interrupted` by Ctrl-C, all until then.

    `undocumented` counts the answers with a field that the contract does not have, by field and place.
    """

    exchanges: list[Exchange] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    undocumented: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    interrupted: bool = False

    def remark(self, fields: Iterable[str], place: str) -> None:
        """Count an answer for each of these fields; those for which there is no line left are one."""
        counted = set()
        for one in fields:
            has_line = one in self.undocumented or len(self.undocumented) < MOST
            name = one if has_line else OTHERS
            if name not in counted:
                self.undocumented[name][place] += 1
                counted.add(name)


def fuzz(contract: Contract, target: Target, options: Options, progress: Progress, fuzzed: Fuzzed) -> None:
    """Run all phases, and put what comes of it into `fuzzed` at once; the same seed asks the same questions."""
    gateway = Gateway(target)
    with gateway.listening() as url, closed_sessions(), _hooks(options.supply, gateway), threads_that_die(gateway):
        document = narrowed(contract.document, chosen(contract, options.operations))
        schema = schemathesis.openapi.from_dict(document, config=_config(url, options))
        stream = from_schema(schema).execute()
        try:
            for event in stream:
                gateway.check()
                _take(event, contract, gateway, fuzzed)
                progress(len(fuzzed.exchanges))
            gateway.check()
        finally:
            stream.stop()  # whatever ended it, nothing is asked any more


def _config(url: str, options: Options) -> SchemathesisConfig:
    return SchemathesisConfig.from_dict(
        {
            "base-url": url,
            "headers": {"Origin": checks.ORIGIN},
            "request-timeout": 2 * PATIENCE,  # the gateway's client is the one that loses it
            "seed": options.seed,
            "workers": 1,
            "continue-on-failure": True,
            "generation": {"max-examples": options.max_examples, "deterministic": True, "database": "none"},
            "checks": {name: {"enabled": False} for name in IGNORED},
            "phases": {"stateful": {"inference": {"algorithms": []}}},  # the contract's own links are all there are
            "output": {"sanitization": {"enabled": False}},  # curl lines must work; our own headers are hidden below
        }
    )


@contextmanager
def _hooks(supply: Supply, gateway: Gateway) -> Iterator[None]:
    """While Schemathesis runs, put real ids into requests unless a link put one there."""
    ids: list[_Ids] = [_Ids(supply)] if supply else []

    def before_call(_context: Any, case: Any, _kwargs: Any) -> None:
        for one in ids:
            if case.path_parameters and not one.know(case.path_parameters):
                try:
                    case.path_parameters.update(one.instead_of(case.path_parameters))
                except MockServerError as error:  # Schemathesis would only count it
                    gateway.problem = error

    def after_call(_context: Any, _case: Any, response: Any) -> None:
        for one in ids:
            one.hear(response.content)

    schemathesis.hook(before_call)  # these two are known to Schemathesis globally, so they go when the run ends
    schemathesis.hook(after_call)
    try:
        yield
    finally:
        hooks.unregister(before_call)
        hooks.unregister(after_call)


@contextmanager
def threads_that_die(gateway: Gateway) -> Iterator[None]:
    """While Schemathesis runs, take a thread of it that dies for a problem: it would ask no more, and nobody would know."""
    others = threading.excepthook

    def note(died: threading.ExceptHookArgs) -> None:
        if died.thread is None or not died.thread.name.startswith("schemathesis"):
            others(died)
            return
        told = " ".join(f"{died.exc_type.__name__}: {died.exc_value}".split())
        gateway.problem = MockServerError(gateway.told(f"Schemathesis could not take an answer in: {told}"))

    threading.excepthook = note
    try:
        yield
    finally:
        threading.excepthook = others


class _Ids:
    """Hands out sets of values, and knows the ids that the server itself has named."""

    def __init__(self, supply: Supply) -> None:
        self._supply = supply
        self._current = supply.next()
        self._named = set(self._current.values())
        self._count = 0

    def know(self, parameters: Mapping[str, Any]) -> bool:
        return all(value in self._named for value in parameters.values())

    def instead_of(self, parameters: Mapping[str, Any]) -> Mapping[str, str]:
        """Return real values for parameters, a few sets in turn; nothing for one request in six."""
        self._count += 1
        if self._count % EVERY == 0:
            return {}
        if self._count % USES == 0:
            self._current = self._supply.next()
        return {name: self._current[name] for name in parameters if name in self._current}

    def hear(self, body: bytes) -> None:
        """Remember the ids that an answer names."""
        try:
            self._named |= set(_ids(json.loads(body)))
        except ValueError:
            return


def _ids(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("id"), str):
            yield value["id"]
        for inner in value.values():
            yield from _ids(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _ids(inner)


def _take(event: Any, contract: Contract, gateway: Gateway, fuzzed: Fuzzed) -> None:
    """Keep what an event of Schemathesis tells."""
    if isinstance(event, events.ScenarioFinished):
        _take_all(event.recorder, contract, gateway, fuzzed)
    elif isinstance(event, (events.NonFatalError, events.FatalError)):
        text = f"{event.label}: {event.value}" if isinstance(event, events.NonFatalError) else str(event.exception)
        error = gateway.told(" ".join(text.split()))
        if error not in fuzzed.errors:  # what goes wrong once goes wrong a hundred times
            fuzzed.errors.append(error)
    elif isinstance(event, events.Interrupted):
        fuzzed.interrupted = True


def _take_all(recorder: Any, contract: Contract, gateway: Gateway, fuzzed: Fuzzed) -> None:
    """Keep all exchanges of one scenario, and what checks found in them."""
    for id, node in recorder.cases.items():
        interaction = recorder.interactions.get(id)
        if interaction is None or interaction.response is None:
            continue
        case, response = node.value, interaction.response
        operation = contract.operation(case.operation.definition.raw["operationId"])
        if case.method.upper() == operation.method.upper():
            fuzzed.exchanges.append(Exchange(operation, response.status_code, response.elapsed, drawn=True))
            names = _undocumented(contract, operation, response)
            fuzzed.remark(map(gateway.told, names), f"{operation} {response.status_code}")
        for check in recorder.checks.get(id, ()):
            if check.failure_info is not None:
                found = _finding(operation, response.status_code, check, gateway)
                request = interaction.request
                evidence = Evidence.of(request.uri, request.body, response.content)
                fuzzed.findings.append(replace(found, evidence=evidence))


def _undocumented(contract: Contract, operation: Operation, response: Any) -> set[str]:
    """Return the fields of an answer that the contract does not have, each once."""
    if not str(response.headers.get("content-type", [""])[0]).startswith("application/json"):
        return set()
    try:
        document = json.loads(response.content or b"")
    except ValueError:
        return set()  # a failure of its own
    fields = contract.undocumented(operation, response.status_code, document)
    return {one if len(one) <= LONGEST_NAME else f"{one[:LONGEST_NAME]}..." for one in fields}


def _finding(operation: Operation, status: int, check: Any, gateway: Gateway) -> Finding:
    failure, curl = check.failure_info.failure, check.failure_info.code_sample
    first = failure.message.partition("\n")[0]  # what follows quotes the schema and the whole answer
    message = ": ".join(part for part in (failure.title, first) if part)
    return Finding(operation, status, check.name, gateway.told(message), gateway.curl(curl))
