"""Real ids for path parameters: random ones only ever collect 404s."""

import json
import shlex
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from ..errors import MockServerError

Values = Mapping[str, str]
SHAPE = '[{"id": "paycol_1", "session_id": "ps_1"}, ...]'
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


def from_file(path: Path) -> Supply:
    """Return the sets in a YAML or JSON file, in turn; raise MockServerError for anything but a list of them."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise MockServerError(f"--given {path}: cannot be read: {error.strerror}") from None
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise MockServerError(f"--given {path}: is neither YAML nor JSON: {' '.join(str(error).split())}") from None
    sets = _sets(content, f"--given {path}")
    return Supply(lambda: sets, again=True)


def from_command(command: str) -> Supply:
    """Return the sets that a command prints as JSON, which is run whenever more are needed."""
    return Supply(lambda: _printed(command), again=True)


def _printed(command: str) -> Sequence[Values]:
    """Run a command; raise MockServerError when it fails or prints anything but sets of values."""
    try:
        done = subprocess.run(  # noqa: S603  (the user's own command, without a shell)
            shlex.split(command), capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise MockServerError(f"--setup {command!r}: {error}") from None
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["it said nothing"]
        raise MockServerError(f"--setup {command!r} ended with status {done.returncode}: {last[0]}")
    try:
        content = json.loads(done.stdout)
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
