"""What an entity needs is there: found in the shop, or made; an id of it that nothing has is refused where it is written."""

import json
from pathlib import Path
from typing import Any

import pytest
from asking import Ask, ask_of

from mockserver import Settings, create_app
from mockserver.contract import Contract
from mockserver.samples.sampler import Sampler
from mockserver.state.given import Writer
from mockserver.state.relations import Relations
from mockserver.state.rows import Catalogue
from mockserver.state.tables import Tables

STATE = "/__mock/sandboxes/shared/state"
State = dict[str, list[dict[str, Any]]]


@pytest.mark.parametrize(
    ("state", "place"),
    [
        ({"orders": [{}, {"region_id": "x"}]}, "orders.1.region_id: no region 'x'; known: reg_"),
        ({"gift_cards": [{"code": "G", "region_id": "x"}]}, "gift_cards.0.region_id: no region 'x'"),
        ({"carts": [{"sales_channel_id": "x"}]}, "carts.0.sales_channel_id: no sales channel 'x'; known: sc_"),
        ({"payments": [{"cart": {"region_id": "x"}}]}, "payments.0.cart.region_id: no region 'x'"),
        ({"shipping_options": [{"region_id": "x"}]}, "shipping_options.0.region_id: no region 'x'"),
        ({"shipping_options": [{"profile_id": "x"}]}, "shipping_options.0.profile_id: no profile 'x'"),
        (
            {"orders": [{"shipping_methods": [{}, {"shipping_option_id": "x"}]}]},
            "orders.0.shipping_methods.1.shipping_option_id: no shipping option 'x'",
        ),
        ({"products": [{"id": "*", "profile_id": "x"}]}, "products.0.profile_id: no profile 'x'"),
        ({"product_variants": [{"product_id": "x"}]}, "product_variants.0.product_id: no product 'x'"),
        ({"order_edits": [{"order_id": "order_2"}], "orders": [{"id": "order_1"}]}, "did you mean 'order_1'?"),
    ],
    ids=json.dumps,
)
def test_an_id_that_nothing_has_is_refused_with_its_place(ask: Ask, state: State, place: str) -> None:
    """The nearest known one is named; nothing of the state is stored."""
    patched = ask("PATCH", STATE, state)

    assert 400 == patched.status
    assert place in patched.document["message"]
    assert {} == ask("GET", STATE).document


def test_what_the_same_state_or_the_shop_holds_is_known(ask: Ask) -> None:
    """Before or behind what leads to it, in whatever table."""
    option = ask("GET", "/store/shipping-options").document["shipping_options"][0]
    state = {
        "carts": [{"id": "cart_1", "region_id": "reg_1", "shipping_methods": [{"shipping_option_id": option["id"]}]}],
        "orders": [{"id": "order_1", "region": {"id": "reg_1", "currency_code": "eur"}}],
    }
    assert 200 == ask("PATCH", STATE, state).status
    cart = ask("GET", "/store/carts/cart_1").document["cart"]

    assert ("reg_1", option["id"]) == (cart["region"]["id"], cart["shipping_methods"][0]["shipping_option"]["id"])
    assert "reg_1" == ask("GET", "/store/orders/order_1").document["order"]["region_id"]


@pytest.mark.parametrize(
    ("state", "place"),
    [
        ({"orders": [{"region": None}]}, "orders.0.region: leads nowhere; Order always has its region"),
        ({"products": [{"profiles": []}]}, "products.0.profiles: leads nowhere; Product always has its profile"),
        ({"carts": [{"sales_channel_id": None}]}, "carts.0.sales_channel_id: leads nowhere"),
        ({"discounts": [{"rule_id": None}]}, "discounts.0.rule_id: leads nowhere; Discount always has its rule"),
    ],
    ids=json.dumps,
)
def test_nobody_can_go_without_what_is_needed(ask: Ask, state: State, place: str) -> None:
    """Not even on purpose: operations reckon with it."""
    scenario = {"description": "None.", "given": {**state, "off_contract": True}}
    refused, patched = ask("PUT", "/__mock/scenarios/none", scenario), ask("PATCH", STATE, state)

    assert {400} == {refused.status, patched.status}
    assert f"given.{place}" in refused.document["message"]
    assert place in patched.document["message"]


def test_what_is_not_said_is_the_shop_s(ask: Ask) -> None:
    """A product is shipped by its first profile, a shipping method is its first option, an order edit is of the last order."""
    state = {
        "order_edits": [{"id": "oe_1"}],
        "orders": [{"id": "order_1", "shipping_methods": [{}]}],
        "products": [{"id": "prod_1", "variants": [{"id": "v_1"}]}],
    }
    assert 200 == ask("PATCH", STATE, state).status
    product = ask("GET", "/store/products/prod_1").document["product"]
    method = ask("GET", "/store/orders/order_1").document["order"]["shipping_methods"][0]
    options = ask("GET", "/store/shipping-options").document["shipping_options"]

    assert ["default"] == [one["type"] for one in product["profiles"]]
    assert [None] == [one["variant_rank"] for one in product["variants"]]
    assert options[0]["id"] == method["shipping_option"]["id"]
    assert 200 == ask("GET", "/store/order-edits/oe_1").status


def test_what_is_needed_and_nowhere_is_made(ask: Ask) -> None:
    """The order of an edit that is all there is, the product of a variant."""
    state = {"order_edits": [{"id": "oe_1"}], "product_variants": [{"id": "v_1"}]}
    held = ask("PATCH", STATE, state).document
    edit = ask("GET", "/store/order-edits/oe_1")
    variant = ask("GET", "/store/variants/v_1").document["variant"]

    assert (200, held["orders"][0]["id"]) == (edit.status, edit.document["order_edit"]["order_id"])
    assert held["products"][0]["id"] == variant["product"]["id"]


def test_even_a_shop_of_nothing_sells_what_is_given(contract: Contract) -> None:
    """A cart has a region and a sales channel there, and a product a profile."""
    tables = Tables(Relations(contract.document), Catalogue())
    Writer(tables, Sampler(contract), "0", 0).give({"carts": [{"id": "cart_1"}], "products": [{"id": "prod_1"}]})
    cart, product = tables.all("carts")[0], tables.all("products")[0]

    assert tables.follow("carts", cart, "region")["id"] == cart["region_id"]
    assert [cart["sales_channel_id"]] == [one["id"] for one in tables.all("sales_channels")]
    assert [product["profile_id"]] == [one["id"] for one in tables.all("shipping_profiles")]


def test_what_a_scenario_gives_leads_somewhere_too(ask: Ask, tmp_path: Path) -> None:
    """One that does not is not added, nor found right; of a file's every request is told."""
    given = {"description": "Lost.", "given": {"orders": [{"id": "order_1", "region_id": "x"}]}}
    refused, checked = ask("PUT", "/__mock/scenarios/lost", given), ask("POST", "/__mock/scenarios/check", given)
    (tmp_path / "lost.yaml").write_text(json.dumps(given), encoding="utf-8")
    asked = ask_of(create_app(Settings(scenarios=(tmp_path,))))("GET", "/@lost/store/regions")

    assert [400, 400] == [refused.status, asked.status]
    (problem,) = checked.document["problems"]
    said = {refused.document["message"], problem["message"], asked.document["message"]}
    assert {"given.orders.0.region_id: no region 'x'"} == {text.partition(";")[0] for text in said}
    assert [] == ask("POST", "/__mock/scenarios/check", {"description": "Nothing."}).document["problems"]
