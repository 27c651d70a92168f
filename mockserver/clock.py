"""Time as the mock tells it: milliseconds, UTC, and fixed where a test wants it fixed."""

import re
import time
from datetime import UTC, datetime, timedelta

from .errors import MockServerError

MIN_YEAR, MAX_YEAR = 1970, 9998  # ULIDs count from 1970; a session's cookie outlives the clock by hours
_DURATION = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)(ms|s|m|h|d)")
_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400}
_FIRST, _LAST = (round(datetime(year, 1, 1, tzinfo=UTC).timestamp() * 1000) for year in (MIN_YEAR, MAX_YEAR + 1))


class Clock:
    """A clock that runs, perhaps ahead of the real time or behind it, or that stands still at one instant."""

    def __init__(self, fixed: int | None = None, ahead: int = 0) -> None:
        self._fixed = fixed
        self._ahead = ahead

    @classmethod
    def at(cls, text: str) -> "Clock":
        """Return a clock that stands at an ISO 8601 time; raise MockServerError when it is none."""
        return cls(instant(text))

    def now(self) -> int:
        """Return the milliseconds since 1970."""
        return _real() + self._ahead if self._fixed is None else self._fixed

    @property
    def is_frozen(self) -> bool:
        return self._fixed is not None

    def set(self, milliseconds: int) -> None:
        """Tell another time from now on; one that stands stands there; raise MockServerError for one out of range."""
        if not _FIRST <= milliseconds < _LAST:
            raise MockServerError(f"clock: that is not a time from {MIN_YEAR} to {MAX_YEAR}")
        if self._fixed is None:
            self._ahead = milliseconds - _real()
        else:
            self._fixed = milliseconds

    def freeze(self) -> None:
        """Stand still."""
        self._fixed = self.now()

    def run(self) -> None:
        """Run on from the time it is."""
        self._ahead, self._fixed = self.now() - _real(), None

    def copy(self) -> "Clock":
        """Return a clock of its own that tells the same time."""
        return Clock(self._fixed, self._ahead)


def instant(text: str) -> int:
    """Return an ISO 8601 time, UTC where it says no zone, as milliseconds; raise MockServerError when it is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise MockServerError(f"clock: {text!r} is not a time such as '2024-01-06T03:57:20Z'") from None
    if found.tzinfo is None:
        found = found.replace(tzinfo=UTC)
    time = (found - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    if not _FIRST <= time < _LAST:  # in UTC, whatever year it is in its zone
        raise MockServerError(f"clock: {text!r} is not a time from {MIN_YEAR} to {MAX_YEAR}")
    return time


def seconds_of(text: str) -> float:
    """Return a duration such as `300ms`, `1.5s`, `10m`, `2h`, `1d` in seconds; raise MockServerError when it is none."""
    found = _DURATION.fullmatch(text)
    if not found:
        raise MockServerError(f"{text!r} is not a duration such as '300ms', '1.5s' or '10m'")
    return float(found[1]) * _UNITS[found[2]]


def isoformat(milliseconds: int) -> str:
    """Return a time as Medusa writes it, always three digits and Z: `2024-01-06T03:57:20.000Z` (tests/facts/server.md 2)."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:03d}Z"


def _real() -> int:
    return time.time_ns() // 1_000_000
