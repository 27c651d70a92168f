"""One question to each of two servers, answered in a form that can be compared."""

import json
from collections.abc import Mapping
from typing import Any

from ..edge.mock import Mock
from ..messages import Headers, Request
from ..realserver.target import Target
from .comparison import Answered

NOTHING: Any = type("Nothing", (), {"__repr__": lambda _: "nothing"})()


def ask_real(
    target: Target, method: str, path: str, body: Any = NOTHING, headers: Mapping[str, str] | None = None
) -> Answered:
    """Return what the server under test answers."""
    heard = target.ask(method, path, None if body is NOTHING else body, headers)
    return Answered(
        heard.status,
        (heard.media_type or "").partition(";")[0],
        None if heard.document == "" else heard.document,
        heard.headers,
    )


def ask_mock(  # noqa: PLR0913, PLR0917
    mock: Mock, sandbox: str, method: str, path: str, body: Any = NOTHING, headers: Mapping[str, str] | None = None
) -> Answered:
    """Return what the mock answers in a sandbox."""
    raw = b"" if body is NOTHING else json.dumps(body).encode()
    said = Headers({**(headers or {}), "x-mock-sandbox": sandbox, "content-type": "application/json"})
    path, _, query = path.partition("?")
    answer = mock.engine.serve(Request(method, path, query, said, raw))
    return Answered(answer.status, (answer.media_type or "").partition(";")[0], answer.document, dict(answer.headers))
