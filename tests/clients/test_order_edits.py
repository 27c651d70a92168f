"""An order edit as Medusa's documentation has storefronts deal with it, with the official client: read, pay, complete."""

from typing import Any

import pytest
from clients.conftest import PaymentCall
from dirty_equals import IsPartialDict, IsStr
from processes import Server

pytestmark = pytest.mark.node

EDIT = "oe_lamp"
UNPAID = "Unable to complete an order edit if the payment is not authorized"
Document = dict[str, Any]


class Storefront:
    """A storefront in a sandbox of its own, under whatever scenario is on there."""

    def __init__(self, call: PaymentCall, server: Server, sandbox: str) -> None:
        self._call = call
        self._server = server
        self._sandbox = sandbox
        self.under("edit-to-pay")

    def under(self, scenario: str) -> None:
        """Choose the scenario."""
        path = f"/__mock/sandboxes/{self._sandbox}/scenario"
        answer = self._server.ask("PUT", path, f'{{"scenario": "{scenario}"}}', Content_Type="application/json")
        assert 200 == answer.status, answer.document

    def tries(self, method: str, *arguments: Any) -> Document:
        """Return what comes of a call."""
        return self._call(f"{self._server.url}/~{self._sandbox}", method, *arguments)

    def does(self, method: str, *arguments: Any) -> Document:
        """Return what a call resolves with, under its first name."""
        outcome = self.tries(method, *arguments)
        assert "resolved" in outcome, outcome
        return dict(next(iter(outcome["resolved"].values())))

    def begins_to_pay(self, edit: Document) -> tuple[str, str]:
        """Let the customer choose a provider; return the ids of the collection and its session."""
        wanted = {"expand": "region,region.payment_providers"}
        collection = self.does("paymentCollections.retrieve", edit["payment_collection_id"], wanted)
        provider = collection["region"]["payment_providers"][0]["id"]
        made = self.does("paymentCollections.managePaymentSession", collection["id"], {"provider_id": provider})
        (session,) = made["payment_sessions"]
        assert ("pending", edit["difference_due"]) == (session["status"], session["amount"])
        return collection["id"], session["id"]


def test_an_edit_is_read_paid_and_completed(call: PaymentCall, server: Server) -> None:
    """Nothing is completed unpaid; the order then has the lamp, and the payment for it."""
    shop = Storefront(call, server, "edit-goes-well")
    edit = shop.does("orderEdits.retrieve", EDIT)
    early = shop.tries("orderEdits.complete", EDIT)
    ids = shop.begins_to_pay(edit)
    session = shop.does("paymentCollections.authorizePaymentSession", *ids)
    done = shop.does("orderEdits.complete", EDIT)
    order = shop.does("orders.retrieve", edit["order_id"])

    assert IsPartialDict(status="requested", difference_due=1800) == edit
    assert [("item_add", "Lamp")] == [(one["type"], one["line_item"]["title"]) for one in edit["changes"]]
    assert (400, UNPAID) == (early["status"], early["rejected"]["message"])
    assert IsPartialDict(status="authorized", payment_authorized_at=IsStr()) == session
    assert IsPartialDict(status="confirmed", difference_due=0, total=4200) == done
    assert [("Notebook", 2), ("Lamp", 1)] == [(one["title"], one["quantity"]) for one in order["items"]]
    assert IsPartialDict(total=4200, paid_total=4200) == order
    assert [2400, 1800] == [payment["amount"] for payment in order["payments"]]


def test_a_declined_payment_completes_nothing(call: PaymentCall, server: Server) -> None:
    """What a scenario gave stays in the sandbox: under `declined` the same edit cannot be paid, and later it can."""
    shop = Storefront(call, server, "edit-declined")
    edit = shop.does("orderEdits.retrieve", EDIT)
    shop.under("declined")
    ids = shop.begins_to_pay(edit)
    declined = shop.tries("paymentCollections.authorizePaymentSession", *ids)
    early = shop.tries("orderEdits.complete", EDIT)
    kept = shop.does("orders.retrieve", edit["order_id"])
    shop.under("edit-to-pay")
    shop.does("paymentCollections.authorizePaymentSession", *ids)
    done = shop.does("orderEdits.complete", EDIT)

    assert (422, "payment_authorization_error") == (declined["status"], declined["rejected"]["type"])
    assert (400, UNPAID) == (early["status"], early["rejected"]["message"])
    assert ["Notebook"] == [one["title"] for one in kept["items"]]
    assert "confirmed" == done["status"]


def test_an_edit_can_be_declined(call: PaymentCall, server: Server) -> None:
    """By the customer, with a reason; it cannot be completed any more, and the order is as before."""
    shop = Storefront(call, server, "edit-no")
    edit = shop.does("orderEdits.decline", EDIT, {"declined_reason": "Too dear"})
    late = shop.tries("orderEdits.complete", EDIT)
    order = shop.does("orders.retrieve", edit["order_id"])

    assert IsPartialDict(status="declined", declined_reason="Too dear") == edit
    assert "Cannot complete an order edit with status declined" == late["rejected"]["message"]
    assert ["Notebook"] == [one["title"] for one in order["items"]]


def test_an_edit_that_a_test_asks_for_is_paid_alike(call: PaymentCall, server: Server) -> None:
    """The order is placed by the client, the edit requested by a call of `/__mock`: the whole way, without `given`."""
    shop = Storefront(call, server, "edit-asked-for")
    region = shop.tries("regions.list")["resolved"]["regions"][0]
    variant = shop.tries("products.list")["resolved"]["products"][0]["variants"][0]["id"]
    items = [{"variant_id": variant, "quantity": 1}]
    cart = shop.does("carts.create", {"region_id": region["id"], "items": items})["id"]
    shop.does("carts.update", cart, {"email": "ada@example.com"})
    shop.does("carts.createPaymentSessions", cart)
    shop.does("carts.setPaymentSession", cart, {"provider_id": "manual"})
    order = shop.tries("carts.complete", cart)["resolved"]["data"]["id"]
    asked = server.ask("POST", f"/__mock/sandboxes/edit-asked-for/orders/{order}/request-edit")
    edit = shop.does("orderEdits.retrieve", asked.document["order_edit"]["id"])
    ids = shop.begins_to_pay(edit)
    shop.does("paymentCollections.authorizePaymentSession", *ids)
    done = shop.does("orderEdits.complete", edit["id"])

    assert asked.document["order_edit"] == edit
    assert "confirmed" == done["status"]
    assert [2] == [one["quantity"] for one in shop.does("orders.retrieve", order)["items"]]
