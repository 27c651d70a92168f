"""What provokes a known deviation: an entry of the ledger excuses a failure of its own cause, and no other one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import jsonschema_rs

from ..errors import MockServerError, unknown

PARTS = ("path", "query", "body", "answer", "text")
ANSWERS = {"answer", "text"}  # one of which every cause speaks of
NOTHING: Any = type("Nothing", (), {"__repr__": lambda _: "nothing"})()  # no schema takes it: it is no JSON


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was asked and what was answered: the path as it was sent, the query's texts, both bodies as JSON, an answer that is none as text."""

    path: str
    query: Mapping[str, str]
    body: Any
    answer: Any
    text: Any

    @classmethod
    def of(cls, url: str, body: bytes | None, answer: bytes | None) -> "Evidence":
        """Return the evidence of an exchange, by the URL or what follows its host, and the bodies as they were sent."""
        path, _, query = url.partition("?")
        said = _parsed(answer)
        text = (answer or b"").decode(errors="replace") if said is NOTHING else NOTHING
        return cls(path, dict(parse_qsl(query, keep_blank_values=True)), _parsed(body), said, text)


def _parsed(body: bytes | None) -> Any:
    try:
        return json.loads(body or b"")
    except ValueError:
        return NOTHING


class Cause:
    """One way to provoke a deviation: a JSON Schema for each part of the evidence that tells it from other failures."""

    def __init__(self, written: Any, where: str) -> None:
        """Take a cause as the ledger has it; raise MockServerError for what is wrong, which `where` names."""
        if not isinstance(written, Mapping) or ANSWERS.isdisjoint(written):
            raise MockServerError(f"{where}: is {written!r}, where a mapping with `answer` or `text` is expected")
        self._schemas = {part: _compiled(part, schema, where) for part, schema in written.items()}

    def fits(self, evidence: Evidence) -> bool:
        """Tell whether the evidence is of this cause."""
        return all(_is_valid(schema, getattr(evidence, part)) for part, schema in self._schemas.items())


def causes(written: Any, where: str) -> tuple[Cause, ...]:
    """Return the causes that an entry lists, any of which will do; raise MockServerError for what is wrong."""
    if not isinstance(written, list):
        raise MockServerError(f"{where}: is {written!r}, where a list is expected")
    return tuple(Cause(one, f"{where}.{index}") for index, one in enumerate(written))


def _compiled(part: Any, schema: Any, where: str) -> jsonschema_rs.Draft202012Validator:
    if part not in PARTS:
        raise MockServerError(f"{where}: {unknown('part', str(part), list(PARTS))}")
    try:
        return jsonschema_rs.Draft202012Validator(schema)
    except (jsonschema_rs.ValidationError, ValueError) as error:
        first = str(error).partition("\n")[0]
        raise MockServerError(f"{where}.{part}: is no JSON Schema: {first}") from None


def _is_valid(schema: jsonschema_rs.Draft202012Validator, value: Any) -> bool:
    try:
        return value is not NOTHING and schema.is_valid(value)
    except UnicodeEncodeError:  # half a surrogate pair, which no cause is about
        return False
