"""Says what the format does not allow in a scenario file, with what was probably meant."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from ..errors import unknown
from .format import ScenarioFormat
from .source import Where

_NO_SPACE = re.compile(r"(\w+):(\S+)")
_TRUTHS = ("yes", "no", "on", "off", "true", "false")
_MAPPING = ("model_type", "dict_type")
_PLAIN = {  # in place of words about Python
    **dict.fromkeys(_MAPPING, "is to be a mapping, `key: value`"),
    "list_type": "is to be a list",
    "too_short": "is empty; it needs an entry",
}
_CURES: tuple[
    tuple[Sequence[str], Callable[[Any], Any], str], ...
] = (  # by pydantic's word, for which values, and what
    (("string_type",), lambda value: isinstance(value, (int, float)), "; put it in quotes"),
    (("int_type", "float_type"), lambda value: str(value).isdecimal(), "; without quotes it is a number"),
    (("bool_type",), lambda value: str(value).lower() in _TRUTHS, "; write true or false, without quotes"),
    (("list_type",), lambda value: isinstance(value, dict), "; each entry begins with '- '"),
    (_MAPPING, lambda value: isinstance(value, str) and _NO_SPACE.match(value), "; a space belongs behind the colon"),
    (
        (*_MAPPING, "list_type"),
        lambda value: value is None,
        "; what belongs to it is indented deeper than it, or it is to be left out",
    ),
)


def sentence(problem: Mapping[str, Any]) -> str:
    """Return `stubs.0: no key 'replay'; did you mean 'reply'? ...` for one of pydantic's findings."""
    where: Where = problem["loc"]
    if problem["type"] == "extra_forbidden":
        where, text = where[:-1], _no_key(where[:-1], str(where[-1]))
    elif problem["type"] == "missing":
        where, text = where[:-1], f"{where[-1]!r} is missing"
    else:
        text = _PLAIN.get(problem["type"]) or problem["msg"].removeprefix("Value error, ")
        if isinstance(problem["input"], (str, int, float)) and not text.startswith(repr(problem["input"])):
            text += f", got {problem['input']!r}"
        text += _cure(problem["type"], problem["input"])
    return f"{dotted(where)}: {text}" if where else text


def dotted(where: Where) -> str:
    """Return a place as people read it: `stubs.0.reply`."""
    return ".".join(map(str, where))


def _cure(kind: str, value: Any) -> str:
    """Return how a value of another type is mended, or nothing where nobody can tell."""
    return next((text for kinds, fits, text in _CURES if kind in kinds and fits(value)), "")


def _no_key(where: Where, key: str) -> str:
    """Return that a key is unknown at a place; one that is known a level deeper was indented too little."""
    model = _model(where)
    text = unknown("key", key, list(model.model_fields))
    if _NO_SPACE.match(key):
        return f"{text}; a space belongs behind the colon"
    inner = [name for name, field in model.model_fields.items() if _holds(field.annotation, key)]
    return f"{text}; it may belong into {' or '.join(map(repr, inner))}, indented deeper" if inner else text


def _holds(annotation: Any, key: str) -> bool:
    return get_origin(annotation) is not dict and any(key in model.model_fields for model in _models(annotation))


def _model(where: Where) -> type[BaseModel]:
    """Return the part of the format that stands at a place."""
    annotation: Any = ScenarioFormat
    for step in where:
        model = next(_models(annotation))
        if isinstance(step, str) and get_origin(annotation) is not dict:
            annotation = model.model_fields[step].annotation
        elif isinstance(step, str):
            annotation = model
    return next(_models(annotation))


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)
