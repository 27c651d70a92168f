"""Time as the mock tells it."""

import time

import pytest

from mockserver import MockServerError
from mockserver.clock import Clock, isoformat

INSTANT = 1_704_513_440_000  # 2024-01-06T03:57:20Z


@pytest.mark.parametrize(
    "text",
    ["2024-01-06T03:57:20Z", "2024-01-06T03:57:20", "2024-01-06 03:57:20.000", "2024-01-06T05:57:20+02:00"],
)
def test_a_clock_that_stands(text: str) -> None:
    """ISO 8601 with an offset, or UTC without one; it stays there."""
    clock = Clock.at(text)

    assert [INSTANT, INSTANT] == [clock.now(), clock.now()]


def test_a_clock_that_runs() -> None:
    """Without a time it is the machine's."""
    before = time.time_ns() // 1_000_000

    assert before <= Clock().now() <= time.time_ns() // 1_000_000


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("soon", "clock: 'soon' is not a time such as '2024-01-06T03:57:20Z'"),
        ("", "clock: '' is not a time such as"),
        ("1969-12-31", "clock: '1969-12-31' is not a time from 1970 to 9998"),
        ("9999-01-01", "clock: '9999-01-01' is not a time from 1970 to 9998"),
    ],
)
def test_what_is_no_time(text: str, message: str) -> None:
    """What cannot be a time in an answer is refused at the start."""
    with pytest.raises(MockServerError, match=message):
        Clock.at(text)


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [(INSTANT, "2024-01-06T03:57:20.000Z"), (INSTANT + 7, "2024-01-06T03:57:20.007Z"), (0, "1970-01-01T00:00:00.000Z")],
)
def test_times_have_milliseconds_and_z(milliseconds: int, text: str) -> None:
    """Always three digits and Z, as Medusa writes them (SERVER.md 2)."""
    assert text == isoformat(milliseconds)
