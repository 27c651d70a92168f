"""Checks a server, mock or real, against the contract and the scenarios."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from ..contract import Operation, packaged
from ..errors import MockServerError, unknown
from ..realserver.target import CLOCK, target
from ..scenarios import Scenario, scenarios_of, shipped_scenarios
from ..settings import Settings
from .cases import Player
from .chosen import chosen
from .findings import Finding, Remark, Report
from .fuzzing import Fuzzed, fuzz
from .options import Options
from .standing import stand
from .unreachable import unreachable

WELL = range(
    200, 500
)  # an operation that never answers so, nor succeeds in a scenario, has a cause that no known deviation is

__all__ = ["Options", "Report", "verify"]


def verify(url: str | None, options: Options, progress: Callable[[int], None] = lambda _count: None) -> Report:
    """Check the server at a URL, or a mock of our own; raise MockServerError when that cannot be done."""
    contract, begin = packaged(), time.perf_counter()
    operations = chosen(contract, options.operations)
    required = _required(options.require, operations)
    report = Report("the mock itself", operations)
    report.unreachable = unreachable(contract)
    scenarios = _chosen(options)
    fuzzed, is_open = Fuzzed(), False
    with target(url, options.access, Settings(clock=CLOCK, scenarios=tuple(options.scenarios))) as server:
        report.url = server.url if url else report.url
        player = Player(contract, server, options.supply, operations)
        try:
            report.cases.extend(player.play(scenarios))
            player.send_what_nobody_reads()
            if server.is_mock:
                player.force_every_status()
                player.provoke()
            if server.sandbox:
                is_open = stand(server, server.sandbox) is not None
            fuzz(contract, server, options, progress, fuzzed)
        except KeyboardInterrupt:
            fuzzed.interrupted = True
    report.exchanges = player.exchanges + fuzzed.exchanges
    report.errors, report.interrupted = fuzzed.errors, fuzzed.interrupted
    well = {
        one.operation.id
        for one in report.exchanges
        if one.status in (WELL if not one.forced else (one.operation.success,)) and not (one.unread or options.strict)
    }
    explained = [replace(one, known=one.explanation) if one.operation.id in well else one for one in fuzzed.findings]
    report.findings = _by_cause(_distinct(explained))
    report.remarks = [
        Remark(name, count.total(), tuple(sorted(count))) for name, count in sorted(fuzzed.undocumented.items())
    ]
    report.unseen = [one for one in required if _is_missing(report, *one, options.require, is_open=is_open)]
    report.seconds = time.perf_counter() - begin
    return report


def _is_missing(report: Report, operation: Operation, status: int, wanted: Sequence[str], *, is_open: bool) -> bool:
    """
    Tell whether a status that must be seen was not.

    Where all must be, one counts that no client can reach, and one that was only forced does not, on a mock that can be
    given what leads to it.
    """
    if str(status) in wanted:
        return report.seen(operation, status) == "never seen"
    mark = report.mark(operation, status)
    return mark == "never seen" or (mark == "forced only" and is_open)


def _chosen(options: Options) -> Mapping[str, Scenario]:
    """Return the scenarios to play; raise MockServerError for one that is not there."""
    known = scenarios_of([shipped_scenarios(), *options.scenarios])
    for name in options.cases:
        if name not in known:
            raise MockServerError(unknown("scenario", name, list(known)))
    return {name: scenario for name, scenario in known.items() if name in (options.cases or known)}


def _required(wanted: Sequence[str], operations: Sequence[Operation]) -> list[tuple[Operation, int]]:
    """Return the documented statuses that must be seen; raise MockServerError for one that is not documented at all."""
    known = {str(status) for operation in operations for status in operation.responses}
    for one in wanted:
        if one != "all" and one not in known:
            raise MockServerError(f"--require: {one!r} is no documented status; known: all, {', '.join(sorted(known))}")
    return [
        (operation, status)
        for operation in operations
        for status in operation.responses
        if "all" in wanted or str(status) in wanted
    ]


def _distinct(findings: Iterable[Finding]) -> list[Finding]:
    """Return one finding for each operation, status, check, message and explanation, the first, with the count of all."""
    first: dict[tuple[str, ...], Finding] = {}
    for finding in findings:
        known = first.setdefault(finding.key, replace(finding, count=0))
        first[finding.key] = replace(known, count=known.count + 1)
    return list(first.values())


def _by_cause(findings: Iterable[Finding]) -> list[Finding]:
    """Return one finding for all places where the same check fails in the same words."""
    first: dict[tuple[str, str, str], Finding] = {}
    for finding in findings:
        cause = finding.check, finding.message, finding.known.id if finding.known else ""
        if cause in first:
            one = first[cause]
            places = (*one.others, finding.place) if finding.place != one.place else one.others
            first[cause] = replace(one, count=one.count + finding.count, others=tuple(dict.fromkeys(places)))
        else:
            first[cause] = finding
    return list(first.values())
