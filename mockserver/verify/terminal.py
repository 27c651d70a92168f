"""The report of a verification as people read it: a matrix, the scenarios, what failed, and the verdict."""

from collections.abc import Iterator

from rich.console import Console, RenderableType
from rich.markup import escape
from rich.table import Column, Table
from rich.text import Text

from .findings import Finding, Report

MARKS = {"seen": "[green]✓[/]", "forced only": "[cyan]f[/]", "never seen": "[dim]·[/]", "unreachable": "[dim]u[/]"}
LEGEND = "✓ seen   f only forced by a scenario   · never seen   u no client can reach it"
COLOURS = {"passed": "green", "failed": "bold red", "forced only": "dim"}


def show(report: Report, console: Console) -> None:
    """Print a report."""
    for part in _parts(report):
        console.print(part, soft_wrap=not isinstance(part, Table))  # a curl line is copied whole


def _parts(report: Report) -> Iterator[RenderableType]:
    yield _matrix(report)
    yield Text(LEGEND, style="dim")
    for reason, count in report.reasons:
        yield Text(f"u {count}: {reason}", style="dim")
    yield ""
    yield _cases(report)
    for finding in report.failures:
        yield from _failure(finding)
    for error in report.errors:
        yield Text(f"error: {error}", style="bold red")
    for operation, status in report.unseen:
        yield Text(f"never seen: {operation} {status}", style="bold red")
    known = [finding for finding in report.findings if finding.known]
    if known:
        yield "\nknown deviations, from the ledger:"
    for finding in known:
        assert finding.known  # noqa: S101
        yield escape(f"  {finding.place} {finding.check}: {finding.known.id}{finding.times}")
        yield escape(f"    {finding.known.real} ({finding.known.evidence})")
    if report.remarks:
        yield "\nnot in the contract, which does not forbid it:"
    for remark in report.remarks:
        yield Text(f"  {remark}")
    yield ""
    yield verdict(report)


def verdict(report: Report) -> Text:
    """Return the last line: what was asked, what failed, whether it conforms."""
    outcome = "does not conform" if report.failed else "conforms"
    if report.interrupted:
        outcome += ", as far as it was asked before it was interrupted"
    elif report.errors:
        outcome += ", as far as it could be asked"
    failed = len(report.failures) + sum(case.result == "failed" for case in report.cases)
    text = f"{report.url} {outcome}: exchanges {len(report.exchanges)}, failures {failed}, statuses missed {len(report.unseen)}"
    return Text(f"{text}, {report.seconds:.1f} s", style="green" if report.conforms else "bold red")


def _matrix(report: Report) -> Table:
    statuses = [Column(str(status), no_wrap=True, min_width=3) for status in report.statuses]
    table = Table(Column("operation", overflow="fold"), *statuses, box=None, pad_edge=False)
    for operation in report.operations:
        cells = [
            MARKS[report.mark(operation, status)] if status in operation.responses else "" for status in report.statuses
        ]
        table.add_row(operation.name, *cells)
    return table


def _cases(report: Report) -> Table:
    table = Table("scenario", "result", "", box=None, pad_edge=False)
    for case in report.cases:
        table.add_row(case.scenario, f"[{COLOURS[case.result]}]{case.result}[/]", escape(case.reason))
    return table


def _failure(finding: Finding) -> Iterator[RenderableType]:
    yield ""
    yield Text(f"{finding.place}: {finding.check}{finding.times}", style="bold red")
    yield escape(f"  {finding.message}")
    yield escape(f"  {finding.curl}")
