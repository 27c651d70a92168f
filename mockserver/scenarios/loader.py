"""Loads folders of scenario files: all of them, or a list of all that is wrong with them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from ..errors import MockServerError, unknown
from .compiler import Compiler
from .format import ScenarioFormat
from .model import Scenario
from .source import Source, Unreadable, Where, read

SUFFIXES = (".yaml", ".yml")
_NAME = re.compile(r"^[a-z0-9][a-z0-9_-]*$")


def load_scenarios(compiler: Compiler, folders: Iterable[Path]) -> Mapping[str, Scenario]:
    """
    Return the scenarios of all folders by name.

    A file met twice (a copy of a shipped one, say) is one scenario; two different files of one name are a problem.
    Raises MockServerError with one line for each problem in any file, `path:line: what, and the nearest known name`.
    """
    scenarios: dict[str, Scenario] = {}
    problems: list[str] = []
    for path in _files(folders):
        scenario, wrong = load_file(compiler, path)
        problems += wrong
        if scenario is None:
            continue
        first = scenarios.setdefault(scenario.name, scenario)
        if first is not scenario and Path(first.path).read_bytes() != path.read_bytes():
            problems.append(f"{path}:1: {scenario.name!r} is already the name of {first.path}")
    if problems:
        raise MockServerError("\n".join(problems))
    return dict(sorted(scenarios.items()))


def load_file(compiler: Compiler, path: Path) -> tuple[Scenario | None, list[str]]:
    """Return the scenario of one file, or None, and a line for each problem."""
    try:
        source = read(path)
    except Unreadable as error:
        return None, [f"{path}:{error.line}: {error}"]
    except OSError as error:
        return None, [f"{path}:1: cannot be read: {error.strerror}"]
    if source.value is None:
        return None, [f"{path}:1: is empty; a scenario needs at least a description"]
    problems = [] if _NAME.match(path.stem) else [f"{path}:1: {path.stem!r} cannot stand in a URL; use {_NAME.pattern}"]
    try:
        said = ScenarioFormat.model_validate(source.value)
    except ValidationError as error:
        found = sorted(error.errors(), key=lambda problem: source.line(problem["loc"]))
        return None, problems + [_sentence(source, problem) for problem in found]
    scenario, wrong = compiler.scenario(path.stem, str(path), said)
    problems += [f"{path}:{source.line(where)}: {_dotted(where)}: {text}" for where, text in wrong]
    return scenario, problems


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        try:
            found = sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES)
        except OSError as error:
            raise MockServerError(f"{folder}: cannot be read as a folder of scenarios: {error.strerror}") from None
        yield from found


def _sentence(source: Source, problem: Any) -> str:
    """Return a line for one of pydantic's findings."""
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
    return f"{source.path}:{source.line(problem['loc'])}: {where_text + ': ' if where_text else ''}{text}"


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
