"""Says why a request was answered as it was: the stub that matched, or what ruled each of them out."""

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import replace
from typing import Any

from ..contract import Operation, OwnRoute
from ..express.bodies import parse
from ..messages import Fault, Request, Visit
from ..operations.context import Question
from ..scenarios.model import Scenario
from ..scenarios.stubs import Stub
from ..state.journal import SECRET_HEADERS
from ..state.secrets import FIELDS, MASK, masked_text

MOST_SHOWN = 100  # characters of whose turns are counted
MOST = 20  # stubs that are explained; nobody reads more


class Trace:
    """
    What is noted down while a request is answered: its operation, what matchers saw, and which stub answered.

    `turn` counts the visits that it matched before, `passed` has the stubs that did not take their chance and what they drew,
    `questions` are what providers were asked, `delay` is seconds to wait and `fault` what then becomes of the connection, `note` is the reason where it is no stub's.
    """

    operation: Operation | None = None
    visit: Visit | None = None
    stub: Stub | None = None
    turn: int = 0
    passed: tuple[tuple[Stub, float], ...] = ()
    questions: Sequence[Question] = ()
    delay: float = 0.0
    fault: Fault | None = None
    note: str = ""


def explain(scenario: Scenario, trace: Trace) -> dict[str, Any]:
    """
    Return `text`, one sentence; `stub` and `where`, the stub that answered; and `near`, those that did not.

    Each of `near` is `{stub, where, differences}`; the ones with the fewest differences come first.
    """
    stub = trace.stub
    ruled_out = [*_ruled_out(scenario, trace), *_ruled_out_outcomes(scenario, trace)]
    near = sorted(ruled_out, key=lambda one: len(one["differences"]))[:MOST]
    if trace.note:
        text = trace.note
    elif trace.operation is None:
        text = "no operation has this method and path"
    elif stub is not None:
        text = f"stub {stub.name} ({stub.where}) matched, for the {_ordinal(trace.turn + 1)} time{_owner(stub, trace)}"
    elif isinstance(trace.operation, OwnRoute):
        text = f"no stub of {scenario.name!r} for {trace.operation} matched, and nothing else answers there"
    elif trace.operation.id in scenario.stubs:
        text = f"no stub of {scenario.name!r} for {trace.operation} matched; the operation itself answered"
    else:
        text = f"{scenario.name!r} has no stub for {trace.operation}; the operation itself answered"
    rules = dict.fromkeys(f"; {one.where}: {one.rule}" for *_, one in trace.questions if one.where)
    text += "".join(list(rules)[:MOST])
    return {"text": text, "stub": stub and stub.name, "where": stub and stub.where, "near": near}


def _ruled_out(scenario: Scenario, trace: Trace) -> list[dict[str, Any]]:
    """Return the stubs of the operation that did not answer, up to the one that did, and why."""
    if trace.operation is None or trace.visit is None or trace.operation.id not in scenario.stubs:
        return []
    drawn = {stub.name: draw for stub, draw in trace.passed}
    ruled_out = []
    for stub in scenario.stubs[trace.operation.id]:
        if trace.stub is not None and stub.name == trace.stub.name:
            break
        differences = [_masked(difference) for difference in stub.matcher.differences(trace.visit)]
        if stub.name in drawn:
            differences = [f"chance: drew {drawn[stub.name]:.3f}, which was not below it"]
        ruled_out.append({"stub": stub.name, "where": stub.where, "differences": differences})
    return ruled_out


def _ruled_out_outcomes(scenario: Scenario, trace: Trace) -> Iterator[dict[str, Any]]:
    """Yield the outcomes of providers that were not for the sessions they were asked about, and why."""
    for provider, action, session, _ in trace.questions:
        for outcome, differences in scenario.providers.passed(provider, action, session):
            yield {"stub": outcome.rule, "where": outcome.where, "differences": differences}


def _owner(stub: Stub, trace: Trace) -> str:
    """Return whose turns were counted, without a header's value that nobody else may read."""
    per = stub.turns.per
    if per == "sandbox" or trace.visit is None:
        return ""
    is_secret = per.partition(" ")[2].strip().lower() in SECRET_HEADERS
    return f" with {per} {MASK if is_secret else stub.turns.owner(trace.visit)[:MOST_SHOWN]!r}"


def _masked(difference: str) -> str:
    """Return a difference without the value of a header, or of a field, that nobody else may read."""
    place = difference.partition(":")[0]
    part, _, name = place.rpartition(".")
    is_secret = name in FIELDS if part.startswith("body") else place.removeprefix("header.") in SECRET_HEADERS
    return f"{place}: wanted {MASK!r}, got {MASK!r}" if is_secret else masked_text(difference)


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def explain_anew(scenario: Scenario, trace: Trace, visit: Visit, request: Request) -> dict[str, Any]:
    """Explain a visit whose body was not kept as it was parsed."""
    anew = copy(trace)
    anew.visit = replace(visit, body=parse(request))
    return explain(scenario, anew)
