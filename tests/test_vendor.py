"""What becomes of an error inside Medusa, row by row (tests/facts/server.md 3)."""

from typing import Any

import pytest

from mockserver.express.errors import CONFLICT, MEDUSA_TYPES, Thrown
from mockserver.operations.shared.providers import Outcome

UNKNOWN = {"code": "unknown_error", "type": "unknown_error", "message": "An unknown error occurred."}
RETRY = {"code": "invalid_state_error", "type": "conflict", "message": CONFLICT}
UNIQUE = "Key (id)=(ps_1) already exists."


@pytest.mark.parametrize(
    ("thrown", "status", "document"),
    [
        (Thrown("not_found", "Gone"), 404, {"type": "not_found", "message": "Gone"}),
        (Thrown("invalid_data", "Bad", "card_declined"), 400, {"code": "card_declined", "type": "invalid_data", "message": "Bad"}),
        (Thrown("not_allowed", "No"), 400, {"type": "not_allowed", "message": "No"}),
        (Thrown("payment_authorization_error", "No"), 422, {"type": "payment_authorization_error", "message": "No"}),
        (Thrown("duplicate_error", "Twice"), 422, {"code": "invalid_request_error", "type": "duplicate_error", "message": "Twice"}),
        (Thrown("unauthorized", "Who"), 401, {"type": "unauthorized", "message": "Who"}),
        (Thrown("conflict", "mine"), 409, RETRY),
        (Thrown("QueryRunnerAlreadyReleasedError"), 409, {"code": "invalid_state_error", "message": CONFLICT}),
        (Thrown("TransactionNotStartedError"), 409, {"code": "invalid_state_error", "message": CONFLICT}),
        (Thrown("database_error", "Down"), 500, {"code": "api_error", "type": "database_error", "message": "Down"}),
        (Thrown("unexpected_state", "Odd"), 500, {"type": "unexpected_state", "message": "Odd"}),
        (Thrown("invalid_argument", "Odd"), 500, {"type": "invalid_argument", "message": "Odd"}),
        (Thrown("insufficient_inventory", "Few"), 500, UNKNOWN),
        (Thrown("TypeError", "x of undefined"), 500, UNKNOWN),
        (Thrown("40P01"), 500, UNKNOWN),
        (Thrown("40001"), 409, RETRY),
        (Thrown("23505", table="payment_session", detail=UNIQUE), 422,
         {"code": "invalid_request_error", "type": "duplicate_error", "message": "Payment_session with id ps_1 already exists."}),
        (Thrown("23503", table="payment", detail="Key (cart_id)=(c) is not present."), 404,
         {"type": "not_found", "message": "Payment with cart_id c does not exist."}),
        (Thrown("23503", detail="who knows"), 404, {"type": "not_found", "message": "null"}),
        (Thrown("23502", table="payment", column="amount"), 400,
         {"type": "invalid_data", "message": "Can't insert null value in field amount on insert in table payment"}),
    ],
)  # fmt: skip
def test_every_row_of_the_table(thrown: Thrown, status: int, document: dict[str, Any]) -> None:
    """The kind of an error decides status, code and message; keys are in Medusa's order."""
    error = thrown.error()

    assert (status, document) == (error.status, error.document())
    assert list(document) == list(error.document())


def test_every_type_of_medusa_is_tried() -> None:
    """The table above names each type that Medusa has a status for."""
    marks = test_every_row_of_the_table.pytestmark  # type: ignore[attr-defined]

    assert MEDUSA_TYPES.keys() <= {thrown.kind for thrown, _, _ in marks[0].args[1]}


@pytest.mark.parametrize(
    ("outcome", "status", "completed"),
    [
        (Outcome(), 200, 200),
        (Outcome(status="requires_more"), 422, 200),
        (Outcome(status="error"), 422, 400),
        (Outcome(error="No"), 400, 400),
        (Outcome(thrown=Thrown("conflict")), 409, 409),
        (Outcome(overlap="conflict"), 409, 409),
        (Outcome(overlap="paid-twice"), 200, 200),
        (Outcome(overlap="sold-out"), 200, 409),
    ],
)
def test_an_outcome_decides_the_status(outcome: Outcome, status: int, completed: int) -> None:
    """What a provider answers is what the client of authorize sees, and who completes a cart."""
    assert (status, completed) == (outcome.answer_status(), outcome.completion_status())
