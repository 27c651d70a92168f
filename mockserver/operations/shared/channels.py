"""Sales channels, and the publishable keys that open them (tests/facts/catalog.md 5)."""

from ...contract import Document
from ...messages import Answer
from ...state.relations import Row
from ..context import Context

HEADER = "x-publishable-api-key"
MESSAGE = "Provided request body contains errors. Please check the data and retry the request"


def of_key(context: Context) -> list[str]:
    """Return the ids of the channels that the request's key opens; none where there is no such key, or it opens none."""
    key = context.visit.headers.get(HEADER)
    if not key:
        return []
    links = context.tables.where("publishable_api_key_sales_channels", publishable_api_key_id=key)
    return [link["sales_channel_id"] for link in links]


def sold_in(context: Context, asked: list[str] | None, opened: list[str]) -> list[str] | None:
    """
    Return the channels whose products a list holds, None for all: those asked for, else the key's, else the shop's own.

    A key that is unknown, or opens none, is no filter at all.
    """
    if asked is not None:
        return asked
    if context.visit.headers.get(HEADER):
        return opened or None
    return list(context.tables.catalogue.rows("sales_channels"))[:1] or None


def of_product(context: Context, product: Row) -> list[Row]:
    """Return the channels that sell a product."""
    found: list[Row] = context.tables.follow("products", product, "sales_channels")
    return found


def refusal(opened: list[str], asked: list[str], product: Row | None, kind: str, context: Context) -> Answer | None:
    """
    Return what is said to a key that does not open a channel that is asked for, or sells no such product; else None.

    `kind` names what `product` is shown by: `Product with id: prod_1`.
    """
    if not opened:
        return None
    errors = []
    if any(one not in opened for one in asked):
        ids = ",".join(asked)
        errors.append(
            f"Provided sales channel id param: {ids} is not associated with the Publishable API Key passed in the header of the request."
        )
    if product is not None and not {one["id"] for one in of_product(context, product)} & set(opened):
        errors.append(
            f"{kind} is not associated with sales channels defined by the Publishable API Key passed in the header of the request."
        )
    document: Document = {"errors": errors, "message": MESSAGE}
    return Answer(400, document) if errors else None
