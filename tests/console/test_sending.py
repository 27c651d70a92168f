"""Requests that are sent from the console: filled in, so that a checkout is walked with nothing but clicks."""

import pytest
from console.conftest import view
from playwright.sync_api import Page, expect
from processes import Server

pytestmark = pytest.mark.browser

CHECKOUT = (
    *("regions.list", "products.list", "carts.create", "carts.createLineItem", "carts.update"),
    *("shippingOptions.listCartOptions", "carts.addShippingMethod", "carts.createPaymentSessions"),
    *("carts.setPaymentSession", "carts.complete"),
    *("orders.retrieve", "orders.lookupOrder", "orders.retrieveByCartId"),
)


@pytest.fixture
def sending(page: Page) -> Page:
    """Return the console where requests are sent."""
    view(page, "Send")
    return page


def choose(page: Page, operation: str) -> None:
    """Choose an operation, for which the form is filled in."""
    page.get_by_role("combobox", name="Operation", exact=True).select_option(operation)


def sent(page: Page, operation: str, status: int = 200) -> None:
    """Send a request as the page fills it in, at once: it waits for that itself."""
    choose(page, operation)
    page.locator("#try").get_by_role("button", name="Send").click()
    expect(page.locator("#answer .pill")).to_have_text(str(status))


def test_a_checkout_is_walked_without_typing(sending: Page, server: Server) -> None:
    """Each request speaks of the cart, the goods, the shipping option and the order that the answers before it named."""
    for operation in CHECKOUT:
        sent(sending, operation)
        sending.locator("#answer").evaluate("one => one.replaceChildren()")  # so that the next answer is another one

    (made,) = server.ask("GET", "/__mock/sandboxes/me/state").document["orders"]
    order = server.ask("GET", f"/~me/store/orders/{made['id']}").document["order"]
    assert ("ada@example.com", "London") == (order["email"], order["shipping_address"]["city"])
    assert (
        order["items"][0]["unit_price"] + order["shipping_methods"][0]["price"] == order["total"] == order["paid_total"]
    )


def test_a_cart_that_somebody_else_made_is_at_hand(sending: Page, server: Server) -> None:
    """What a shop did in the sandbox fills the form; the older ones can be chosen, and after a reset nothing is known."""
    ids = [server.ask("POST", "/~me/store/carts", {}).document["cart"]["id"] for _ in range(2)]
    choose(sending, "carts.retrieve")
    field = sending.get_by_label("id", exact=True)
    expect(field).to_have_value(ids[1])
    assert [ids[1], ids[0]] == sending.locator("#parameters datalist option").evaluate_all(
        "all => all.map((one) => one.value)"
    )
    sending.get_by_role("button", name="Reset").click()
    expect(sending.locator("#list tr")).to_have_count(0)
    choose(sending, "carts.complete")
    expect(sending.locator("#asks")).to_contain_text("/complete")

    assert field.input_value() not in ids


def test_a_body_fits_the_operation(sending: Page) -> None:
    """It is there to be changed; where none is sent there is none, and what is read has a query in its place."""
    body, query = sending.get_by_label("Body", exact=True), sending.get_by_label("Query", exact=True)
    choose(sending, "customers.create")
    expect(body).to_have_value(
        '{\n  "email": "ada@example.com",\n  "password": "correct horse",\n  "first_name": "Ada",\n  "last_name": "Byron"\n}'
    )
    expect(query).to_be_hidden()
    choose(sending, "carts.complete")
    expect(body).to_have_value("")
    choose(sending, "products.list")
    expect(body).to_be_hidden()
    query.fill("limit=1&offset=2")
    sending.locator("#try").get_by_role("button", name="Send").click()

    expect(sending.locator("#answer")).to_contain_text('"offset": 2')
