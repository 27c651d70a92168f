"""Behaviour: one module per Medusa resource, one function per operation; an operation without one answers samples."""

from collections.abc import Callable, Mapping

from ..contract import Document
from . import payment_collections
from .context import Context

__all__ = ["BEHAVIOURS", "Behaviour", "Context"]

Behaviour = Callable[[Context], Document]

BEHAVIOURS: Mapping[str, Behaviour] = {
    **payment_collections.BEHAVIOURS,
}
