"""Regions: what their two reads take and show (tests/facts/catalog.md 9)."""

from ..contract import Document
from .context import Context
from .registry import operation
from .shared.query import Dates, Number, Text
from .shared.reads import Read, list_rows, retrieve_row

RELATIONS = ("countries", "currency", "fulfillment_providers", "payment_providers")
REGIONS = Read(
    entity="Region",
    parameters=(
        Dates("created_at"),
        Dates("updated_at"),
        Text("expand"),
        Text("fields"),
        Number("offset", default=0),
        Number("limit", default=100),
        Text("order"),
    ),
    fields=(
        "id", "created_at", "updated_at", "deleted_at", "name", "currency_code", "tax_rate", "tax_code",
        "gift_cards_taxable", "automatic_taxes", "tax_provider_id", "metadata",
    ),
    relations=RELATIONS,
    expandable=RELATIONS,
    unknown=500,
)  # fmt: skip


@operation("GetRegions")
def list_regions(context: Context) -> Document:
    """Answer the regions."""
    return list_rows(context, REGIONS, ("regions", "count", "limit", "offset"))


@operation("GetRegionsRegion")
def retrieve_region(context: Context) -> Document:
    """Answer a region; the list's other parameters are checked, and mean nothing."""
    return retrieve_row(context, REGIONS, "region")
