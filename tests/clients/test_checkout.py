"""A whole checkout with the official client, @medusajs/medusa-js 6.1.10, unmodified: in Node, and in a browser from another origin."""

import pytest
from clients.conftest import Shops
from clients.shopping import ADDRESS, EMAIL, Call, Document, Shop, completed, filled, ready, variants
from dirty_equals import IsPartialDict, IsStr
from processes import Server, running

pytestmark = pytest.mark.node

TOLD = ("id", "display_id", "email", "status", "payment_status", "subtotal", "discount_total", "tax_total", "total")
ADA = {"email": "ada@example.com", "password": "correct horse"}


def adds_up(bill: Document) -> bool:
    """Tell whether the totals of a cart or an order are those of its lines."""
    lines = bill["items"]
    return (
        bill["subtotal"] == sum(one["unit_price"] * one["quantity"] for one in lines)
        and bill["discount_total"] == sum(one["discount_total"] for one in lines)
        and bill["item_tax_total"] == sum(one["tax_total"] for one in lines)
        and bill["shipping_total"] == sum(one["price"] for one in bill["shipping_methods"])
        and bill["tax_total"] == bill["item_tax_total"] + bill["shipping_tax_total"]
        and all(one["total"] == one["subtotal"] - one["discount_total"] + one["tax_total"] for one in lines)
        and bill["total"] == bill["subtotal"] - bill["discount_total"] + bill["shipping_total"] + bill["tax_total"]
    )


def test_a_cart_becomes_an_order(shops: Shops, server: Server) -> None:
    """From the first page to the order that is looked up; with a tax and a discount, what is paid is what the lines add up to."""
    shop = shops("discount-expired")
    region = shop("regions.list")["regions"][0]
    taxed = {"regions": [{"id": region["id"], "tax_rate": 25}]}
    assert 200 == server.ask("PATCH", f"/__mock/sandboxes/{shop.sandbox}/state", taxed).status
    bought = variants(shop, region)[:2]
    cart = filled(shop, (2, 1))
    cart = ready(shop, cart, discounts=[{"code": "WINTER"}])
    order = completed(shop, cart)
    seen = shop("orders.retrieve", order["id"])["order"]

    assert [one["calculated_price"] for one in bought] == [one["unit_price"] for one in cart["items"]]
    assert [one["id"] for one in bought] == [one["variant_id"] for one in order["items"]]
    assert adds_up(cart)
    assert adds_up(seen)
    assert 0 < order["discount_total"] < order["tax_total"]
    assert cart["total"] == order["total"] == order["paid_total"] == cart["payment_session"]["amount"]
    assert cart["total"] == sum(payment["amount"] for payment in order["payments"])
    assert (EMAIL, IsPartialDict(ADDRESS)) == (seen["email"], seen["shipping_address"])
    for found in (
        order,
        shop("orders.lookupOrder", {"display_id": order["display_id"], "email": EMAIL})["order"],
        shop("orders.retrieveByCartId", cart["id"])["order"],
    ):
        assert {name: seen[name] for name in TOLD} == {name: found[name] for name in TOLD}
        assert adds_up(found)


def test_what_was_bought_is_out_of_stock(shops: Shops) -> None:
    """By as many as were bought, and nobody else's."""
    mine, other = shops("default"), shops("default")
    cart = ready(mine, filled(mine, (3,)))
    (line,) = cart["items"]
    before = line["variant"]["inventory_quantity"]
    completed(mine, cart)

    for shop, left in ((mine, before - 3), (other, before)):
        (product,) = shop("products.list", {"id": line["variant"]["product_id"]})["products"]
        assert left == next(one["inventory_quantity"] for one in product["variants"] if one["id"] == line["variant_id"])


def test_a_cart_is_changed_before_it_is_paid(shops: Shops) -> None:
    """Another quantity, a line fewer, another region: the prices are those of the region, the totals follow."""
    shop = shops("default")
    cart = filled(shop, (1, 1))
    first, second = cart["items"]
    more = shop("carts.lineItems.update", cart["id"], first["id"], {"quantity": 3})["cart"]
    fewer = shop("carts.lineItems.delete", cart["id"], second["id"])["cart"]
    america = shop("regions.list")["regions"][1]
    moved = shop("carts.update", cart["id"], {"region_id": america["id"]})["cart"]
    sold = {one["id"]: one["calculated_price"] for one in variants(shop, america)}

    assert cart["total"] + 2 * first["unit_price"] == more["total"]
    assert more["total"] - second["unit_price"] == fewer["total"]
    assert america["currency_code"] == moved["region"]["currency_code"] != cart["region"]["currency_code"]
    assert 3 * sold[first["variant_id"]] == moved["total"] != fewer["total"]


def logged_in(shop: Shop, how: str) -> Shop:
    """Return the shop of a customer who logged in: a browser sends her cookie or token by itself, Node is told to."""
    if how == "session":
        return shop.after("auth.authenticate", ADA)
    token = shop("auth.getToken", ADA)["access_token"]
    return shop.sending(authorization=f"Bearer {token}")


@pytest.mark.parametrize("how", ["session", "token"])
def test_a_customer_checks_out(shops: Shops, how: str) -> None:
    """She registers, logs in, and the order is hers: with her address, among her orders, for nobody else to see."""
    guest = shops("default")
    registered = guest("customers.create", {**ADA, "first_name": "Ada", "last_name": "Byron"})["customer"]
    shop = logged_in(guest, how)
    assert registered["id"] == shop("auth.getSession")["customer"]["id"]
    customer = shop("customers.addresses.addAddress", {"address": {**ADDRESS, "first_name": "Ada"}})["customer"]
    (address,) = customer["shipping_addresses"]
    order = completed(shop, ready(shop, filled(shop), email=ADA["email"], shipping_address=address["id"]))

    assert (registered["id"], "ada@example.com") == (order["customer_id"], order["email"])
    assert "Ada" == order["shipping_address"]["first_name"]
    (mine,) = shop("customers.listOrders")["orders"]
    assert (order["id"], order["total"]) == (mine["id"], mine["total"])


def test_a_customer_who_logs_out_is_a_guest(shops: Shops) -> None:
    """What is for customers alone is refused then."""
    shop = logged_in(shops("logged-in"), "session")
    assert "Ada" == shop("customers.retrieve")["customer"]["first_name"]
    shop = shop.after("auth.deleteSession")

    assert {"rejected": "Unauthorized", "status": 401, "message": IsStr} == shop.outcome("customers.retrieve")


@pytest.mark.browser
def test_an_origin_that_is_not_allowed_reads_nothing(in_browser: Call, site: str) -> None:
    """The browser keeps the answer from the shop, as it does with a Medusa whose STORE_CORS does not name it."""
    outcomes = []
    for allowed in ("http://shop.test", site):
        with running("--cors", allowed) as server:
            shop = Shop(in_browser, server.url, {"maxRetries": 0})
            outcomes.append(shop.outcome("regions.list"))

    assert {"rejected": None, "status": None, "message": "Network Error"} == outcomes[0]
    assert 200 == outcomes[1]["status"]


@pytest.mark.browser
def test_another_site_has_no_session(in_browser: Call, server: Server) -> None:
    """A page of `localhost` is another site for `127.0.0.1`: who logs in there is nobody at the next call; a token helps."""
    shop = Shop(in_browser, f"{server.url.replace('localhost', '127.0.0.1')}/~other-site")
    shop("customers.create", {**ADA, "first_name": "Ada", "last_name": "Byron"})
    answers = [shop.after("auth.authenticate", ADA).outcome("auth.getSession")["status"]]
    shop("auth.getToken", ADA)
    answers.append(shop.outcome("auth.getSession")["status"])

    assert [401, 200] == answers
