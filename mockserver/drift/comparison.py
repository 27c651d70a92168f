"""Says where two answers differ: ids by what they stand for, times by their shape, all else by value."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

_ID = re.compile(r"\b([a-z]+)_[0-9A-Z]{26}\b")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_TOKEN = re.compile(r"(?<![\w-])ey[\w-]+\.ey[\w-]+\.[\w-]+")  # these two are new each time, and stand for nothing else
_UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
LATE = "usage_count"  # counts orders, a second after they were placed
MOVING = {"id", "inventory_quantity", "balance", LATE}
NUMBER = "display_id"  # counts all that was ever ordered


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it is compared: status, media type without parameters, document (text where it is not JSON)."""

    status: int
    media_type: str
    document: Any
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where two answers differ: `where` without indices tells it from others, `what` says how they differ."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(slots=True)
class Names:
    """Which id of the real server stands for which of the mock; ids that come up at one place for the first time do."""

    _real: dict[str, str] = field(default_factory=dict)
    _mock: dict[str, str] = field(default_factory=dict)
    _kinds: dict[str, list[tuple[Any, Any]]] = field(default_factory=dict)

    def copy(self) -> "Names":
        """Return the same names for another sequence, which adds to its own alone."""
        kinds = {kind: list(pairs) for kind, pairs in self._kinds.items()}
        return Names(dict(self._real), dict(self._mock), kinds)

    def known(self, kind: str) -> Sequence[tuple[Any, Any]]:
        """Return what is known of a kind (the prefix of its ids), oldest first: on the real server, in the mock."""
        return self._kinds.get(kind, ())

    def note(self, kind: str, real: Any, mock: Any) -> bool:
        """Let two values stand for each other that are no ids; return False when one stands for something else."""
        pairs = self._kinds.setdefault(kind, [])
        other = next((pair for pair in pairs if pair[0] == real or pair[1] == mock), None)
        if other is None:
            pairs.append((real, mock))
        return other is None or other == (real, mock)

    def pair(self, real: str, mock: str) -> bool:
        """Take two new ids for the same thing; return False when they cannot be."""
        kinds = [_ID.fullmatch(id) for id in (real, mock)]
        if real in self._real or mock in self._mock or not (kinds[0] and kinds[1] and kinds[0][1] == kinds[1][1]):
            return False
        self._real[real] = self._mock[mock] = f"<{kinds[0][1]} {len(self._real) + 1}>"
        self._kinds.setdefault(kinds[0][1], []).append((real, mock))
        return True

    def agree(self, real: str, mock: str) -> bool:
        """Tell whether two texts say the same, with what stands for what; two new ids do from now on."""
        name = self.of_real(real)
        return (name == self.of_mock(mock) and not _ID.fullmatch(name)) or self.pair(real, mock)

    def of_real(self, text: str) -> str:
        """Return a text of the real server with names in place of ids and times."""
        return _named(text, self._real)

    def of_mock(self, text: str) -> str:
        """Return a text of the mock with names in place of ids and times."""
        return _named(text, self._mock)


def _named(text: str, names: dict[str, str]) -> str:
    shaped, has_ids = _shaped(text)
    return _ID.sub(lambda found: names.get(found[0], found[0]), shaped) if has_ids else shaped


@lru_cache(maxsize=20_000)  # most come again in the next answer
def _shaped(text: str) -> tuple[str, bool]:
    """Return a text with shapes in place of what is new each time, and whether it holds ids."""
    if _TIME.fullmatch(text):
        return "<time>", False
    text = _UUID.sub("<uuid>", _TOKEN.sub("<token>", text))
    return text, _ID.search(text) is not None


def differences(real: Answered, mock: Answered, names: Names) -> Iterator[Difference]:
    """Yield where two answers differ; pages in HTML are alike when status and media type are."""
    if real.status != mock.status:
        yield Difference(
            "status", f"real {real.status} {_short(real.document)}, mock {mock.status} {_short(mock.document)}"
        )
    elif real.media_type != mock.media_type:
        yield Difference("media type", f"real {real.media_type}, mock {mock.media_type}")
    elif real.media_type != "text/html":
        yield from compare("body", real.document, mock.document, names)


def compare(where: str, real: Any, mock: Any, names: Names) -> Iterator[Difference]:
    """Yield where two JSON values differ."""
    if isinstance(real, dict) and isinstance(mock, dict):
        yield from _compare_keys(where, real, mock)
        for key in real:
            if key in mock:
                yield from _compare_values(f"{where}.{key}", key, real[key], mock[key], names)
    elif isinstance(real, list) and isinstance(mock, list):
        if len(real) != len(mock):
            yield Difference(where, f"real has {len(real)} items, mock has {len(mock)}")
            return
        pairs = zip(sorted(real, key=_place(names.of_real)), sorted(mock, key=_place(names.of_mock)), strict=True)
        for one, other in pairs:
            yield from compare(f"{where}[]", one, other, names)
    elif isinstance(real, str) and isinstance(mock, str):
        if not names.agree(real, mock):
            yield Difference(where, f"real {_short(real)}, mock {_short(mock)}")
    elif type(real) is not type(mock) or real != mock:
        yield Difference(where, f"real {_short(real)}, mock {_short(mock)}")


def _compare_values(where: str, key: str, real: Any, mock: Any, names: Names) -> Iterator[Difference]:
    """Yield where what two mappings have under a key differs; numbers that count what others did have to be numbers."""
    counts = key in (LATE, NUMBER) and type(real) is int and type(mock) is int
    if not counts or (key == NUMBER and not names.note(NUMBER, real, mock)):
        yield from compare(where, real, mock, names)


def _compare_keys(where: str, real: dict[str, Any], mock: dict[str, Any]) -> Iterator[Difference]:
    missing, more = [key for key in real if key not in mock], [key for key in mock if key not in real]
    if missing:
        yield Difference(where, f"mock lacks {', '.join(missing)}")
    if more:
        yield Difference(where, f"only mock has {', '.join(more)}")
    if not missing and not more and list(real) != list(mock):
        yield Difference(where, f"keys in another order: real {', '.join(real)}; mock {', '.join(mock)}")


def _place(named: Any) -> Any:
    """Return a sort key: entities that have a name by it, all else by what it holds; PostgreSQL promises no order."""

    def key(item: Any) -> tuple[str, str, str]:
        if not isinstance(item, dict):
            return "", "", ""
        name = named(str(item.get("id", "")))
        is_new = bool(_ID.fullmatch(name))
        if is_new or "id" not in item:
            return "~" * is_new, str(item.get("iso_2", "")), content(item)
        return name, str(item.get("iso_2", "")), ""

    return key


def content(value: Any) -> str:
    """Return what tells an entity from its like on any server: all it holds but ids, times and what orders change."""
    if isinstance(value, dict):
        kept = {key: content(one) for key, one in value.items() if key not in MOVING and not key.endswith("_at")}
        return json.dumps(kept, sort_keys=True)
    if isinstance(value, list):
        return json.dumps(sorted(map(content, value)))
    return json.dumps(_ID.sub(r"\1", _named(value, {})) if isinstance(value, str) else value)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 160 else f"{text[:160]}..."  # noqa: PLR2004  (one line of a terminal)
