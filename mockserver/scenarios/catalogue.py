"""The scenarios that can be chosen now: those of files, read again when they change, and those that were added since."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..errors import MockServerError, unknown
from .compiler import Compiler
from .files import files_of, is_scenario_file, scenario_name
from .loader import FileProblem, Loaded, Mistakes, load_file, load_text, merge_files
from .model import Scenario
from .source import Unreadable, read

INLINE = "(inline)"
MOST_ADDED = 200_000_000  # bytes of all scenarios that are no files, as `_size` counts them
MOST_NUMBER = 1000  # of those scenarios
EACH = 2000  # that an empty one takes
_Stamp = tuple[int, int, int, int]
Files = Mapping[Path, tuple[_Stamp | None, Loaded]]  # with the last good scenario, and what is wrong now


@dataclass(frozen=True, slots=True)
class Read:
    """What the folders held at one time."""

    files: Files
    problems: list[FileProblem]


class Catalogue(Mapping[str, Scenario]):
    """
    Scenarios by name.

    What is wrong when it is made raises MockServerError. What goes wrong later is in `problems`, and for each file that
    is broken its last good version stays in force.
    """

    def __init__(self, compiler: Compiler, folders: Sequence[Path], files: Files = MappingProxyType({})) -> None:
        """Read folders and files, without those of `files` whose stamp is what it was."""
        self._compiler = compiler
        self._folders = tuple(folders)
        self.files = files
        self._stamps: dict[tuple[str, str], _Stamp | None] = {}
        self._of_files: dict[str, Scenario] = {}
        self._inline: dict[str, Scenario] = {}
        self._texts: dict[str, str] = {}
        self._sizes: dict[str, int] = {}
        self._all: Mapping[str, Scenario] = {}
        self.problems: list[FileProblem] = []
        self.reload()
        if self.problems:
            raise Mistakes(self.problems)

    def reload(self) -> bool:
        """Read the files that are new or changed; return whether any scenario or problem is another one than before."""
        return self.take(self.read())

    def is_stale(self) -> bool:
        """Tell whether any file is new, gone, or has another stamp than when it was read."""
        found: dict[tuple[str, str], _Stamp | None] = {}
        for folder in self._folders:
            try:
                with os.scandir(folder) as entries:  # far less than a Path for each file
                    found |= {(str(folder), one.name): _stamp(one) for one in entries if is_scenario_file(one.name)}
            except NotADirectoryError:
                found[str(folder.parent), folder.name] = _stamp(folder)
            except OSError:
                return True
        return found != self._stamps

    def read(self, settled: float = 0.0) -> Read:
        """
        Return what the folders hold now, and change nothing: this may take its time in another thread.

        A file that was written less than `settled` seconds ago counts as it was before: it may be half-written.
        """
        files: dict[Path, tuple[_Stamp | None, Loaded]] = {}
        problems = []
        for folder in self._folders:
            try:
                paths = list(files_of([folder]))
            except MockServerError as error:  # gone for a moment, while a branch is checked out
                problems.append(FileProblem(str(folder), 0, str(error).removeprefix(f"{folder}: ")))
                paths = [path for path in self.files if folder in (path, path.parent)]
            for path in paths:
                file = self._file(path, settled)
                if file is not None:
                    files[path] = file
        return Read(files, problems)

    def take(self, read: Read) -> bool:
        """Put in force what was read; return whether any scenario or problem is another one than before."""
        before = self._of_files, self.problems
        self.files = read.files
        self._stamps = {(str(path.parent), path.name): stamp for path, (stamp, _) in read.files.items()}
        self._of_files, problems = merge_files(loaded for _, loaded in self.files.values())
        self.problems = read.problems + problems
        self._settle()
        return before != (self._of_files, self.problems)

    def add(self, name: str, text: str) -> tuple[Scenario, bool]:
        """
        Add a scenario that is no file, or put another in its place; return it and whether its name is new.

        Raises MockServerError for all that is wrong with the YAML (or JSON) text, and for the name of a file's scenario.
        """
        return self.put(self.prepared(name, text), text)

    def prepared(self, name: str, text: str) -> Scenario:
        """
        Return the scenario of a text, and change nothing: this may take its time in another thread.

        Raises MockServerError for all that is wrong with it.
        """
        if name in self._of_files:
            raise MockServerError(
                f"scenario {name!r} is a file, {self._of_files[name].path}; change that, or take a name of your own"
            )
        scenario, problems = load_text(self._compiler, name, text, f"{INLINE}/{name}")
        if scenario is None or problems:
            raise Mistakes(problems)
        return scenario

    def put(self, scenario: Scenario, text: str) -> tuple[Scenario, bool]:
        """Add what was prepared from a text; return it and whether its name is new. Raises MockServerError when no more fit in."""
        name = scenario.name
        is_new = name not in self._inline
        if is_new and len(self._inline) >= MOST_NUMBER:
            raise MockServerError(f"{MOST_NUMBER} scenarios were added already; that is the most; remove some")
        sizes = self._sizes | {name: _size(scenario, text)}
        if sum(sizes.values()) > MOST_ADDED:
            raise MockServerError(f"{len(self._inline)} scenarios were added already, and no more fit in; remove some")
        self._sizes, self._texts[name] = sizes, text
        self._inline[name] = scenario
        self._settle()
        return scenario, is_new

    def check(self, name: str, text: str) -> list[FileProblem]:
        """Return all that `add` would find wrong with a text, and add nothing; what is wrong with the name alone has line 0."""
        if name in self._of_files:
            taken = FileProblem(INLINE, 0, f"{name!r} is a file, {self._of_files[name].path}; take a name of your own")
            return [taken, *load_text(self._compiler, name, text, f"{INLINE}/{name}")[1]]
        return load_text(self._compiler, name, text, f"{INLINE}/{name}")[1]

    def text(self, name: str) -> str:
        """Return what a scenario was read from, as it stands now; raise MockServerError for an unknown name, or a lost file."""
        scenario = self.scenario(name)
        if self.is_inline(name):
            return self._texts[name]
        try:
            return read(Path(scenario.path))
        except Unreadable as error:
            raise MockServerError(f"{scenario.path} {error}") from None
        except OSError as error:
            raise MockServerError(f"{scenario.path} cannot be read: {error.strerror}") from None

    def remove(self, name: str) -> None:
        """Remove a scenario that was added; raise MockServerError for one of a file, and for an unknown one."""
        scenario = self.scenario(name)
        if name in self._of_files:
            raise MockServerError(f"scenario {name!r} is a file, {scenario.path}; only what was added can be removed")
        del self._inline[name], self._texts[name], self._sizes[name]
        self._settle()

    def scenario(self, name: str) -> Scenario:
        """Return a scenario; raise MockServerError for an unknown name, with the nearest known one."""
        try:
            return self._all[name]
        except KeyError:
            broken = [f"; {problem}" for problem in self.problems if scenario_name(Path(problem.path)) == name]
            raise MockServerError(unknown("scenario", name, list(self._all)) + "".join(broken)) from None

    def has_kept(self, problem: FileProblem) -> bool:
        """Tell whether a file with a problem has a last good version, which stays in force."""
        return any(scenario.path == problem.path for scenario in self._of_files.values())

    def is_inline(self, name: str) -> bool:
        """Tell whether a scenario was added, and is no file."""
        return name not in self._of_files

    def _file(self, path: Path, settled: float) -> tuple[_Stamp | None, Loaded] | None:
        """Return what a file holds: as it was read before where its stamp is the same, its last good scenario where it is broken."""
        before = self.files.get(path)
        stamp = _stamp(path)
        if stamp is not None:
            age = time.time() - stamp[0] / 1e9
            if abs(age) < settled or (before is not None and stamp == before[0]):
                return before
        scenario, problems = load_file(self._compiler, path)
        good = before[1][0] if before is not None else None
        if problems:
            return stamp, (good, problems)
        unchanged = good is not None and scenario is not None and good.revision == scenario.revision
        return stamp, (good if unchanged else scenario, [])

    def _settle(self) -> None:
        self._all = dict(sorted((self._inline | self._of_files).items()))

    def __getitem__(self, name: str) -> Scenario:
        return self._all[name]

    def get(self, name: str, default: Any = None) -> Any:
        """Return a scenario, or the default where there is none of this name."""
        return self._all.get(name, default)

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


def _size(scenario: Scenario, text: str) -> int:
    """Return how many bytes a scenario takes, at most: its values and lines, its globs, and each of its stubs and replies."""
    stubs = 500 * sum(map(len, scenario.stubs.values())) + 160 * scenario.replied
    return EACH + 20 * len(text) + 800 * (text.count("*") + text.count("?")) + stubs


def _stamp(path: Path | os.DirEntry[str]) -> _Stamp | None:
    """Return what is another one after each change of a file; None for one that cannot be looked at."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino
