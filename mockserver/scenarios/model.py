"""What a loaded scenario is: stubs by operation, replies prepared, nothing left to parse."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..contract import Operation, fill
from ..matchers import Matcher, Visit
from ..messages import JSON, Answer
from ..providers import Outcome, Providers

Patch = Any


@dataclass(frozen=True, slots=True)
class Reply:
    """
    One prepared answer.

    With a `status` it is canned: `document` is sent as it is, `{id}` and its like filled in where `dynamic`.
    Without one the operation answers and `patch` is merged over what it says; `outcome` is what its provider answers.
    """

    status: int | None = None
    document: Any = None
    media_type: str | None = JSON
    headers: tuple[tuple[str, str], ...] = ()
    delay: float = 0.0
    patch: Patch = None
    dynamic: bool = False
    outcome: Outcome | None = None

    def canned(self, parameters: Mapping[str, str]) -> Answer:
        """Return the answer to a visit with these path parameters."""
        document = fill(self.document, parameters) if self.dynamic else self.document
        return Answer(self.status or 200, document, self.media_type, self.filled_headers(parameters), self.delay)

    def filled_headers(self, parameters: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        """Return the reply's own headers with the path's values in them."""
        return tuple((name, _one_line(fill(value, parameters))) for name, value in self.headers)


@dataclass(frozen=True, slots=True)
class Stub:
    """A matcher and the replies to what it matches; `key` names it among all stubs."""

    key: str
    operation: Operation
    matcher: Matcher
    replies: tuple[Reply, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """
    A named set of stubs, with the world that they stand in.

    `given` are partly written payment collections; `creates` tells whether an unknown id is invented on first touch.
    """

    name: str
    description: str
    path: str
    stubs: Mapping[str, tuple[Stub, ...]] = field(default_factory=dict)
    providers: Providers = field(default_factory=Providers)
    given: tuple[dict[str, Any], ...] = ()
    creates: bool = True

    def find(self, operation: Operation, visit: Visit) -> Stub | None:
        """Return the first stub of an operation whose matcher finds no difference."""
        for stub in self.stubs.get(operation.id, ()):
            if stub.matcher.matches(visit):
                return stub
        return None

    def statuses(self) -> list[int]:
        """Return the statuses that its replies and its providers lead to, in order; 200 where it forces none."""
        found: dict[int, None] = {}
        for stub in self:
            for reply in stub.replies:
                found[reply.status or (reply.outcome.answer_status() if reply.outcome else 200)] = None
        for outcome in self.providers.authorizations():
            found[outcome.answer_status()] = None
        return list(found) or [200]

    def __iter__(self) -> Iterator[Stub]:
        for stubs in self.stubs.values():
            yield from stubs


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


def _one_line(value: str) -> str:
    """Return a header's value that cannot start another header, whatever was asked for in the path."""
    return "".join(character if character.isprintable() else "?" for character in value)
