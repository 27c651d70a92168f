"""Time as the mock tells it: milliseconds, UTC, and fixed where a test wants it fixed."""

import time
from datetime import UTC, datetime

from .errors import MockServerError

MIN_YEAR, MAX_YEAR = 1970, 9998  # ULIDs count from 1970; a session's cookie outlives the clock by hours


class Clock:
    """A clock that runs, or that stands still at one instant."""

    def __init__(self, fixed: int | None = None) -> None:
        self._fixed = fixed

    @classmethod
    def at(cls, text: str) -> "Clock":
        """Return a clock that stands at an ISO 8601 time; raise MockServerError when it is none."""
        try:
            instant = datetime.fromisoformat(text)
        except ValueError:
            raise MockServerError(f"clock: {text!r} is not a time such as '2024-01-06T03:57:20Z'") from None
        if not MIN_YEAR <= instant.year <= MAX_YEAR:
            raise MockServerError(f"clock: {text!r} is not a time from {MIN_YEAR} to {MAX_YEAR}")
        if instant.tzinfo is None:
            instant = instant.replace(tzinfo=UTC)
        return cls(round(instant.timestamp() * 1000))

    def now(self) -> int:
        """Return the milliseconds since 1970."""
        return time.time_ns() // 1_000_000 if self._fixed is None else self._fixed


def isoformat(milliseconds: int) -> str:
    """Return a time as Medusa writes it, always three digits and Z: `2024-01-06T03:57:20.000Z` (SERVER.md 2)."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:03d}Z"
