"""Carts: what their fifteen operations do (tests/facts/carts.md)."""

from typing import Any

from ...contract import Document
from ...express.errors import unknown_error
from ...messages import Answer
from ...state.relations import Row
from ..context import Context
from ..registry import operation
from ..shared import bodies, made, shopper
from ..shared.jsonb import jsonb
from . import asked, discounts, gift_cards
from .addresses import KINDS, change_address
from .beginning import channel_of, fill, first_address, region_of_new, visitor_of
from .customers import claim, give_to_customer, give_to_guest, whose
from .moving import move, sell_in
from .reading import read_cart
from .sessions import refresh_sessions
from .showing import show
from .stored import CART, TABLE, asked_for, asked_for_politely, change, spread


@operation("PostCart")
def create(context: Context) -> Document | Answer:
    """Make a cart, in the first region unless one is named, with what is to lie in it."""
    asked.look(context)
    body = bodies.read(context.visit.body, asked.CREATE)
    channel = channel_of(context, body)
    if isinstance(channel, Answer):
        return channel
    region = region_of_new(context, body)
    values: Document = {"region_id": region["id"], "sales_channel_id": channel, "type": "default"}
    values |= whose(context)
    values["shipping_address_id"] = first_address(context, region, body.get("country_code"))
    values["context"] = jsonb({**visitor_of(context), **spread(body.get("context"))})
    cart = made.insert(context, TABLE, CART, **values)
    fill(context, cart, body.get("items") or [])
    return {"cart": show(context, cart)}


@operation("GetCartsCart")
def retrieve(context: Context) -> Document:
    """Answer a cart, as much of it as is asked for."""
    return {"cart": read_cart(context, asked.look(context), lambda: claim(context, asked_for_politely(context)))}


@operation("PostCartsCart")
def update(context: Context) -> Document:
    """Change a cart: all that is said, or nothing where a part of it fails."""
    asked.look(context)
    body = bodies.read(context.visit.body, asked.UPDATE)
    cart = _address(context, _place(context, asked_for(context), body), body)
    if "discounts" in body:
        discounts.apply(context, cart, _codes(body["discounts"]))
    if body.get("gift_cards") is not None:
        gift_cards.apply(context, cart, _codes(body["gift_cards"]))
    if body.get("context") is not None:
        change(context, cart, context=jsonb({**(cart["context"] or {}), **spread(body["context"])}))
    if "region_id" not in body:
        refresh_sessions(context, cart)
    return {"cart": show(context, asked_for(context))}


@operation("DeleteCartsCartDiscountsDiscount")
def delete_discount(context: Context) -> Document:
    """Take a discount off a cart; one that it does not have changes nothing."""
    asked.look(context)
    cart = asked_for(context)
    discounts.take_off(context, cart, context.visit.path["code"])
    refresh_sessions(context, cart)
    return {"cart": show(context, asked_for(context))}


def _codes(items: Any) -> list[str]:
    """Return the codes that a body lists."""
    if items is None:
        raise unknown_error()
    return [item["code"] for item in items]


def _place(context: Context, cart: Row, body: Document) -> Row:
    """Let a cart be in the region and, behind whoever has it, the sales channel that a body says."""
    if "region_id" in body:
        cart = move(context, cart, body["region_id"], body.get("country_code"))
    customer = shopper.customer_id(context) or body.get("customer_id")  # whoever is logged in has it, whatever is said
    if customer:
        cart = give_to_customer(context, cart, customer)
    elif "email" in body:
        cart = give_to_guest(context, cart, body["email"])
    return sell_in(context, cart, body["sales_channel_id"]) if "sales_channel_id" in body else cart


def _address(context: Context, cart: Row, body: Document) -> Row:
    """Let a cart have the addresses that a body says."""
    for kind in KINDS:
        if f"{kind}_address" in body:
            cart = change_address(context, cart, kind, body[f"{kind}_address"])
    return cart
