"""The report of a verification as one page that needs nothing else."""

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from statistics import median, quantiles

from .findings import Finding, Report
from .terminal import verdict

STYLE = """
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 72rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { text-align: left; overflow-wrap: normal; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #8884; vertical-align: top; }
pre { overflow-x: auto; padding: .75rem; background: #8882; border-radius: .25rem; }
.yes { color: #197a3b; } .no { color: #c02626; font-weight: bold; } .dim { opacity: .65; }
@media (prefers-color-scheme: dark) { .yes { color: #6fd08c; } .no { color: #ff8a80; } }
"""
MARKS = {
    "seen": ("yes", "seen"),
    "forced only": ("dim", "forced"),
    "never seen": ("dim", "never"),
    "unreachable": ("dim", "unreachable"),
}
COLOURS = {"passed": "yes", "failed": "no", "forced only": "dim"}


def write(report: Report, path: Path) -> None:
    """Write the page."""
    path.write_text("\n".join(_page(report)), encoding="utf-8", errors="replace")


def _page(report: Report) -> Iterator[str]:
    title = f"mockserver verify {report.url}"
    yield '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    yield f"<title>{escape(title)}</title><style>{STYLE}</style><h1>{escape(title)}</h1>"
    yield f"<p class={'yes' if report.conforms else 'no'}>{escape(verdict(report).plain)}</p>"
    yield "<h2>Operations and documented statuses</h2>"
    yield from _table(["operation", *map(str, report.statuses), "median ms", "95th"], _matrix(report))
    yield from (f'<p class="dim">{count} unreachable: {escape(reason)}</p>' for reason, count in report.reasons)
    yield "<h2>Failures</h2>" if report.failures or report.errors or report.unseen else "<h2>No failures</h2>"
    for finding in report.failures:
        yield from _failure(finding)
    for error in report.errors:
        yield f'<p class="no">{escape(error)}</p>'
    for operation, status in report.unseen:
        yield f'<p class="no">{escape(str(operation))} never answered {status}, which is documented and was required</p>'
    yield "<h2>Scenarios</h2>"
    rows = (
        [_cell(c.scenario), _cell(c.result, COLOURS[c.result]), _cell(c.reason or c.description)] for c in report.cases
    )
    yield from _table(["scenario", "result", ""], rows)
    yield from _known(report)
    if report.remarks:
        yield "<h2>Not in the contract, which does not forbid it</h2>"
        rows = ([_cell(one.field), _cell(str(one.count)), _cell(", ".join(one.places))] for one in report.remarks)
        yield from _table(["field", "answers", "where"], rows)


def _matrix(report: Report) -> Iterator[list[str]]:
    for operation in report.operations:
        marks = [
            MARKS[report.mark(operation, status)] if status in operation.responses else ("", "")
            for status in report.statuses
        ]
        times = [one.seconds * 1000 for one in report.exchanges if one.operation.id == operation.id]
        yield [_cell(operation.name), *(_cell(text, style) for style, text in marks), *map(_cell, _timings(times))]


def _timings(times: Sequence[float]) -> tuple[str, str]:
    if len(times) < 2:  # noqa: PLR2004  (a quantile needs two)
        return "", ""
    return f"{median(times):.1f}", f"{quantiles(times, n=20)[-1]:.1f}"


def _failure(finding: Finding) -> Iterator[str]:
    yield f"<h3>{escape(finding.operation.name)} {finding.status}: {escape(finding.check + finding.times)}</h3>"
    yield f"<p>{escape(finding.message)}</p><pre>{escape(finding.curl)}</pre>"


def _known(report: Report) -> Iterator[str]:
    known = [(finding, finding.known) for finding in report.findings if finding.known]
    if known:
        yield "<h2>Known deviations</h2>"
        rows = [
            [
                _cell(f"{f.operation} {f.status}"),
                _cell(f.check),
                _cell(k.id),
                _cell(f"{k.real} {k.why}"),
                _cell(k.evidence),
            ]
            for f, k in known
        ]
        yield from _table(["where", "check", "entry", "what and why", "evidence"], rows)


def _table(heads: Sequence[str], rows: Iterator[list[str]] | list[list[str]]) -> Iterator[str]:
    yield f"<table><tr>{''.join(f'<th>{escape(head)}</th>' for head in heads)}</tr>"
    for row in rows:
        yield f"<tr>{''.join(row)}</tr>"
    yield "</table>"


def _cell(text: str, style: str = "") -> str:
    return f'<td class="{style}">{escape(text)}</td>' if style else f"<td>{escape(text)}</td>"
