"""Saved ways to pay, of which no provider of today keeps any (tests/facts/customers.md 8)."""

from ...contract import Document
from ...express.errors import unknown_error
from ..context import Context
from ..registry import operation
from ..shared import people, shopper

SERVICES = ("manual",)  # written for the older of Medusa's two interfaces; of the newer ones nothing can be asked


@operation("GetCustomersCustomerPaymentMethods")
@shopper.for_customers
def list_payment_methods(context: Context, id: str) -> Document:
    """Answer none; where any provider is installed that cannot be asked, the real server falls over it."""
    people.present(context, id)
    if any(provider["id"] not in SERVICES for provider in context.tables.all("payment_providers")):
        raise unknown_error()
    return {"payment_methods": []}
