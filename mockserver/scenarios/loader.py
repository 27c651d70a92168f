"""Loads scenario files: all of them, or a list of all that is wrong with them."""

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from ..errors import MockServerError, unknown
from .compiler import Compiler, Origin
from .files import NAME, files_of, scenario_name
from .format import ScenarioFormat
from .model import Scenario
from .source import Source, Unreadable, Where, parse, read

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
    problems = []
    if not NAME.fullmatch(name):
        problems.append(FileProblem(path, 1, f"{name[:100]!r} cannot stand in a URL; use {NAME.pattern}"))
    try:
        written = ScenarioFormat.model_validate(source.value)
    except ValidationError as error:
        found = sorted(error.errors(), key=lambda problem: source.line(problem["loc"]))
        return None, problems + [_sentence(source, problem) for problem in found]
    revision = sha256(text.encode()).hexdigest()[:12]
    scenario, wrong = compiler.scenario(Origin(name, path, revision, source.line), written)
    problems += [FileProblem(path, source.line(where), f"{_dotted(where)}: {text}") for where, text in wrong]
    return scenario, problems


def _character(pair: re.Match[str]) -> str:
    """Return the character that JSON writes as two escapes, which YAML does not know."""
    return pair[1] + bytes.fromhex(pair[2] + pair[3]).decode("utf-16-be")


def _sentence(source: Source, problem: Any) -> FileProblem:
    """Return a sentence for one of pydantic's findings."""
    where: Where = problem["loc"]
    if problem["type"] == "extra_forbidden":
        text = unknown("key", str(where[-1]), _keys(where[:-1]))
        where_text = _dotted(where[:-1])
    elif problem["type"] == "missing":
        where, key = where[:-1], where[-1]
        where_text, text = _dotted(where), f"{key!r} is missing"
    else:
        where_text, text = _dotted(where), problem["msg"].removeprefix("Value error, ")
        if isinstance(problem["input"], (str, int, float)) and not text.startswith(repr(problem["input"])):
            text += f", got {problem['input']!r}"
    return FileProblem(
        str(source.path), source.line(problem["loc"]), f"{where_text + ': ' if where_text else ''}{text}"
    )


def _keys(where: Where) -> list[str]:
    """Return the keys that the format knows at a place."""
    annotation: Any = ScenarioFormat
    for step in where:
        model = next(_models(annotation))
        if isinstance(step, str) and get_origin(annotation) is not dict:
            annotation = model.model_fields[step].annotation
        elif isinstance(step, str):
            annotation = model
    return list(next(_models(annotation)).model_fields)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)


def _dotted(where: Where) -> str:
    return ".".join(map(str, where))
