"""Collections: what their two reads take and show (tests/facts/catalog.md 7)."""

from ..contract import Document
from .context import Context
from .registry import operation
from .shared.query import Dates, Integer, Texts
from .shared.reads import Read, list_rows, retrieve_row

FIELDS = ("id", "created_at", "updated_at", "deleted_at", "title", "handle", "metadata")
COLLECTIONS = Read(
    entity="ProductCollection",
    parameters=(
        Texts("handle"),
        Integer("limit", default=10),
        Integer("offset", default=0),
        Dates("created_at"),
        Dates("updated_at"),
    ),
    fields=FIELDS,
    filters=("handle", "created_at", "updated_at"),
)
COLLECTION = Read(entity="ProductCollection", parameters=None, fields=FIELDS)


@operation("GetCollections")
def list_collections(context: Context) -> Document:
    """Answer the collections, without their products."""
    return list_rows(context, COLLECTIONS, ("collections", "count", "limit", "offset"))


@operation("GetCollectionsCollection")
def retrieve_collection(context: Context) -> Document:
    """Answer a collection; nothing is asked of it."""
    return retrieve_row(context, COLLECTION, "collection")
