"""What a sandbox remembers of Medusa's database: payment collections with all that belongs to them."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

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


class PaymentCollections:
    """
    The payment collections of one sandbox, at most `limit`; the least recently used goes first.

    What is returned is a copy; `save` makes it count, so a request that fails half-way leaves nothing behind.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._stored: OrderedDict[str, PaymentCollection] = OrderedDict()
        self._owner: dict[str, str] = {}
        self._gone: OrderedDict[str, None] = OrderedDict()

    def get(self, id: str) -> PaymentCollection | None:
        """Return a collection to work on, or None; a soft-deleted one is not there (get-soft-deleted)."""
        stored = self._stored.get(id)
        if stored is None or stored.row["deleted_at"] is not None:
            return None
        self._stored.move_to_end(id)
        return stored.copy()

    def knows(self, id: str) -> bool:
        """Tell whether a collection was ever stored under an id, deleted or not."""
        return id in self._stored

    def owner(self, session: str) -> str | None:
        """Return the id of the collection that a session belongs to; '' when it belongs to none any more."""
        return "" if session in self._gone else self._owner.get(session)

    def save(self, collection: PaymentCollection) -> None:
        """Store a collection as it is now; sessions that it no longer has are remembered as gone."""
        before = self._stored.get(collection.id)
        dropped = {session["id"] for session in before.sessions} if before else set()
        for session in collection.sessions:
            self._owner[session["id"]] = collection.id
            self._gone.pop(session["id"], None)
            dropped.discard(session["id"])
        for id in dropped:
            self._owner.pop(id, None)
            self._gone[id] = None
            if len(self._gone) > self._limit:
                self._gone.popitem(last=False)
        self._stored[collection.id] = collection
        self._stored.move_to_end(collection.id)
        if len(self._stored) > self._limit:
            self._forget(self._stored.popitem(last=False)[1])

    def _forget(self, collection: PaymentCollection) -> None:
        for session in collection.sessions:
            self._owner.pop(session["id"], None)

    def __iter__(self) -> Iterator[PaymentCollection]:
        return iter([stored.copy() for stored in self._stored.values()])
