"""How Medusa writes its rows into answers: which keys, in which order (tests/facts/server.md 2)."""

from ...state.relations import Row
from ..regions import REGIONS
from ..shared.columns import PAYMENT, PROVIDER, SESSION
from ..shared.rows import pick

COLLECTION = (
    "id", "created_at", "updated_at", "deleted_at", "type", "status", "description", "amount", "authorized_amount",
    "region_id", "currency_code", "metadata", "created_by",
)  # fmt: skip
NEW_SESSION = (
    "cart_id", "provider_id", "is_initiated", "status", "data", "amount", "id", "is_selected", "idempotency_key",
    "payment_authorized_at", "created_at", "updated_at",
)  # fmt: skip
NEW_PAYMENT = (
    "amount", "currency_code", "provider_id", "data", "id", "swap_id", "cart_id", "order_id", "captured_at",
    "canceled_at", "metadata", "idempotency_key", "created_at", "updated_at", "amount_refunded",
)  # fmt: skip


def collection(row: Row) -> Row:
    """Return the 13 columns of a collection."""
    return pick(row, COLLECTION)


def session(row: Row, *, new: bool = False) -> Row:
    """Return a session; one that was inserted by this very request has its keys in another order."""
    return pick(row, NEW_SESSION if new else SESSION)


def payment(row: Row, *, new: bool = False) -> Row:
    """Return a payment; one that was inserted by this very request has its keys in another order."""
    return pick(row, NEW_PAYMENT if new else PAYMENT)


def region(row: Row, providers: list[Row]) -> Row:
    """Return a region as the POST routes do: with its payment providers, and nothing else expanded."""
    return {**pick(row, REGIONS.fields), "payment_providers": [pick(provider, PROVIDER) for provider in providers]}
