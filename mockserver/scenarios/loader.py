"""Loads scenario files: all of them, or a list of all that is wrong with them."""

import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pydantic import ValidationError

from ..errors import MockServerError
from .compiler import Compiler, Origin
from .files import NAME, files_of, scenario_name
from .format import ScenarioFormat, StubFormat
from .model import Scenario
from .sentences import dotted, sentence
from .sound import sound_part
from .source import MAX_ENTRIES, Source, Unreadable, Where, parse, read

_PAIR = re.compile(r"(?<!\\)((?:\\\\)*)\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FileProblem:
    """What is wrong with a file, and in which line (0: with a folder); as a text `path:line: what`."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}" if self.line else f"{self.path}: {self.message}"


LOG = logging.getLogger("mockserver")
MOST_PROBLEMS = 20  # of one file that are put into words
Loaded = tuple[Scenario | None, list[FileProblem]]


class Mistakes(MockServerError):
    """What is wrong with scenario files that could be read, a line each."""

    def __init__(self, problems: Iterable[FileProblem]) -> None:
        super().__init__("\n".join(map(str, problems)))


def load_scenarios(compiler: Compiler, places: Iterable[Path]) -> Mapping[str, Scenario]:
    """
    Return the scenarios of all folders and files by name.

    Raises Mistakes with one line for each problem in any file, `path:line: what, and the nearest known name`, and any
    other MockServerError for what cannot be read.
    """
    scenarios, problems = merge_files(load_file(compiler, path) for path in files_of(places))
    if problems:
        raise Mistakes(problems)
    return scenarios


def merge_files(loaded: Iterable[Loaded]) -> tuple[dict[str, Scenario], list[FileProblem]]:
    """
    Return the scenarios of many files by name, and all that is wrong with them.

    A file met twice (a copy of a shipped one, say) is one scenario; two different files of one name are a problem.
    """
    scenarios: dict[str, Scenario] = {}
    problems: list[FileProblem] = []
    for scenario, wrong in loaded:
        problems += wrong
        if scenario is None:
            continue
        first = scenarios.setdefault(scenario.name, scenario)
        if first.revision != scenario.revision:
            problems.append(FileProblem(scenario.path, 1, f"{scenario.name!r} is already the name of {first.path}"))
    return dict(sorted(scenarios.items())), problems


def load_file(compiler: Compiler, path: Path) -> Loaded:
    """Return the scenario of one file, or None, and all that is wrong with it; whatever is in it, others can be read."""
    try:
        return _load_file(compiler, path)
    except Exception as error:
        LOG.exception("%s could not be read", path)
        return None, [FileProblem(str(path), 1, f"could not be read, for a reason that nobody foresaw: {error!r:.200}")]


def _load_file(compiler: Compiler, path: Path) -> Loaded:
    try:
        text = read(path)
    except Unreadable as error:
        return None, [FileProblem(str(path), error.line, str(error))]
    except OSError as error:
        return None, [FileProblem(str(path), 1, f"cannot be read: {error.strerror}")]
    if path.suffix.lower() == ".json":
        text = _PAIR.sub(_character, text)
    return load_text(compiler, scenario_name(path), text, str(path))


def load_text(compiler: Compiler, name: str, text: str, path: str) -> Loaded:
    """
    Return the scenario of a text, or None, and what is wrong with it; `path` is what problems call it.

    The first 20 problems have a sentence each.
    """
    scenario, problems = _load_text(compiler, name, text, path)
    if len(problems) > MOST_PROBLEMS:
        rest = problems[MOST_PROBLEMS:]
        problems = [
            *problems[:MOST_PROBLEMS],
            FileProblem(path, rest[0].line, f"and {len(rest)} more problems from here on"),
        ]
    return scenario, problems


def _load_text(compiler: Compiler, name: str, text: str, path: str) -> Loaded:
    try:
        source = parse(text, Path(path))
    except Unreadable as error:
        return None, [FileProblem(path, error.line, str(error))]
    if source.value is None:
        return None, [FileProblem(path, 1, "is empty; a scenario needs at least a description")]
    found: list[tuple[int, str]] = []
    if not NAME.fullmatch(name):
        found.append((1, f"{name[:100]!r} cannot stand in a URL; use {NAME.pattern}"))
    written, wrong, rests = _read(source)
    found += wrong
    scenario = None
    if written is not None:
        indexes, format_ = written
        revision = sha256(text.encode()).hexdigest()[:12]
        scenario, meant = compiler.scenario(Origin(name, path, revision, source.line), format_)
        places = [(_as_written(where, indexes), text) for where, text in meant]
        places += compiler.problems(rests)
        found += [(source.line(where), f"{dotted(where)}: {text}") for where, text in places]
    return None if wrong else scenario, [FileProblem(path, *one) for one in sorted(found, key=lambda one: one[0])]


def _read(
    source: Source,
) -> tuple[tuple[list[int], ScenarioFormat] | None, list[tuple[int, str]], dict[int, StubFormat]]:
    """
    Return what a file says, with which of its stubs are in it, and what its form breaks, each with its line.

    Without the parts whose form is broken, so that what is wrong with the meaning of the others is named at once; of stubs
    last what is sound in them, by their index.
    """
    value = source.value
    try:
        return (list(range(MAX_ENTRIES)), ScenarioFormat.model_validate(value)), [], {}
    except ValidationError as error:
        problems = sorted(error.errors(include_url=False), key=lambda problem: source.line(problem["loc"]))
    wrong = [(source.line(problem["loc"]), sentence(problem)) for problem in problems[: MOST_PROBLEMS + 1]]
    wrong += [wrong[-1]] * (len(problems) - len(wrong))  # are counted alone
    broken = {problem["loc"][:2] if problem["loc"][:1] == ("stubs",) else problem["loc"][:1] for problem in problems}
    if () in broken:
        return None, wrong, {}
    sound = {key: part for key, part in value.items() if (key,) not in broken}
    stubs = () if ("stubs",) in broken else value.get("stubs", ())
    indexes = [index for index, _ in enumerate(stubs) if ("stubs", index) not in broken]
    format_ = ScenarioFormat.model_validate(
        {"description": "x"} | sound | {"stubs": [stubs[index] for index in indexes]}
    )
    rests = {}
    for index in [index for index, _ in enumerate(stubs) if index not in indexes][:MOST_PROBLEMS]:
        locs = [problem["loc"][2:] for problem in problems if problem["loc"][:2] == ("stubs", index)]
        if (rest := sound_part(stubs[index], locs)) is not None:
            rests[index] = rest
    return (indexes, format_), wrong, rests


def _as_written(where: Where, indexes: list[int]) -> Where:
    """Return a place among the stubs that are read as one of the file."""
    return ("stubs", indexes[int(where[1])], *where[2:]) if where[0] == "stubs" else where


def _character(pair: re.Match[str]) -> str:
    """Return the character that JSON writes as two escapes, which YAML does not know."""
    return pair[1] + bytes.fromhex(pair[2] + pair[3]).decode("utf-16-be")
