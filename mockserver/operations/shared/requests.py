"""Reads what a visitor sends about customers."""

from collections.abc import Iterable

from ...contract import Document
from ...express.errors import invalid_data
from ..context import Context
from . import bodies

UNKNOWN = "an unknown value was passed to the validate function"


def read(context: Context, fields: Iterable[bodies.Field]) -> Document:
    """Return a body whose fields are as they have to be; raise VendorError for any other, and for every list."""
    if isinstance(context.visit.body, list):
        raise invalid_data(UNKNOWN)
    return bodies.read(context.visit.body, fields)
