"""What writes entities into tables, as far as what follows from them has to know it."""

from collections.abc import Iterable
from typing import Any, Protocol

from ..clock import isoformat
from .documents import Document
from .relations import Row
from .tables import Tables


class Writes(Protocol):
    """What stores entities: it makes rows that are sampled, and writes what is partly written."""

    tables: Tables
    now: int

    def sample(self, name: str, hint: str, /, **columns: Any) -> Row: ...
    def new(self, name: str, hint: str, /, **columns: Any) -> Row: ...
    def write(self, name: str, entity: Document, hint: str, /, **fixed: Any) -> Row: ...


def begun(writer: Writes, nothing: Iterable[str], entity: Document) -> Document:
    """Return what is new, with nothing in these columns and made now, where it does not say so."""
    now = isoformat(writer.now)
    return {**dict.fromkeys(nothing), "created_at": now, "updated_at": now, **entity}
