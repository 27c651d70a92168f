"""Behaviour: one module per Medusa resource, one function per operation; an operation without one answers samples."""

from .context import Context
from .registry import Behaviour, behaviours, operation, perform

__all__ = ["Behaviour", "Context", "behaviours", "operation", "perform"]
