"""A shop to try the operations in: a mock with a scenario of its own, and short words for what is asked of it."""

import json
from typing import Any

from conformance.recordings import engine_for

from mockserver.edge.app import Mock
from mockserver.engine.serve import Engine
from mockserver.messages import Answer, Request

COLLECTION = "/store/payment-collections/paycol_1"
UNKNOWN = {"code": "unknown_error", "type": "unknown_error", "message": "An unknown error occurred."}
ONE = {"id": "ps_1", "amount": 1000}
TWO = {"id": "ps_2", "amount": 2000}


class Shop:
    """An engine with a scenario of its own, and short words for what is asked of it."""

    def __init__(self, mock: Mock, said: dict[str, Any]) -> None:
        self._engine: Engine = engine_for(mock, {"description": "A shop.", **said})

    def ask(self, method: str, path: str = "", body: object = None, query: str = "") -> Answer:
        """Ask something of `paycol_1`, or of any collection by its whole path."""
        raw = b"" if body is None else json.dumps(body).encode()
        whole = path if path.startswith("/store") else f"{COLLECTION}{path}"
        return self._engine.serve(Request(method, whole, query, {"content-type": "application/json"}, raw))

    def authorize(self, session: str = "ps_1") -> Answer:
        """Authorize one session of `paycol_1`."""
        return self.ask("POST", f"/sessions/{session}/authorize")

    def seen(self, expand: str = "payment_sessions,payments") -> dict[str, Any]:
        """Return the collection as a GET with all that matters shows it."""
        answer = self.ask("GET", query=f"expand={expand}&fields=status,amount,authorized_amount")
        assert 200 == answer.status, answer.document
        return dict(answer.document["payment_collection"])


def given(mock: Mock, *sessions: dict[str, Any], **said: Any) -> Shop:
    """Return a shop that knows `paycol_1` alone, with these sessions; `providers` are the scenario's."""
    providers = said.pop("providers", {})
    collection = {"id": "paycol_1", "payment_sessions": list(sessions), **said}
    world = {"unknown_ids": "not_found", "given": {"payment_collections": [collection], "off_contract": True}}
    return Shop(mock, {**world, "providers": providers})


def outcome(answer: Answer) -> tuple[int, Any]:
    """Return the status of an answer, and what it says went wrong."""
    return answer.status, answer.document.get("message")
