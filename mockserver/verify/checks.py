"""What Schemathesis cannot know from the contract: what an answer means, and that a browser may read it."""

from typing import Any
from urllib.parse import unquote

import schemathesis

AUTHORIZE = "PostPaymentCollectionsSessionsSessionAuthorize"
REFRESH = "PostPaymentCollectionsPaymentCollectionPaymentSessionsSession"
ORIGIN = "http://localhost:8000"  # of a storefront, where Medusa's own starter serves it


@schemathesis.check
def answer_is_about_what_was_asked(_context: Any, response: Any, case: Any) -> None:
    """Raise AssertionError for a 200 that names another entity, or that calls a session authorized which is not."""
    if response.status_code != 200:  # noqa: PLR2004
        return
    asked = {name: unquote(str(value)) for name, value in (case.path_parameters or {}).items()}
    answer = _document(response)
    operation = case.operation.definition.raw["operationId"]
    collection, session = answer.get("payment_collection"), answer.get("payment_session")
    if isinstance(collection, dict) and "id" in collection:
        assert collection["id"] == asked["id"], f"asked for {asked['id']!r}, was answered {collection['id']!r}"  # noqa: S101
    if not isinstance(session, dict):
        return
    same = session.get("id") == asked["session_id"]
    if operation == AUTHORIZE:
        assert same, f"asked for {asked['session_id']!r}, was answered {session.get('id')!r}"  # noqa: S101
        assert session.get("status") == "authorized", f"200, though the session is {session.get('status')!r}"  # noqa: S101
    if operation == REFRESH:
        assert not same, f"a refreshed session has a new id, this one is {session.get('id')!r} still"  # noqa: S101


@schemathesis.check
def browsers_may_read_the_answer(_context: Any, response: Any, case: Any) -> None:
    """Raise AssertionError for a JSON answer without the CORS headers of an origin that was sent along."""
    origin = (case.headers or {}).get("Origin")
    if origin is None or not _is_json(response):
        return
    allowed = response.headers.get("access-control-allow-origin", ["none"])[0]
    credentials = response.headers.get("access-control-allow-credentials", ["none"])[0]
    assert allowed == origin, f"Access-Control-Allow-Origin is {allowed}, not {origin}"  # noqa: S101
    assert credentials == "true", f"Access-Control-Allow-Credentials is {credentials}, not true"  # noqa: S101


def _document(response: Any) -> dict[str, Any]:
    try:
        found = response.json() if _is_json(response) else {}
    except ValueError:
        return {}  # response_schema_conformance says so
    return found if isinstance(found, dict) else {}


def _is_json(response: Any) -> bool:
    return str(response.headers.get("content-type", [""])[0]).startswith("application/json")
