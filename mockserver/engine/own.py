"""What the mock says as itself, and no Medusa server ever does."""

from ..messages import Answer


def own_error(status: int, message: str) -> Answer:
    """Return an error of the mock itself, of a type that no Medusa server sends."""
    return Answer(status, {"type": "mock_server_error", "message": message}, cors=True)
