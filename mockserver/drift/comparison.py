"""Says where two answers differ: ids by what they stand for, times by their shape, all else by value."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_ID = re.compile(r"\b([a-z]+)_[0-9A-Z]{26}\b")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


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

    def pair(self, real: str, mock: str) -> bool:
        """Take two new ids for the same thing; return False when they cannot be."""
        kinds = [_ID.fullmatch(id) for id in (real, mock)]
        if real in self._real or mock in self._mock or not (kinds[0] and kinds[1] and kinds[0][1] == kinds[1][1]):
            return False
        self._real[real] = self._mock[mock] = f"<{kinds[0][1]} {len(self._real) + 1}>"
        return True

    def of_real(self, text: str) -> str:
        """Return a text of the real server with names in place of ids and times."""
        return _named(text, self._real)

    def of_mock(self, text: str) -> str:
        """Return a text of the mock with names in place of ids and times."""
        return _named(text, self._mock)


def _named(text: str, names: dict[str, str]) -> str:
    if _TIME.fullmatch(text):
        return "<time>"
    return _ID.sub(lambda found: names.get(found[0], found[0]), text)


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
                yield from compare(f"{where}.{key}", real[key], mock[key], names)
    elif isinstance(real, list) and isinstance(mock, list):
        if len(real) != len(mock):
            yield Difference(where, f"real has {len(real)} items, mock has {len(mock)}")
            return
        pairs = zip(sorted(real, key=_place(names.of_real)), sorted(mock, key=_place(names.of_mock)), strict=True)
        for one, other in pairs:
            yield from compare(f"{where}[]", one, other, names)
    elif isinstance(real, str) and isinstance(mock, str):
        if names.of_real(real) != names.of_mock(mock) and not names.pair(real, mock):
            yield Difference(where, f"real {_short(real)}, mock {_short(mock)}")
    elif type(real) is not type(mock) or real != mock:
        yield Difference(where, f"real {_short(real)}, mock {_short(mock)}")


def _compare_keys(where: str, real: dict[str, Any], mock: dict[str, Any]) -> Iterator[Difference]:
    missing, more = [key for key in real if key not in mock], [key for key in mock if key not in real]
    if missing:
        yield Difference(where, f"mock lacks {', '.join(missing)}")
    if more:
        yield Difference(where, f"only mock has {', '.join(more)}")
    if not missing and not more and list(real) != list(mock):
        yield Difference(where, f"keys in another order: real {', '.join(real)}; mock {', '.join(mock)}")


def _place(named: Any) -> Any:
    """Return a sort key: entities that have a name by it, then new ones by what they hold; PostgreSQL promises no order."""

    def key(item: Any) -> tuple[str, str]:
        if not isinstance(item, dict):
            return "", ""
        name = named(str(item.get("id", "")))
        if name.startswith("<") or "id" not in item or not _ID.fullmatch(str(item["id"])):
            return name, str(item.get("iso_2", ""))
        return "~", json.dumps([item.get("amount"), item.get("provider_id"), item.get("status")])

    return key


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 160 else f"{text[:160]}..."  # noqa: PLR2004  (one line of a terminal)
