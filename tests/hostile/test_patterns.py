"""No regular expression of the product takes longer than its text is long: one that tries again and again holds the event loop."""

import re
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from holding import MOST

import mockserver

ROOT = Path(mockserver.__file__).parent
LENGTH = (
    16_384  # as long as a head can be; what comes in bodies is longer, and what is twice as bad is seen here already
)
UNITS = (
    *(
        "1",
        "a",
        "A",
        "e",
        "Z",
        "é",
        "\u2028",
        " ",
        "\t",
        "\n",
        "_",
        "-",
        ".",
        ",",
        ";",
        ":",
        "=",
        "/",
        "\\",
        '"',
        "'",
        "%",
    ),
    *(
        "[",
        "]",
        "{",
        "}",
        "(",
        "<",
        "&",
        "*",
        "?",
        "#",
        "+",
        "@",
        "1.",
        "a ",
        "a_",
        "a.",
        "a:",
        "a=",
        "a;",
        "; ",
        "ey-",
        "0x",
    ),
    *('"a', "'a", '\\"', "\\\\", "\\u", "[a", "{a", "a/", "%2", "1-", "a@", "ab ", ", ", '":', "\ud800"),
)
ENDS = ("", "!", "\0", " !", "x")
SHORT = {"globs.py _STAR_OR_SET": 1000, "scenarios/matchers.py _SET": 1000}  # no glob is longer
USE = re.compile(r"\b(_?[A-Z][A-Z_]*)\.(search|match|fullmatch|sub|subn|findall|finditer|split)\b")


def used() -> Iterator[Any]:
    """Yield each pattern that a module of the product names, with each way in which its source asks it."""
    for path in sorted(ROOT.rglob("*.py")):
        source = path.read_text()
        names = set(USE.findall(source))
        if not names:
            continue
        module = import_module(".".join(["mockserver", *path.relative_to(ROOT).with_suffix("").parts]))
        for name, way in sorted(names):
            pattern = getattr(module, name, None)
            if isinstance(pattern, re.Pattern):
                where = f"{path.relative_to(ROOT)} {name}"
                yield pytest.param(pattern, way, SHORT.get(where, LENGTH), id=f"{where} {way}")


def seconds(pattern: re.Pattern[Any], way: str, text: Any) -> float:
    """Return how long a pattern takes for a text."""
    began = time.thread_time()
    found = getattr(pattern, way)(*([text[:0]] if way.startswith("sub") else []), text)
    if way == "finditer":
        list(found)
    return time.thread_time() - began


@pytest.mark.slow
@pytest.mark.parametrize(("pattern", "way", "length"), list(used()))
def test_a_pattern_looks_at_no_character_again_and_again(pattern: re.Pattern[Any], way: str, length: int) -> None:
    """Whatever short text is repeated, and whatever ends it."""
    for unit in UNITS:
        for end in ENDS:
            text: Any = unit * (length // len(unit)) + end
            if isinstance(pattern.pattern, bytes):
                text = text.encode(errors="replace")
            assert seconds(pattern, way, text) < MOST or min(seconds(pattern, way, text) for _ in range(3)) < MOST, (
                unit,
                end,
            )


def test_patterns_are_found() -> None:
    """Some fifty; those of validators and of the edge among them."""
    ids = [one.id for one in used()]

    assert len(ids) > 40
    assert "operations/shared/javascript.py _DECIMAL fullmatch" in ids
    assert "edge/sending.py _EXPECTED search" in ids
