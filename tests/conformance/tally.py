"""Adds `--vectors FILE`, and the line that says how many recordings the mock agrees with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

RECORDED = Path(__file__).parent.parent / "vectors" / "payment_collections.jsonl"


class Tally:
    """Counts agreements and keeps a row for each disagreement."""

    def __init__(self) -> None:
        self.agreed: list[str] = []
        self.disagreed: dict[str, list[str]] = {}

    def lines(self) -> Iterator[str]:
        """Yield a row per disagreement, then the figure."""
        for name, reasons in sorted(self.disagreed.items()):
            yield f"{name}: {'; '.join(reasons)[:300]}"
        yield f"vectors: {len(self.agreed)} of {len(self.agreed) + len(self.disagreed)} agree"


TALLY = pytest.StashKey[Tally]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--vectors`."""
    parser.addoption(
        "--vectors", type=Path, default=RECORDED, help="recorded exchanges to replay, one JSON object a line"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Start counting."""
    config.stash[TALLY] = Tally()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the figure where recordings were replayed."""
    tally = config.stash[TALLY]
    if tally.agreed or tally.disagreed:
        terminalreporter.ensure_newline()
        for line in tally.lines():
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def tally(request: pytest.FixtureRequest) -> Tally:
    """Return the count of this run."""
    return request.config.stash[TALLY]
