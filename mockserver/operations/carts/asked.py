"""What the operations of carts take: queries and bodies, their fields in the order of the real server's messages (tests/facts/carts.md)."""

from ...contract import Document
from ..context import Context
from ..shared import query
from ..shared.bodies import ADDRESS, Field, Integer, Items, Object, ObjectOrText, Text
from ..shared.emails import Email

QUERY = (query.Text("expand"), query.Text("fields"))
CODES = (Text("code", required=True),)
CREATE = (
    Text("region_id"),
    Text("country_code"),
    Items(
        "items",
        fields=(Text("variant_id", required=True, filled=True), Integer("quantity", required=True, filled=True)),
    ),
    Field("context"),
    Text("sales_channel_id"),
)
UPDATE = (
    Text("region_id"),
    Text("country_code"),
    Email("email"),
    ObjectOrText("billing_address", kind="AddressPayload", fields=ADDRESS),
    ObjectOrText("shipping_address", kind="AddressPayload", fields=ADDRESS),
    Items("gift_cards", fields=CODES),
    Items("discounts", fields=CODES),
    Text("customer_id"),
    Field("context"),
    Text("sales_channel_id"),
)
NEW_LINE = (Text("variant_id", required=True), Integer("quantity", required=True), Field("metadata"))
LINE = (Integer("quantity", required=True), Field("metadata"))
METHOD = (Text("option_id", required=True), Field("data"))
SESSION = (Text("provider_id", required=True),)
SESSION_DATA = (Object("data", required=True),)


def look(context: Context) -> Document:
    """Return what the query asks for; all operations check it, and only reading a cart obeys it."""
    return query.read(context.visit.query, QUERY)
