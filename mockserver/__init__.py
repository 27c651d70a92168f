"""A mock and contract-test server for Medusa v1's Store API."""

from typing import TYPE_CHECKING, Any

from .errors import MockServerError

if TYPE_CHECKING:
    from .edge.app import create_app
    from .settings import Settings

__all__ = ["MockServerError", "Settings", "create_app"]


def __getattr__(name: str) -> Any:
    """Load what a name needs when it is first asked for: the pytest plugin must not cost every run a server."""
    if name == "create_app":
        from .edge.app import create_app  # noqa: PLC0415

        return create_app
    if name == "Settings":
        from .settings import Settings  # noqa: PLC0415

        return Settings
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
