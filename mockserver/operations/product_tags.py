"""Tags and types of products: two lists that differ in one thing (tests/facts/catalog.md 8)."""

from dataclasses import replace

from ..contract import Document
from .context import Context
from .registry import operation
from .shared.query import Number, Text
from .shared.reads import Read, list_rows
from .shared.unions import Comparable, WrappedDates

TAGS = Read(
    entity="ProductTag",
    parameters=(
        Text("q"),
        Text("order"),
        Text("discount_condition_id"),
        Number("offset", default=0),
        Number("limit", default=20),
        Comparable("id"),
        Comparable("value"),
        WrappedDates("created_at"),
        WrappedDates("updated_at"),
    ),
    fields=("id", "created_at", "updated_at", "value"),
    filters=("id", "value", "created_at", "updated_at"),
    searched=("value",),
    replaced=("value",),
    linked={"discount_condition_id": "discount_condition_product_tags"},
)
TYPES = replace(
    TAGS,
    entity="ProductType",
    unknown=500,
    linked={"discount_condition_id": "discount_condition_product_types"},
)


@operation("GetProductTags")
def list_tags(context: Context) -> Document:
    """Answer the tags."""
    return list_rows(context, TAGS, ("product_tags", "count", "offset", "limit"))


@operation("GetProductTypes")
def list_types(context: Context) -> Document:
    """Answer the types."""
    return list_rows(context, TYPES, ("product_types", "count", "offset", "limit"))
