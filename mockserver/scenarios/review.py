"""Finds what a scenario says that can have no effect, or none that was meant: stubs that none reaches, and their like."""

from collections.abc import Iterator
from typing import Any

from ..contract import PLACEHOLDER, Contract, Operation
from ..errors import MockServerError, unknown
from ..globs import fitting
from ..likeness import nearest
from .covering import Problem, covered
from .format import ReplyFormat, ScenarioFormat, StubFormat
from .outcomes import OutcomeFormat
from .source import Where

LONGEST_GLOB = 200  # characters; a longer one would take too long over a long path
MOST_COMPARED = 100  # stubs that later ones are held against; a thousand would take seconds
MOST_PLACEHOLDERS = 100  # of a reply; each may be filled with all that a path can hold, 16 kB
Wanted = dict[str, Any]
_WILD = frozenset("*?[")


def review(contract: Contract, written: ScenarioFormat) -> Iterator[Problem]:
    """Yield each such place with a sentence; only what is certain."""
    statuses = contract.document["components"]["schemas"]["PaymentSession"]["properties"]["status"]["enum"]
    for name, provider in written.providers.items():
        for action in type(provider).model_fields:
            for index, outcome in enumerate(getattr(provider, action)):
                yield from _status(("providers", name, action, index), outcome, statuses)
    before: list[tuple[int, set[str], Wanted]] = []
    for index, stub in enumerate(written.stubs):
        where: Where = ("stubs", index)
        operations = _operations(contract, stub)
        ids = {operation.id for operation in operations}
        wanted = stub.when.model_dump()
        first = next((one for one, over, other in before if ids and ids <= over and _takes_all(other, wanted)), None)
        if first is not None:
            yield where, f"no request reaches it: stubs.{first} answers all of them"
        if len(before) < MOST_COMPARED and all(
            reply.chance is None for reply in [*(stub.replies or ()), stub.reply] if reply
        ):
            before.append((index, ids, wanted))
        yield from _when((*where, "when"), stub, operations)
        yield from _replies(where, stub, operations, statuses)


def _operations(contract: Contract, stub: StubFormat) -> list[Operation]:
    try:
        return covered(contract, stub)
    except MockServerError:  # is named where it stands
        return []


def _status(where: Where, outcome: OutcomeFormat, statuses: list[str]) -> Iterator[Problem]:
    if outcome.status not in statuses and not outcome.off_contract:
        yield (
            (*where, "status"),
            f"{unknown('status', outcome.status, statuses)}; no database of Medusa's takes another; 'off_contract: true' beside it allows it",
        )


def _replies(where: Where, stub: StubFormat, operations: list[Operation], statuses: list[str]) -> Iterator[Problem]:
    replies = [((*where, "replies", number), reply) for number, reply in enumerate(stub.replies or ())]
    for place, reply in [((*where, "reply"), stub.reply), *replies] if stub.reply else replies:
        yield from _placeholders(place, reply)
        if reply.provider is not None:
            yield from _status((*place, "provider"), reply.provider, statuses)
        if len(operations) == 1 and not reply.off_contract:
            yield from _misspelt((*place, "body"), reply.body, list(operations[0].path_parameters))


def _when(where: Where, stub: StubFormat, operations: list[Operation]) -> Iterator[Problem]:
    if stub.when.body is not None and operations and all(operation.method == "GET" for operation in operations):
        yield (*where, "body"), f"{operations[0]} takes no body"
    for place, text in _texts((), stub.when.model_dump()):
        if len(text) > LONGEST_GLOB and _WILD & set(text) and "matches" not in place:
            yield (*where, *place), f"has {len(text)} characters; a glob may have {LONGEST_GLOB}"


def _placeholders(where: Where, reply: ReplyFormat) -> Iterator[Problem]:
    """Yield where a reply has so many placeholders that a long path would make a huge answer of it."""
    count = sum(len(PLACEHOLDER.findall(text)) for _, text in _texts((), [reply.body, reply.headers]))
    if count > MOST_PLACEHOLDERS:
        yield where, f"has {count} placeholders; a reply may have {MOST_PLACEHOLDERS}"


def _misspelt(where: Where, body: Any, known: list[str]) -> Iterator[Problem]:
    """Yield the placeholders of a body that are nearly a path parameter; any other may be meant to stay."""
    for place, text in _texts((), body):
        for name in PLACEHOLDER.findall(text):
            if name not in known and nearest(name, known):
                yield (*where, *place), unknown("path parameter", name, known)


def _texts(where: Where, value: Any) -> Iterator[tuple[Where, str]]:
    """Yield every text of a value with its place."""
    if isinstance(value, str):
        yield where, value
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        yield from _texts((*where, key), inner)


def _takes_all(first: Wanted, then: Wanted) -> bool:
    """Tell whether every request that a stub waits for is one that another before it waits for."""
    return all(_wider(wanted, then[part]) for part, wanted in first.items())


def _wider(first: Any, then: Any) -> bool:
    """Tell whether what fits the second fits the first for certain: less is wanted, or a glob that its text fits."""
    if first in (None, {}) or first == then:
        return True
    if isinstance(first, str) and isinstance(then, str):
        return not _WILD & set(then) and len(first) <= LONGEST_GLOB and fitting(first)(then)
    if isinstance(first, dict) and isinstance(then, dict):
        return all(
            key in then
            and (
                first[key] == then[key]
                or (key != "not" and first[key] not in (None, {}) and _wider(first[key], then[key]))
            )
            for key in first
        )
    return False
