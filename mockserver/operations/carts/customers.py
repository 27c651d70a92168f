"""Whose cart it is (tests/facts/carts.md 4)."""

from ...express.errors import invalid_data
from ...state.relations import Row
from ..context import Context
from ..shared import made, people, shopper
from ..shared.columns import CUSTOMER
from .goods import reprice
from .stored import change


def give_to_customer(context: Context, cart: Row, id: str) -> Row:
    """Let a customer have a cart, with her e-mail, at her prices; raise VendorError for an unknown one."""
    customer = people.present(context, id)
    cart = change(context, cart, customer_id=customer["id"], email=customer["email"])
    reprice(context, cart)
    return cart


def whose(context: Context) -> Row:
    """Return the columns that say whose a new cart is: that of whoever is logged in, or nobody's."""
    id = shopper.customer_id(context)
    return {} if id is None else {"customer_id": id, "email": people.present(context, id)["email"]}


def claim(context: Context, cart: Row) -> Row:
    """
    Let whoever is logged in have a cart that is looked at, at her prices, be it anybody's; where a stranger looks it stays as it is.

    One that is hers already is given to her again: its lines lose what says that they are sent.
    """
    id = shopper.customer_id(context)
    return cart if id is None else give_to_customer(context, cart, id)


def give_to_guest(context: Context, cart: Row, email: str | None) -> Row:
    """Let the guest of an e-mail have a cart, a new one where there is none: who has an account with it is not taken."""
    if email is None:
        raise invalid_data("The email is not valid")
    email = email.lower()
    guest = people.by_email(context.tables, email, has_account=False)
    if guest is None:
        guest = made.insert(context, "customers", CUSTOMER, email=email, has_account=False)
    return change(context, cart, customer_id=guest["id"], email=email)
