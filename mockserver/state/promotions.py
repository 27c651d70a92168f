"""What follows from the rest of a discount and of a gift card that somebody partly writes."""

from .documents import Document
from .writes import Writes


def discount(writer: Writes, entity: Document) -> Document:
    """Return a new discount with its rule, ten percent off where none is said, and all regions where none are named."""
    regions = [{"id": one["id"]} for one in writer.tables.all("regions")]
    rule = {"type": "percentage", "value": 10, "allocation": "total", **(entity.get("rule") or {})}
    return {"regions": regions, **entity, "rule": rule}


def gift_card(writer: Writes, entity: Document) -> Document:
    """Return a new gift card with all of its value left, in the first region where none is named."""
    value = entity.get("value", entity.get("balance", 5000))
    region = next((one["id"] for one in writer.tables.all("regions")), None)
    return {"region_id": region, "value": value, "balance": value, "order_id": None, **entity}
