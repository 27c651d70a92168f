"""Globs, as Python's `fnmatch` reads them, compared in a time that grows with the text alone, whatever the glob."""

import re
from collections.abc import Callable
from fnmatch import translate
from functools import lru_cache
from typing import NamedTuple

LONGEST_KEPT = 100  # characters of a glob that is remembered once compiled, which may take a hundred bytes for each
_STAR_OR_SET = re.compile(r"\*+|\[!?\]?[^\]]*\]|.", re.DOTALL)
_MAGIC = re.compile(r"[*?\[]")
_SOME = re.compile(r"[?\[]")  # what makes a part of a glob more than a text


class Glob(NamedTuple):
    """What tells whether a text fits, and how many steps each character of the text takes for that, at most."""

    fits: Callable[[str], bool]
    steps: int


def fitting(glob: str) -> Callable[[str], bool]:
    """Return what tells whether a text fits a glob: `*` is any text, `?` any character, `[ab]` and `[!ab]` one of some."""
    return compiled(glob).fits


def compiled(glob: str) -> Glob:
    """Return what tells whether a text fits a glob, and what that takes: no step where only an end of the text is looked at."""
    if is_plain(glob):
        return Glob(glob.__eq__, 0)
    begin = glob.removesuffix("*")
    if glob != begin and is_plain(begin):  # most are, such as `ps_*`
        return Glob(lambda text: text.startswith(begin), 0)
    return _kept(glob) if len(glob) <= LONGEST_KEPT else _in_pieces(glob)


def is_plain(text: str) -> bool:
    """Tell whether a glob is a text that fits itself alone."""
    return not _MAGIC.search(text)


def _in_pieces(glob: str) -> Glob:
    pieces = _Pieces(glob)
    return Glob(pieces.fits, pieces.steps)


_kept = lru_cache(maxsize=256)(_in_pieces)


class _Pieces:
    """
    The parts of a glob between its stars, each of which is looked for behind the one before.

    The first place where one fits is always good enough, so nothing is ever tried twice, as a regular expression would.
    """

    def __init__(self, glob: str) -> None:
        pieces: list[list[str]] = [[]]
        for token in _STAR_OR_SET.findall(glob):
            if token[0] == "*":
                pieces.append([])
            else:
                pieces[-1].append(token)
        self._first = _pattern(pieces[0]), len(pieces[0])
        self._last = (_pattern(pieces[-1]), len(pieces[-1])) if len(pieces) > 1 else None
        middle = pieces[1:-1]
        self._middle = [_finding(piece) for piece in middle]
        self.steps = max([1, *(5 + 2 * len(piece) for piece in middle if _SOME.search("".join(piece)))])

    def fits(self, text: str) -> bool:
        """Tell whether a text begins with the first part, ends with the last one, and has the others between them."""
        found = self._first[0].match(text)
        if found is None:
            return False
        if self._last is None:
            return len(text) == self._first[1]
        place = found.end()
        for find in self._middle:
            place = find(text, place)
            if place < 0:
                return False
        piece, length = self._last
        return len(text) - length >= place and piece.match(text, len(text) - length) is not None


def _pattern(piece: list[str]) -> re.Pattern[str]:
    return re.compile(translate("".join(piece))[: -len(r"\Z")])


def _finding(piece: list[str]) -> Callable[[str, int], int]:
    """Return what tells where the first text ends, from a place on, that fits a part of a glob; -1 where none does."""
    wanted = "".join(piece)
    if _SOME.search(wanted):
        search = _pattern(piece).search
        return lambda text, place: -1 if (found := search(text, place)) is None else found.end()
    return lambda text, place: -1 if (found := text.find(wanted, place)) < 0 else found + len(wanted)
