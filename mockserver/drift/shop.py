"""A shop on both servers, sold from the same file of data: what shoppers do in one they do in the other."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NamedTuple

from ..contract import Contract, Operation
from ..edge.mock import Mock
from ..realserver.shape import COUNT, Shape, mapping, rows
from ..realserver.target import Target
from .asking import NOTHING, ask_mock, ask_real
from .catalogue import Shelves
from .comparison import Answered, Difference, Names, differences
from .played import Played, State
from .steps.act import Act, Knowing, The, filled
from .steps.catalogue import Question
from .steps.checkout import Sold
from .steps.people import BY_TOKEN

KEY = "idempotency-key"
SOLD = {"prod", "variant", "reg", "so"}  # kinds of which a place leads somewhere always
REAL, MOCK = 0, 1  # the sides
OK = 200
NO_HEADERS: Mapping[str, str] = {}
STOCK = "/store/variants?limit=0&fields=id,inventory_quantity&expand="
CARD = Shape("gift card", mapping({"gift_card": mapping({"balance": COUNT})}))


class Asking(NamedTuple):
    """What is asked of a server: path and query, body, headers."""

    path: str
    body: Any = NOTHING
    headers: Mapping[str, str] = NO_HEADERS


@dataclass(slots=True)
class Stock:
    """What orders have left on the real server, with which a fresh sandbox begins."""

    variants: Mapping[str, str]  # the mock's ids by those of the real server
    codes: Sequence[str]  # of gift cards
    is_stale: bool = True  # at first, too: an earlier run may have bought something
    state: State = field(default_factory=dict)

    def note(self, answer: Answered) -> None:
        """Look whether an answer is an order, which takes something off."""
        if answer.status == OK and isinstance(answer.document, dict):
            self.is_stale |= answer.document.get("type") in ("order", "swap")

    def read(self, target: Target) -> State:
        """Return the rows that differ from the file, as they are given to the mock; raise MockServerError where they are not shown."""
        if self.is_stale:
            known = {"id": {"enum": list(self.variants)}, "inventory_quantity": COUNT}
            shown = target.show(STOCK, Shape("list of what it sells", mapping({"variants": rows(known)})))["variants"]
            left = [{"id": self.variants[one["id"]], "inventory_quantity": one["inventory_quantity"]} for one in shown]
            self.state = {"product_variants": left, "gift_cards": [*self._cards(target)]}
            self.is_stale = False
        return self.state

    def _cards(self, target: Target) -> Iterator[State]:
        for code in self.codes:
            balance = target.show(f"/store/gift-cards/{code}", CARD)["gift_card"]["balance"]
            yield {"code": code, "balance": balance, "is_disabled": not balance}


@dataclass(slots=True)
class Shopper:
    """What a client keeps of what one of the servers sent it: a cookie, a token."""

    cookie: str = ""
    token: str = ""

    @property
    def headers(self) -> dict[str, str]:
        said = {"Cookie": self.cookie, "Authorization": self.token and f"Bearer {self.token}"}
        return {name: value for name, value in said.items() if value}

    def learn(self, answer: Answered, *, keeps_cookies: bool) -> None:
        """Keep the cookie of an answer, and the token that it holds."""
        cookie = _header(answer, "set-cookie")
        if cookie and keeps_cookies:
            self.cookie = cookie.partition(";")[0]
        if isinstance(answer.document, dict):
            self.token = answer.document.get("access_token", self.token)


@dataclass(slots=True)
class Shop:
    """
    Shoppers of a real server, and the same of a sandbox of the mock.

    One of them keeps no cookies, and is known by its token alone.
    """

    contract: Contract
    target: Target
    mock: Mock
    shelves: Shelves
    stock: Stock
    numbers: Iterator[int]
    run: str = field(default_factory=lambda: secrets.token_hex(4))
    sandbox: str = ""
    names: Names = field(default_factory=Names)
    history: list[Played] = field(default_factory=list)
    start: State = field(default_factory=dict)
    shoppers: dict[tuple[int, int], Shopper] = field(default_factory=dict)  # by number, and side

    @property
    def sold(self) -> Sold:
        """What the file of data names."""
        tables = self.mock.sandboxes[self.shelves.sandbox].tables
        codes, cards = ([row["code"] for row in tables.all(name)] for name in ("discounts", "gift_cards"))
        providers = [row["id"] for row in tables.all("payment_providers")]
        countries = [row["iso_2"] for row in tables.all("countries") if row["region_id"]]
        return Sold(codes, cards, providers, countries)

    def again(self) -> "Shop":
        """Return the shop for another sequence, in a fresh sandbox with the stock that the real server has left."""
        number = next(self.numbers)
        shop = Shop(
            self.contract, self.target, self.mock, self.shelves, self.stock, self.numbers, f"{self.run}-{number}"
        )
        shop.sandbox = f"drift-shop-{number}"
        shop.names = self.shelves.names.copy()
        state = self.stock.read(self.target)
        cards = {row["code"]: row["id"] for row in self.mock.sandboxes[shop.sandbox].tables.all("gift_cards")}
        given = [{**card, "id": cards[card.pop("code")]} for card in map(dict, state["gift_cards"])]
        self.mock.engine.give(self.mock.sandboxes[shop.sandbox], {**state, "gift_cards": given})
        return shop

    def play(self, step: Act | Question) -> Played:
        """Ask both servers the same, and compare what they answer."""
        operation = self.contract.operation(step.operation)
        asked, ours = self._asking(operation, step, REAL), self._asking(operation, step, MOCK)
        real = ask_real(self.target, operation.method, *asked)
        mock = ask_mock(self.mock, self.sandbox, operation.method, *ours)
        found = (*differences(real, mock, self.names), *self._keys(real, mock))
        self.stock.note(real)
        if isinstance(step, Act):
            for side, answer in ((REAL, real), (MOCK, mock)):
                self._shopper(step, side).learn(answer, keeps_cookies=step.shopper != BY_TOKEN)
        played = Played(operation, asked.path, real, mock, found, asked.body, headers=asked.headers)
        self.history.append(played)
        return played

    def _asking(self, operation: Operation, step: Act | Question, side: int) -> Asking:
        """Return what is asked of one of the two servers."""
        if isinstance(step, Question):
            parts = step.resolve((self.shelves.real, self.shelves.mocked)[side])
            return Asking("?".join(filter(None, parts)))
        knows = self._knowing(side)
        body = step.body if step.body is NOTHING else filled(step.body, knows, self.run)
        key = filled(step.key, knows, self.run)
        headers = {**self._shopper(step, side).headers, **({} if key is None else {"Idempotency-Key": key})}
        return Asking(step.url(operation.path, knows, self.run), body, headers)

    def _shopper(self, step: Act, side: int) -> Shopper:
        return self.shoppers.setdefault((step.shopper, side), Shopper())

    def _knowing(self, side: int) -> Knowing:
        """Return what tells a server's own id of a thing."""

        def knows(the: The) -> Any:
            known = self.names.known(the.kind)
            if the.place is None or not known or (the.kind not in SOLD and the.place >= len(known)):
                return 0 if the.kind == "display_id" else f"{the.kind}_01HZZZZZZZZZZZZZZZZZZZZZZZ"
            return known[-1 - the.place % len(known)][side]

        return knows

    def _keys(self, real: Answered, mock: Answered) -> Iterator[Difference]:
        """Learn the keys that both issued; yield a difference where only one did, or one that was known is another."""
        issued = [_header(answer, KEY) for answer in (real, mock)]
        if None in issued and issued != [None, None]:
            yield Difference("header Idempotency-Key", f"real {issued[0]}, mock {issued[1]}")
        elif issued[0] is not None and not self.names.note("key" if real.status == OK else "failed", *issued):
            yield Difference("header Idempotency-Key", "one server issued another, one the same again")


def _header(answer: Answered, name: str) -> str | None:
    return next((value for one, value in answer.headers.items() if one.lower() == name), None)


def shop(contract: Contract, target: Target, mock: Mock, shelves: Shelves) -> Shop:
    """Return the shop that both servers sell, before anybody is in it."""
    cards = mock.sandboxes[shelves.sandbox].tables.all("gift_cards")
    variants = dict(zip(shelves.real["variant"], shelves.mocked["variant"], strict=True))
    stock = Stock(variants, sorted(row["code"] for row in cards))
    return Shop(contract, target, mock, shelves, stock, count())
