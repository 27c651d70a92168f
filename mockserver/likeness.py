"""Tells how alike texts are, to say what was probably meant: within a bound, as anybody may have written them."""

from collections.abc import Iterable
from difflib import SequenceMatcher
from itertools import islice

LONGEST = 80  # characters of a text in which a slip is looked for
MOST_KNOWN = 2000  # texts that another is held against
STEPS = 200_000  # of some 60 nanoseconds: one for each character of a text against each of another
EACH = 300  # that two texts take, however short they are


class Likeness:
    """How alike texts are, from 0 to 1, which is remembered; once too many are compared, none is like another any more."""

    def __init__(self) -> None:
        self._left = STEPS
        self._known: dict[tuple[str, str], float] = {}

    def of(self, text: str, other: str, least: float) -> float:
        """Return how alike two texts are, 0 where that is less than `least`."""
        if text == other:
            return 1.0
        shorter, longer = sorted((len(text), len(other)))
        if longer > LONGEST or 2 * shorter < least * (shorter + longer):
            return 0.0
        if (text, other) not in self._known:
            self._left -= EACH + shorter * longer
            if self._left < 0:
                return 0.0
            self._known[text, other] = SequenceMatcher(None, text, other).ratio()
        alike = self._known[text, other]
        return alike if alike >= least else 0.0


def nearest(text: str, known: Iterable[str], least: float = 0.6) -> str | None:
    """Return the known text that is most like another, None where none is at `least` that much."""
    if len(text) > LONGEST:
        return None
    likeness = Likeness()
    promising = sorted(islice(known, MOST_KNOWN), key=lambda one: -_shared(text, one))  # the bound takes the others
    alike, found = max(((likeness.of(one, text, least), one) for one in promising), default=(0.0, ""))
    return found if alike else None


def _shared(text: str, other: str) -> int:
    """Return how many characters two texts share at their beginnings and at their ends."""
    found = 0
    for ends in (zip(text, other, strict=False), zip(reversed(text), reversed(other), strict=False)):
        for one, another in ends:
            if one != another:
                break
            found += 1
    return found
