"""Adds `--vectors FILE` and `--journeys FILE`, and the lines that say how many recordings the mock agrees with."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Note = Callable[[str, list[str]], None]
JourneyNote = Callable[[str, list[bool]], None]
NOTED = "recorded exchange"
JOURNEY = "recorded journey"
RECORDED = Path(__file__).parent.parent / "vectors" / "payment_collections.jsonl"


class Tally:
    """Counts agreements and keeps a row for each disagreement."""

    def __init__(self) -> None:
        self.agreed: list[str] = []
        self.disagreed: dict[str, list[str]] = {}

    def note(self, name: str, reasons: list[str]) -> None:
        """Count one recording."""
        if reasons:
            self.disagreed[name] = reasons
        else:
            self.agreed.append(name)

    def lines(self) -> Iterator[str]:
        """Yield a row per disagreement, then the figure."""
        for name, reasons in sorted(self.disagreed.items()):
            yield f"{name}: {'; '.join(reasons)[:300]}"
        yield f"vectors: {len(self.agreed)} of {len(self.agreed) + len(self.disagreed)} agree"


_TALLY = Tally()
_JOURNEYS: dict[str, list[bool]] = {}  # by name, whether each exchange differs


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--vectors` and `--journeys`."""
    parser.addoption(
        "--journeys", type=Path, help="recorded journeys to replay instead of ours, one JSON object a line"
    )
    parser.addoption(
        "--vectors", type=Path, default=RECORDED, help="recorded exchanges to replay, one JSON object a line"
    )


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Count what a test noted, in whatever process it ran."""
    if report.when == "call":
        for key, value in report.user_properties:
            if key == NOTED:
                name, reasons = value
                _TALLY.note(name, reasons)
            elif key == JOURNEY:
                name, differ = value
                _JOURNEYS[name] = differ


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figure where recordings were replayed."""
    if _TALLY.agreed or _TALLY.disagreed:
        terminalreporter.ensure_newline()
        for line in _TALLY.lines():
            terminalreporter.write_line(line)
    if _JOURNEYS:
        exchanges = [differs for journey in _JOURNEYS.values() for differs in journey]
        whole = sum(not any(journey) for journey in _JOURNEYS.values())
        terminalreporter.ensure_newline()
        terminalreporter.write_line(
            f"journeys: {exchanges.count(False)} of {len(exchanges)} exchanges agree, {whole} of {len(_JOURNEYS)} journeys whole"
        )


@pytest.fixture
def tally(record_property: Callable[[str, object], None]) -> Note:
    """Return a function that notes a recording, and why the mock does not agree with it."""
    return lambda name, reasons: record_property(NOTED, (name, reasons))


@pytest.fixture
def journeys(record_property: Callable[[str, object], None]) -> JourneyNote:
    """Return a function that notes a journey, and which of its exchanges differ."""
    return lambda name, differ: record_property(JOURNEY, (name, differ))
