"""Rows as operations find and show them."""

from collections.abc import Iterable, Mapping
from typing import Any

from ...express.errors import unknown_error
from ...state.relations import Row
from ...state.tables import Tables

NUL = "\0"  # PostgreSQL's text cannot hold it, and the real server answers 500 (get-nul-id)


def find(tables: Tables, table: str, id: str) -> Row | None:
    """Return the row that has an id and is not deleted, or None; raise VendorError for an id that no database takes."""
    refuse_nul(id)
    row = tables.get(table, id)
    return row if row is not None and is_there(row) else None


def refuse_nul(*values: Any) -> None:
    """Raise VendorError for a text that no database takes, at any depth of JSON values."""
    for value in values:
        if isinstance(value, str):
            if NUL in value:
                raise unknown_error()
        elif isinstance(value, Mapping):
            refuse_nul(*value, *value.values())
        elif isinstance(value, list):
            refuse_nul(*value)


def is_there(row: Row) -> bool:
    """Tell whether a row was not deleted: Medusa keeps deleted ones, and shows them nowhere."""
    return row.get("deleted_at") is None


def pick(row: Row, columns: Iterable[str]) -> Row:
    """Return some columns of a row, in this order; one that the row does not have is left out."""
    return {column: row[column] for column in columns if column in row}
