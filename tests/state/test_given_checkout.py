"""Carts that are given, partly written, as if a shopper had filled them."""

import pytest
from asking import Ask

STATE = "/__mock/sandboxes/shared/state"
CART = "/store/carts/cart_1"
ITEM = {"id": "item_1", "title": "Lamp", "unit_price": 1800, "quantity": 1}
SESSION = {"id": "ps_1", "provider_id": "manual", "status": "pending", "is_selected": True, "amount": 1800}


def test_a_given_cart_is_sold_where_the_shop_sells(ask: Ask) -> None:
    """In its first region, over its first sales channel."""
    ask("PATCH", STATE, {"carts": [{"id": "cart_1"}]})
    cart = ask("GET", CART).document["cart"]
    region = ask("GET", "/store/regions").document["regions"][0]

    assert (region["id"], cart["sales_channel_id"]) == (cart["region_id"], cart["sales_channel"]["id"])
    assert (None, None, "default") == (cart["completed_at"], cart["payment_id"], cart["type"])


def test_a_given_cart_with_a_payment_becomes_an_order(ask: Ask) -> None:
    """Its email is a guest's, as if the shopper had said it."""
    ask(
        "PATCH",
        STATE,
        {"carts": [{"id": "cart_1", "email": "g@x.com", "items": [ITEM], "payment_sessions": [SESSION]}]},
    )
    done = ask("POST", f"{CART}/complete").document

    assert ("order", 1800, "g@x.com") == (done["type"], done["data"]["total"], done["data"]["email"])
    assert done["data"]["customer_id"].startswith("cus_")


@pytest.mark.parametrize("said", [{}, {"customer": {"id": "cus_1", "email": "a@x.com"}}], ids=["by email", "by name"])
def test_a_given_cart_is_of_the_customer_who_has_its_email(ask: Ask, said: dict[str, object]) -> None:
    """Nobody else is made up for it; who is named in it stays."""
    ask("PATCH", STATE, {"customers": [{"id": "cus_1", "email": "a@x.com"}]})
    ask("PATCH", STATE, {"carts": [{"id": "cart_1", "email": "a@x.com", **said}]})

    assert "cus_1" == ask("GET", CART).document["cart"]["customer_id"]


def test_a_cart_that_is_given_again_keeps_what_is_not_said(ask: Ask) -> None:
    """Only what is written changes."""
    ask("PATCH", STATE, {"carts": [{"id": "cart_1", "email": "a@x.com"}]})
    first = ask("GET", CART).document["cart"]
    ask("PATCH", STATE, {"carts": [{"id": "cart_1", "metadata": {"gift": True}}]})
    cart = ask("GET", CART).document["cart"]

    assert (first["customer_id"], "a@x.com", {"gift": True}) == (cart["customer_id"], cart["email"], cart["metadata"])


def test_a_given_cart_may_say_where_it_is_sold(ask: Ask) -> None:
    """A region and a sales channel that are written in it are taken, and made where there are none."""
    region = {"id": "reg_1", "name": "EU", "currency_code": "eur"}
    channel = {"id": "sc_1", "name": "Web"}
    ask("PATCH", STATE, {"carts": [{"id": "cart_1", "region": region, "sales_channel": channel}]})

    assert ("reg_1", "sc_1") == tuple(
        ask("GET", CART).document["cart"][key] for key in ("region_id", "sales_channel_id")
    )


def test_a_given_shipping_option_can_be_chosen_by_a_given_cart(ask: Ask) -> None:
    """Both are of the first region and profile, where they do not say so."""
    ask(
        "PATCH",
        STATE,
        {"shipping_options": [{"id": "so_1", "name": "By bike", "price_type": "flat_rate", "amount": 300}]},
    )
    ask("PATCH", STATE, {"carts": [{"id": "cart_1"}]})
    chosen = ask("POST", f"{CART}/shipping-methods", {"option_id": "so_1"})

    assert (200, 300) == (chosen.status, chosen.document["cart"]["shipping_total"])


def test_lines_of_no_goods_keep_their_price_wherever_the_cart_goes(ask: Ask) -> None:
    """A line without a variant has no price of a region."""
    ask("PATCH", STATE, {"carts": [{"id": "cart_1", "items": [ITEM]}]})
    region = ask("GET", "/store/regions").document["regions"][1]["id"]
    cart = ask("POST", CART, {"region_id": region}).document["cart"]

    assert [1800] == [item["unit_price"] for item in cart["items"]]
