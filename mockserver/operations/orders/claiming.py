"""Orders of another address become a customer's: a token that only the outbox sees, and whoever has it confirms (tests/facts/orders.md 4)."""

import re
from collections.abc import Iterator
from typing import Any

from ...contract import Document
from ...errors import VendorError
from ...express.errors import not_allowed, not_found, unknown_error
from ...messages import TEXT, Answer
from ...state.relations import Row
from ..context import Context
from ..registry import operation
from ..shared import bodies, made, people, shopper, tokens
from ..shared.rows import refuse_nul

SECONDS = 15 * 60  # that a token lasts
LISTED = 50  # orders at most, where all are meant
EVENT = "order-update-token.created"
_JWT = re.compile(r"[\w-]*\.[\w-]*\.[\w-]*", re.ASCII)


class Ids(bodies.Field):
    """Texts that are not empty; a single one passes for a list."""

    def faults(self, body: Document) -> Iterator[str]:
        value = body.get(self.name)
        values = value if isinstance(value, list) else [value]
        if not all(isinstance(one, str) for one in values):
            yield f"each value in {self.name} must be a string"
        if any(one in (None, "") for one in values):
            yield f"each value in {self.name} should not be empty"


class Token(bodies.Field):
    """What looks like a JWT: three parts in base64url."""

    def faults(self, body: Document) -> Iterator[str]:
        value = body.get(self.name)
        if not (isinstance(value, str) and _JWT.fullmatch(value)):
            yield f"{self.name} must be a jwt string"
        if value in (None, ""):
            yield f"{self.name} should not be empty"


@operation("PostOrdersCustomerOrderClaim")
@shopper.for_customers
def request_customer_orders(context: Context, id: str) -> Answer:
    """Tell the outside a token for each address that ordered what is claimed; the answer never tells whether there is any."""
    body = bodies.read(context.visit.body, (Ids("order_ids", required=True),))
    customer = people.present(context, id)
    if not customer["has_account"]:
        context.off_contract = True  # JSON, where the contract has a word without a type
        raise VendorError(401, "unauthorized", "Customer does not have an account")
    by_email: dict[str, list[str]] = {}
    for order in _orders(context, body.get("order_ids")):
        by_email.setdefault(order["email"], []).append(order["id"])
    seconds = context.sandbox.clock.now() // 1000
    for email, ids in by_email.items():
        payload = {"claimingCustomerId": id, "orders": ids, "iat": seconds, "exp": seconds + SECONDS}
        token = tokens.signed(payload, shopper.SECRET)
        context.tell(EVENT, {"old_email": email, "new_customer_id": id, "orders": ids, "token": token})
    return Answer(200, "OK", TEXT)


@operation("PostOrdersCustomerOrderClaimsCustomerOrderClaimAccept")
def confirm_request(context: Context) -> Answer:
    """Give the orders of a token to the customer that it names, as often as it is shown while it lasts."""
    body = bodies.read(context.visit.body, (Token("token", required=True),))
    payload = tokens.payload_of(body.get("token", ""), shopper.SECRET, context.sandbox.clock.now())
    if payload is None or not _is_fresh(payload.get("iat"), context.sandbox.clock.now() / 1000):
        raise unknown_error()
    id = payload.get("claimingCustomerId")
    if not id:
        raise not_found('"customerId" must be defined')
    if not isinstance(id, str):
        raise unknown_error()
    customer = people.present(context, id)
    for order in _orders(context, payload.get("orders")):
        if order["status"] == "canceled":
            raise not_allowed("A canceled order cannot be updated")
        made.update(context, "orders", order, customer_id=customer["id"], email=customer["email"])
    return Answer(200, "OK", TEXT)


def _is_fresh(issued: Any, now: float) -> bool:
    """Tell whether a token that says when it was issued (seconds) is young enough."""
    return isinstance(issued, (int, float)) and now < issued + SECONDS


def _orders(context: Context, ids: Any) -> list[Row]:
    """Return the orders that are there of those that are named: of a list, of a single one, or all where nobody names any."""
    if ids is None:
        return context.tables.all("orders")[-LISTED:]
    listed = ids if isinstance(ids, list) else [ids]
    if any(isinstance(id, (list, dict)) for id in listed):
        raise unknown_error()
    wanted = dict.fromkeys(listed)
    refuse_nul(*(id for id in wanted if isinstance(id, str)))
    found = [context.tables.get("orders", id) for id in wanted]
    return [order for order in found if order is not None]
