"""What tests of the control API share: a short way to call it, in process."""

from string import punctuation
from typing import Any
from urllib.parse import quote

import pytest
from asking import Ask, ask_of

from mockserver.edge.mock import Mock
from mockserver.messages import Response


@pytest.fixture
def api(mock: Mock) -> Ask:
    """Return what calls the control API of the test's mock."""
    return api_of(mock)


def api_of(mock: Mock) -> Ask:
    """Return what asks below `/__mock`, with paths escaped as clients do it: `api("PUT", "/scenarios/x", {...})`."""
    ask = ask_of(mock.app)

    def api(method: str, path: str, body: Any = None, **headers: Any) -> Response:
        return ask(method, quote(f"/__mock{path}", safe=punctuation), body, **headers)

    return api


def message(response: Response, status: int) -> str:
    """Return what a refused call says, which is of the shape that all refusals have."""
    said = response.document
    assert (status, {"type", "message"}, "mock_server_error") == (response.status, said.keys(), said["type"]), said
    return str(said["message"])
