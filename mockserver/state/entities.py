"""What a sandbox remembers of Medusa's database: payment collections with all that belongs to them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .budget import Budget, Kept

Row = dict[str, Any]


@dataclass(slots=True)
class PaymentCollection:
    """
    A payment collection, its sessions and payments, and its region, each a row with the published fields.

    Amounts are minor units, times ISO 8601 texts. `region` also holds `payment_providers`, `countries` and its like.
    `invented` tells that it was made up on first touch, and may grow sessions that are asked for; `made` counts the
    sessions that it was given since, so that each has an id of its own.
    """

    row: Row
    sessions: list[Row] = field(default_factory=list)
    payments: list[Row] = field(default_factory=list)
    region: Row = field(default_factory=dict)
    invented: bool = False
    made: int = 0

    @property
    def id(self) -> str:
        return str(self.row["id"])

    def session(self, id: str) -> Row | None:
        """Return one of the sessions, or None."""
        return next((session for session in self.sessions if session["id"] == id), None)

    def document(self) -> Row:
        """Return it as the API would show it with all that belongs to it."""
        return {**self.row, "region": self.region, "payment_sessions": self.sessions, "payments": self.payments}

    def published(self) -> Row:
        """Return its document as it could be given again: without our own `session_id` of payments, and relations to nothing."""
        payments = [{key: value for key, value in row.items() if key != "session_id"} for row in self.payments]
        region = {key: value for key, value in self.region.items() if key != "tax_provider" or value is not None}
        return {**self.document(), "region": region, "payments": payments}

    def copy(self) -> "PaymentCollection":
        """Return a copy to work on: what is not saved never happened (values inside rows are replaced, not changed)."""
        return PaymentCollection(
            dict(self.row),
            [dict(session) for session in self.sessions],
            [dict(payment) for payment in self.payments],
            self.region,
            self.invented,
            self.made,
        )


@dataclass(frozen=True, slots=True)
class Stored:
    """All that was stored at one time; what is stored is never changed, only replaced, so nothing is copied."""

    collections: list[tuple[str, PaymentCollection]]
    gone: list[tuple[str, None]]


class PaymentCollections:
    """
    The payment collections of one sandbox; the least recently used go first when all sandboxes together hold too many.

    What is returned is a copy; `save` makes it count, so a request that fails half-way leaves nothing behind.
    """

    def __init__(self, budget: Budget, dropped: Budget) -> None:
        self._stored: Kept[str, PaymentCollection] = Kept(budget, self._forget)
        self._owner: dict[str, str] = {}
        self._gone: Kept[str, None] = Kept(dropped)

    def get(self, id: str) -> PaymentCollection | None:
        """Return a collection to work on, or None; a soft-deleted one is not there (get-soft-deleted)."""
        stored = self._stored.get(id)
        if stored is None or stored.row["deleted_at"] is not None:
            return None
        self._stored.use(id)
        return stored.copy()

    def knows(self, id: str) -> bool:
        """Tell whether a collection was ever stored under an id, deleted or not."""
        return id in self._stored

    def owner(self, session: str) -> str | None:
        """Return the id of the collection that a session belongs to; '' when it belongs to none any more."""
        return "" if session in self._gone else self._owner.get(session)

    def save(self, collection: PaymentCollection, forgotten: frozenset[str] = frozenset()) -> None:
        """Store a collection as it is now; sessions that it no longer has are remembered as gone, unless `forgotten`."""
        before = self._stored.get(collection.id)
        dropped = {session["id"] for session in before.sessions} - forgotten if before else set()
        for id in forgotten:
            self._owner.pop(id, None)
        for session in collection.sessions:
            self._owner[session["id"]] = collection.id
            self._gone.pop(session["id"])
            dropped.discard(session["id"])
        for id in dropped:
            self._owner.pop(id, None)
            self._gone.put(id, None)
        self._stored.put(collection.id, collection)

    def stored(self) -> Stored:
        """Return all that is stored, to be restored later."""
        return Stored(self._stored.items(), self._gone.items())

    def restore(self, stored: Stored) -> None:
        """Store what was stored then, and nothing else."""
        self.clear()
        for _, collection in stored.collections:
            self.save(collection)
        self._gone.replace(stored.gone)

    @property
    def size(self) -> int:
        """How many collections and detached sessions are remembered."""
        return len(self._stored) + len(self._gone)

    def clear(self) -> None:
        """Store nothing any more."""
        self._stored.replace()
        self._owner.clear()
        self._gone.replace()

    def _forget(self, collection: PaymentCollection) -> None:
        for session in collection.sessions:
            self._owner.pop(session["id"], None)

    def __iter__(self) -> Iterator[PaymentCollection]:
        return iter([stored.copy() for stored in self._stored])

    def __len__(self) -> int:
        return len(self._stored)
