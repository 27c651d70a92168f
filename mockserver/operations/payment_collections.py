"""Payment Collections: what their operations do (SERVER.md 4)."""

from ..clock import isoformat
from ..contract import Document
from .context import Context


def authorize_payment_session(context: Context) -> Document:
    """Answer the session that was asked for, authorized now."""
    answer = context.sample()
    answer["payment_session"] |= {
        "status": "authorized",
        "is_initiated": True,
        "data": {"status": "authorized"},  # what Medusa's manual provider stores (auth-ok-manual)
        "payment_authorized_at": isoformat(context.sandbox.clock.now()),
    }
    return answer


BEHAVIOURS = {
    "authorizePaymentSession": authorize_payment_session,
}
