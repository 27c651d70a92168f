"""What a sequence is made of: requests for the six Payment Collections operations, right ones and wrong ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from ..asking import NOTHING

RETRIEVE = "GetPaymentCollectionsPaymentCollection"
MANAGE = "PostPaymentCollectionsSessions"
MANAGE_BATCH = "PostPaymentCollectionsPaymentCollectionSessionsBatch"
AUTHORIZE = "PostPaymentCollectionsSessionsSessionAuthorize"
AUTHORIZE_BATCH = "PostPaymentCollectionsSessionsBatchAuthorize"
REFRESH = "PostPaymentCollectionsPaymentCollectionPaymentSessionsSession"
NOBODY = "ps_01HZZZZZZZZZZZZZZZZZZZZZZZ"  # a session that no server made
NOWHERE = "paycol_01HZZZZZZZZZZZZZZZZZZZZZZZ"
QUERIES = (
    "",
    "",
    "fields=id,status,amount",
    "fields=authorized_amount,created_by,region_id,deleted_at",
    "fields=",
    "expand=",
    "expand=payments",
    "expand=payment_sessions,payments,currency",
    "expand=region,region.countries,region.payment_providers",
    "expand=region.currency",
    "expand=payment_sessions.cart",
    "fields=region.name&expand=region",
    "fields=payment_sessions.status",
    "fields=currency.code",
    "fields=%2Bcreated_by,-amount",
    "fields=*,-status",
    "fields=-amount,status",
    "fields=nobody",
    "expand=nobody",
    "expand=region.nobody",
    "limit=5",
    "expand=payments&expand=region",
    "fields[a]=b&order=x",
)


@dataclass(frozen=True, slots=True)
class Step:
    """
    One request for an operation, by its id, before it is known which ids there will be.

    `session` is a position in the collection's sessions; one that is not there is nobody's. In `body`, `{"$session": 1}`
    stands for a session's id and `{"$part": [0, 3]}` for the first of three parts of the collection's amount.
    """

    operation: str
    session: int = 0
    body: Any = NOTHING
    query: str = ""
    elsewhere: bool = False

    def resolve(self, sessions: Sequence[str], amount: int) -> Any:
        """Return the body with ids and amounts in it."""
        return _resolve(self.body, sessions, amount)


def nth(sessions: Sequence[str], position: int) -> str:
    """Return a session's id; that of nobody where there are not so many."""
    return sessions[position] if position < len(sessions) else NOBODY


def _resolve(value: Any, sessions: Sequence[str], amount: int) -> Any:
    if isinstance(value, Mapping):
        if "$session" in value:
            return nth(sessions, value["$session"])
        if "$part" in value:
            place, count = value["$part"]
            return amount // count + (amount % count if place == 0 else 0)
        return {key: _resolve(item, sessions, amount) for key, item in value.items()}
    return [_resolve(item, sessions, amount) for item in value] if isinstance(value, list) else value


def steps(providers: Sequence[str]) -> st.SearchStrategy[Step]:
    """Return a strategy for steps with the providers that a region has, and one that it has not."""
    provider = st.sampled_from([*providers, "nobody"])
    position = st.integers(0, 3)
    elsewhere = st.sampled_from([False] * 9 + [True])
    return st.one_of(
        st.builds(Step, st.just(RETRIEVE), query=st.sampled_from(QUERIES), elsewhere=elsewhere),
        st.builds(Step, st.just(MANAGE), body=_manage(provider), elsewhere=elsewhere),
        st.builds(Step, st.just(MANAGE_BATCH), body=_batch(provider), elsewhere=elsewhere),
        st.builds(Step, st.just(AUTHORIZE), position, elsewhere=elsewhere),
        st.builds(Step, st.just(AUTHORIZE_BATCH), body=_authorize_batch(), elsewhere=elsewhere),
        st.builds(Step, st.just(REFRESH), position, elsewhere=elsewhere),
    )


def _manage(provider: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    wrong = st.sampled_from([NOTHING, {}, {"provider_id": None}, {"provider_id": 5}, {"x": 1}, [], [{}]])
    right = st.builds(lambda id: {"provider_id": id}, provider)
    return st.one_of(right, right, right, wrong)


def _batch(provider: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Return bodies whose amounts add up, more often than not."""

    def parts(providers: list[str], kept: list[int | None]) -> dict[str, Any]:
        return {
            "sessions": [
                {"provider_id": id, "amount": {"$part": [place, len(providers)]}}
                | ({} if session is None else {"session_id": {"$session": session}})
                for place, (id, session) in enumerate(zip(providers, kept, strict=False))
            ]
        }

    kept = st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=3, max_size=3)
    right = st.builds(parts, st.lists(provider, min_size=1, max_size=3), kept)
    whole = {"provider_id": "manual", "amount": {"$part": [0, 1]}}
    wrong = st.sampled_from(
        [
            NOTHING,
            {"sessions": None},
            {"sessions": "x"},
            {"sessions": {}},
            {"sessions": []},
            {"sessions": [{}]},
            {"sessions": [{"provider_id": "manual", "amount": 1}]},
            {"sessions": [whole, {"provider_id": "manual", "amount": "0"}]},
            {"sessions": [whole, {"provider_id": "manual", "amount": 0}, {"x": 1}]},
            {"sessions": [whole, None]},
            {"sessions": [whole], "x": 1},
            {"sessions": [whole, {"provider_id": "manual", "amount": 5}, {"provider_id": "manual", "amount": -5}]},
        ]
    )
    return st.one_of(right, right, right, wrong)


def _authorize_batch() -> st.SearchStrategy[Any]:
    positions = st.lists(st.integers(0, 3), max_size=3)
    right = st.builds(lambda places: {"session_ids": [{"$session": place} for place in places]}, positions)
    wrong = st.sampled_from([NOTHING, {"session_ids": None}, {"session_ids": "x"}, {"session_ids": [1]}, {"x": 1}, []])
    return st.one_of(right, right, right, wrong)
