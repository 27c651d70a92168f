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
    """Always three digits and Z, as Medusa writes them (tests/facts/server.md 2)."""
    assert text == isoformat(milliseconds)


def test_a_clock_that_is_set_runs_on() -> None:
    """It tells the new time and goes on from there; a copy of it does the same, and changes nothing of it."""
    clock = Clock()
    clock.set(INSTANT)
    copy = clock.copy()
    copy.set(0)

    assert INSTANT <= clock.now() < INSTANT + 10_000
    assert 0 <= copy.now() < 10_000
    assert not clock.is_frozen


def test_a_clock_that_is_frozen_stands_where_it_was() -> None:
    """It stands until it is set, and runs again from there."""
    clock = Clock()
    clock.set(INSTANT)
    clock.freeze()
    stands = clock.now()
    assert clock.is_frozen
    assert INSTANT <= stands == clock.now()
    clock.set(INSTANT)
    assert clock.now() == INSTANT == clock.copy().now()
    clock.run()

    assert INSTANT <= clock.now() < INSTANT + 10_000
    assert not clock.is_frozen


@pytest.mark.parametrize("milliseconds", [-1, 253_370_764_800_000])
def test_a_clock_cannot_be_set_beyond_its_years(milliseconds: int) -> None:
    """1970 to 9998, and nothing is changed."""
    clock = Clock(INSTANT)
    with pytest.raises(MockServerError, match="clock: that is not a time from 1970 to 9998"):
        clock.set(milliseconds)

    assert INSTANT == clock.now()
