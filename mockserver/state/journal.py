"""Keeps what was asked and answered, the newest of it, for all sandboxes within one bound."""

from collections import Counter, deque
from collections.abc import Callable, Container, Iterator
from functools import partial
from itertools import count

from ..messages import Response
from .entry import Document, Entry

MOST_BYTES = 100_000_000  # that all entries together take, about
MOST_EXPLAINED = 20  # entries of a scenario that is gone, whose reasons are kept


class Journals:
    """Numbers the entries of all sandboxes, keeps the newest, at most `limit` that take MOST_BYTES, and tells listeners of each."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._owners: deque[Journal] = deque()  # of each entry that is kept, oldest first
        self._bytes = 0
        self.numbers = count(1)
        self.listeners: set[Callable[[Entry], None]] = set()

    def open(self) -> "Journal":
        """Return a new journal, for one sandbox."""
        return Journal(self)

    def keep(self, journal: "Journal", taken: int) -> None:
        """Take note that a journal has another entry; where that is too much, the oldest of all are dropped."""
        self._owners.append(journal)
        self._bytes += taken
        while len(self._owners) > self._limit or self._bytes > MOST_BYTES:
            self._bytes -= self._owners.popleft().drop()

    def forget(self, journal: "Journal", taken: int) -> None:
        """Take note that a journal has no entries any more."""
        self._owners = deque([one for one in self._owners if one is not journal])
        self._bytes -= taken

    def put_into_words(self, scenario: str, operations: Container[str]) -> None:
        """
        Let go of a scenario that is another one now, or gone: its newest entries are explained now, the others no more.

        What was counted of operations that are none any more, by their ids, is forgotten.
        """
        left = MOST_EXPLAINED
        for journal in dict.fromkeys(reversed(self._owners)):
            left -= journal.put_into_words(scenario, operations, left)

    def abort(self, response: Response, seconds: float) -> None:
        """
        Take note that the client of an exchange left after so many seconds, and tell the listeners of its entry again.

        It is found by its response: nobody else has to keep a number for what hardly ever happens.
        """
        for journal in dict.fromkeys(reversed(self._owners)):
            if journal.abort(response, seconds):
                return


class Journal:
    """
    The entries of one sandbox, oldest first; the oldest go when the server's journals are full.

    `seen` counts how often each operation, by its id, answered with each status, whatever is still kept; `forgotten` counts the
    entries that went because the journals were full.
    """

    def __init__(self, journals: Journals) -> None:
        self._journals = journals
        self._entries: deque[Entry] = deque()
        self.forgotten = 0
        self.seen: Counter[tuple[str, int]] = Counter()

    def next_number(self) -> int:
        """Return the number of the next entry, which no other of the server has."""
        return next(self._journals.numbers)

    def record(self, entry: Entry) -> None:
        """Keep an entry, and tell whoever listens."""
        self._entries.append(entry)
        self._journals.keep(self, entry.bytes)
        if entry.operation and entry.response.fault in (None, "drip"):  # of any other fault no client sees a status
            self.seen[entry.operation.id, entry.response.status] += 1
        if self._journals.listeners:
            self._tell(entry)

    def abort(self, response: Response, seconds: float) -> bool:
        """Take note that the client of an exchange left, and tell whoever listens; False where it is another journal's."""
        for place in reversed(range(len(self._entries))):
            entry = self._entries[place]
            if entry.response is response:
                self._entries[place] = entry = entry._replace(aborted_after=seconds)
                if entry.operation and response.fault is None:  # then nothing was sent
                    self.seen -= Counter([(entry.operation.id, response.status)])
                self._tell(entry)
                return True
        return False

    def _tell(self, entry: Entry) -> None:
        for listener in tuple(self._journals.listeners):
            listener(entry)

    def get(self, number: int) -> Entry | None:
        """Return one entry, or None when it is gone or another sandbox'."""
        return next((entry for entry in self._entries if entry.number == number), None)

    def clear(self) -> int:
        """Forget all entries; return how many there were."""
        gone = len(self._entries)
        if gone:
            self._journals.forget(self, sum(entry.bytes for entry in self._entries))
            self._entries.clear()
        self.forgotten = 0
        self.seen.clear()
        return gone

    def drop(self) -> int:
        """Keep the oldest entry no longer, as the journals are full; return what it took."""
        self.forgotten += 1
        return self._entries.popleft().bytes

    def put_into_words(self, scenario: str, operations: Container[str], most: int) -> int:
        """Let go of a scenario, as `Journals` says; explain so many entries at most, and return how many there are."""
        places = [place for place, entry in enumerate(self._entries) if entry.scenario == scenario]
        for after, place in enumerate(reversed(places)):
            entry = self._entries[place]
            why = entry.why() if after < most else _unexplained(entry)
            self._entries[place] = entry._replace(why=partial(dict, why))
        for key in [key for key in self.seen if key[0] not in operations]:
            del self.seen[key]
        return len(places)

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(list(self._entries))


def _unexplained(entry: Entry) -> Document:
    """Return what is left to say of an entry whose scenario is gone."""
    text = (
        f"scenario {entry.scenario!r} was removed, or is another one by now; of its older requests nobody can tell why"
    )
    return {"text": text, "stub": entry.stub, "where": None, "near": []}
