"""
Replays recorded journeys: sequences of requests, each with what a real Medusa 1.20.11 answered (tests/facts/README.md).

Answers agree where status, media type, CORS, every key in its order and every value do. Ids stand for one another, one to
one; times and tokens are compared by their shape, what stands in a relation without regard to its order.
"""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from asking import Ask

from mockserver.messages import Response

Document = dict[str, Any]
METHODS = ("GET", "POST", "DELETE", "HEAD", "OPTIONS", "PUT", "PATCH")
HEADERS = ("content-type", "location", "access-control-allow-origin")
LOOSE = {"display_id"}  # numbers that count whatever was ordered before
DEEP = 2  # from which level on a list is a relation
ID = re.compile(r"\b[A-Za-z]+_[0-9A-HJKMNP-TV-Z]{26}\b")
_SHAPES = (
    (re.compile(r"^ey[\w-]+\.ey[\w-]+\.[\w-]+$"), "<token>"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z"), "<time>"),
    (re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "<uuid>"),
)


def read(path: Path) -> list[Document]:
    """Return the journeys of a file, one JSON object a line; compressed ones too."""
    open_ = gzip.open if path.suffix == ".gz" else open
    with open_(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@dataclass
class Ids:
    """Which id of the mock stands for which of the recording."""

    mock: dict[str, str] = field(default_factory=dict)
    real: dict[str, str] = field(default_factory=dict)

    def match(self, real: str, mock: str) -> bool:
        """Tell whether two ids can stand for each other, and let them do so from now on."""
        return self.mock.setdefault(real, mock) == mock and self.real.setdefault(mock, real) == real

    def translated(self, value: Any) -> Any:
        """Return a JSON value of the recording with the mock's ids."""
        return json.loads(ID.sub(lambda found: self.mock.get(found[0], found[0]), json.dumps(value)))


class Player:
    """Plays one journey to a mock, as a client that keeps its cookies."""

    def __init__(self, ask: Ask, sandbox: str, scenario: str) -> None:
        self._ask = ask
        self._sandbox = sandbox
        self._prefix = f"/~{sandbox}/@{scenario}"
        self._cookies: dict[str, str] = {}
        self._saved: Document = {}
        self._ids = Ids()
        self.has_sampled = False  # an operation without behaviour answered

    def play(self, journey: Document) -> Iterator[tuple[str, list[str]]]:
        """Yield what was asked in each step, with where the answers differ."""
        for step in journey["steps"]:
            if "forget" in step:
                self._cookies.clear()
            elif "given" in step:
                state = self._ids.translated(step["given"])
                given = self._ask("PATCH", f"/__mock/sandboxes/{self._sandbox}/state", state)
                if given.status != 200:
                    yield "given", [f"refused: {given.document['message']}"]
            else:
                yield self._exchange(step)

    def _exchange(self, step: Document) -> tuple[str, list[str]]:
        method = next(one for one in METHODS if one in step)
        response = self._send(method, step)
        found = list(_differences(step["answer"], response, self._ids, LOOSE | set(step.get("loose", ()))))
        for name, place in step.get("save", {}).items():
            self._saved[name] = _dig(response, step["answer"], place)
        return f"{method} {step[method]}", found

    def _send(self, method: str, step: Document) -> Response:
        headers = {"accept": "application/json", **self._filled(step.get("headers") or {})}
        if self._cookies and "cookie" not in {name.lower() for name in headers}:
            headers["cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        body = step["raw"] if "raw" in step else self._filled(step.get("body"))
        if "raw" in step:
            headers.setdefault("content-type", "application/json")
        response = self._ask(method, self._prefix + self._filled(step[method]), body, pairs=list(headers.items()))
        self.has_sampled |= ("x-mock-source", "sample") in response.headers
        for name, value in response.headers:
            if name == "set-cookie":
                cookie, _, content = value.partition(";")[0].partition("=")
                self._cookies[cookie] = content
        return response

    def _filled(self, value: Any) -> Any:
        """Return a value with what earlier answers had in place of `$name`."""
        if isinstance(value, dict):
            return {self._filled(key): self._filled(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self._filled(one) for one in value]
        if not isinstance(value, str):
            return value
        if re.fullmatch(r"\$\w+", value):
            return self._saved[value[1:]]
        return re.sub(r"\$\{?(\w+)\}?", lambda found: str(self._saved.get(found[1], found[0])), value)


def _dig(response: Response, answer: Document, place: str) -> Any:
    """Return what stands at a place of an answer; where the mock's has none, what the recording has there."""
    for document in (response.document, answer["body"]):
        try:
            value = document
            for step in place.split("."):
                value = value[int(step)] if isinstance(value, list) else value[step]
        except (KeyError, IndexError, TypeError, ValueError):
            continue
        return value
    raise LookupError(place)


def _differences(real: Document, response: Response, ids: Ids, loose: set[str]) -> Iterator[str]:
    if real["status"] != response.status:
        yield f"status: real {real['status']} {json.dumps(real['body'])[:150]}, mock {response.status} {response.body[:150]!r}"
        return
    headers = dict(response.headers)
    for name in HEADERS:
        if real["headers"].get(name) != headers.get(name):
            yield f"{name}: real {real['headers'].get(name)}, mock {headers.get(name)}"
    if "text/html" not in real["headers"].get("content-type", ""):
        body = "" if not response.body and real["body"] == "" else response.document
        yield from Comparison(ids, loose).compare("body", real["body"], body)


class Comparison:
    """Compares two JSON values; `loose` are the keys whose values need only be of one type."""

    def __init__(self, ids: Ids, loose: set[str]) -> None:
        self._ids = ids
        self._loose = loose

    def compare(self, where: str, real: Any, mock: Any, depth: int = 0) -> Iterator[str]:
        """Yield a sentence for each place where they differ."""
        if isinstance(real, dict) and isinstance(mock, dict):
            yield from self._mappings(where, real, mock, depth)
        elif isinstance(real, list) and isinstance(mock, list):
            if len(real) != len(mock):
                yield f"{where}: real has {len(real)} items, mock {len(mock)}"
                return
            for index, (one, other) in enumerate(self._paired(real, mock, depth)):
                yield from self.compare(f"{where}.{index}", one, other, depth + 1)
        elif not self._is_alike(real, mock):
            yield f"{where}: real {real!r}, mock {mock!r}"

    def _mappings(self, where: str, real: Document, mock: Document, depth: int) -> Iterator[str]:
        if list(real) != list(mock):
            yield f"{where}: keys real {list(real)}, mock {list(mock)}"
        for key in real.keys() & mock.keys():
            if key not in self._loose:
                yield from self.compare(f"{where}.{key}", real[key], mock[key], depth + 1)
            elif type(real[key]) is not type(mock[key]):
                yield f"{where}.{key}: real {real[key]!r}, mock {mock[key]!r}"

    def _paired(self, real: list[Any], mock: list[Any], depth: int) -> list[tuple[Any, Any]]:
        """Return what is to be compared with what: in a relation, what has the id that is known, or the same content."""
        if depth < DEEP or not all(isinstance(one, dict) for one in real + mock):
            return list(zip(real, mock, strict=True))
        rest, pairs = list(mock), []
        for one in real:
            known = self._ids.mock.get(one.get("id", ""))
            found = next((other for other in rest if known is not None and other.get("id") == known), None)
            if found is None:
                found = next((other for other in rest if _shape(other) == _shape(one)), None)
            if found is not None:
                rest.remove(found)
            pairs.append((one, found))
        return [(one, rest.pop(0) if found is None else found) for one, found in pairs]

    def _is_alike(self, real: Any, mock: Any) -> bool:
        if not (isinstance(real, str) and isinstance(mock, str)):
            return type(real) is type(mock) and bool(real == mock)
        ids = list(zip(ID.findall(real), ID.findall(mock), strict=False))
        return _shape(real) == _shape(mock) and all(self._ids.match(one, other) for one, other in ids)


def _shape(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    for pattern, name in _SHAPES:
        text = pattern.sub(name, text)
    return ID.sub(lambda found: f"<{found[0].partition('_')[0]}>", text)
