"""Globs: what fits them, and that no glob takes long."""

import re
import time
from fnmatch import fnmatchcase
from random import Random

import pytest

from mockserver.globs import fitting

PARTS = ("a", "b", "*", "?", "[", "]", "!", "[ab]", "[!a]", "-", "[]a]", "[b-a]", "\n", "\\", ".")


def test_a_text_fits_a_glob_where_it_does_for_python() -> None:
    """On 20,000 globs and texts drawn from few characters, brackets that never close among them."""
    draw = Random(15)
    pairs = [
        (
            "".join(draw.choices(PARTS, k=draw.randint(0, 7))),
            "".join(draw.choices("ab]![-\n*?\\.", k=draw.randint(0, 6))),
        )
        for _ in range(20_000)
    ]
    fits = [fitting(glob)(text) for glob, text in pairs]

    assert [fnmatchcase(text, glob) for glob, text in pairs] == fits
    assert 500 < sum(fits)


@pytest.mark.parametrize(
    "glob", ["*a" * 499 + "*b", "*[a]" * 249 + "b", "*a?" * 300 + "c", "*" * 1000, "?*" * 500 + "b"]
)
def test_no_glob_takes_long(glob: str) -> None:
    """A thousand characters of stars over a path as long as a head may be: less than 50 ms, where a regular expression takes seconds."""
    fits = fitting(glob)
    began = time.thread_time()
    for _ in range(5):
        fits("a" * 16_000)

    assert 0.25 > time.thread_time() - began


def test_what_has_no_stars_is_compared_as_it_is() -> None:
    """A glob of plain characters fits itself alone, whatever regular expressions make of it."""
    assert [True, False] == [bool(fitting("a.b$")(text)) for text in ("a.b$", "axb$")]
    assert re.escape("a.b$") != "a.b$"
