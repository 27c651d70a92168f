"""Checks a server, mock or real, against the contract and the scenarios."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from ..contract import Contract, Operation
from ..errors import MockServerError, unknown
from ..realserver.ledger import Deviation, ledger
from ..realserver.target import CLOCK, Target, target
from ..scenarios import Scenario, scenarios_of, shipped_scenarios
from ..settings import Settings
from .cases import Player
from .findings import Finding, Report
from .fuzzing import Fuzzed, fuzz
from .options import Options

__all__ = ["Options", "Report", "verify"]


def verify(url: str | None, options: Options, progress: Callable[[int], None] = lambda _count: None) -> Report:
    """Check the server at a URL, or a mock of our own; raise MockServerError when that cannot be done."""
    contract, begin = Contract(), time.perf_counter()
    required = _required(options.require, contract.operations)
    report = Report(url or "the mock itself", contract.operations)
    scenarios = _chosen(options)
    fuzzed = Fuzzed()
    with target(url, options.headers, Settings(clock=CLOCK, scenarios=tuple(options.scenarios))) as server:
        player = Player(contract, server, options.supply)
        try:
            report.cases.extend(player.play(scenarios))
            if server.is_mock:
                player.force_every_status()
            fuzz(contract, server, options, progress, fuzzed)
        except KeyboardInterrupt:
            fuzzed.interrupted = True
    report.exchanges = player.exchanges + fuzzed.exchanges
    report.errors, report.interrupted = fuzzed.errors, fuzzed.interrupted
    report.findings = _distinct(fuzzed.findings)
    if not options.strict:
        report.findings = [_explained(finding) for finding in report.findings]
        report.stale = [] if report.interrupted else _stale(report.findings, server)
    report.unseen = [one for one in required if report.seen(*one) == "never seen"]
    report.seconds = time.perf_counter() - begin
    return report


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
    """Return one finding for each operation, status, check and message, the first."""
    first: dict[tuple[str, int, str, str], Finding] = {}
    for finding in findings:
        first.setdefault(finding.key, finding)
    return list(first.values())


def _explained(finding: Finding) -> Finding:
    """Return a finding with the first entry of the ledger that explains it, if one does."""
    explains = (one for one in ledger() if one.explains(finding.operation.id, finding.status, finding.check))
    return replace(finding, known=next(explains, None))


def _stale(findings: Iterable[Finding], server: Target) -> list[Deviation]:
    """Return the entries that say a check fails, though none of these findings is one of them."""
    used = {finding.known.id for finding in findings if finding.known}
    return [
        entry
        for entry in ledger()
        if entry.checks and entry.id not in used and (entry.mock == "real" or not server.is_mock)
    ]
