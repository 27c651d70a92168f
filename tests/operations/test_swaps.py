"""Swaps: what comes back, what goes out, and the cart that settles the difference (tests/facts/orders.md 6)."""

from typing import Any

import pytest
from asking import Ask
from operations.checkout import LAMP, MUG, Checkout, outcome
from operations.shop import UNKNOWN

NO = "should not be empty"
COLUMNS = (
    "id created_at updated_at deleted_at fulfillment_status payment_status order_id difference_due shipping_address_id "
    "cart_id confirmed_at canceled_at no_notification allow_backorder idempotency_key metadata"
)


class Owner:
    """Somebody who bought three mugs with ten percent off, was sent them, and paid."""

    def __init__(self, ask: Ask, given: dict[str, Any] | None = None, **order: str) -> None:
        self.checkout = Checkout(ask, given={"discounts": [{"id": "disc_1", "code": "TEN"}], **(given or {})})
        self.checkout.add(quantity=3)
        self.checkout.post(body={"discounts": [{"code": "TEN"}]})
        self.checkout.pays()
        self.order = self.checkout.order()
        self.item = self.order["items"][0]["id"]
        done = {"payment_status": "captured", "fulfillment_status": "fulfilled", **order}
        self.knows(orders=[{"id": self.order["id"], **done}])

    def knows(self, **state: list[dict[str, Any]]) -> None:
        """Let the shop know something."""
        self.checkout.knows(**state)

    def asks(self, quantity: int = 1, *goods: tuple[str, Any], **said: Any) -> Any:
        """Ask for some mugs to be swapped for goods, and return the answer."""
        out = [{"variant_id": variant, "quantity": number} for variant, number in goods]
        back = [{"item_id": self.item, "quantity": quantity}] if quantity else []
        body = {"order_id": self.order["id"], "return_items": back, "additional_items": out, **said}
        return self.checkout.ask("POST", "/store/swaps", body)

    def swaps(self, quantity: int = 1, *goods: tuple[str, Any], **said: Any) -> Any:
        """Swap, and from then on shop in the cart of the swap; return the swap."""
        answer = self.asks(quantity, *goods, **said)
        assert 200 == answer.status, answer.document
        self.checkout.id = answer.document["swap"]["cart_id"]
        return answer.document["swap"]

    def seen(self) -> Any:
        """Return the swap as it is read."""
        return self.checkout.ask("GET", f"/store/swaps/{self.checkout.id}").document["swap"]

    def left(self, variant: str) -> int:
        """Return how many are left of a variant."""
        found = self.checkout.ask("GET", f"/store/variants/{variant}").document["variant"]
        return int(found["inventory_quantity"])


@pytest.fixture
def owner(ask: Ask) -> Owner:
    """Return somebody with something to swap."""
    return Owner(ask)


def test_a_swap_has_a_cart(owner: Owner) -> None:
    """With what goes out, the way back, and what comes back with all of its discount, below zero."""
    option = owner.checkout.option(is_return=False)
    made = owner.swaps(2, (LAMP, 1), return_shipping_option=option["id"])
    cart = owner.checkout.cart()
    lines = [(one["title"], one["unit_price"], one["quantity"], one["discount_total"]) for one in cart["items"]]

    assert [("Lamp", 2000, 1, 200), ("Return shipping", option["amount"], 1, 0), ("Mug", -1000, 2, -300)] == lines
    assert ("swap", made["id"], "ada@example.com") == (cart["type"], cart["metadata"]["swap_id"], cart["email"])
    assert 1800 - option["amount"] == made["return_order"]["refund_amount"]
    assert option["id"] == made["return_order"]["shipping_method"]["shipping_option"]["id"]
    assert "cart" == list(made)[-1]
    assert "allow_backorder" not in made


def test_a_swap_is_read_by_its_cart(owner: Owner) -> None:
    """All columns first; nothing else is a swap."""
    owner.swaps(1, (MUG, 1))
    seen = owner.seen()
    missing = owner.checkout.ask("GET", "/store/swaps/cart_x")

    wanted = (
        f"{COLUMNS} order additional_items return_order fulfillments payment shipping_address shipping_methods cart"
    )
    assert wanted.split() == list(seen)
    assert ("order", "cart") == (seen["order"]["object"], seen["cart"]["object"])
    assert seen["return_order"]["shipping_method"] is None
    assert (404, "Swap was not found") == outcome(missing)


@pytest.mark.parametrize(("returned", "out", "due", "status"), [(3, MUG, -1800, "awaiting"), (0, None, 0, "confirmed")])
def test_who_owes_nothing_only_completes(owner: Owner, returned: int, out: str | None, due: int, status: str) -> None:
    """What is owed is noted, and given back by the merchant; a second time the same is answered."""
    owner.swaps(returned, *([(out, 1)] if out else []))
    first, second = owner.checkout.post("/complete").document, owner.checkout.post("/complete").document
    swap = first["data"]

    assert ("swap", due, status, None) == (
        first["type"],
        swap["difference_due"],
        swap["payment_status"],
        owner.seen()["payment"],
    )
    assert (first, [*COLUMNS.split(), "shipping_address"]) == (second, list(swap))
    assert owner.checkout.cart()["completed_at"] is not None


@pytest.mark.parametrize(("id", "status"), [("cart_nowhere", 404), ("%00", 500)])
def test_an_unknown_cart_settles_nothing(ask: Ask, id: str, status: int) -> None:
    """No database takes a NUL byte."""
    assert status == ask("GET", f"/store/swaps/{id}").status


def test_who_owes_something_pays(owner: Owner) -> None:
    """The payment is of the swap and of the order; goods leave the stock, those that come back as well."""
    owner.swaps(1, (LAMP, 2))
    before = owner.left(MUG), owner.left(LAMP)
    early = owner.checkout.post("/complete")
    option = owner.checkout.option(is_return=False)
    owner.checkout.post("/shipping-methods", {"option_id": option["id"]})
    owner.checkout.pays()
    due = owner.checkout.cart()["total"]
    swap = owner.checkout.post("/complete").document["data"]
    seen = owner.seen()
    order = owner.checkout.ask("GET", f"/store/orders/{owner.order['id']}").document["order"]

    assert (400, "You cannot complete a cart without a payment session.") == outcome(early)
    assert (due, "awaiting") == (swap["difference_due"], swap["payment_status"])
    assert (due, owner.order["id"]) == (seen["payment"]["amount"], seen["payment"]["order_id"])
    assert [option["id"]] == [one["shipping_option"]["id"] for one in seen["shipping_methods"]]
    assert (2700 + due, 2700) == (order["paid_total"], order["total"])
    assert (before[0] - 1, before[1] - 2) == (owner.left(MUG), owner.left(LAMP))


def test_the_order_shows_its_swaps(owner: Owner) -> None:
    """With what goes out, what it is worth, and its taxes once it is settled."""
    first = owner.order["cart_id"]
    owner.swaps(3, (LAMP, 1))
    owner.checkout.post("/complete")
    (swap,) = owner.checkout.ask("GET", f"/store/orders/cart/{first}").document["order"]["swaps"]

    assert [(1800, 1)] == [(one["refundable"], len(one["tax_lines"])) for one in swap["additional_items"]]


def test_what_a_merchant_sent_is_shown(owner: Owner) -> None:
    """As it is given."""
    made = owner.swaps(1)
    owner.knows(fulfillments=[{"id": "ful_1", "swap_id": made["id"]}])

    assert ["ful_1"] == [one["id"] for one in owner.seen()["fulfillments"]]


def test_goods_that_are_gone_are_not_shown(owner: Owner) -> None:
    """The line stays."""
    owner.swaps(0, (LAMP, 1))
    owner.knows(product_variants=[{"id": LAMP, "deleted_at": "2024-01-01T00:00:00.000Z"}])

    assert [None] == [one["variant"] for one in owner.seen()["additional_items"]]


def test_too_few_are_left(owner: Owner) -> None:
    """Of each line it is said; what may be sold beyond the stock is."""
    made = owner.swaps(3, (LAMP, 1))
    owner.knows(product_variants=[{"id": MUG, "inventory_quantity": 0}, {"id": LAMP, "inventory_quantity": 0}])
    answer = owner.checkout.post("/complete")
    owner.knows(swaps=[{"id": made["id"], "allow_backorder": True}])

    assert (409, ["insufficient_inventory"] * 2) == (answer.status, [one["code"] for one in answer.document["errors"]])
    assert 200 == owner.checkout.post("/complete").status
    assert -1 == owner.left(LAMP)


def test_who_paid_for_what_is_gone_gets_the_money_back(owner: Owner) -> None:
    """The payment is canceled; once there is enough again, another is made."""
    owner.swaps(1, (LAMP, 2))
    owner.checkout.pays()
    owner.knows(product_variants=[{"id": LAMP, "inventory_quantity": 1}])
    refused = owner.checkout.post("/complete")
    canceled = owner.checkout.cart()["payment"]["canceled_at"]
    owner.knows(product_variants=[{"id": LAMP, "inventory_quantity": 2}])
    done = owner.checkout.post("/complete")

    assert (409, 200) == (refused.status, done.status)
    assert canceled is not None


def test_a_canceled_swap_is_not_settled(owner: Owner) -> None:
    """Its cart says so."""
    made = owner.swaps(1)
    owner.knows(swaps=[{"id": made["id"], "canceled_at": "2024-01-01T00:00:00.000Z"}])

    assert (400, "Cart related to canceled swap cannot be completed") == outcome(owner.checkout.post("/complete"))


@pytest.mark.parametrize(
    ("order", "message"),
    [
        ({"payment_status": "awaiting"}, "Cannot swap an order that has not been captured"),
        ({"fulfillment_status": "not_fulfilled"}, "Cannot swap an order that has not been fulfilled"),
    ],
)
def test_an_order_has_to_be_paid_and_sent(ask: Ask, order: dict[str, str], message: str) -> None:
    """Before anything of it is swapped."""
    assert (400, message) == outcome(Owner(ask, **order).asks())


@pytest.mark.parametrize(
    ("goods", "said", "status", "message"),
    [
        ([("variant_x", 1)], {}, 400, "Unable to generate the line items, some variant has not been found: variant_x"),
        ([(MUG, 1.5)], {}, 500, UNKNOWN["message"]),
        ([], {"order_id": "order_x"}, 404, "Order with id: order_x was not found"),
        ([], {"return_shipping_option": "so_x"}, 404, "Shipping Option with so_x was not found"),
        ([], {"return_items": [{"item_id": "item_x", "quantity": 1}]}, 404, "Line item with item_x was not found"),
        ([], {"return_items": None}, 400, "return_items must be an array, each value in nested property return_items must be either object or array"),
        (
            [("", 0)], {"return_items": [{"item_id": 1, "quantity": 0}]}, 400,
            f"item_id must be a string, quantity must not be less than 1, variant_id {NO}, quantity must not be less than 1",
        ),
        ([("", 0)], {"order_id": ""}, 400, f"order_id {NO}, variant_id {NO}, quantity must not be less than 1"),
    ],
)  # fmt: skip
def test_what_cannot_be_swapped(owner: Owner, goods: Any, said: Any, status: int, message: str) -> None:
    """The real server's words; nothing is stored."""
    assert (status, message) == outcome(owner.asks(1, *goods, **said))


def test_a_swap_that_is_given_is_not_settled(owner: Owner) -> None:
    """Nor is its return received, where nobody says so."""
    owner.knows(
        swaps=[{"id": "swap_1", "order_id": owner.order["id"], "cart": {"id": "cart_1"}}],
        returns=[{"id": "ret_1", "swap_id": "swap_1"}],
    )
    seen = owner.checkout.ask("GET", "/store/swaps/cart_1").document["swap"]

    assert ("not_paid", None, "requested", None) == (
        seen["payment_status"], seen["confirmed_at"], seen["return_order"]["status"], seen["return_order"]["received_at"],
    )  # fmt: skip


def test_what_was_shown_can_be_given(owner: Owner) -> None:
    """A swap as it is read, with its order and its cart, changes nothing."""
    owner.swaps(1, (LAMP, 1))
    seen, cart = owner.seen(), owner.checkout.cart()
    owner.knows(swaps=[seen], carts=[{"id": cart["id"], "items": cart["items"]}])

    assert (seen, cart) == (owner.seen(), owner.checkout.cart())


def test_a_try_without_a_payment_forgets_taxes(ask: Ask) -> None:
    """Those that what comes back was sold with; the real server clears them all, and makes only the others anew."""
    owner = Owner(ask, given={"regions": [{"id": "*", "tax_rate": 19}]})
    owner.swaps(1, (LAMP, 2))
    before = owner.checkout.cart()["items"]
    early = owner.checkout.post("/complete")
    after = owner.checkout.cart()["items"]

    assert 400 == early.status
    assert ([1, 1], [1, 0]) == tuple([len(one["tax_lines"]) for one in items] for items in (before, after))
    assert (-833, -700) == (before[1]["total"], after[1]["total"])
