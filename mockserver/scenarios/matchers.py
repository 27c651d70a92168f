"""Tells whether a request is the one that a stub waits for, and, to who asks why not, what differs."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any, NamedTuple

from ..globs import compiled as compiled_glob
from ..messages import Effort, Visit
from .comparisons import MISSING, VALUE, Comparison, Fits, compare, is_comparison, shortened
from .same import is_same

LONGEST_GOT = 500  # characters of what came that a sentence has
TEXTS = ("path", "query", "header")  # parts whose values are texts, whatever they look like
_GLOB = re.compile(r"[*?\[]")
_SET = re.compile(r"\[([^!\]])[^\]]*\]")  # `[ab]` stands for its first character


class Matcher:
    """
    Waits for a request whose parts hold at least what is wanted.

    Texts are globs (`ps_*`, `?`, `[ab]`), other values are compared as JSON; mappings are subsets at every depth, and
    comparisons where all their keys are words of comparing.
    """

    def __init__(self, wanted: Mapping[str, Any]) -> None:
        self._wanted = {part: _compile(part, value) for part, value in wanted.items() if value not in (None, {})}
        self._flat, self._nested = _sorted(self._wanted)

    def literal(self, part: str, name: str) -> str | None:
        """Return the only text that a value may have, or None when any or a glob may do."""
        glob = self._wanted.get(part, {}).get(name)
        return glob.text if isinstance(glob, _Glob) and not _GLOB.search(glob.text) else None

    def wants(self, part: str) -> bool:
        """Tell whether anything is wanted of a part."""
        return part in self._wanted

    def example(self, part: str) -> Any:
        """Return what a part of a request may be that matches: `ps_1` for the glob `ps_*`; {} where nothing is wanted."""
        return _example(self._wanted.get(part, {}))

    def matches(self, visit: Visit) -> bool:
        """Tell whether nothing differs, without putting anything into words; raise TooMuch where that is too much to look at."""
        for part, name, glob in self._flat:
            got = (visit.path if part == "path" else visit.part(part)).get(name)
            if not isinstance(got, str):
                return False
            if glob.steps:
                visit.effort.spend(len(got) * glob.steps)
            if not glob.fits(got):
                return False
        return not self._nested or all(fits(visit.part(part), visit.effort) for part, fits in self._nested)

    def failures(self, visit: Visit, effort: Effort) -> Iterator["Failure"]:
        """Yield every value that rules the request out; raise TooMuch where that is too much to look at."""
        return chain.from_iterable(
            failures(part, values, visit.part(part), effort) for part, values in self._wanted.items()
        )

    def differences(self, visit: Visit) -> Iterator[str]:
        """Return `path.session_id: wanted 'ps_1', got 'ps_2'` for every value that rules the request out."""
        return map(str, self.failures(visit, Effort()))


@dataclass(frozen=True, slots=True)
class _Glob:
    text: str
    fits: Callable[[str], Any]
    steps: int

    def fits_value(self, got: Any, effort: Effort) -> bool:
        """Tell whether a value is a text that fits; raise TooMuch where that is too long to look at."""
        if not isinstance(got, str):
            return False
        effort.spend(len(got) * self.steps)
        return bool(self.fits(got))


class Failure(NamedTuple):
    """
    A value that rules a request out: where it is, what is wanted there, and what came. As a text it is a sentence.

    `word` is what a comparison wants, in words.
    """

    where: str
    wanted: Any
    got: Any
    word: str = ""

    def __str__(self) -> str:
        return f"{self.where}: wanted {self.word or _said(self.wanted)}, got {_shown(self.got)}"


def _compile(part: str, wanted: Any) -> Any:
    """Return what is wanted of a part of a request, its names of headers in lower case."""
    if part not in TEXTS:
        return compiled(wanted)
    return {name.lower() if part == "header" else name: compiled(value, is_text=True) for name, value in wanted.items()}


def compiled(value: Any, *, is_text: bool = False) -> Any:
    """Return a wanted value with its texts as compiled globs and its comparisons prepared."""
    if is_comparison(value):
        return compare(value, lambda item: fitting(compiled(item, is_text=is_text)), is_text=is_text)
    if isinstance(value, dict):
        return {key: compiled(item) for key, item in value.items()}
    if isinstance(value, list):
        return [compiled(item) for item in value]
    if is_text and not isinstance(value, str):
        value = json.dumps(value)
    return _Glob(value, *compiled_glob(value)) if isinstance(value, str) else value


def _sorted(wanted: Mapping[str, Any]) -> tuple[list[tuple[str, str, _Glob]], list[tuple[str, Fits]]]:
    """Return the globs that one value each has to fit, and what holds against the parts in which there is more to look at."""
    nested = {
        part: fitting(values)
        for part, values in wanted.items()
        if part in ("body", "state") or not all(isinstance(value, _Glob) for value in values.values())
    }
    flat = [(part, name, glob) for part in wanted if part not in nested for name, glob in wanted[part].items()]
    return flat, list(nested.items())


def _example(wanted: Any) -> Any:
    if isinstance(wanted, dict):
        found = {key: _example(value) for key, value in wanted.items()}
        return {key: value for key, value in found.items() if value is not MISSING}
    if isinstance(wanted, list):
        return [_example(item) for item in wanted]
    if isinstance(wanted, Comparison):
        return wanted.example()
    if not isinstance(wanted, _Glob):
        return wanted
    return _SET.sub(lambda found: found[1], wanted.text).replace("*", "1").replace("?", "1")


def fitting(wanted: Any) -> Fits:
    """Return what tells whether a value is as it has to be, once what is wanted was `compiled`."""
    if isinstance(wanted, Comparison):
        return wanted.fits
    if isinstance(wanted, _Glob):
        return wanted.fits_value
    if isinstance(wanted, dict):
        return partial(_holds, [(key, fitting(value)) for key, value in wanted.items()])
    if isinstance(wanted, list):
        return partial(_consists, list(map(fitting, wanted)))
    return lambda got, _: is_same(wanted, got)


def _holds(wanted: list[tuple[str, Fits]], got: Any, effort: Effort) -> bool:
    """Tell whether a value is a mapping that holds what is wanted under each key."""
    if not isinstance(got, Mapping):
        return False
    effort.spend(VALUE * len(wanted))
    for key, fits in wanted:  # noqa: SIM110  (as in `Comparison.fits`)
        if not fits(got.get(key, MISSING), effort):
            return False
    return True


def _consists(wanted: list[Fits], got: Any, effort: Effort) -> bool:
    """Tell whether a value is a list of what is wanted."""
    if not isinstance(got, list) or len(wanted) != len(got):
        return False
    effort.spend(VALUE * len(wanted))
    return all(fits(item, effort) for fits, item in zip(wanted, got, strict=True))


def failures(where: str, wanted: Any, got: Any, effort: Effort) -> Iterator[Failure]:
    """Yield what rules a value out, as `where` calls it, once what is wanted was `compiled`."""
    if isinstance(wanted, Comparison):
        yield from (Failure(where, wanted, got, word) for word in wanted.failed(got, effort))
    elif isinstance(wanted, dict) and isinstance(got, Mapping):
        effort.spend(VALUE * len(wanted))
        for key, value in wanted.items():
            yield from failures(f"{where}.{key}", value, got.get(key, MISSING), effort)
    elif isinstance(wanted, list) and isinstance(got, list) and len(wanted) == len(got):
        effort.spend(VALUE * len(wanted))
        for index, value in enumerate(wanted):
            yield from failures(f"{where}.{index}", value, got[index], effort)
    elif isinstance(wanted, (dict, list)) or not fitting(wanted)(got, effort):
        yield Failure(where, wanted, got)


def _said(wanted: Any) -> str:
    """Return what is wanted in words."""
    if isinstance(wanted, _Glob):
        return shortened(repr(wanted.text))
    return shortened(json.dumps(wanted, default=_plainly))


def _plainly(compiled: Any) -> str:
    return compiled.text if isinstance(compiled, _Glob) else ", ".join(text for text, _ in compiled.tests)


def _shown(got: Any) -> str:
    """Return what `repr` does of what came, or its beginning, without going through all of it."""
    parts, length = [], 0
    for part in _parts(got):
        parts.append(part)
        length += len(part)
        if length > LONGEST_GOT:
            break
    return shortened("".join(parts), LONGEST_GOT)


def _parts(got: Any) -> Iterator[str]:
    """Yield the parts of what `repr` returns, none of which is much longer than what is shown."""
    if isinstance(got, dict):
        for index, (key, value) in enumerate(got.items()):
            yield f"{', ' if index else '{'}{key[:LONGEST_GOT]!r}: "
            yield from _parts(value)
        yield "}" if got else "{}"
    elif isinstance(got, list):
        for index, value in enumerate(got):
            yield ", " if index else "["
            yield from _parts(value)
        yield "]" if got else "[]"
    else:
        yield repr(got[: 2 * LONGEST_GOT] if isinstance(got, str) else got)
