"""Real ids for path parameters: random ones only ever collect 404s."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from ..errors import MockServerError, unknown
from ..scenarios.source import Unreadable, Where, parse, read
from .commands import run

Values = Mapping[str, str]
SHAPE = '[{"id": "paycol_1", "session_id": "ps_1"}, ...]'
KEYS = ("id", "session_id", "scenario")
MOST_PROBLEMS = 20
PATIENCE = 300  # seconds for a set-up command


class Supply:
    """
    Hands out sets of values in turn: from a file again and again, from a command fresh ones whenever all are used.

    A set may name a `scenario`: its data then bring the server into that situation, and serve for nothing else.
    """

    def __init__(self, more: Callable[[], Sequence[Values]] | None = None, *, again: bool = False) -> None:
        self._more = more
        self._again = again
        self._sets: list[Values] = []
        self._labelled: dict[str, list[Values]] = {}
        self._filled = False

    def __bool__(self) -> bool:
        return self._more is not None

    def next(self) -> Values:
        """Return the next set; raise MockServerError when the command fails, or nothing unlabelled is left."""
        if not self._sets:
            self._fill()
        if not self._sets:
            raise MockServerError(f"no set of values is left that names no scenario; expected {SHAPE}")
        return self._sets.pop(0)

    def labelled(self, scenario: str) -> Values | None:
        """Return a set that names a scenario, or None."""
        if not self._filled and self:
            self._fill()
        found = self._labelled.get(scenario)
        return found.pop(0) if found else None

    def _fill(self) -> None:
        if self._more is None or (self._filled and not self._again):
            return
        self._filled = True
        for one in self._more():
            name = one.get("scenario")
            if name is None:
                self._sets.append(one)
            else:
                self._labelled.setdefault(name, []).append(one)


def from_file(path: Path, scenarios: Callable[[], Sequence[str]]) -> Supply:
    """
    Return the sets in a YAML or JSON file, in turn; `scenarios` returns the names that a set may say.

    Raises MockServerError with file and line for all that is no list of sets.
    """
    try:
        source = parse(read(path), path)
    except OSError as error:
        raise MockServerError(f"--given {path}: cannot be read: {error.strerror}") from None
    except Unreadable as error:
        raise MockServerError(f"--given {path}:{error.line}: {error}") from None
    problems = list(islice(_problems(source.value, scenarios), MOST_PROBLEMS))
    if problems:
        raise MockServerError("\n".join(f"--given {path}:{source.line(where)}: {text}" for where, text in problems))
    return Supply(lambda: source.value, again=True)


def _problems(content: Any, scenarios: Callable[[], Sequence[str]]) -> Iterator[tuple[Where, str]]:
    """Yield place and sentence for each mistake in a file of sets."""
    if not isinstance(content, list) or not content:
        kind = "a mapping" if isinstance(content, dict) else "empty" if not content else repr(content)
        yield (), f"is {kind}, where a list of sets is expected: {SHAPE}"
        return
    for index, one in enumerate(content):
        if not isinstance(one, dict):
            yield (index,), f"{one!r} is not a set of values per path parameter; expected {SHAPE}"
            continue
        if "id" not in one:
            yield (index,), f"a set has no `id`; expected {SHAPE}"
        for key, value in one.items():
            if key not in KEYS:
                yield (index, key), unknown("key", key, list(KEYS))
            elif not isinstance(value, str) or not value:
                yield (index, key), f"{key} is {value!r}, where a text is expected"
            elif key == "scenario" and value not in (known := scenarios()):
                yield (index, key), unknown("scenario", value, list(known))


def from_command(command: str) -> Supply:
    """Return the sets that a command prints as JSON; a line for `sh` (elsewhere one program), run whenever more are needed."""
    return Supply(lambda: _printed(command), again=True)


def _printed(command: str) -> Sequence[Values]:
    """Run a command; raise MockServerError when it fails or prints anything but sets of values."""
    try:
        done = run(command, PATIENCE)
    except MockServerError as error:
        raise MockServerError(f"--setup {error}") from None
    if done.status:
        last = done.err.strip().splitlines()[-1:] or ["it said nothing"]
        raise MockServerError(f"--setup {command!r} ended with status {done.status}: {last[0]}")
    try:
        content = json.loads(done.out)
    except ValueError as error:
        raise MockServerError(f"--setup {command!r} did not print JSON: {error}") from None
    return _sets(content, f"--setup {command!r}")


def _sets(content: Any, where: str) -> list[Values]:
    sets: Sequence[Any] = content if isinstance(content, list) else [content]
    for one in sets:
        if not isinstance(one, dict) or not one or not all(isinstance(value, str) for value in one.values()):
            raise MockServerError(f"{where}: {one!r} is not a set of values per path parameter; expected {SHAPE}")
    if not sets:
        raise MockServerError(f"{where}: holds no values; expected {SHAPE}")
    return list(sets)
