"""What was asked, what was answered, and why: kept as it was, put into words only when somebody reads it."""

import json
import re
from collections import Counter, deque
from collections.abc import Callable, Container, Iterator, Mapping
from functools import partial
from itertools import count
from typing import Any, NamedTuple

from ..clock import isoformat
from ..contract import Operation
from ..messages import Pairs, Request, Response
from .secrets import MASK, masked, masked_text

Document = dict[str, Any]
LONGEST = 16_384  # bytes of a request's body that are kept
MOST_BYTES = 100_000_000  # that all entries together take, about
SECRET_HEADERS = (
    "authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
    "x-medusa-access-token",
    "x-api-key",
)
MOST_EXPLAINED = 20  # entries of a scenario that is gone, whose reasons are kept
MAX_DEPTH = 100  # of a body that is shown as JSON; what writes it goes 255 levels deep


class Entry(NamedTuple):
    """
    One request and the response that went out.

    `number` counts all requests of the server from 1, `time` is milliseconds since 1970 of the machine's own clock,
    `seconds` is what the mock took, without delays. `stub` names the stub that answered, `why` puts it into words.
    `by` is what chose the scenario, `sandbox_by` what chose the sandbox, and `prefix` what stood before the path.
    `bytes` is about what all this takes. `aborted_after` is the seconds after which the client left, before its answer was whole; None where it stayed.
    """

    number: int
    time: int
    seconds: float
    sandbox: str
    scenario: str
    by: str
    operation: Operation | None
    request: Request
    response: Response
    source: str
    stub: str | None
    why: Callable[[], Document]
    bytes: int
    prefix: str = ""
    sandbox_by: str = "default"
    aborted_after: float | None = None

    def summary(self) -> Document:
        """Return what a list shows."""
        return {
            "number": self.number,
            "time": isoformat(self.time),
            "sandbox": self.sandbox,
            "scenario": self.scenario,
            "chosen_by": self.by,
            "sandbox_chosen_by": self.sandbox_by,
            "operation": self.operation and self.operation.name,
            "method": self.request.method,
            "prefix": self.prefix,
            "path": self.request.path,
            "status": self.response.status,
            "fault": self.response.fault,
            "source": self.source,
            "stub": self.stub,
            "milliseconds": round((self.seconds + self.response.delay) * 1000, 3),
            "mock_milliseconds": round(self.seconds * 1000, 3),
            "aborted_after": None if self.aborted_after is None else round(self.aborted_after * 1000, 3),
        }

    def document(self) -> Document:
        """Return all, secrets masked."""
        request, response = self.request, self.response
        return {
            **self.summary(),
            "request": {
                "method": request.method,
                "path": request.path,
                "query": request.query,
                "headers": _masked(request.headers),
                "body": _body(request.body),
            },
            "answer": {
                "status": response.status,
                "headers": _masked(_by_name(response.headers)),
                "body": masked(response.document),
                "delay": response.delay,
                "fault": response.fault,
            },
            "why": self.why(),
        }


def _masked(headers: Mapping[str, Any]) -> Document:
    """Return headers without what nobody else may read."""
    return {name: MASK if name.lower() in SECRET_HEADERS else value for name, value in headers.items()}


def _by_name(headers: Pairs) -> Document:
    """Return headers by name; a list for one that came several times."""
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


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


def _body(body: bytes) -> Any:
    """Return a body as JSON where it is JSON, else as text; None for none."""
    if not body:
        return None
    text = body.decode(errors="replace")
    if deepest(text) > MAX_DEPTH:
        return masked_text(text)
    try:
        value = json.loads(text)
        json.dumps(value, allow_nan=False)  # infinity cannot be written
    except ValueError:
        return masked_text(text)
    return masked(value)


def deepest(text: str) -> int:
    """Return how deep a JSON text is nested, at most: brackets inside its strings count as well."""
    depth = found = 0
    for bracket in re.findall(r"[\[{\]}]", text):
        depth += 1 if bracket in "[{" else -1
        found = max(found, depth)
    return found
