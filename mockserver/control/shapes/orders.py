"""What is taken and given about orders, as a merchant deals with them."""

from typing import Annotated

from pydantic import Field

from .base import Document, Input, Output, Text

Quantity = Annotated[int, Field(ge=1, le=2_147_483_647)]
Price = Annotated[int, Field(ge=0, le=2_147_483_647, description="Of one, in minor units, without tax.")]


class Sent(Input):
    """How many of a line of an order are sent."""

    item_id: Text
    quantity: Quantity


class Shipment(Input):
    """What is sent of an order, all that is left where nothing is said, and by which numbers the parcel is followed."""

    items: Annotated[list[Sent], Field(min_length=1, max_length=1000)] | None = None
    tracking_numbers: Annotated[list[Text], Field(max_length=100)] = Field(default=[], examples=[["TRACK-1"]])


class EditLine(Input):
    """
    A line that an order is to have, as in a `given` order edit.

    One that it has, by `original_item_id`; a variant, at its own price unless another is said; or a title and a price.
    """

    id: Text | None = None
    original_item_id: Text | None = None
    variant_id: Text | None = None
    title: Text | None = None
    quantity: Quantity | None = None
    unit_price: Price | None = None


class EditCollection(Input):
    """What is said of the payment collection of an edit, where more is due."""

    id: Text | None = None
    description: Text | None = None


class EditRequest(Input):
    """An order edit: all lines that the order is to have; one more of the first, where nothing is said."""

    id: Text | None = None
    items: Annotated[list[EditLine], Field(max_length=1000)] | None = None
    payment_collection: EditCollection | None = None


class Order(Output):
    """An order as its customer reads it: `GET /store/orders/{id}`."""

    order: Document


class OrderEdit(Output):
    """An order edit as the customer reads it: `GET /store/order-edits/{id}`."""

    order_edit: Document
