"""Says what keeps a request from being the one that a stub waits for; a match is "no differences"."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import translate
from typing import Any

from ..messages import Visit

MISSING: Any = type("Missing", (), {"__repr__": lambda _: "nothing"})()
_GLOB = re.compile(r"[*?\[]")
_SET = re.compile(r"\[([^!\]])[^\]]*\]")  # `[ab]` stands for its first character


class Matcher:
    """
    Waits for a request whose parts hold at least what is wanted.

    Texts are globs (`ps_*`, `?`, `[ab]`), other values are compared as JSON; mappings are subsets at every depth.
    """

    def __init__(self, wanted: Mapping[str, Any]) -> None:
        self._wanted = {part: _compile(part, value) for part, value in wanted.items() if value not in (None, {})}
        self._flat, self._nested = _sorted(self._wanted)

    def literal(self, part: str, name: str) -> str | None:
        """Return the only text that a value may have, or None when any or a glob may do."""
        glob = self._wanted.get(part, {}).get(name)
        return glob.text if isinstance(glob, _Glob) and not _GLOB.search(glob.text) else None

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


def _compile(part: str, value: Any) -> Any:
    """Return the wanted value with its texts as compiled globs; header names become lower case."""
    if isinstance(value, dict):
        return {key.lower() if part == "header" else key: _compile("", item) for key, item in value.items()}
    if isinstance(value, list):
        return [_compile("", item) for item in value]
    return _Glob(value, _fits(value)) if isinstance(value, str) else value


def _fits(glob: str) -> Callable[[str], Any]:
    """Return what tells whether a text fits a glob; for most of them, such as `ps_*`, that is how it begins."""
    begin = glob.removesuffix("*")
    if glob != begin and not _GLOB.search(begin):
        return lambda text: text.startswith(begin)
    return re.compile(translate(glob)).match


def _sorted(wanted: Mapping[str, Any]) -> tuple[list[tuple[str, str, Callable[[str], Any]]], dict[str, Any]]:
    """Return the globs that one value each has to fit, and the parts in which there is more to look at."""
    nested = {
        part: values
        for part, values in wanted.items()
        if part == "body" or not all(isinstance(value, _Glob) for value in values.values())
    }
    flat = [(part, name, glob.fits) for part in wanted if part not in nested for name, glob in wanted[part].items()]
    return flat, nested


def _all_differences(wanted: Mapping[str, Any], visit: Visit) -> Iterator[str]:
    for part, values in wanted.items():
        yield from _differences(part, values, visit.part(part))


def _example(wanted: Any) -> Any:
    if isinstance(wanted, dict):
        return {key: _example(value) for key, value in wanted.items()}
    if isinstance(wanted, list):
        return [_example(item) for item in wanted]
    if not isinstance(wanted, _Glob):
        return wanted
    return _SET.sub(lambda found: found[1], wanted.text).replace("*", "1").replace("?", "1")


def _differences(where: str, wanted: Any, got: Any) -> Iterator[str]:
    if isinstance(wanted, dict) and isinstance(got, Mapping):
        for key, value in wanted.items():
            yield from _differences(f"{where}.{key}", value, got.get(key, MISSING))
    elif isinstance(wanted, list) and isinstance(got, list) and len(wanted) == len(got):
        for index, value in enumerate(wanted):
            yield from _differences(f"{where}.{index}", value, got[index])
    elif isinstance(wanted, _Glob):
        if not (isinstance(got, str) and wanted.fits(got)):
            yield f"{where}: wanted {wanted.text!r}, got {got!r}"
    elif isinstance(wanted, (dict, list)) or json.dumps(wanted) != _dumps(got):
        yield f"{where}: wanted {_text(wanted)}, got {got!r}"


def _dumps(value: Any) -> str:
    return "" if value is MISSING else json.dumps(value)


def _text(wanted: Any) -> str:
    plain = json.dumps(wanted, default=lambda glob: glob.text)
    return plain if len(plain) < 200 else plain[:200] + "..."  # noqa: PLR2004  (one line of a log)
