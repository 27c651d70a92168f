"""A mock and contract-test server for Medusa v1's Store API."""

from .app import create_app
from .errors import MockServerError
from .settings import Settings

__all__ = ["MockServerError", "Settings", "create_app"]
