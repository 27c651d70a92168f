"""The sandboxes of a server: made when first named, and let go, the least recently used first, when they are too many."""

import re
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from ..clock import Clock
from ..errors import MockServerError, StateFull, unknown
from .journal import Journals
from .relations import Relations
from .rows import Catalogue
from .sandbox import Sandbox, Start

__all__ = ["NAMES", "SHARED", "Sandbox", "Sandboxes", "Start", "is_name"]
SHARED = "shared"
NAMES = "use up to 64 of A-Z a-z 0-9 . _ -"
_NAME = re.compile(r"(?!\.{1,2}\Z)[A-Za-z0-9._-]{1,64}")  # `.` and `..` mean something else in a URL
MEGABYTE = 1_000_000


def is_name(text: str) -> bool:
    """Tell whether a sandbox, or a snapshot of one, can have a name."""
    return _NAME.fullmatch(text) is not None


class Sandboxes:
    """
    The sandboxes of a server: at most `limit` named ones, which together hold at most `most` bytes.

    A whole one goes, the least recently used first, never single rows of one; the shared one never goes, nor one that
    is written to. All have the same seed: one test's answers do not depend on its name.
    """

    def __init__(self, start: Start, *, limit: int, most: int, journal: int) -> None:
        self._limit, self._most = limit, most
        self._start = start
        self._held = 0
        self.journals = Journals(journal)
        self._shared = self._make(SHARED)
        self._named: OrderedDict[str, Sandbox] = OrderedDict()

    def __getitem__(self, name: str) -> Sandbox:
        if name == SHARED:
            return self._shared
        sandbox = self._named.get(name)
        if sandbox is None:
            sandbox = self._make(name)
            self.enlist(sandbox)
            return sandbox
        self._named.move_to_end(name)
        return sandbox

    def unlisted(self, name: str) -> Sandbox:
        """Return a new sandbox that is none of these yet: what goes wrong with it costs no other its place."""
        return self._make(name)

    def enlist(self, sandbox: Sandbox) -> None:
        """Keep a new sandbox; the least recently used go where they are too many."""
        self._named[sandbox.name] = sandbox
        idle = (name for name, one in self._named.items() if one.writing is None and one is not sandbox)
        for name in list(islice(idle, max(len(self._named) - self._limit, 0))):
            self.delete(name)

    def known(self, name: str) -> Sandbox:
        """Return a sandbox that is there already, which is no use of it; raise MockServerError for any other."""
        sandbox = self._shared if name == SHARED else self._named.get(name)
        if sandbox is None:
            raise MockServerError(unknown("sandbox", name, [SHARED, *self._named][:20]))
        return sandbox

    def delete(self, name: str) -> None:
        """Forget a sandbox with all it holds; raise MockServerError for an unknown one and for the shared one."""
        sandbox = self.known(name)
        if sandbox is self._shared:
            raise MockServerError("the shared sandbox cannot be deleted; reset it")
        del self._named[name]
        sandbox.forget()

    @property
    def clock(self) -> Clock:
        """A clock as a new sandbox has it."""
        return self._start.clock.copy()

    @property
    def relations(self) -> Relations:
        """The tables that every sandbox has."""
        return self._start.relations

    @property
    def bytes(self) -> int:
        """About how much all of them hold."""
        return self._held

    def restock(self, catalogue: Catalogue) -> None:
        """Put another catalogue below all sandboxes, those that are yet to come too; what they changed stays."""
        self._start = replace(self._start, catalogue=catalogue)
        for sandbox in self:
            sandbox.tables.stand_on(catalogue)

    def _make(self, name: str) -> Sandbox:
        return Sandbox(name, self._start, self.journals.open(), self._resized)

    def _resized(self, writer: Sandbox, by: int) -> None:
        """Let others go where a sandbox wants so many bytes more than there are; raise StateFull where that cannot help."""
        if by > 0 and self._held + by > self._most:
            self._make_room(writer, by)
        self._held += by

    def _make_room(self, writer: Sandbox, by: int) -> None:
        staying = {writer, self._shared, *[one for one in self._named.values() if one.writing is not None]}
        fullest = max(staying, key=lambda sandbox: sandbox.bytes)
        if sum([one.bytes for one in staying]) + by > self._most:
            raise StateFull(
                f"sandbox {fullest.name!r} holds {fullest.bytes / MEGABYTE:.1f} MB, and there is no room for more: reset it "
                f"(POST /__mock/sandboxes/{fullest.name}/reset), delete its snapshots, or start with more than "
                f"--state {self._most // MEGABYTE}"
            )
        for name, sandbox in list(self._named.items()):
            if sandbox not in staying and self._held + by > self._most:
                self.delete(name)

    def __contains__(self, name: str) -> bool:
        return name == SHARED or name in self._named

    def __iter__(self) -> Iterator[Sandbox]:
        return iter([self._shared, *self._named.values()])

    def __len__(self) -> int:
        return len(self._named)
