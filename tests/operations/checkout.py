"""A shopper to try carts with: a cart in a scenario of its own, and short words for what is done with it."""

from itertools import count
from typing import Any

from asking import Ask, at, in_scenario

from mockserver.messages import Response

EU, NA = "reg_01HK3CQKJ5S2Q7TGDGGK4V8K2M", "reg_01HK3CR8ZP0W6N4T1YB7V9XEQD"
MUG, LAMP = "variant_mug", "variant_lamp"
Document = dict[str, Any]
_NUMBERS = count()
GOODS = [  # beside what the shop has
    {
        "id": f"prod_{name}",
        "title": name.capitalize(),
        "status": "published",
        "discountable": True,
        "type": {"id": f"ptyp_{name}", "value": name},
        "type_id": f"ptyp_{name}",
        "tags": [{"id": f"ptag_{name}", "value": name}],
        "collection_id": None,
        "profiles": [{"id": "sp_shop", "type": "default", "name": "Default Shipping Profile"}],
        "sales_channels": [{"id": "sc_shop", "name": "Default Sales Channel"}],
        "variants": [
            {
                "id": f"variant_{name}",
                "title": "One",
                "inventory_quantity": 100,
                "manage_inventory": True,
                "allow_backorder": False,
                "prices": [
                    {"currency_code": "eur", "amount": price, "region_id": None, "price_list_id": None},
                    {"currency_code": "usd", "amount": price * 2, "region_id": None, "price_list_id": None},
                ],
            }
        ],
    }
    for name, price in (("mug", 1000), ("lamp", 2000))
]


class Checkout:
    """Someone with a cart in a region, in a sandbox and a scenario of her own, which gives the goods above and whatever else is said."""

    def __init__(self, ask: Ask, region: str = EU, given: Document | None = None, **said: Any) -> None:
        state = {"products": GOODS, **(given or {}), "off_contract": True}
        self._mock = ask
        self.sandbox = f"checkout-{next(_NUMBERS)}"
        in_scenario(ask, {"unknown_ids": "not_found", "given": state, **said}, self.sandbox)
        self.ask = self.under(self.sandbox)
        self.id = self.made(region_id=region)["id"]

    def under(self, scenario: str) -> Ask:
        """Return what asks in the shopper's sandbox, under another scenario."""
        return at(self._mock, f"/~{self.sandbox}/@{scenario}")

    def knows(self, **state: list[Document]) -> None:
        """Merge entities into what the sandbox holds."""
        answer = self._mock("PATCH", f"/__mock/sandboxes/{self.sandbox}/state", state)
        assert 200 == answer.status, answer.document

    def made(self, **body: Any) -> Document:
        """Make another cart, and return it."""
        answer = self.ask("POST", "/store/carts", body)
        assert 200 == answer.status, answer.document
        return dict(answer.document["cart"])

    def post(self, path: str = "", body: object = None, **headers: str) -> Response:
        """Post something to the cart, or below it."""
        return self.ask("POST", f"/store/carts/{self.id}{path}", {} if body is None else body, **headers)

    def delete(self, path: str) -> Response:
        """Delete something of the cart."""
        return self.ask("DELETE", f"/store/carts/{self.id}{path}")

    def cart(self, query: str = "") -> Document:
        """Return the cart as it is now."""
        answer = self.ask("GET", f"/store/carts/{self.id}", None, query)
        assert 200 == answer.status, answer.document
        return dict(answer.document["cart"])

    def add(self, variant: str = MUG, quantity: int = 1, **more: Any) -> Document:
        """Put something in, and return the cart."""
        answer = self.post("/line-items", {"variant_id": variant, "quantity": quantity, **more})
        assert 200 == answer.status, answer.document
        return dict(answer.document["cart"])

    def option(self, **wanted: Any) -> Document:
        """Return the first shipping option of the cart's region that is as wanted."""
        region = self.cart()["region_id"]
        options = self.ask("GET", "/store/shipping-options", None, f"region_id={region}").document["shipping_options"]
        return next(one for one in options if all(one[name] == value for name, value in wanted.items()))

    def pays(self, provider: str = "manual", email: str = "ada@example.com") -> Document:
        """Say who it is and how she pays; return the cart."""
        for path, body in (
            ("", {"email": email}),
            ("/payment-sessions", {}),
            ("/payment-session", {"provider_id": provider}),
        ):
            answer = self.post(path, body)
            assert 200 == answer.status, answer.document
        return dict(answer.document["cart"])

    def order(self) -> Document:
        """Complete the cart, and return the order."""
        answer = self.post("/complete")
        assert 200 == answer.status, answer.document
        assert "order" == answer.document["type"], answer.document
        return dict(answer.document["data"])


def outcome(answer: Response) -> tuple[int, Any]:
    """Return the status of an answer, and what it says went wrong."""
    return answer.status, answer.document.get("message")
