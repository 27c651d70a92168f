"""What only a merchant does to an order, through the control API (tests/facts/orders.md 9)."""

from typing import Any

import pytest
from asking import Ask
from control.conftest import message
from dirty_equals import IsPartialDict, IsStr
from operations.checkout import LAMP, MUG, Checkout

Document = dict[str, Any]
TIME = IsStr(regex=r"20\d\d-.*Z")


class Merchant:
    """A shop with one order, and what its merchant does to it."""

    def __init__(self, api: Ask, checkout: Checkout) -> None:
        self.api = api
        self.checkout = checkout
        self.order = checkout.order()
        self.id = self.order["id"]
        self.items = [item["id"] for item in self.order["items"]]

    def asks(self, what: str, body: Document | None = None, id: str = "") -> Any:
        """Return the answer to a call about the order."""
        return self.api("POST", f"/sandboxes/{self.checkout.sandbox}/orders/{id or self.id}/{what}", body)

    def does(self, what: str, body: Document | None = None) -> Document:
        """Return the order, or its edit, after a call."""
        answer = self.asks(what, body)
        assert 200 == answer.status, answer.document
        return dict(next(iter(answer.document.values())))

    def refused(self, what: str, body: Document | None = None, *, status: int = 409) -> str:
        """Return why a call is refused, which changes nothing and tells nobody."""
        before, told = self.state(), self.events()
        said = message(self.asks(what, body), status)
        assert (before, told) == (self.state(), self.events())
        return said

    def state(self) -> Any:
        """Return what the sandbox holds."""
        return self.api("GET", f"/sandboxes/{self.checkout.sandbox}/state").document

    def events(self) -> list[str]:
        """Return what Medusa would have told the outside since the order was placed."""
        outbox = self.api("GET", f"/outbox?sandbox={self.checkout.sandbox}").document
        return [one["event"] for one in outbox["messages"]][1:]

    def shown(self) -> Document:
        """Return the order as its customer reads it."""
        return dict(self.checkout.ask("GET", f"/store/orders/{self.id}").document["order"])

    def stock(self, variant: str = MUG) -> int:
        """Return how many of a variant are left."""
        answer = self.checkout.ask("GET", f"/store/variants/{variant}")
        return int(answer.document["variant"]["inventory_quantity"])


@pytest.fixture
def merchant(api: Ask, ask: Ask) -> Merchant:
    """Return the merchant of an order of two mugs and a lamp, which is paid and wants to be sent."""
    return _merchant(api, ask)


def _merchant(api: Ask, ask: Ask, provider: str = "manual", *, ships: bool = True, **said: Any) -> Merchant:
    checkout = Checkout(ask, **said)
    checkout.add(quantity=2)
    checkout.add(LAMP)
    if ships:
        option = checkout.option(is_return=False)["id"]
        assert 200 == checkout.post("/shipping-methods", {"option_id": option}).status
    checkout.pays(provider)
    return Merchant(api, checkout)


def test_payments_are_captured(merchant: Merchant) -> None:
    """Each has its time and its provider's data; totals stay."""
    order = merchant.does("capture")

    assert "captured" == order["payment_status"]
    assert [IsPartialDict(captured_at=TIME, canceled_at=None, data={"status": "captured"})] == order["payments"]
    assert order["paid_total"] == merchant.order["paid_total"]
    assert order == merchant.shown()
    assert ["order.payment_captured"] == merchant.events()


def test_what_is_captured_is_not_captured_again(merchant: Merchant) -> None:
    """Nor is what is canceled: a test that does so is mistaken."""
    merchant.does("capture")
    again = merchant.refused("capture")
    merchant.does("cancel")

    assert f"order '{merchant.id}' has no payment left to capture: its payment_status is 'captured'" == again
    assert f"order '{merchant.id}' is canceled: no payment of it can be captured" == merchant.refused("capture")
    assert f"order '{merchant.id}' is canceled already, since" in merchant.refused("cancel")
    assert f"order '{merchant.id}' is canceled: nothing of it can be shipped" == merchant.refused("ship")


@pytest.mark.parametrize(
    ("provider", "captured", "canceled"), [("stripe", "succeeded", "canceled"), ("own", None, None)]
)
def test_a_provider_keeps_its_data(
    api: Ask, ask: Ask, provider: str, captured: str | None, canceled: str | None
) -> None:
    """Stripe's payment intent tells what became of it; what others write down is theirs."""
    merchant = _merchant(api, ask, provider, providers={provider: {}})
    statuses = [merchant.does(what)["payments"][0]["data"].get("status") for what in ("capture", "cancel")]

    assert [captured, canceled] == statuses


def test_an_order_is_called_off(merchant: Merchant) -> None:
    """Three statuses, its payments, and the goods are back; totals stay."""
    assert (98, 99) == (merchant.stock(), merchant.stock(LAMP))

    merchant.does("capture")
    order = merchant.does("cancel")

    assert ("canceled",) * 3 == (order["status"], order["payment_status"], order["fulfillment_status"])
    assert [IsPartialDict(captured_at=TIME, canceled_at=TIME, data={"status": "canceled"})] == order["payments"]
    assert order["total"] == merchant.order["total"]
    assert (100, 100) == (merchant.stock(), merchant.stock(LAMP))
    assert ["order.payment_captured", "order.canceled"] == merchant.events()
    [stored] = merchant.state()["orders"]
    assert TIME == stored["canceled_at"]


def test_goods_whose_stock_nobody_counts_are_not_put_back(merchant: Merchant) -> None:
    """Nor are those that are sold no more."""
    merchant.checkout.knows(
        product_variants=[
            {"id": MUG, "manage_inventory": False},
            {"id": LAMP, "deleted_at": "2024-01-01T00:00:00.000Z"},
        ]
    )
    merchant.does("cancel")

    assert 98 == merchant.stock()


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"refunds": [{"id": "ref_1", "amount": 100}]}, "refunds"),
        ({"returns": [{"id": "ret_1", "status": "requested"}]}, "returns that are not canceled"),
        ({"swaps": [{"id": "swap_1"}]}, "swaps that are not canceled"),
        ({"claims": [{"id": "claim_1", "canceled_at": None}]}, "claims that are not canceled"),
    ],
)
def test_what_came_after_an_order_keeps_it(merchant: Merchant, given: Document, text: str) -> None:
    """As it does on the real server; the refusal names it."""
    merchant.checkout.knows(orders=[{"id": merchant.id, **given}])

    assert f"order '{merchant.id}' cannot be canceled: it has {text}" == merchant.refused("cancel")


def test_what_was_called_off_keeps_nothing(merchant: Merchant) -> None:
    """A return that was canceled is none."""
    merchant.checkout.knows(orders=[{"id": merchant.id, "returns": [{"id": "ret_1", "status": "canceled"}]}])

    assert "canceled" == merchant.does("cancel")["status"]


def test_an_order_is_sent(merchant: Merchant) -> None:
    """All of it, in one parcel with its number; it cannot be called off any more."""
    order = merchant.does("ship", {"tracking_numbers": ["TRACK-1"]})

    assert "shipped" == order["fulfillment_status"]
    [sent] = order["fulfillments"]
    assert IsPartialDict(shipped_at=TIME, canceled_at=None, provider_id="manual", data={}, metadata={}) == sent
    assert ["TRACK-1"] == [one["tracking_number"] for one in sent["tracking_links"]]
    assert [(merchant.items[0], 2), (merchant.items[1], 1)] == [
        (one["item_id"], one["quantity"]) for one in sent["items"]
    ]
    assert [(2, 2), (1, 1)] == [(one["fulfilled_quantity"], one["shipped_quantity"]) for one in order["items"]]
    assert order == merchant.shown()
    assert ["order.fulfillment_created", "order.shipment_created"] == merchant.events()
    assert f"all of order '{merchant.id}' is shipped already" == merchant.refused("ship")
    assert "it has fulfillments that are not canceled" in merchant.refused("cancel")


def test_some_of_an_order_is_sent(merchant: Merchant) -> None:
    """Then the rest; never more than was bought."""
    mugs = merchant.items[0]
    first = merchant.does("ship", {"items": [{"item_id": mugs, "quantity": 1}]})
    more = merchant.refused("ship", {"items": [{"item_id": mugs, "quantity": 2}]})
    rest = merchant.does("ship")

    assert ("partially_shipped", "shipped") == (first["fulfillment_status"], rest["fulfillment_status"])
    assert f"2 of line '{mugs}' cannot be shipped: 1 of 2 are left" == more
    assert [[1], [1, 1]] == [[one["quantity"] for one in sent["items"]] for sent in rest["fulfillments"]]


def test_what_is_sent_is_a_line_of_the_order(merchant: Merchant) -> None:
    """The nearest one is named; a body that is not JSON is refused, though it may be left out."""
    said = {"items": [{"item_id": f"{merchant.items[0]}x", "quantity": 1}]}
    path = f"/sandboxes/{merchant.checkout.sandbox}/orders/{merchant.id}/ship"

    assert f"did you mean '{merchant.items[0]}'?" in merchant.refused("ship", said, status=404)
    assert "say so in Content-Type" in message(merchant.api("POST", path, b"all", Content_Type="text/plain"), 415)


def test_what_was_fulfilled_before_is_sent_as_it_is(merchant: Merchant) -> None:
    """A fulfillment that was given, say."""
    mugs, lamp = merchant.items
    parts = [{"item_id": mugs, "quantity": 2}, {"item_id": lamp, "quantity": 1}]
    given = {"id": "ful_given", "shipped_at": None, "canceled_at": None, "provider_id": "manual", "items": parts}
    merchant.checkout.knows(
        line_items=[{"id": mugs, "fulfilled_quantity": 2}, {"id": lamp, "fulfilled_quantity": 1}],
        orders=[{"id": merchant.id, "fulfillments": [given]}],
    )
    order = merchant.does("ship")

    assert [("ful_given", TIME)] == [(one["id"], one["shipped_at"]) for one in order["fulfillments"]]
    assert ["order.shipment_created"] == merchant.events()


def test_a_fulfillment_of_a_line_that_nobody_gave_is_named(merchant: Merchant) -> None:
    """The mock's own sentence tells what to give."""
    part = {"item_id": "item_gone", "quantity": 1}
    given = {"id": "ful_given", "shipped_at": None, "canceled_at": None, "provider_id": "manual", "items": [part]}
    merchant.checkout.knows(orders=[{"id": merchant.id, "fulfillments": [given]}])
    merchant.checkout.knows(fulfillment_items=[{"fulfillment_id": "ful_given", "item_id": "item_gone", "quantity": 1}])

    assert "there is no line 'item_gone'" in merchant.refused("ship", status=400)


def test_each_goes_the_way_of_its_profile(merchant: Merchant) -> None:
    """Where an order has two ways; what no way is for is not sent."""
    profile = {"id": "sp_heavy", "name": "Heavy", "type": "custom"}
    option = {
        "id": "so_heavy",
        "profile": profile,
        "provider_id": "carrier",
        "name": "Carrier",
        "region_id": merchant.order["region_id"],
    }
    method = {"id": "sm_heavy", "shipping_option": option, "price": 0, "tax_lines": []}
    merchant.checkout.knows(
        orders=[{"id": merchant.id, "shipping_methods": [*merchant.state()["shipping_methods"], method]}],
        products=[{"id": "prod_lamp", "profile_id": "sp_heavy"}],
    )
    merchant.checkout.knows(
        line_items=[{"id": "item_free", "order_id": merchant.id, "variant_id": None, "quantity": 1}]
    )
    order = merchant.does("ship")

    assert [("carrier", [merchant.items[1]])] == [
        (one["provider_id"], [part["item_id"] for part in one["items"]])
        for one in order["fulfillments"]
        if one["provider_id"] == "carrier"
    ]
    assert "partially_shipped" == order["fulfillment_status"]
    assert "has no shipping method for what is to be shipped" in merchant.refused("ship")


def test_what_has_no_way_to_go_is_not_sent(api: Ask, ask: Ask) -> None:
    """As on the real server."""
    merchant = _merchant(api, ask, ships=False)

    assert "has no shipping method for what is to be shipped; give it one" in merchant.refused("ship")


def test_an_edit_is_one_more_of_the_first(merchant: Merchant) -> None:
    """Where nothing is said; what is due is in a collection, which the customer pays before she completes the edit."""
    edit = merchant.does("request-edit")
    path = f"/store/order-edits/{edit['id']}"
    early = merchant.checkout.ask("POST", f"{path}/complete")
    collection = edit["payment_collection"]
    pay = f"/store/payment-collections/{collection['id']}/sessions"
    session = merchant.checkout.ask("POST", pay, {"provider_id": "manual"}).document["payment_collection"]
    paid = merchant.checkout.ask("POST", f"{pay}/{session['payment_sessions'][0]['id']}/authorize")
    done = merchant.checkout.ask("POST", f"{path}/complete").document["order_edit"]

    assert ("requested", TIME, IsStr(regex="usr_.*")) == (edit["status"], edit["requested_at"], edit["requested_by"])
    assert [("Mug", 3), ("Lamp", 1)] == [(one["title"], one["quantity"]) for one in edit["items"]]
    assert [("item_update", merchant.items[0])] == [
        (one["type"], one["original_line_item_id"]) for one in edit["changes"]
    ]
    assert edit["difference_due"] == collection["amount"] == edit["total"] - merchant.order["total"] > 0
    assert ("order_edit", "not_paid", "eur") == (collection["type"], collection["status"], collection["currency_code"])
    assert (400, 200) == (early.status, paid.status)
    assert "confirmed" == done["status"]
    assert [("Mug", 3), ("Lamp", 1)] == [(one["title"], one["quantity"]) for one in merchant.shown()["items"]]
    created = ["order-edit.created", "order-edit.requested", "payment-collection.created", "order-edit.updated"]
    assert created == merchant.events()


def test_an_edit_has_the_lines_that_are_said(merchant: Merchant) -> None:
    """One that it keeps, a variant at its price, something of its own; what is not said is removed; names are as wanted."""
    items = [
        {"original_item_id": merchant.items[1], "id": "item_kept"},
        {"variant_id": MUG},
        {"variant_id": LAMP, "unit_price": 1, "quantity": 3},
        {"title": "Wrapping", "unit_price": 350},
    ]
    edit = merchant.does(
        "request-edit",
        {"id": "oe_1", "items": items, "payment_collection": {"id": "paycol_1", "description": "More"}},
    )
    lines = [(one["title"], one["quantity"], one["unit_price"], one["original_item_id"]) for one in edit["items"]]
    changes = [(one["type"], one["original_line_item_id"]) for one in edit["changes"]]

    assert ("oe_1", "item_kept") == (edit["id"], edit["items"][0]["id"])
    assert [
        ("Lamp", 1, 2000, merchant.items[1]),
        ("Mug", 1, 1000, None),
        ("Lamp", 3, 1, None),
        ("Wrapping", 1, 350, None),
    ] == lines
    assert [*[("item_add", None)] * 3, ("item_remove", merchant.items[0])] == changes
    assert edit["payment_collection"] is None  # less is due than was paid
    assert edit["difference_due"] < 0


def test_an_edit_is_taxed_and_discounted_as_its_order(api: Ask, ask: Ask) -> None:
    """Its new lines, too."""
    discount = {
        "id": "disc_1", "code": "TEN", "rule": {"id": "dru_1", "type": "percentage", "value": 10, "allocation": "total"},
        "regions": [{"id": "reg_01HK3CQKJ5S2Q7TGDGGK4V8K2M", "tax_rate": 19}], "is_disabled": False, "usage_limit": None,
        "starts_at": "2020-01-01T00:00:00.000Z", "ends_at": None, "parent_discount_id": None,
    }  # fmt: skip
    checkout = Checkout(ask, given={"discounts": [discount]})
    checkout.add()
    assert 200 == checkout.post("", {"discounts": [{"code": "TEN"}]}).status
    checkout.pays()
    merchant = Merchant(api, checkout)
    kept = {"original_item_id": merchant.items[0], "quantity": 2}
    edit = merchant.does("request-edit", {"items": [kept, {"variant_id": LAMP}]})

    assert [(200, 342), (200, 342)] == [(one["discount_total"], one["tax_total"]) for one in edit["items"]]
    assert edit["payment_collection"]["amount"] == 2 * (1800 + 342) - (900 + 171)


@pytest.mark.parametrize(
    ("said", "status", "text"),
    [
        ({"items": [{"original_item_id": "item_x"}]}, 404, "no line of order '{id}' left 'item_x'"),
        ({"items": [{"variant_id": "variant_mugg"}]}, 404, "no variant 'variant_mugg'; did you mean 'variant_mug'?"),
        ({"items": [{"variant_id": "variant_priceless"}]}, 400, "without a price"),
        (
            {"items": [{"title": "Wrapping"}]},
            400,
            "wants an original_item_id, a variant_id, or a title and a unit_price",
        ),
        ({"items": [{"variant": "variant_mug"}]}, 400, "body items.0.variant: Extra inputs are not permitted"),
        ({"items": "same"}, 409, "has exactly these lines already; an edit changes something"),
        ({"items": [{"title": "A", "unit_price": 1, "id": "{item}"}]}, 409, "line_items has a row '{item}' already"),
        ({"item": []}, 400, "no body field 'item'; did you mean 'items'?"),
    ],
)
def test_a_mistaken_edit_is_refused_whole(merchant: Merchant, said: Document, status: int, text: str) -> None:
    """The sentence says what is wrong, and what was probably meant."""
    merchant.checkout.knows(
        products=[{"id": "prod_p", "title": "P", "variants": [{"id": "variant_priceless", "prices": []}]}]
    )
    if said.get("items") == "same":
        said = {"items": [{"original_item_id": id} for id in merchant.items]}
    names = {"{id}": merchant.id, "{item}": merchant.items[0]}
    for name, value in names.items():
        text = text.replace(name, value)
    items = [{key: names.get(value, value) for key, value in one.items()} for one in said.get("items", ())]
    body = {**said, "items": items} if "items" in said else said

    assert text in merchant.refused("request-edit", body, status=status)


def test_an_order_has_one_open_edit(merchant: Merchant) -> None:
    """Once it is declined there may be another."""
    first = merchant.does("request-edit")
    second = merchant.refused("request-edit")
    merchant.checkout.ask("POST", f"/store/order-edits/{first['id']}/decline")

    assert f"has an edit already that waits for an answer: '{first['id']}'" in second
    assert first["id"] != merchant.does("request-edit")["id"]


def test_an_order_without_lines_has_none_to_have_more_of(merchant: Merchant) -> None:
    """A given one may be so."""
    merchant.checkout.knows(orders=[{"id": "order_bare", "items": []}])
    answer = merchant.asks("request-edit", None, "order_bare")

    assert "order 'order_bare' has no line to have one more of; say which `items` it is to have" == message(answer, 409)


@pytest.mark.parametrize("what", ["capture", "ship", "cancel", "request-edit"])
def test_an_unknown_order_is_refused_with_the_nearest(merchant: Merchant, what: str) -> None:
    """In the mock's own words."""
    answer = merchant.asks(what, None, f"{merchant.id}x")

    assert f"no order '{merchant.id}x'; did you mean '{merchant.id}'?" in message(answer, 404)


def test_what_a_scenario_gives_is_there_before_any_request(api: Ask) -> None:
    """An order of the scenario that is on in a sandbox."""
    api("PUT", "/sandboxes/fresh/scenario", {"scenario": "edit-to-pay"})

    assert "captured" == api("POST", "/sandboxes/fresh/orders/order_lamp/capture").document["order"]["payment_status"]
    assert "oe_lamp" in message(api("POST", "/sandboxes/fresh/orders/order_lamp/request-edit"), 409)


def test_the_document_says_which_bodies_may_be_left_out(api: Ask) -> None:
    """A shipment may be; who is logged in must be said."""
    paths = api("GET", "/openapi.json").document["paths"]
    ship = paths["/__mock/sandboxes/{sandbox}/orders/{order}/ship"]["post"]

    assert ship["requestBody"]["required"] is False
    assert paths["/__mock/sandboxes/{sandbox}/sessions"]["post"]["requestBody"]["required"] is True
