"""Many shoppers at once, each in a sandbox of her own, over one catalogue."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from threading import Barrier
from typing import Any

import pytest
from processes import Server, running

Document = dict[str, Any]
SHOPPERS = 200
MOST = 40  # of one variant; with five variants, no two shoppers buy the same
ADDRESS = {"first_name": "Ada", "address_1": "Some Street 1", "city": "Somewhere", "postal_code": "10117"}
PATIENCE = 60  # seconds for one answer, and for all to come to the same point


class Shopper:
    """Someone with a connection and a sandbox of her own, who buys so many of one variant."""

    def __init__(self, server: Server, number: int, variant: Document, quantity: int) -> None:
        self._connection = HTTPConnection(server.host, server.port, timeout=PATIENCE)
        self.name = f"shopper-{number}"
        self.email = f"{self.name}@example.com"
        self.variant, self.quantity = variant, quantity

    def ask(self, method: str, path: str, body: Document | None = None) -> Document:
        """Ask in the sandbox; return what is answered, which has to be a success."""
        headers = {"Content-Type": "application/json"}
        self._connection.request(method, f"/~{self.name}/store{path}", json.dumps(body or {}), headers)
        answer = self._connection.getresponse()
        document = json.loads(answer.read())
        assert 200 == answer.status, document
        return dict(document)

    def buys(self, region: Document, together: Barrier) -> Document:
        """Go from an empty cart to the order, which all place at the same time; return what she sees then."""
        try:
            cart, shipping = self._fills(region)
            self._waits(together)
            placed = self.ask("POST", f"/carts/{cart}/complete")["data"]
            self._waits(together)
            order = self.ask("GET", f"/orders/{placed['id']}")["order"]
            left = self.ask("GET", f"/variants/{self.variant['id']}")["variant"]["inventory_quantity"]
        except BaseException:
            together.abort()  # nobody waits for her
            raise
        finally:
            self._connection.close()
        return {"order": order, "shipping": shipping, "left": left}

    def _fills(self, region: Document) -> tuple[str, int]:
        """Make a cart that only has to be completed; return its id, and what shipping costs."""
        cart = self.ask("POST", "/carts", {"region_id": region["id"]})["cart"]["id"]
        line = {"variant_id": self.variant["id"], "quantity": self.quantity}
        self.ask("POST", f"/carts/{cart}/line-items", line)
        country = region["countries"][0]["iso_2"]
        address = {**ADDRESS, "last_name": self.name, "country_code": country}
        self.ask("POST", f"/carts/{cart}", {"email": self.email, "shipping_address": address})
        (option, *_) = self.ask("GET", f"/shipping-options/{cart}")["shipping_options"]
        self.ask("POST", f"/carts/{cart}/shipping-methods", {"option_id": option["id"]})
        self.ask("POST", f"/carts/{cart}/payment-sessions")
        return cart, option["amount"]

    def _waits(self, together: Barrier) -> None:
        """Wait for all others, which may take longer than the server keeps a connection that says nothing."""
        self._connection.close()
        together.wait(PATIENCE)


def catalogue(server: Server, region: Document) -> list[Document]:
    """Return the variants that a region sells, of which there are enough for any shopper."""
    asked = server.ask("GET", "/~nobody/store/products", query=f"region_id={region['id']}").document
    found = [variant for product in asked["products"] for variant in product["variants"]]
    return [one for one in found if one["inventory_quantity"] >= MOST and "calculated_price" in one]


@pytest.fixture
def server() -> Iterator[Server]:
    """Return a running mock."""
    with running() as server:
        yield server


@pytest.mark.slow
def test_200_shoppers_check_out_at_once(server: Server) -> None:
    """No line, price or order crosses over, in either of two regions; stock is each sandbox' own."""
    regions = server.ask("GET", "/~nobody/store/regions").document["regions"]
    sold = [catalogue(server, region) for region in regions]
    together = Barrier(SHOPPERS)
    shoppers = []
    for number in range(SHOPPERS):
        variants = sold[number % len(regions)]
        shoppers.append(Shopper(server, number, variants[number // MOST], number % MOST + 1))
    with ThreadPoolExecutor(SHOPPERS) as pool:
        asked = [pool.submit(one.buys, regions[number % len(regions)], together) for number, one in enumerate(shoppers)]
        seen = [one.result() for one in asked]

    for number, (shopper, found) in enumerate(zip(shoppers, seen, strict=True)):
        order, price = found["order"], shopper.variant["calculated_price"]
        (line,) = order["items"]
        assert (shopper.variant["id"], shopper.quantity, price) == (
            line["variant_id"], line["quantity"], line["unit_price"],
        )  # fmt: skip
        assert (shopper.email, shopper.name) == (order["email"], order["shipping_address"]["last_name"])
        assert (regions[number % len(regions)]["currency_code"], 1) == (order["currency_code"], order["display_id"])
        assert price * shopper.quantity + found["shipping"] == order["total"]
        assert shopper.variant["inventory_quantity"] - shopper.quantity == found["left"]
    assert SHOPPERS == len({(one["order"]["email"], one["order"]["total"]) for one in seen})
    assert sold == [catalogue(server, region) for region in regions]
