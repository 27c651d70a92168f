"""Says what keeps a request from being the one that a stub waits for; a match is "no differences"."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from ..globs import fitting
from ..messages import Visit
from .comparisons import MISSING, Comparison, Fits, compare, is_comparison

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
        """Tell whether nothing differs, without putting anything into words."""
        for part, name, fits in self._flat:
            got = (visit.path if part == "path" else visit.part(part)).get(name)
            if got is None or not fits(got):
                return False
        return not self._nested or next(_all_differences(self._nested, visit), None) is None

    def differences(self, visit: Visit) -> Iterator[str]:
        """Return `path.session_id: wanted 'ps_1', got 'ps_2'` for every value that rules the request out."""
        return _all_differences(self._wanted, visit)


@dataclass(frozen=True, slots=True)
class _Glob:
    text: str
    fits: Callable[[str], Any]


def _compile(part: str, wanted: Any) -> Any:
    """Return what is wanted of a part of a request, its names of headers in lower case."""
    if part not in TEXTS:
        return compiled(wanted)
    return {name.lower() if part == "header" else name: compiled(value, is_text=True) for name, value in wanted.items()}


def compiled(value: Any, *, is_text: bool = False) -> Any:
    """Return a wanted value with its texts as compiled globs and its comparisons prepared."""
    if is_comparison(value):
        return compare(value, partial(_fitting, is_text=is_text), is_text=is_text)
    if isinstance(value, dict):
        return {key: compiled(item) for key, item in value.items()}
    if isinstance(value, list):
        return [compiled(item) for item in value]
    if is_text and not isinstance(value, str):
        value = json.dumps(value)
    return _Glob(value, fitting(value)) if isinstance(value, str) else value


def _fitting(value: Any, *, is_text: bool) -> Fits:
    """Return what tells whether a value is what is wanted."""
    wanted = compiled(value, is_text=is_text)
    return lambda got: next(differences("", wanted, got), None) is None


def _sorted(wanted: Mapping[str, Any]) -> tuple[list[tuple[str, str, Callable[[str], Any]]], dict[str, Any]]:
    """Return the globs that one value each has to fit, and the parts in which there is more to look at."""
    nested = {
        part: values
        for part, values in wanted.items()
        if part in ("body", "state") or not all(isinstance(value, _Glob) for value in values.values())
    }
    flat = [(part, name, glob.fits) for part in wanted if part not in nested for name, glob in wanted[part].items()]
    return flat, nested


def _all_differences(wanted: Mapping[str, Any], visit: Visit) -> Iterator[str]:
    for part, values in wanted.items():
        yield from differences(part, values, visit.part(part))


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


def differences(where: str, wanted: Any, got: Any) -> Iterator[str]:
    """Yield what rules a value out, as `where` calls it, once what is wanted was `compiled`."""
    if isinstance(wanted, Comparison):
        for text in wanted.failed(got):
            yield f"{where}: wanted {text}, got {got!r}"
    elif isinstance(wanted, dict) and isinstance(got, Mapping):
        for key, value in wanted.items():
            yield from differences(f"{where}.{key}", value, got.get(key, MISSING))
    elif isinstance(wanted, list) and isinstance(got, list) and len(wanted) == len(got):
        for index, value in enumerate(wanted):
            yield from differences(f"{where}.{index}", value, got[index])
    elif isinstance(wanted, _Glob):
        if not (isinstance(got, str) and wanted.fits(got)):
            yield f"{where}: wanted {wanted.text!r}, got {got!r}"
    elif isinstance(wanted, (dict, list)) or json.dumps(wanted) != _dumps(got):
        yield f"{where}: wanted {_text(wanted)}, got {got!r}"


def _dumps(value: Any) -> str:
    return "" if value is MISSING else json.dumps(value)


def _shown(compiled: Any) -> str:
    return compiled.text if isinstance(compiled, _Glob) else ", ".join(text for text, _ in compiled.tests)


def _text(wanted: Any) -> str:
    plain = json.dumps(wanted, default=_shown)
    return plain if len(plain) < 200 else plain[:200] + "..."  # noqa: PLR2004  (one line of a log)
