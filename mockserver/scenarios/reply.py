"""What a stub answers, prepared: nothing left to parse."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..contract import fill, filler
from ..messages import JSON, Answer, Fault, Pairs
from ..operations.shared.providers import Outcome
from .delays import Delay, Fixed

Patch = Any
NO_DELAY = Fixed()


@dataclass(frozen=True, slots=True)
class Reply:
    """
    One prepared answer.

    With a `status` it is canned: `document` is sent as it is, `{id}` and its like filled in where `dynamic`.
    Without one the operation answers and `patch` is merged over what it says; `outcome` is what its provider answers.
    `chance` is how often it is given when its turn comes, `repeat` how many turns it has.
    """

    status: int | None = None
    document: Any = None
    media_type: str | None = JSON
    headers: Pairs = ()
    delay: Delay = NO_DELAY
    fault: Fault | None = None
    chance: float | None = None
    repeat: int = 1
    patch: Patch = None
    dynamic: bool = False
    outcome: Outcome | None = None
    _headers: tuple[tuple[str, Callable[[Mapping[str, str]], str]], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_headers", tuple((name, _filler(value)) for name, value in self.headers))

    def canned(self, parameters: Mapping[str, str]) -> Answer:
        """Return the answer to a visit with these path parameters."""
        document = fill(self.document, parameters) if self.dynamic else self.document
        return Answer(self.status or 200, document, self.media_type, self.filled_headers(parameters), source="stub")

    def filled_headers(self, parameters: Mapping[str, str]) -> Pairs:
        """Return the reply's own headers with the path's values in them."""
        return tuple([(name, filled(parameters)) for name, filled in self._headers]) if self._headers else ()


def is_dynamic(document: Any) -> bool:
    """Tell whether a document has placeholders, which the path's values are to fill."""
    return bool(fill(document, _Anything()) != document)


def merge(document: Any, patch: Patch) -> Any:
    """Return a document with a patch merged in as RFC 7396 says: null removes, mappings merge, all else replaces."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(document) if isinstance(document, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge(merged.get(key), value)
    return merged


class _Anything(dict[str, str]):
    """Stands for any value of any path parameter."""

    def get(self, _key: object, _default: Any = None) -> Any:
        return "\0"


def _filler(value: str) -> Callable[[Mapping[str, str]], str]:
    filled = filler(value)
    return (lambda parameters: _one_line(filled(parameters))) if "{" in value else filled


def _one_line(value: str) -> str:
    """Return a header's value that cannot start another header, whatever was asked for in the path."""
    return (
        value if value.isprintable() else "".join(character if character.isprintable() else "?" for character in value)
    )
