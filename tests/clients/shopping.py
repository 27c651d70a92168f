"""A shop that uses the official client: whom it asks, what came of it, and the way from a cart to its order."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

Document = dict[str, Any]
Call = Callable[[Document], Document]  # what calling.js takes, and what it says came of it

EMAIL = "grace@example.com"
ADDRESS = {
    "first_name": "Grace",
    "last_name": "Hopper",
    "address_1": "Unter den Linden 1",
    "city": "Berlin",
    "country_code": "de",
    "postal_code": "10117",
}


class Rejected(Exception):
    """A call of the client was rejected: with the status and the body that were answered, or with neither."""

    def __init__(self, outcome: Document) -> None:
        self.status: int | None = outcome["status"]
        self.document: Any = outcome["rejected"]
        super().__init__(f"{self.status}: {self.document or outcome['message']}")


@dataclass(frozen=True, slots=True)
class Shop:
    """A client of the server at a base URL, wherever it runs."""

    call: Call
    base_url: str
    config: Document = field(default_factory=dict)

    def outcome(self, method: str, *arguments: Any) -> Document:
        """Call a method of the client by its name; return all that came of it."""
        config = {"baseUrl": self.base_url, **self.config}
        return self.call({"config": config, "method": method, "arguments": arguments})

    def __call__(self, method: str, *arguments: Any) -> Document:
        """Call a method of the client by its name; return what it resolves with, or raise Rejected."""
        outcome = self.outcome(method, *arguments)
        if "rejected" in outcome:
            raise Rejected(outcome)
        return dict(outcome["resolved"])

    def sending(self, **headers: str) -> "Shop":
        """Return the shop with headers on all that it asks; `_` stands for `-`."""
        return replace(self, config={"customHeaders": {name.replace("_", "-"): one for name, one in headers.items()}})

    def after(self, method: str, *arguments: Any) -> "Shop":
        """Return the shop as it goes on after a call that opens a session: Node sends its cookie, a browser does so by itself."""
        outcome = self.outcome(method, *arguments)
        assert 200 == outcome["status"], outcome
        cookies = "; ".join(one.partition(";")[0] for one in outcome["cookies"])
        return self.sending(cookie=cookies) if cookies else self

    @property
    def sandbox(self) -> str:
        """Return the name of the sandbox in its base URL."""
        return self.base_url.partition("/~")[2].partition("/")[0]


def variants(shop: Shop, region: Document) -> list[Document]:
    """Return what can be bought in a region: in stock, with a price."""
    found = shop("products.list", {"region_id": region["id"], "currency_code": region["currency_code"]})["products"]
    every = [{**variant, "product": product} for product in found for variant in product["variants"]]
    return [one for one in every if one["inventory_quantity"] > 0 and one.get("calculated_price")]


def filled(shop: Shop, quantities: tuple[int, ...] = (2,)) -> Document:
    """Return a cart of the first region with so many of the first variants in it."""
    region = shop("regions.list")["regions"][0]
    cart: Document = shop("carts.create", {"region_id": region["id"]})["cart"]
    for variant, quantity in zip(variants(shop, region), quantities, strict=False):
        cart = shop("carts.lineItems.create", cart["id"], {"variant_id": variant["id"], "quantity": quantity})["cart"]
    return cart


def ready(shop: Shop, cart: Document | None = None, **more: Any) -> Document:
    """Return a cart that has all it needs to be completed: goods, e-mail, address, shipping, and a payment session."""
    id = (cart or filled(shop))["id"]
    shop("carts.update", id, {"email": EMAIL, "shipping_address": ADDRESS, **more})
    option, *_ = shop("shippingOptions.listCartOptions", id)["shipping_options"]
    shop("carts.addShippingMethod", id, {"option_id": option["id"]})
    session, *_ = shop("carts.createPaymentSessions", id)["cart"]["payment_sessions"]
    return dict(shop("carts.setPaymentSession", id, {"provider_id": session["provider_id"]})["cart"])


def completed(shop: Shop, cart: Document) -> Document:
    """Complete a cart; return its order."""
    done = shop("carts.complete", cart["id"])
    assert "order" == done["type"], done
    return dict(done["data"])
