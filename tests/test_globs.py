"""Globs: what fits them, and that no glob takes long."""

import re
import time
import tracemalloc
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


@pytest.mark.parametrize("glob", ["*a" * 490, "*[ab]" * 190, "?" * 980, "*" + "[ab]" * 240 + "*"])
def test_long_globs_are_not_kept(glob: str) -> None:
    """Fifty of a thousand characters, no two alike, take less than a megabyte once nobody holds them any more."""
    fitting(f"{glob}first*b")("x")
    tracemalloc.start()
    for number in range(50):
        fitting(f"{glob}{number}*b")("x")
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()

    assert 1_000_000 > kept


def test_what_is_between_two_stars_is_found_in_its_order() -> None:
    """Texts, and parts with any characters in them; one that is not there fits nothing."""
    assert [True, False, False] == [bool(fitting("*ab*c?d*")(text)) for text in ("xabcxdx", "xcxdab", "xabcd")]
