"""Reads a file of data, JSON or YAML, and names each mistake in it as `file:line`."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from ...errors import MockServerError
from ..relations import Relations
from . import mistakes
from .seed import Seed, validated

Place = tuple[str | int, ...]
MOST = 20  # mistakes that are named; nobody reads more
_SCALARS = (  # YAML 1.2's, so that Norway's `no` is a text
    ("tag:yaml.org,2002:null", r"^(?:~|null|)$", ["~", "n", ""]),
    ("tag:yaml.org,2002:bool", r"^(?:true|false)$", list("tf")),
    ("tag:yaml.org,2002:int", r"^-?(?:0|[1-9][0-9]*)$", list("-0123456789")),
    ("tag:yaml.org,2002:float", r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$", list("-0123456789")),
)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads YAML with JSON's types alone."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  (PyYAML's own name; add_implicit_resolver fills it)


def _prepare() -> None:
    import re  # noqa: PLC0415

    for tag, pattern, first in _SCALARS:
        _Loader.add_implicit_resolver(tag, re.compile(pattern), first)


_prepare()


class Data:
    """What a file holds: a seed, and beside it tables of the contract, as in `given`; `ignored` names all else."""

    def __init__(self, seed: Seed, given: Mapping[str, Any], ignored: list[str]) -> None:
        self.seed = seed
        self.given = given
        self.ignored = ignored


def read(path: Path, relations: Relations, given: Callable[[Mapping[str, Any]], Iterable[tuple[Place, str]]]) -> Data:
    """
    Return what a file holds; `given` yields what the contract does not allow of the tables beside the seed.

    Raises MockServerError with `file:line` for each mistake, all of them at once, twenty at most.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise MockServerError(f"{path}: is not UTF-8 text (byte {error.start})") from None
    except OSError as error:
        raise MockServerError(f"{path}: {error.strerror}") from None
    document = _document(path, text)
    known = {table.name for table in relations.entities()}
    tables = {key: value for key, value in document.items() if key in known and key not in Seed.__annotations__}
    found: list[tuple[Place, str]] = [
        ((name,), "is no list of mappings") for name, value in tables.items() if not _is_table(value)
    ]
    found += given({key: value for key, value in tables.items() if _is_table(value)})
    seed: Seed = {}
    try:
        seed = validated(document)
        found += mistakes.of(seed)
    except ValidationError as error:
        found += map(_said, error.errors())
    if found:
        raise MockServerError("\n".join(_named(path, text, found)))
    ignored = [key for key in document if key not in Seed.__annotations__ and key not in known]
    return Data(seed, tables, [*ignored, *mistakes.ignored(document)])


def _document(path: Path, text: str) -> dict[str, Any]:
    try:
        document = json.loads(text) if path.suffix.lower() == ".json" else yaml.load(text, _Loader)  # noqa: S506  (safe: no tags)
    except json.JSONDecodeError as error:
        raise MockServerError(f"{path}:{error.lineno}: is not JSON: {error.msg}") from None
    except RecursionError:
        raise MockServerError(f"{path}: is nested too deep") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise MockServerError(f"{path}:{line}: is not YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise MockServerError(f"{path}: is not YAML: {str(error).splitlines()[0]}") from None
    if not isinstance(document, dict):
        raise MockServerError(f"{path}:1: is no mapping of tables, such as `regions:` and `products:`")
    return document


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def _said(problem: Any) -> tuple[Place, str]:
    """Return place and sentence for one of pydantic's findings."""
    where = tuple(step for step in problem["loc"] if not _is_choice(step))
    if problem["type"] == "missing":
        return where[:-1], f"{where[-1]!r} is missing"
    got = f", got {problem['input']!r}" if isinstance(problem["input"], (str, int, float)) else ""
    return where, f"{problem['msg']}{got}"


def _is_choice(step: Any) -> bool:
    """Tell whether a step is pydantic's word for one of several forms, and not the file's."""
    return isinstance(step, str) and ("[" in step or step == "Image" or step.startswith("constrained"))


def _named(path: Path, text: str, found: list[tuple[Place, str]]) -> Iterator[str]:
    """Yield the mistakes with the lines where they stand."""
    root = yaml.compose(text, _Loader)
    for where, message in found[:MOST]:
        place = ".".join(map(str, where))
        yield f"{path}:{_line(root, where)}: {place}: {message}" if place else f"{path}:{_line(root, where)}: {message}"
    if len(found) > MOST:
        yield f"{path}: and {len(found) - MOST} more"


def _line(node: Any, where: Place) -> int:
    """Return the line of a value, or of what holds it."""
    line: int = node.start_mark.line + 1
    for step in where:
        places = _inside(node)
        if str(step) not in places:
            break
        begin, node = places[str(step)]
        line = begin.start_mark.line + 1
    return line


def _inside(node: yaml.Node) -> Mapping[str, tuple[yaml.Node, yaml.Node]]:
    """Return what is inside a mapping by its keys, or a list by its numbers: where each begins, and its node."""
    if isinstance(node, yaml.MappingNode):
        return {key.value: (key, value) for key, value in node.value}
    return {str(number): (one, one) for number, one in enumerate(node.value if isinstance(node.value, list) else ())}
