"""What the log says when something comes again and again: one line a second for each cause, and how many more there were."""

import json
import logging
from typing import Any

import pytest
from asking import ask_of

from mockserver import Settings
from mockserver.cli.log import MOST_CAUSES, OncePerSecond
from mockserver.edge.mock import Mock


class Written(logging.Handler):
    """Keeps what would be written."""

    def __init__(self) -> None:
        super().__init__()
        self.addFilter(OncePerSecond())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return what is written of a logger, and a clock to turn."""
    handler, now = Written(), [100.0]
    monkeypatch.setattr("mockserver.cli.log.time.monotonic", lambda: now[0])
    log = logging.getLogger("mockserver")
    log.addHandler(handler)
    yield handler.lines, now
    log.removeHandler(handler)


def fail(number: int) -> None:
    """Log an error that comes from one of two places."""
    try:
        if number % 2:
            json.loads("x")  # raised further down
        [][number]
    except (ValueError, IndexError):
        logging.getLogger("mockserver").exception("GET /%s could not be answered", number)


def test_one_cause_has_one_line_a_second(written: Any) -> None:
    """The same text, or an error from the same place; others have lines of their own, and the next one counts those before it."""
    lines, now = written
    log = logging.getLogger("mockserver")
    for number in range(100):
        log.warning("socket.accept() out of system resource")
        log.warning("%s has no route", f"/{number}", extra={"cause": "nowhere"})
        fail(number)
    now[0] += 1.1
    log.warning("socket.accept() out of system resource")
    fail(7)

    assert [
        "socket.accept() out of system resource",
        "/0 has no route",
        "GET /0 could not be answered",
        "GET /1 could not be answered",
        "socket.accept() out of system resource (and 99 more like it)",
        "GET /7 could not be answered (and 49 more like it)",
    ] == lines


def test_causes_are_forgotten(written: Any) -> None:
    """A thousand are remembered; what was said before them is said again."""
    lines, _ = written
    for number in (*range(MOST_CAUSES + 1), 0):
        logging.getLogger("mockserver").warning("cause %s", number)

    assert MOST_CAUSES + 2 == len(lines)


def test_a_flood_of_paths_without_a_route_is_no_flood_of_the_log(written: Any) -> None:
    """The first ten are told one by one, whoever asks for hundreds has the hint in each answer."""
    lines, _ = written
    ask = ask_of(Mock(Settings()).app)
    for number in range(300):
        assert "X-Mock-Hint".lower() in dict(ask("GET", f"/payment-collections/paycol_{number}").headers)

    assert 11 == len(lines)
