"""Any sequence of the six operations leaves a payment collection consistent, and every answer keeps the contract."""

from collections.abc import Mapping
from itertools import count
from typing import Any

from asking import Ask, ask_of, in_scenario
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver import Settings
from mockserver.edge.mock import Mock
from mockserver.messages import Response
from mockserver.state.relations import Row

MOCK = Mock(Settings(clock="2024-01-06T03:57:20Z"))
COLLECTION = "/store/payment-collections/paycol_1"
AMOUNT = 3000
GIVEN = {"id": "paycol_1", "amount": AMOUNT}

NUMBERS = count()
positions = st.integers(0, 2)
steps = st.one_of(
    st.tuples(st.just("retrieve")),
    st.tuples(st.just("manage"), st.sampled_from(["manual", "other", "nobody"])),
    st.tuples(
        st.just("batch"), st.lists(st.sampled_from([1000, 2000, 3000, -1000]), min_size=1, max_size=3), positions
    ),
    st.tuples(st.just("authorize"), positions),
    st.tuples(st.just("authorize_batch"), st.lists(positions, max_size=3)),
    st.tuples(st.just("refresh"), positions),
)
outcomes = st.sampled_from(["authorized", "requires_more", "error", "pending", "canceled"])


class World:
    """A sandbox with one collection, and the requests that a step stands for."""

    def __init__(self, statuses: list[str]) -> None:
        self.ask = _shop([{"status": status} for status in statuses])
        self.name = f"sequence-{next(NUMBERS)}"
        self.paid = 0

    def stored(self) -> Row:
        """Return the collection with its sessions and payments."""
        tables = MOCK.sandboxes[self.name].tables
        (row,) = tables.all("payment_collections")
        related = {name: tables.follow("payment_collections", row, name) for name in ("payment_sessions", "payments")}
        return {**row, **related}

    def send(self, method: str, path: str, body: Mapping[str, Any] | None = None, query: str = "") -> Response:
        return self.ask(method, f"/~{self.name}{path}", body, query)

    def session(self, position: int) -> str:
        sessions = self.send("GET", COLLECTION).document["payment_collection"]["payment_sessions"]
        return str(sessions[position]["id"]) if position < len(sessions) else "ps_nobody"

    def play(self, step: tuple[Any, ...]) -> tuple[str, Response]:
        kind, *said = step
        if kind == "retrieve":
            return "paymentCollections.retrieve", self.send("GET", COLLECTION)
        if kind == "manage":
            return "managePaymentSession", self.send("POST", f"{COLLECTION}/sessions", {"provider_id": said[0]})
        if kind == "batch":
            items = [{"provider_id": "manual", "amount": amount} for amount in said[0]]
            items[0]["session_id"] = self.session(said[1])
            return "managePaymentSessionsBatch", self.send("POST", f"{COLLECTION}/sessions/batch", {"sessions": items})
        if kind == "authorize":
            path = f"{COLLECTION}/sessions/{self.session(said[0])}/authorize"
            return "authorizePaymentSession", self.send("POST", path)
        if kind == "authorize_batch":
            body = {"session_ids": [self.session(position) for position in said[0]]}
            return "authorizePaymentSessionsBatch", self.send("POST", f"{COLLECTION}/sessions/batch/authorize", body)
        return "paymentCollections.refreshPaymentSession", self.send(
            "POST", f"{COLLECTION}/sessions/{self.session(said[0])}"
        )


def _shop(outcomes: list[dict[str, str]]) -> Ask:
    said = {
        "description": "A collection that is known, and providers that may refuse.",
        "unknown_ids": "not_found",
        "given": {"payment_collections": [GIVEN]},
        "providers": {"other": {}, "*": {"authorize": outcomes}},
    }
    return in_scenario(ask_of(MOCK.app), said)


@given(st.lists(steps, max_size=8), st.lists(outcomes, min_size=1, max_size=3))
@settings(max_examples=150, deadline=None)
def test_any_sequence_is_consistent(sequence: list[tuple[Any, ...]], statuses: list[str]) -> None:
    """Amounts, status, sessions and payments agree with one another after every step (tests/facts/server.md 4)."""
    world = World(statuses)
    for step in sequence:
        before = _authorized(world.stored()) if world.send("GET", COLLECTION).status == 200 else set()
        operation, answer = world.play(step)
        violations = MOCK.contract.violations(
            MOCK.contract.operation(operation), answer.status, answer.media_type, answer.document
        )
        assert [] == list(violations)
        stored = world.stored()
        world.paid += len(_authorized(stored) - before)
        _check(stored, world, operation, answer)


def _authorized(stored: Row) -> set[str]:
    return {session["id"] for session in stored["payment_sessions"] if session["payment_authorized_at"]}


def _check(stored: Row, world: World, operation: str, answer: Response) -> None:
    sessions = stored["payment_sessions"]
    assert stored["amount"] == AMOUNT
    assert len(stored["payments"]) == world.paid
    assert len({session["id"] for session in sessions}) == len(sessions)
    if operation.startswith("managePayment") and answer.status == 200:
        assert stored["status"] == "not_paid"
        assert sum(session["amount"] for session in sessions) == AMOUNT
    if operation.startswith("authorize") and answer.status in (200, 422):
        total = sum(session["amount"] for session in sessions if session["payment_authorized_at"])
        assert stored["authorized_amount"] == total
        if total <= AMOUNT:  # more than that leaves the status as it was (tests/facts/server.md 4)
            assert stored["status"] == _status(total)
    if operation == "authorizePaymentSession":
        assert (answer.status == 200) == (_answered(answer) in _authorized(stored))
    if operation == "paymentCollections.refreshPaymentSession" and answer.status == 200:
        assert [_answered(answer)] == [session["id"] for session in sessions]


def _answered(answer: Response) -> str:
    return str(answer.document.get("payment_session", {}).get("id"))


def _status(total: int) -> str:
    if total == 0:
        return "awaiting"
    return "authorized" if total == AMOUNT else "partially_authorized"
