"""Says why a request was answered as it was: the stub that matched, or what ruled each of them out."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import replace
from functools import partial
from heapq import nsmallest
from itertools import islice
from typing import Any, NamedTuple

from ..contract import Operation, OwnRoute
from ..errors import TooMuch
from ..express.bodies import parse
from ..messages import MOST_STEPS, Effort, Fault, Request, Visit
from ..operations.context import Question
from ..scenarios.model import Scenario
from ..scenarios.stubs import Stub
from ..state.entry import SECRET_HEADERS
from ..state.secrets import FIELDS, MASK, masked_text

MOST_SHOWN = 100  # characters of whose turns are counted
MOST = 20  # stubs that are explained, and differences of each; nobody reads more
STEPS = MOST_STEPS // 4  # that are taken to find the nearest while others may wait
EACH = 500  # steps that each takes beside
_Differing = Callable[[Effort], Iterable[object]]  # what yields each difference, as a text a sentence


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


class _RuledOut(NamedTuple):
    """A stub, or an outcome of a provider, that did not answer, and how many differences kept it from that."""

    stub: str
    where: str
    number: int
    differing: _Differing

    def words(self) -> dict[str, Any]:
        found = self.differing(Effort())
        differences = [_masked(str(one)) for one in islice(found, MOST)]
        if self.number > MOST:
            differences.append(f"and {self.number - MOST} more")
        return {"stub": self.stub, "where": self.where, "differences": differences}


def explain(scenario: Scenario, trace: Trace, steps: int = STEPS) -> dict[str, Any]:
    """
    Return `text`, one sentence; `stub` and `where`, the stub that answered; and `near`, those that did not.

    Each of `near` is `{stub, where, differences}`; the ones with the fewest differences come first.
    """
    stub = trace.stub
    effort = Effort(steps)
    ruled_out = [
        *_counted(_ruled_out(scenario, trace), effort),
        *[one for one in _counted(_ruled_out_outcomes(scenario, trace), effort) if one.number],
    ]
    near = [one.words() for one in nsmallest(MOST, ruled_out, key=lambda one: one.number)]
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
    if effort.left < 0:
        text += f"; {len(ruled_out)} of those that did not were looked at, the others would take too long"
    return {"text": text, "stub": stub and stub.name, "where": stub and stub.where, "near": near}


def _counted(found: Iterable[tuple[str, str, _Differing]], effort: Effort) -> Iterator[_RuledOut]:
    """Yield what did not answer with the number of its differences, until there are no more steps."""
    for stub, where, differing in found:
        try:
            effort.spend(EACH)
            number = sum(1 for _ in differing(effort))
        except TooMuch:
            return
        yield _RuledOut(stub, where, number, differing)


def _ruled_out(scenario: Scenario, trace: Trace) -> Iterator[tuple[str, str, _Differing]]:
    """Yield the stubs of the operation that did not answer, up to the one that did, and what differs."""
    if trace.operation is None or trace.visit is None or trace.operation.id not in scenario.stubs:
        return
    drawn = {stub.name: draw for stub, draw in trace.passed}
    for stub in scenario.stubs[trace.operation.id]:
        if trace.stub is not None and stub.name == trace.stub.name:
            return
        differing: _Differing = partial(stub.matcher.failures, trace.visit)
        if stub.name in drawn:
            differing = partial(_chance, drawn[stub.name])
        yield stub.name, stub.where, differing


def _chance(drawn: float, _effort: Effort) -> Iterator[str]:
    yield f"chance: drew {drawn:.3f}, which was not below it"


def _ruled_out_outcomes(scenario: Scenario, trace: Trace) -> Iterator[tuple[str, str, _Differing]]:
    """Yield the outcomes of providers that are for some sessions alone, and what differs in those that they were asked about."""
    for provider, action, session, _ in trace.questions:
        for outcome, when in scenario.providers.conditional(provider, action):
            yield outcome.rule, outcome.where, partial(when.failures, session)


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
    """Explain a visit whose body was not kept as it was parsed; nobody waits for that but who asks."""
    anew = copy(trace)
    anew.visit = replace(visit, body=parse(request))
    return explain(scenario, anew, MOST_STEPS)
