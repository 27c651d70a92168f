"""Globs, as Python's `fnmatch` reads them, compared in a time that grows with the text alone, whatever the glob."""

import re
from collections.abc import Callable
from fnmatch import translate
from functools import lru_cache

_STAR_OR_SET = re.compile(r"\*+|\[!?\]?[^\]]*\]|.", re.DOTALL)
_MAGIC = re.compile(r"[*?\[]")


@lru_cache(maxsize=1024)
def fitting(glob: str) -> Callable[[str], bool]:
    """Return what tells whether a text fits a glob: `*` is any text, `?` any character, `[ab]` and `[!ab]` one of some."""
    if not _MAGIC.search(glob):
        return glob.__eq__
    begin = glob.removesuffix("*")
    if glob != begin and not _MAGIC.search(begin):  # most are, such as `ps_*`
        return lambda text: text.startswith(begin)
    return _Pieces(glob).fits


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
        first, *middle = [(re.compile(translate("".join(piece))[: -len(r"\Z")]), len(piece)) for piece in pieces]
        self._first = first
        self._last = middle.pop() if middle else None
        self._middle = [piece.search for piece, _ in middle]

    def fits(self, text: str) -> bool:
        """Tell whether a text begins with the first part, ends with the last one, and has the others between them."""
        found = self._first[0].match(text)
        if found is None:
            return False
        if self._last is None:
            return len(text) == self._first[1]
        place = found.end()
        for search in self._middle:
            found = search(text, place)
            if found is None:
                return False
            place = found.end()
        piece, length = self._last
        return len(text) - length >= place and piece.match(text, len(text) - length) is not None
