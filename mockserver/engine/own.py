"""What the mock says as itself, and no Medusa server ever does."""

from ..messages import JSON, Answer, Pairs


def own_error(status: int, message: str, headers: Pairs = ()) -> Answer:
    """Return an error of the mock itself, of a type that no Medusa server sends."""
    return Answer(status, {"type": "mock_server_error", "message": message}, JSON, headers, source="mock")
