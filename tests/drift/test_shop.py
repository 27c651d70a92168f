"""`drift` with carts, orders and people: what shoppers do in one shop they do in the other, sold from the same file."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from verify import broken

from mockserver import MockServerError, Settings
from mockserver.contract import Contract
from mockserver.drift import Drift, Options, drift
from mockserver.drift.catalogue import Shelves
from mockserver.drift.report import curls
from mockserver.drift.shop import Shop, shop
from mockserver.drift.steps.act import Act, The
from mockserver.edge.mock import Mock
from mockserver.realserver.target import Access, target

HERE = Path(__file__).parents[1] / "real"
DATA = HERE / "shop.json"
SAID: dict[str, Any] = {"data": DATA, "scenario": "real", "scenarios": (HERE / "scenarios",)}
CART, LONGEST = (The("cart"),), 15
BUY = [
    Act("PostCart", (), {"region_id": "reg_01HK3CQKJ5S2Q7TGDGG0000001"}),
    Act("PostCartsCartLineItems", CART, {"variant_id": "variant_01HK3CQKJ5S2Q7TGDGG0000002", "quantity": 3}),
    Act("PostCartsCart", CART, {"email": "ada-{run}@example.com", "gift_cards": [{"code": "SMALL-2"}]}),
    Act("PostCartsCartPaymentSessions", CART),
    Act("PostCartsCartPaymentSession", CART, {"provider_id": "manual"}),
    Act("PostCartsCartComplete", CART),
]


def compared(breaks: broken.Break = lambda sent: sent, **said: Any) -> Drift:
    """Compare a mock that stands for the real server, broken in some way, with another."""
    with broken.serving(breaks, Mock(Settings(**SAID)).app) as url:
        return drift(url, Options(**{"supply": None, "longest": LONGEST, "exchanges": 120, **SAID, **said}))


@contextmanager
def shopping(breaks: broken.Break = lambda sent: sent) -> Iterator[Shop]:
    """Yield a shop that both servers sell, the first of them broken in some way."""
    mock = Mock(Settings(**SAID))
    with broken.serving(breaks, Mock(Settings(**SAID)).app) as url, target(url, Access(), Settings()) as server:
        shelves = Shelves(Contract(), server, mock, "shelves").begin()
        yield shop(Contract(), server, mock, shelves)


@pytest.fixture
def around() -> Iterator[Shop]:
    """Return a shop that both servers sell."""
    with shopping() as there:
        yield there


@pytest.mark.parametrize("kind", ["checkout", "store"])
def test_two_shops_agree(kind: str) -> None:
    """Where nothing differs nothing is found, whatever shoppers do, and however long they do it in one database."""
    result = compared(kinds=[kind])

    assert [] == [(str(found), *curls(found, result.url)) for found in result.found]
    assert (120, 120) == (result.agreed, result.exchanges)


def test_hints_are_for_people(caplog: pytest.LogCaptureFixture) -> None:
    """Who asks wrongly on purpose, and often, is not told each time what was probably meant."""
    result = compared(kinds=["checkout"])

    assert result.conforms
    assert [] == [record.getMessage() for record in caplog.records if "no cart" in record.getMessage()]


@pytest.mark.volume
def test_all_operations_are_played() -> None:
    """Sequences of `store` come to each of the 65 operations, those of `checkout` to each of carts."""
    seen: set[tuple[str, str]] = set()
    contract = Contract()

    def note(sent: broken.Sent) -> broken.Sent:
        seen.add((sent.method, sent.path.partition("?")[0]))
        return sent

    def operations() -> set[str]:
        found = [contract.route(method, path) for method, path in seen]
        return {one[0].id for one in found if one}

    compared(note, kinds=["checkout"], exchanges=500)
    carts = {one.id for one in contract.operations if one.path.startswith("/store/carts")}
    assert set() == carts - operations()
    compared(note, kinds=["store"], exchanges=3000)

    assert set() == {one.id for one in contract.operations} - operations()


def other_total(sent: broken.Sent) -> broken.Sent:
    """Round the total of a cart up."""
    if sent.document and "cart" in sent.document and sent.document["cart"].get("total"):
        sent.document["cart"]["total"] += 1
    return sent


def no_key(sent: broken.Sent) -> broken.Sent:
    """Issue no Idempotency-Key."""
    return replace(
        sent, headers={name: value for name, value in sent.headers.items() if name.lower() != "idempotency-key"}
    )


def same_key(sent: broken.Sent) -> broken.Sent:
    """Issue one Idempotency-Key again and again."""
    key = {name: "4b7a3c40-0000-4000-8000-000000000000" for name in sent.headers if name.lower() == "idempotency-key"}
    return replace(sent, headers={**sent.headers, **key})


def first_order(sent: broken.Sent) -> broken.Sent:
    """Call every order the first one."""
    if sent.document and sent.document.get("type") == "order":
        sent.document["data"]["display_id"] = str(sent.document["data"]["display_id"])
    return sent


@pytest.mark.slow
@pytest.mark.parametrize(
    ("breaks", "line", "most"),
    [
        (other_total, "body.cart.total: real ", 2),
        (no_key, "header Idempotency-Key: real None, mock ", 2),
        (same_key, "header Idempotency-Key: one server issued another, one the same again", 3),
        (first_order, 'body.data.display_id: real "', 7),
    ],
)
def test_a_planted_difference_is_found(breaks: Callable[[broken.Sent], broken.Sent], line: str, most: int) -> None:
    """In what is paid, in headers, in orders: with the shortest way to it."""
    found = [one for one in compared(breaks, kinds=["checkout"]).found if str(one.difference).startswith(line)]

    assert found
    assert min(len(one.stage.history) for one in found) <= most


def test_what_was_bought_is_gone_for_the_next(around: Shop) -> None:
    """A fresh sandbox begins with the stock and the gift cards that orders have left on the real server."""
    first = around.again()
    bought = [first.play(act) for act in BUY]
    second = around.again()
    looks = [Act("GetVariantsVariant", (BUY[1].body["variant_id"],)), Act("GetGiftCardsCode", ("SMALL-2",))]
    looked = [second.play(act) for act in looks]

    assert [()] * 8 == [played.found for played in (*bought, *looked)]
    assert "order" == bought[-1].real.document["type"]
    assert (57, 0) == (
        looked[0].mock.document["variant"]["inventory_quantity"],
        looked[1].mock.document["gift_card"]["balance"],
    )


@pytest.mark.parametrize(
    "order", [{}, {"data": None}, {"data": []}, {"data": {"gift_cards": 5}}, {"data": {"gift_cards": [{"code": "X"}]}}]
)
def test_an_order_that_is_none_is_a_difference(order: dict[str, Any]) -> None:
    """Whatever is said to be one is compared as it is; the next sequence begins with what the server has left."""

    def orders(sent: broken.Sent) -> broken.Sent:
        return replace(sent, document={"type": "order", **order}) if sent.path.endswith("/complete") else sent

    with shopping(orders) as there:
        first = there.again()
        found = [first.play(act).found for act in BUY]
        there.again()

    assert [()] * 5 == found[:-1]
    assert {"body", "body.data"} & {one.where for one in found[-1]}
    assert there.stock.state["product_variants"]


VARIANT = "variant_01HK3CQKJ5S2Q7TGDGG0000002"


@pytest.mark.parametrize(
    ("path", "shown", "sentence"),
    [
        ("/store/variants", {}, r"variants\?.* with 200 {}, which is no list of what it sells"),
        ("/store/variants", {"variants": [{"id": VARIANT}]}, "which is no list of what it sells"),
        ("/store/variants", {"variants": [{"id": VARIANT, "inventory_quantity": 1.5}]}, "is no list of what it sells"),
        ("/store/variants", {"variants": [{"id": VARIANT, "inventory_quantity": 10**30}]}, "is no list of what it"),
        ("/store/variants", {"variants": [{"id": "variant_new", "inventory_quantity": 1}]}, "is no list of what it"),
        ("/store/gift-cards/EMPTY", [], r"gift-cards/EMPTY with 200 \[\], which is no gift card"),
        ("/store/gift-cards/EMPTY", {"gift_card": {"balance": "5"}}, "which is no gift card"),
        ("/store/gift-cards/EMPTY", {"gift_card": None}, "which is no gift card"),
    ],
)
def test_a_server_that_does_not_show_what_is_left_could_not_be_compared(path: str, shown: Any, sentence: str) -> None:
    """One sentence names the path, what came, and what was to come: a sandbox cannot begin with it."""
    spoils: list[str] = []
    with shopping(lambda sent: replace(sent, document=shown) if sent.path in spoils else sent) as there:
        spoils.append(path)
        with pytest.raises(MockServerError, match=f"answers GET /store/.*{sentence}"):
            there.again()


def test_shoppers_are_told_apart(around: Shop) -> None:
    """By the cookie of a session, or by a token; who has neither is nobody."""
    eve = {"email": "eve-{run}@example.com", "password": "secret"}
    there = around.again()
    acts = [Act("PostCustomers", (), eve, shopper=1), Act("PostToken", (), eve, shopper=2)]
    acts += [Act("GetCustomersCustomer", shopper=shopper) for shopper in range(3)]
    played = [there.play(act) for act in acts]

    assert [()] * 5 == [one.found for one in played]
    assert [200, 200, 401, 200, 200] == [one.mock.status for one in played]
    assert ["Cookie", "Authorization"] == [next(iter(one.headers)) for one in played[3:]]


def test_orders_are_found_by_their_numbers(around: Shop) -> None:
    """Each server counts its own; a number that nobody has is none, and so is the id of an order that is not there."""
    for _ in range(2):
        there = around.again()
        for act in BUY:
            there.play(replace(act, body={"email": act.body["email"]}) if act is BUY[2] else act)
    who = ("email", "ada-{run}@example.com")
    look_up, nobody = [
        Act("GetOrders", (), query=(("display_id", The("display_id", place)), who)) for place in (0, None)
    ]
    played = [there.play(act) for act in (look_up, nobody, Act("GetOrdersOrder", (The("order", 1),)))]

    assert [(200, ()), (404, ()), (404, ())] == [(one.real.status, one.found) for one in played]
    assert [2, 1] == [one.document["order"]["display_id"] for one in (played[0].real, played[0].mock)]
