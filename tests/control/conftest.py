"""What tests of the control API share: a short way to call it, in process."""

from collections.abc import Callable
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from mockserver.edge.app import Mock

Api = Callable[..., Response]


@pytest.fixture
def api(mock: Mock) -> Api:
    """Return what calls the control API of the test's mock."""
    return api_of(mock)


def api_of(mock: Mock) -> Api:
    """Return what calls the control API: `api("PUT", "/scenarios/x", {...})`; the path begins below `/__mock`."""
    client = TestClient(mock.app, base_url="http://localhost:9000", follow_redirects=False)

    def api(method: str, path: str, body: Any = None, **headers: str) -> Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if isinstance(body, (str, bytes)):
            return client.request(method, f"/__mock{path}", content=body, headers=named)
        return client.request(method, f"/__mock{path}", headers=named, **({} if body is None else {"json": body}))

    return api


def message(response: Response, status: int) -> str:
    """Return what a refused call says, which is of the shape that all refusals have."""
    said = response.json()
    assert (status, {"type", "message"}, "mock_server_error") == (response.status_code, said.keys(), said["type"]), said
    return str(said["message"])
