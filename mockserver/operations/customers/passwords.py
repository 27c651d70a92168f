"""Forgotten passwords: a token that only the outbox sees, and a new password for it (tests/facts/customers.md 9)."""

from ...contract import Document
from ...errors import VendorError
from ...express.errors import unknown_error
from ...messages import Answer
from ...state.relations import Row
from ..context import Context
from ..registry import operation
from ..shared import bodies, people, tokens
from ..shared.columns import CUSTOMER
from ..shared.emails import Email
from ..shared.rows import pick
from .stored import changed, hashed_password

MINUTES = 15  # that a token lasts
EMAIL = Email("email", required=True)
RESET = (EMAIL, bodies.Text("token", required=True), bodies.Text("password", required=True))


@operation("PostCustomersCustomerPasswordToken")
def generate_password_token(context: Context) -> Answer:
    """Tell the outside a token for an account; the answer is the same where there is none."""
    body = bodies.read(context.visit.body, (EMAIL,), lists=False)
    customer = people.by_email(context.tables, body["email"], has_account=True)
    if customer is not None:
        seconds = context.sandbox.clock.now() // 1000
        payload = {"customer_id": customer["id"], "exp": seconds + MINUTES * 60, "iat": seconds}
        named = pick(customer, ("id", "email", "first_name", "last_name"))
        context.tell("customer.password_reset", {**named, "token": tokens.signed(payload, _secret(customer))})
    return Answer(204, media_type=None)


@operation("PostCustomersResetPassword")
def reset_password(context: Context) -> Document:
    """Set the password of an account with a token, which works once; an empty one changes nothing."""
    body = bodies.read(context.visit.body, RESET, lists=False)
    customer = people.by_email(context.tables, body["email"], has_account=True)
    if customer is None:
        raise _refused()
    payload = tokens.payload_of(body["token"], _secret(customer), context.sandbox.clock.now())
    if payload is None:
        raise unknown_error()
    if payload.get("customer_id") != customer["id"]:
        raise _refused()
    if body["password"]:
        hash = hashed_password(context, body["password"])
        customer = changed(context, people.TABLE, customer, {"_password_hash": hash})
    return {"customer": pick(customer, CUSTOMER)}


def _secret(customer: Row) -> str:
    """Return what signs a customer's tokens: the hash of the password, so that a new password ends them all."""
    return str(customer.get("_password_hash") or customer["id"])  # an account that was given without any


def _refused() -> VendorError:
    return VendorError(401, "unauthorized", "Invalid or expired password reset token")
