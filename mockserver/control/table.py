"""All calls of the control API; loaded when the first one comes, for no start needs their shapes."""

from . import events, journal, operations, orders, outbox, sandboxes, scenarios
from .calls import CALLS
from .document import control_document

__all__ = [
    "CALLS",
    "control_document",
    "events",
    "journal",
    "operations",
    "orders",
    "outbox",
    "sandboxes",
    "scenarios",
]
