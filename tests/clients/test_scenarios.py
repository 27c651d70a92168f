"""Every shipped scenario of a checkout as the official client meets it, in Node and in a browser, chosen by its base URL alone."""

import re
import time
from typing import Any

import pytest
from clients.conftest import Shops
from clients.shopping import EMAIL, Document, Rejected, Shop, completed, filled, ready
from dirty_equals import IsPartialDict, IsStr
from processes import Server

pytestmark = pytest.mark.node

COMPLETE = "carts.complete"
UUID4 = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


def asked(server: Server, shop: Shop, operation: str) -> list[Document]:
    """Return what a shop asked of an operation, as the journal has it, request and answer."""
    path = f"/__mock/journal?sandbox={shop.sandbox}&operation={operation}"
    numbers = [entry["number"] for entry in server.ask("GET", path).document["entries"]]
    return [server.ask("GET", f"/__mock/journal/{number}").document for number in numbers]


def statuses(entries: list[Document]) -> list[int]:
    """Return the statuses that were answered."""
    return [entry["status"] for entry in entries]


def keys(entries: list[Document]) -> set[str]:
    """Return the idempotency keys that were sent."""
    return {entry["request"]["headers"]["idempotency-key"] for entry in entries}


def refused(shop: Shop, method: str, *arguments: Any) -> Rejected:
    """Return what a call is rejected with."""
    with pytest.raises(Rejected) as raised:
        shop(method, *arguments)
    return raised.value


def test_a_declined_payment_makes_no_order(shops: Shops, server: Server) -> None:
    """The client gives up at once; the cart is still there, its session says why, and the shopper may try again."""
    shop = shops("payment-declined")
    cart = ready(shop)
    error = refused(shop, COMPLETE, cart["id"])
    session = shop("carts.retrieve", cart["id"])["cart"]["payment_session"]

    assert {"type": "invalid_data", "message": "Cart payment not authorized"} == error.document
    assert [400] == statuses(asked(server, shop, COMPLETE))
    assert "error" == session["status"]
    assert 400 == refused(shop, COMPLETE, cart["id"]).status
    assert 404 == refused(shop, "orders.retrieveByCartId", cart["id"]).status


def test_a_payment_that_wants_another_step(shops: Shops) -> None:
    """The cart comes back in place of an order; after 3-D Secure the same call makes the order."""
    shop = shops("requires-action")
    cart = ready(shop)
    first = shop(COMPLETE, cart["id"])

    assert ("cart", "requires_more", cart["id"]) == (first["type"], first["payment_status"], first["data"]["id"])
    assert cart["id"] == completed(shop, cart)["cart_id"]


def test_a_conflict_is_got_through_with_one_key(shops: Shops, server: Server) -> None:
    """The client tries again by itself, with the same Idempotency-Key; another call has another one, and collides as well."""
    shop = shops("cart-conflict")
    order = completed(shop, ready(shop))
    tries = asked(server, shop, COMPLETE)

    assert [409, 200] == statuses(tries)
    (key,) = keys(tries)
    assert re.fullmatch(UUID4, key)
    assert order["id"] == completed(shop, {"id": order["cart_id"]})["id"]
    assert [409, 200] * 2 == statuses(again := asked(server, shop, COMPLETE))
    assert 2 == len(keys(again))


def test_a_client_that_does_not_try_again_sees_the_conflict(shops: Shops) -> None:
    """With `maxRetries: 0`, as the client has it by itself, no key is sent."""
    shop = shops("cart-conflict")
    once = Shop(shop.call, shop.base_url, {"maxRetries": 0})

    assert IsPartialDict(code="invalid_state_error") == refused(once, COMPLETE, ready(shop)["id"]).document


def test_a_cart_that_is_gone_is_made_anew(shops: Shops) -> None:
    """As a shop does that finds an old id in its cookie."""
    shop = shops("cart-gone")

    assert IsPartialDict(type="not_found") == refused(shop, "carts.retrieve", "cart_of_an_old_cookie").document
    cart = filled(shop)
    assert (
        cart["id"] == shop("carts.retrieve", cart["id"])["cart"]["id"] == completed(shop, ready(shop, cart))["cart_id"]
    )


def test_goods_that_are_sold_out_at_the_end(shops: Shops, server: Server) -> None:
    """The client takes the 409 for a conflict and tries in vain; the answer names the goods, the cart stays."""
    shop = shops("sold-out-at-checkout")
    cart = ready(shop)
    once = Shop(shop.call, shop.base_url, {"maxRetries": 1})
    (error,) = refused(once, COMPLETE, cart["id"]).document["errors"]
    tries = asked(server, shop, COMPLETE)

    assert [409, 409] == statuses(tries)
    assert 1 == len(keys(tries))
    assert "insufficient_inventory" == error["code"]
    assert f"Variant with id: {cart['items'][0]['variant_id']} does not have the required inventory" == error["message"]
    assert shop("carts.retrieve", cart["id"])["cart"]["completed_at"] is None


def test_a_cart_that_nothing_can_be_sent_with(shops: Shops) -> None:
    """No option is offered, before there is an address and after."""
    shop = shops("no-shipping")
    cart = filled(shop)

    assert [] == shop("shippingOptions.listCartOptions", cart["id"])["shipping_options"]
    with pytest.raises(ValueError, match="not enough values"):
        ready(shop, cart)


def test_discounts_out_of_their_time(shops: Shops) -> None:
    """Expired and not valid yet are refused and change nothing; the third one is taken off."""
    shop = shops("discount-expired")
    cart = filled(shop)

    def taken(code: str) -> Document:
        return dict(shop("carts.update", cart["id"], {"discounts": [{"code": code}]})["cart"])

    for code, said in (("SUMMER", "Discount SUMMER is expired"), ("AUTUMN", "Discount AUTUMN is not valid yet")):
        with pytest.raises(Rejected, match=said):
            taken(code)
    less = taken("WINTER")
    assert cart["subtotal"] // 10 == less["discount_total"] == cart["total"] - less["total"]
    assert cart["total"] == shop("carts.deleteDiscount", cart["id"], "WINTER")["cart"]["total"]


@pytest.mark.parametrize("client", ["in_node"], indirect=True)  # seconds are seconds in a browser, too
def test_a_slow_checkout_takes_its_time_and_succeeds(shops: Shops) -> None:
    """A second for each step, five for the last; the client has no time-out of its own."""
    shop = shops("slow-checkout")
    default = Shop(shop.call, shop.base_url.replace("@slow-checkout", "@default"))
    cart = ready(default)
    took = []
    for method in ("carts.retrieve", COMPLETE):
        began = time.monotonic()
        shop(method, cart["id"])
        took.append(time.monotonic() - began)

    assert 1 <= took[0] < 4
    assert 5 <= took[1] < 8


def test_an_order_whose_answer_is_lost_is_the_same_order(shops: Shops, server: Server) -> None:
    """The client asks again by itself, with the same key, and gets the order that was placed; there is no second one."""
    shop = shops("order-placed-but-answer-lost")
    cart = ready(shop)
    order = completed(shop, cart)
    tries = asked(server, shop, COMPLETE)

    assert ["reset", None] == [entry["fault"] for entry in tries]
    assert 1 == len(keys(tries))
    assert order["id"] == completed(shop, cart)["id"] == shop("orders.retrieveByCartId", cart["id"])["order"]["id"]
    state = server.ask("GET", f"/__mock/sandboxes/{shop.sandbox}/state").document
    assert [order["id"]] == [one["id"] for one in state["orders"]]


def test_whoever_comes_is_logged_in(shops: Shops) -> None:
    """Without a cookie: an account, addresses and an order are there, and what is bought is hers."""
    shop = shops("logged-in")
    customer = shop("auth.getSession")["customer"]
    order = completed(
        shop, ready(shop, email="ada@example.com", shipping_address=customer["shipping_addresses"][0]["id"])
    )

    assert ("cus_ada", "ada@example.com") == (customer["id"], order["email"])
    assert {"order_ada", order["id"]} == {one["id"] for one in shop("customers.listOrders")["orders"]}


def test_a_session_that_expires(shops: Shops) -> None:
    """She sees her account and may not change it; the client does not try again by itself, she logs in, and may."""
    shop = shops("session-expired")
    assert "Ada" == shop("customers.retrieve")["customer"]["first_name"]
    expired = refused(shop, "customers.update", {"first_name": "Augusta"})

    assert (401, "Unauthorized") == (expired.status, expired.document)
    shop = shop.after("auth.authenticate", {"email": "ada@example.com", "password": "correct horse"})
    assert "Augusta" == shop("customers.update", {"first_name": "Augusta"})["customer"]["first_name"]


def test_an_address_that_is_taken(shops: Shops) -> None:
    """Registering is refused, and a shop that asks before is told."""
    shop = shops("email-taken")
    account = {"email": EMAIL, "password": "secret", "first_name": "Grace", "last_name": "Hopper"}

    assert {"exists": True} == shop("auth.exists", EMAIL)
    assert {
        "code": "invalid_request_error",
        "type": "duplicate_error",
        "message": IsStr(regex=".*already has an account.*"),
    } == refused(shop, "customers.create", account).document


def test_nothing_is_left_to_return(shops: Shops) -> None:
    """All came back already; one more is refused."""
    shop = shops("nothing-to-return")
    order = shop("orders.retrieve", "order_back")["order"]
    wanted = {"order_id": "order_back", "items": [{"item_id": "item_back", "quantity": 1}]}

    assert [(2, 2)] == [(one["quantity"], one["returned_quantity"]) for one in order["items"]]
    assert 400 == refused(shop, "returns.create", wanted).status
