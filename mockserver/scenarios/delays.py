"""How long an answer waits: data only; the edge waits."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from ..messages import MAX_DELAY

Draw = Callable[[], float]
_P99 = 2.3263478740408408  # standard deviations below which 99 of 100 draws of a normal distribution lie


class Delay(Protocol):
    """How long an answer waits."""

    def seconds(self, draw: Draw) -> float:
        """Return this answer's wait; `draw` gives a number from 0 to below 1."""
        ...


@dataclass(frozen=True, slots=True)
class Fixed:
    """Always the same."""

    wait: float = 0.0

    def seconds(self, _draw: Draw) -> float:
        return self.wait


@dataclass(frozen=True, slots=True)
class Between:
    """Anything from one to the other, all alike."""

    low: float
    high: float

    def seconds(self, draw: Draw) -> float:
        return self.low + (self.high - self.low) * draw()


@dataclass(frozen=True, slots=True)
class LogNormal:
    """Mostly near the median, seldom long: one in a hundred takes `p99` or more, as servers do."""

    median: float
    p99: float

    def seconds(self, draw: Draw) -> float:
        from statistics import NormalDist  # noqa: PLC0415  (no start needs it)

        spread = math.log(self.p99 / self.median) / _P99
        drawn = NormalDist().inv_cdf(max(draw(), 2**-53))  # 0 itself would be minus infinity
        return min(self.median * math.exp(spread * drawn), MAX_DELAY)
