"""Calls about the journal: list, read, wait, count, clear; and the matrix of what was seen."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Mapping
from heapq import merge
from typing import Any

from starlette.responses import Response

from ..clock import seconds_of
from ..contract import Operation, own_route
from ..engine.preparing import at_leisure
from ..errors import MockServerError, unknown
from ..globs import compiled, fitting
from ..state.entry import Entry
from ..state.journal import Journal
from . import shapes
from .calls import Controlled, Received, Refused, call, encoded, listing, refusing
from .waiters import MOST

MOST_NEAR = 5
LONGEST_WAIT = 60  # seconds
MOST_STEPS = 45  # for each character of a path that a hundred may wait for: each request is held against them all

_Check = tuple[str, Callable[[Entry], object], object]


@call("GET", "/journal", gives=shapes.Entries, query=shapes.Listing, refuses=(400, 404))
async def list_entries(received: Received) -> Response:
    """List requests, the newest last; `unmatched=true` lists those that no stub matched."""
    find = _finding(received.controlled, received.query)
    searched = sum(map(len, _journals(received.controlled, received.query.sandbox, made=False)))
    return await at_leisure(_listing, find, received.query.limit, searched)


@call("GET", "/journal/{number}", gives=shapes.EntryDetail, refuses=(404,))
async def get_entry(received: Received) -> Response:
    """Show a request with its answer, secrets masked, and why it was answered so."""
    number = received.path["number"]
    wanted = int(number) if number.isascii() and number.isdecimal() and len(number) < 20 else 0  # noqa: PLR2004
    for sandbox in received.controlled.sandboxes:
        entry = sandbox.journal.get(wanted)
        if entry is not None:
            return await at_leisure(lambda entry: encoded(shapes.EntryDetail(**entry.document())), entry)
    raise Refused(404, f"no entry {number!r} in the journal; it is gone, or never was")


@call("DELETE", "/journal", gives=shapes.Cleared, query=shapes.Taking, refuses=(400, 404))
async def clear_journal(received: Received) -> shapes.Cleared:
    """Forget all requests, or those of one sandbox; sequences go on where they were."""
    one = received.query.sandbox
    cleared = sum(journal.clear() for journal in _journals(received.controlled, one, made=False))
    received.controlled.listeners.tell("cleared", lambda: {"sandbox": one}, one)
    return shapes.Cleared(cleared=cleared)


@call("POST", "/journal/wait", gives=shapes.Waited, body=shapes.Wait, refuses=(400, 404, 503))
async def wait_for_requests(received: Received) -> Response:
    """Wait until so many requests match, and list them; `met` is false when the time is over. At most 60 s."""
    wanted = received.body
    checks = _checks(received.controlled, wanted)
    seconds = seconds_of(wanted.timeout)
    if seconds > LONGEST_WAIT:
        raise Refused(400, f"body timeout: {wanted.timeout!r} is longer than {LONGEST_WAIT}s")
    if compiled(wanted.path or "").steps > MOST_STEPS:
        raise Refused(
            400, "body path: is too much to wait for; between two '*' let less stand that has '?' or '[' in it"
        )
    waiters = received.controlled.waiters
    if len(waiters) >= MOST:
        raise Refused(503, f"{MOST} wait already; that is the most")
    with waiters.waiting(wanted.sandbox, lambda entry: _is_meant(entry, wanted, checks)) as waiter:
        before = await at_leisure(_finding(received.controlled, wanted, made=True))
        if len(before) < wanted.count:
            waiter.want(wanted.count - len(before))
            await _first_of(
                seconds, waiter.enough.wait(), received.request.receive()
            )  # which only the client's end ends
    return await at_leisure(_waited, before, list(waiter.found), wanted.count)


@call("POST", "/journal/count", gives=shapes.Counted, body=shapes.Count, refuses=(400, 404))
async def count_requests(received: Received) -> shapes.Counted:
    """Count the requests that match, and tell whether there were as many as there must be, with the near misses."""
    wanted = received.body
    count = len(await at_leisure(_finding(received.controlled, wanted, made=True)))
    lowest = wanted.times if wanted.times is not None else wanted.at_least
    highest = wanted.times if wanted.times is not None else wanted.at_most
    lowest = 1 if lowest is None and highest is None else lowest or 0
    forgotten = sum(journal.forgotten for journal in _journals(received.controlled, wanted.sandbox, made=True))
    met = lowest <= count and (highest is None or count <= highest)
    is_open = forgotten and (highest is not None if met else count < lowest)  # one more would make a difference
    bound = f"{lowest}" if lowest == highest else f"at least {lowest}" if highest is None else f"{lowest} to {highest}"
    filters = wanted.model_dump(exclude_defaults=True, exclude={"times", "at_least", "at_most"})
    what = ", ".join(f"{key}={value}" for key, value in filters.items()) or "any"
    text = f"{count} request{'s' * (count != 1)} matched {what}; wanted {bound}"
    if is_open:
        met = False
        text += f"; {forgotten} older ones are forgotten and may have matched, so nobody can tell: start with more --journal"
    near = [] if met else await at_leisure(_nearness(received.controlled, wanted))
    return shapes.Counted(met=met, count=count, text=text, near=near)


@call("GET", "/matrix", gives=shapes.Matrix, query=shapes.Taking, refuses=(400, 404))
async def get_matrix(received: Received) -> Response:
    """Show which operations answered with which statuses since the journal was cleared."""
    seen: dict[str, Counter[int]] = defaultdict(Counter)
    for journal in _journals(received.controlled, received.query.sandbox, made=False):
        for (id, status), times in journal.seen.items():
            seen[id][status] += times
    operations = received.controlled.operations()
    return await at_leisure(lambda: listing("operations", (_seen(one, seen.get(one.id, {})) for one in operations)))


async def _first_of(seconds: float, *awaited: Awaitable[object]) -> None:
    """Return as soon as one thing has happened, or the time is over."""
    waiting = [asyncio.ensure_future(one) for one in awaited]
    try:
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in waiting:
            one.cancel()


def _finding(controlled: Controlled, wanted: shapes.Filter, *, made: bool = False) -> Callable[[], list[Entry]]:
    """
    Return what finds the entries of now that match, oldest first, in its own time.

    Raises Refused for an unknown sandbox, unless it may yet be `made`.
    """
    checks = _checks(controlled, wanted)
    entries = list(map(list, _journals(controlled, wanted.sandbox, made=made)))
    return lambda: [
        entry for entry in merge(*entries, key=lambda entry: entry.number) if _is_meant(entry, wanted, checks)
    ]


def _journals(controlled: Controlled, sandbox: str | None, *, made: bool) -> list[Journal]:
    """Return the journals of one sandbox or of all; raise Refused for an unknown one, unless it may yet be `made`."""
    if sandbox is None:
        return [one.journal for one in controlled.sandboxes]
    if made and sandbox not in controlled.sandboxes:
        return []
    with refusing(404):
        return [controlled.sandboxes.known(sandbox).journal]


def _is_meant(entry: Entry, wanted: shapes.Filter, checks: list[_Check]) -> bool:
    """Tell whether an entry is as wanted, whatever its sandbox."""
    return entry.number > wanted.after and all(is_so(entry) for _, is_so, _ in checks)


def _operation(controlled: Controlled, name: str) -> Operation:
    """Return an operation by any of its names, or a route of any scenario; raise Refused for what is neither."""
    with refusing(400):
        if "/" not in name:
            return controlled.contract.operation(name)
        id, routes = own_route(name).id, controlled.routes()
        if id not in routes:
            raise MockServerError(unknown("route", id, list(routes)))
        return routes[id]


def _checks(controlled: Controlled, wanted: shapes.Filter) -> list[_Check]:
    """Return name, test and value of each thing that is wanted; raise Refused for an operation that is not there."""
    operation = None
    if wanted.operation is not None:
        operation = _operation(controlled, wanted.operation)
    fits, text = fitting(wanted.path or ""), (wanted.text or "").lower()
    checks: list[_Check] = [
        ("scenario", lambda entry: entry.scenario == wanted.scenario, wanted.scenario),
        ("operation", lambda entry: entry.operation == operation, operation and operation.name),
        ("method", lambda entry: entry.request.method == (wanted.method or "").upper(), wanted.method),
        ("path", lambda entry: fits(entry.request.path), wanted.path),
        ("status", lambda entry: wanted.status in _statuses(entry), wanted.status),
        ("fault", lambda entry: wanted.fault in (entry.response.fault, entry.response.fault and "any"), wanted.fault),
        ("text", lambda entry: text in _words(entry), wanted.text),
        ("source", lambda entry: entry.source == wanted.source, wanted.source),
        ("unmatched", lambda entry: (entry.stub is None) is wanted.unmatched, wanted.unmatched),
        ("aborted", lambda entry: (entry.aborted_after is not None) is wanted.aborted, wanted.aborted),
    ]
    return [check for check in checks if check[2] is not None]


def _statuses(entry: Entry) -> tuple[int, str]:
    """Return the status of an entry, and its class."""
    return entry.response.status, f"{entry.response.status // 100}xx"


def _words(entry: Entry) -> str:
    """Return what is looked at for a text, in small letters."""
    operation = "" if entry.operation is None else entry.operation.name
    path = f"{entry.prefix}{entry.request.path}"
    words = (entry.request.method, operation, path, entry.scenario, entry.sandbox, entry.stub)
    return " ".join(filter(None, words)).lower()


def _nearness(controlled: Controlled, wanted: shapes.Filter) -> Callable[[], list[shapes.Near]]:
    """Return what finds the requests that differ least from what was wanted, in its own time."""
    checks = _checks(controlled, wanted)
    find = _finding(controlled, shapes.Filter(sandbox=wanted.sandbox, after=wanted.after), made=True)

    def near() -> list[shapes.Near]:
        wrong = [(entry, [name for name, is_so, _ in checks if not is_so(entry)]) for entry in find()]
        missed = sorted([one for one in wrong if one[1]], key=lambda one: (len(one[1]), -one[0].number))
        return [
            shapes.Near(entry=shapes.Entry(**entry.summary()), differences=_differences(entry, names, checks))
            for entry, names in missed[:MOST_NEAR]
        ]

    return near


def _differences(entry: Entry, names: list[str], checks: list[_Check]) -> list[str]:
    """Return what an entry has in place of what was wanted."""
    got = {
        **entry.summary(),
        "text": _words(entry),
        "unmatched": entry.stub is None,
        "aborted": entry.aborted_after is not None,
    }
    return [f"{name}: wanted {value!r}, got {got[name]!r}" for name, _, value in checks if name in names]


def _listing(find: Callable[[], list[Entry]], limit: int, searched: int) -> Response:
    found = find()
    entries = (shapes.Entry(**entry.summary()) for entry in found[-limit:])
    return listing("entries", entries, matched=len(found), searched=searched)


def _waited(before: list[Entry], heard: list[dict[str, Any]], count: int) -> Response:
    """Return so many of the entries that were there before and of those that were heard of since, each once."""
    since = {one["number"]: one for one in heard}
    found = {entry.number: entry for entry in before}
    numbers = list(found | since)
    entries = (shapes.Entry(**(since.get(number) or found[number].summary())) for number in numbers[:count])
    return listing("entries", entries, met=len(numbers) >= count)


def _seen(operation: Operation, statuses: Mapping[int, int]) -> shapes.Seen:
    return shapes.Seen(
        operation=operation.name,
        method=operation.method,
        path=operation.path,
        documented=list(operation.responses),
        statuses={str(status): times for status, times in sorted(statuses.items())},
    )
