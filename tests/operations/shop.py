"""A shop to try the operations in: a scenario of its own, and short words for what is asked in it."""

from typing import Any

from asking import Ask, in_scenario

from mockserver.messages import Response

COLLECTION = "/store/payment-collections/paycol_1"
UNKNOWN = {"code": "unknown_error", "type": "unknown_error", "message": "An unknown error occurred."}
ONE = {"id": "ps_1", "amount": 1000}
TWO = {"id": "ps_2", "amount": 2000}


class Shop:
    """Short words for what is asked of a mock in a scenario of its own."""

    def __init__(self, ask: Ask, said: dict[str, Any]) -> None:
        self._ask = in_scenario(ask, said)

    def ask(self, method: str, path: str = "", body: object = None, query: str = "") -> Response:
        """Ask something of `paycol_1`, or of any collection by its whole path."""
        whole = path if path.startswith("/store") else f"{COLLECTION}{path}"
        return self._ask(method, whole, body, query, content_type="application/json")

    def authorize(self, session: str = "ps_1") -> Response:
        """Authorize one session of `paycol_1`."""
        return self.ask("POST", f"/sessions/{session}/authorize")

    def seen(self, expand: str = "payment_sessions,payments") -> dict[str, Any]:
        """Return the collection as a GET with all that matters shows it."""
        answer = self.ask("GET", query=f"expand={expand}&fields=status,amount,authorized_amount")
        assert 200 == answer.status, answer.document
        return dict(answer.document["payment_collection"])


def given(ask: Ask, *sessions: dict[str, Any], **said: Any) -> Shop:
    """Return a shop that knows `paycol_1` alone, with these sessions; `providers` are the scenario's."""
    providers = said.pop("providers", {})
    collection = {"id": "paycol_1", "payment_sessions": list(sessions), **said}
    known = {"unknown_ids": "not_found", "given": {"payment_collections": [collection], "off_contract": True}}
    return Shop(ask, {**known, "providers": providers})


def outcome(answer: Response) -> tuple[int, Any]:
    """Return the status of an answer, and what it says went wrong."""
    return answer.status, answer.document.get("message")
