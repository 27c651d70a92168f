"""A mock and contract-test server for Medusa v1's Store API."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .errors import MockServerError

if TYPE_CHECKING:
    from .edge.mock import create_app
    from .settings import Settings
    from .testing.client import MockMedusa
    from .testing.orders import MerchantOrder

__all__ = ["MerchantOrder", "MockMedusa", "MockServerError", "Settings", "create_app"]

_HOMES = {
    "MerchantOrder": ".testing.orders",
    "MockMedusa": ".testing.client",
    "Settings": ".settings",
    "create_app": ".edge.mock",
}


def __getattr__(name: str) -> Any:
    """Load what a name needs when it is first asked for: the pytest plugin must not cost every run a server."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Name also what is not loaded yet, for completion and for Python's own `did you mean`."""
    return sorted({*globals(), *__all__})
