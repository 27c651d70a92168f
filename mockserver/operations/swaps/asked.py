"""What is said of a swap: fields in the order of the real server's messages (tests/facts/orders.md 6)."""

from ..returns.asked import ITEM, Filled, Quantity
from ..shared.bodies import Items, Text

SWAP = (
    Filled("order_id"),
    Items("return_items", required=True, fields=ITEM),
    Items("additional_items", required=True, fields=(Filled("variant_id"), Quantity("quantity"))),
    Text("return_shipping_option"),
)
