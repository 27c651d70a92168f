"""Order edits: shown, declined, completed once they are paid (tests/facts/orders.md 7)."""

from typing import Any

import pytest
from asking import Ask
from operations.checkout import LAMP, MUG, Checkout, outcome
from operations.customers import cookie_of

EDIT = "/store/order-edits/oe_1"
DUE = 4000  # two lamps
COLUMNS = (
    "id created_at order_id requested_by requested_at confirmed_at declined_by declined_reason declined_at canceled_at "
    "payment_collection_id"
)
TOTALS = "discount_total gift_card_total gift_card_tax_total shipping_total subtotal tax_total total difference_due"


@pytest.fixture
def checkout(ask: Ask) -> Checkout:
    """Return a shopper whose order of a mug is to have two lamps as well."""
    checkout = Checkout(ask)
    checkout.add()
    checkout.pays()
    item = checkout.order()["items"][0]
    copy = {
        "id": "item_copy", "original_item_id": item["id"], "variant_id": MUG, "unit_price": 1000, "quantity": 1,
        "title": "Mug", "adjustments": [], "tax_lines": [],
    }  # fmt: skip
    lamps = {"id": "item_lamps", "variant_id": LAMP, "unit_price": 2000, "quantity": 2, "title": "Lamp"}
    change = {"id": "oic_1", "type": "item_add", "line_item_id": "item_lamps"}
    collection = {"id": "paycol_1", "amount": DUE, "currency_code": "eur"}
    edit = {"id": "oe_1", "items": [copy, lamps], "changes": [change], "payment_collection": collection}
    checkout.knows(order_edits=[edit])
    return checkout


def _edit(checkout: Checkout, query: str = "") -> Any:
    answer = checkout.ask("GET", EDIT, None, query)
    assert 200 == answer.status, answer.document
    return answer.document["order_edit"]


def _pay(checkout: Checkout) -> None:
    made = checkout.ask("POST", "/store/payment-collections/paycol_1/sessions", {"provider_id": "manual"})
    session = made.document["payment_collection"]["payment_sessions"][0]["id"]
    path = f"/store/payment-collections/paycol_1/sessions/{session}/authorize"
    assert 200 == checkout.ask("POST", path).status


def _order(checkout: Checkout) -> Any:
    return checkout.ask("GET", f"/store/orders/cart/{checkout.id}").document["order"]


def test_an_edit_is_paid_and_completed(checkout: Checkout) -> None:
    """The order then has the edit's lines and its payment; completing it again changes nothing."""
    before = _edit(checkout)
    early = checkout.ask("POST", f"{EDIT}/complete")
    _pay(checkout)
    unpaid = _order(checkout)
    done = checkout.ask("POST", f"{EDIT}/complete").document["order_edit"]
    again = checkout.ask("POST", f"{EDIT}/complete").document["order_edit"]
    order = _order(checkout)

    assert ("requested", DUE) == (before["status"], before["difference_due"])
    assert (400, "Unable to complete an order edit if the payment is not authorized") == outcome(early)
    assert ("confirmed", 0, done) == (done["status"], done["difference_due"], again)
    assert (1000, 5000) == (unpaid["paid_total"], order["paid_total"])
    assert ["item_copy", "item_lamps"] == [one["id"] for one in order["items"]]
    assert done["total"] == order["total"]


def test_an_edit_that_costs_nothing_needs_no_payment(checkout: Checkout) -> None:
    """It has no collection."""
    checkout.knows(order_edits=[{"id": "oe_1", "payment_collection_id": None}])

    assert 200 == checkout.ask("POST", f"{EDIT}/complete").status


def test_an_order_keeps_one_line(checkout: Checkout) -> None:
    """An edit that leaves none cannot be completed, and changes nothing."""
    checkout.knows(order_edits=[{"id": "oe_2", "items": []}])
    answer = checkout.ask("POST", "/store/order-edits/oe_2/complete")

    assert (404, "Line item with order_edit_id: oe_2 was not found") == outcome(answer)
    assert 1 == len(_order(checkout)["items"])


def test_who_declines_first_is_who_declined(checkout: Checkout) -> None:
    """With the reason of then; nobody can complete it any more."""
    account = {"email": "eve@example.com", "password": "secret", "first_name": "Eve", "last_name": "May"}
    registered = checkout.ask("POST", "/store/customers", account)
    cookie = cookie_of(registered)
    first = checkout.ask("POST", f"{EDIT}/decline", {"declined_reason": ""}, cookie=cookie).document["order_edit"]
    second = checkout.ask("POST", f"{EDIT}/decline", {"declined_reason": "No"}).document["order_edit"]
    done = checkout.ask("POST", f"{EDIT}/complete")

    assert registered.document["customer"]["id"] == first["declined_by"]
    assert ("declined", "", first) == (first["status"], first["declined_reason"], second)
    assert (400, "Cannot complete an order edit with status declined") == outcome(done)


@pytest.mark.parametrize(
    ("date", "status"), [("canceled_at", "canceled"), ("confirmed_at", "confirmed"), ("requested_at", "created")]
)
def test_only_what_is_asked_for_can_be_declined(checkout: Checkout, date: str, status: str) -> None:
    """The message says how far the edit has come, which its dates tell."""
    checkout.knows(order_edits=[{"id": "oe_1", date: None if status == "created" else "2024-01-01T00:00:00.000Z"}])
    answer = checkout.ask("POST", f"{EDIT}/decline")

    assert (400, f"Cannot decline an order edit with status {status}.") == outcome(answer)


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("", f"{COLUMNS} changes items payment_collection status {TOTALS}"),
        ("expand=", f"{COLUMNS} status items {TOTALS}"),
        ("fields=order_id,items&expand=items.variant", f"id order_id items status {TOTALS}"),
        ("fields=&expand=order,payment_collection.payment_sessions", f"id order payment_collection status items {TOTALS}"),
    ],
)  # fmt: skip
def test_what_is_asked_for_is_shown(checkout: Checkout, query: str, keys: str) -> None:
    """Lines and totals always are: behind the status where nobody asked for them."""
    assert keys.split() == list(_edit(checkout, query))


def test_changes_show_their_lines(checkout: Checkout) -> None:
    """Only where they are asked for; an order says what it is."""
    whole, bare = _edit(checkout)["changes"][0], _edit(checkout, "expand=changes,order")

    assert (LAMP, None) == (whole["line_item"]["variant"]["id"], whole["original_line_item"])
    assert "line_item" not in bare["changes"][0]
    assert "order" == bare["order"]["object"]


def test_the_status_follows_from_the_dates_that_are_read(checkout: Checkout) -> None:
    """One that was asked for seems just made where that date is not asked for."""
    assert "created" == _edit(checkout, "fields=id")["status"]


@pytest.mark.parametrize(
    ("asked", "body", "status", "message"),
    [
        ("GET oe_x", None, 404, "Order edit with id oe_x was not found"),
        ("POST oe_x/complete", None, 404, "Order edit with id oe_x was not found"),
        ("POST oe_x/decline", {"declined_reason": None}, 404, "Order edit with id oe_x was not found"),
        ("POST oe_1/decline", {"declined_reason": 1}, 400, "declined_reason must be a string"),
        ("GET oe_1?fields=status", None, 400, "Requested fields [status] are not valid"),
        ("GET oe_1?expand=foo", None, 500, "An unknown error occurred."),
    ],
)
def test_what_is_refused(checkout: Checkout, asked: str, body: object, status: int, message: str) -> None:
    """With the words of the real server."""
    method, _, path = asked.partition(" ")

    assert (status, message) == outcome(checkout.ask(method, f"/store/order-edits/{path}", body))


def test_what_was_shown_can_be_given(checkout: Checkout) -> None:
    """With its lines and its changes; nothing changes. An order that is given anew has the lines that it says."""
    before = _edit(checkout)
    checkout.knows(order_edits=[before])
    after = _edit(checkout)
    checkout.knows(orders=[{"id": before["order_id"], "items": before["items"][1:]}])

    assert before == after
    assert ["item_lamps"] == [one["id"] for one in _order(checkout)["items"]]


def test_an_edit_is_of_an_order(ask: Ask) -> None:
    """Of the last where it names none; of one that there is not, it is refused."""
    checkout = Checkout(ask, given={"order_edits": [{"id": "oe_1", "order": {"id": "order_1"}}, {"id": "oe_2"}]})
    whole, lonely = checkout.ask("GET", EDIT), checkout.ask("GET", "/store/order-edits/oe_2")
    state = {"order_edits": [{"id": "oe_2", "order_id": "order_9"}]}
    lost = ask("PATCH", f"/__mock/sandboxes/{checkout.sandbox}/state", state)

    assert (200, "order_1") == (whole.status, lonely.document["order_edit"]["order_id"])
    assert 400 == lost.status
    assert "order_edits.0.order_id: no order 'order_9'; did you mean 'order_1'?" in lost.document["message"]


@pytest.mark.parametrize("refused", [False, True])
def test_the_scenario_leads_from_the_edit_to_the_payment(ask: Ask, refused: bool) -> None:  # noqa: FBT001
    """An edit that is not paid, as the provider declines it in another scenario, cannot be completed."""
    edit, collection = "/@edit-to-pay/store/order-edits/oe_lamp", "/store/payment-collections/paycol_lamp"
    due = ask("GET", edit).document["order_edit"]
    made = ask("POST", f"/@edit-to-pay{collection}/sessions", {"provider_id": "manual"})
    session = made.document["payment_collection"]["payment_sessions"][0]["id"]
    prefix = "/@declined" if refused else "/@edit-to-pay"
    paid = ask("POST", f"{prefix}{collection}/sessions/{session}/authorize")
    done = ask("POST", f"{edit}/complete")

    assert (1800, 1800) == (due["difference_due"], due["payment_collection"]["amount"])
    assert ((422, 400) if refused else (200, 200)) == (paid.status, done.status)
