"""Returns: what may come back, and what it is worth (tests/facts/orders.md 5)."""

from typing import Any

import pytest
from asking import Ask
from operations.checkout import Checkout, outcome
from operations.shop import UNKNOWN

NO = "should not be empty"
REASON = {"id": "rr_size", "value": "size", "label": "Size", "description": None, "parent_return_reason_id": None}
SMALL = {**REASON, "id": "rr_small", "value": "small", "parent_return_reason_id": "rr_size"}


class Buyer:
    """Somebody who ordered three mugs with ten percent off, and 19 percent tax."""

    def __init__(self, ask: Ask) -> None:
        self.checkout = Checkout(
            ask,
            given={
                "discounts": [{"id": "disc_1", "code": "TEN"}],
                "return_reasons": [REASON, SMALL],
                "regions": [{"id": "*", "tax_rate": 19}],
            },
        )
        self.checkout.add(quantity=3)
        self.checkout.post(body={"discounts": [{"code": "TEN"}]})
        self.checkout.pays()
        self.order = self.checkout.order()
        self.item = self.order["items"][0]["id"]

    def back(self, quantity: Any = 1, option: Any = None, **said: Any) -> Any:
        """Ask for some of them to come back, and return the answer."""
        item = {"item_id": self.item, "quantity": quantity, **said}
        shipping = {} if option is None else {"return_shipping": option}
        return self.send({"order_id": self.order["id"], "items": [item], **shipping})

    def send(self, body: Any, **headers: str) -> Any:
        """Ask for a return, and return the answer."""
        return self.checkout.ask("POST", "/store/returns", body, content_type="application/json", **headers)

    def knows(self, **state: list[dict[str, Any]]) -> None:
        """Let the shop know something."""
        self.checkout.knows(**state)


@pytest.fixture
def buyer(ask: Ask) -> Buyer:
    """Return somebody with something to give back."""
    return Buyer(ask)


def test_units_are_worth_their_share(buyer: Buyer) -> None:
    """Of the price, of the discount, and of the tax on the rest; the way back is taken off."""
    option = buyer.checkout.option(is_return=False)
    worth = [buyer.back(quantity).document["return"]["refund_amount"] for quantity in (1, 2, 3)]
    sent = buyer.back(1, {"option_id": option["id"]}).document["return"]

    assert [1071, 2142, 3213] == worth
    assert (1071 - round(option["amount"] * 1.19), {}) == (sent["refund_amount"], sent["shipping_data"])


def test_a_return_says_what_comes_back_and_why(buyer: Buyer) -> None:
    """With the key of its answer; nothing of the order changes."""
    answer = buyer.back(2, reason_id="rr_small", note="")
    made = answer.document["return"]
    (item,) = made["items"]

    assert dict(answer.headers)["idempotency-key"] == made["idempotency_key"]
    assert ("requested", buyer.order["id"], None) == (made["status"], made["order_id"], made["shipping_data"])
    assert (2, "small", "") == (item["requested_quantity"], item["reason"]["value"], item["note"])
    assert 3213 == buyer.checkout.order()["items"][0]["refundable"]


def test_a_return_may_be_empty(buyer: Buyer) -> None:
    """Even of an order that was called off, of which no line comes back."""
    buyer.knows(orders=[{"id": buyer.order["id"], "canceled_at": "2024-01-01T00:00:00.000Z"}])
    empty = buyer.send({"order_id": buyer.order["id"], "items": []})

    assert (200, []) == (empty.status, empty.document["return"]["items"])
    assert (400, "Cannot create a return for a canceled item.") == outcome(buyer.back())


@pytest.mark.parametrize(
    ("quantity", "said", "status", "message"),
    [
        (4, {}, 400, "Cannot return more items than have been purchased"),
        (1.5, {}, 500, UNKNOWN["message"]),
        (1, {"item_id": "item_x"}, 404, "Line item with item_x was not found"),
        (1, {"reason_id": "rr_size"}, 400, "Cannot apply return reason category"),
        (1, {"reason_id": "rr_x"}, 404, "Return_reason with reason_id rr_x does not exist."),
        (1, {"option": {"option_id": "so_x"}}, 404, "Shipping Option with so_x was not found"),
    ],
)
def test_what_cannot_come_back(buyer: Buyer, quantity: Any, said: Any, status: int, message: str) -> None:
    """The real server's words; nothing is stored."""
    assert (status, message) == outcome(buyer.back(quantity, **said))


def test_what_came_back_does_not_come_back_again(buyer: Buyer) -> None:
    """Once the merchant has received it; what was only asked for counts for nothing."""
    buyer.back(3)
    buyer.knows(line_items=[{"id": buyer.item, "returned_quantity": 2}])

    assert [400, 200] == [buyer.back(quantity).status for quantity in (2, 1)]


def test_a_line_comes_back_once_in_a_return(buyer: Buyer) -> None:
    """The message names both keys."""
    line = {"item_id": buyer.item, "quantity": 1}
    answer = buyer.send({"order_id": buyer.order["id"], "items": [line, line]})

    assert (422, "duplicate_error", "invalid_request_error") == (
        answer.status, answer.document["type"], answer.document["code"],
    )  # fmt: skip
    assert f", {buyer.item} already exists." in answer.document["message"]


def test_lines_of_others_do_not_come_back(buyer: Buyer) -> None:
    """Those of a swap of the order do."""
    line = {"title": "Lamp", "unit_price": 2000, "quantity": 1, "adjustments": [], "tax_lines": []}
    swap = {"id": "swap_1", "order_id": buyer.order["id"], "canceled_at": None, "additional_items": [{**line, "id": "item_8"}]}  # fmt: skip
    buyer.knows(line_items=[{**line, "id": "item_9", "order_id": "order_9"}], swaps=[swap])
    answers = [buyer.back(item_id=id) for id in ("item_9", "item_8")]

    assert (400, "Return contains invalid line item") == outcome(answers[0])
    assert 2000 == answers[1].document["return"]["refund_amount"]


def test_an_answer_comes_again_by_its_key(buyer: Buyer) -> None:
    """Whatever is asked for under it, as long as it is valid."""
    key = buyer.back().document["return"]["idempotency_key"]
    again = buyer.send({"order_id": "x", "items": []}, idempotency_key=key)

    assert key == again.document["return"]["idempotency_key"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, f"order_id {NO}, order_id must be a string, items must be an array"),
        ({"order_id": "x", "items": None}, "items must be an array, each value in nested property items must be either object or array"),
        (
            {"order_id": "x", "items": [{"quantity": True}]},
            f"item_id {NO}, item_id must be a string, quantity must not be less than 1, quantity must be a number conforming to the specified constraints",
        ),
        ({"order_id": "", "items": [{"item_id": "i", "quantity": 0}]}, f"order_id {NO}, quantity must not be less than 1"),
        ('{"order_id": "x", "items": [{"item_id": "i", "quantity": 1e999}]}', "quantity must be a number conforming to the specified constraints"),
        ({"order_id": "x", "items": [], "return_shipping": "y"}, "nested property return_shipping must be either object or array"),
        ({"order_id": "x", "items": [], "return_shipping": {"option_id": ""}}, f"option_id {NO}"),
        ([], "an unknown value was passed to the validate function"),
    ],
)  # fmt: skip
def test_a_body_that_is_wrong(buyer: Buyer, body: Any, message: str) -> None:
    """All that is wrong with it is said, and no key issued."""
    answer = buyer.send(body)

    assert (400, message) == outcome(answer)
    assert "idempotency-key" not in dict(answer.headers)


def test_lists_pass_for_mappings_and_name_nothing(buyer: Buyer) -> None:
    """Neither a line nor a way back; the order is looked for all the same."""
    answers = [
        buyer.send({"order_id": order, "items": items, "return_shipping": []})
        for order, items in (("x", [[]]), (buyer.order["id"], [[]]), (buyer.order["id"], []))
    ]

    assert (404, "Order with id: x was not found") == outcome(answers[0])
    assert (400, "Return contains invalid line item") == outcome(answers[1])
    assert answers[2].document["return"]["shipping_data"] is None


def test_the_scenario_has_nothing_to_return(ask: Ask) -> None:
    """All came back."""
    body = {"order_id": "order_back", "items": [{"item_id": "item_back", "quantity": 1}]}
    answer = ask("POST", "/@nothing-to-return/store/returns", body)

    assert (400, "Cannot return more items than have been purchased") == outcome(answer)
