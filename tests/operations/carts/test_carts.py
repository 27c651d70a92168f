"""Carts: made, read, changed (tests/facts/carts.md 1 to 4)."""

import pytest
from asking import Ask
from operations.checkout import EU, LAMP, MUG, NA, Checkout, outcome
from operations.shop import UNKNOWN

from mockserver.operations.carts.stored import MOST_TOLD

NOT_ITS_KIND = "an unknown value was passed to the validate function"


@pytest.fixture
def checkout(ask: Ask) -> Checkout:
    """Return a shopper with an empty cart in EU."""
    return Checkout(ask)


class TestCreate:
    """POST /store/carts."""

    @pytest.mark.parametrize(
        ("body", "message"),
        [
            ({"region_id": 1, "foo": 2}, "property foo should not exist, region_id must be a string"),
            ({"items": [[]]}, "Unable to generate the line item because one or more required argument(s) are missing. Ensure a variant id is passed for each variant"),
            ({"items": "x"}, "items must be an array, each value in nested property items must be either object or array"),
            ([1], "property 0 should not exist"),
        ],
    )  # fmt: skip
    def test_the_body_is_checked(self, checkout: Checkout, body: object, message: str) -> None:
        """400 with Medusa's own words."""
        assert (400, message) == outcome(checkout.ask("POST", "/store/carts", body))

    def test_what_nests_too_deep_breaks_the_server(self, checkout: Checkout) -> None:
        """500, as a real one's validators do."""
        body = f'{{"context": {"[" * 3000}{"]" * 3000}}}'.encode()

        assert UNKNOWN == checkout.ask("POST", "/store/carts", body, content_type="application/json").document

    def test_who_asks_is_noted(self, checkout: Checkout) -> None:
        """Address and browser, which the body may say otherwise."""
        asked = {"user_agent": "Firefox", "x_forwarded_for": "10.1.1.1, 10.2.2.2"}
        plain = checkout.ask("POST", "/store/carts", {}, **asked).document["cart"]["context"]
        said = checkout.ask("POST", "/store/carts", {"context": {"ip": "here", "a": None}}, **asked).document["cart"][
            "context"
        ]

        assert {"ip": "10.1.1.1", "user_agent": "Firefox"} == plain
        assert {"a": None, "ip": "here", "user_agent": "Firefox"} == said

    def test_ids_differ(self, checkout: Checkout) -> None:
        """Two carts of one sandbox, and the same ones in another run."""
        first, second = checkout.made()["id"], checkout.made()["id"]

        assert first != second


class TestRetrieve:
    """GET /store/carts/{id}."""

    def test_relations_inside_others_are_shown_where_they_are_asked_for(self, checkout: Checkout) -> None:
        """The country of an address, whoever has the cart; what the totals need stays."""
        checkout.post(body={"shipping_address": {"country_code": "de"}, "email": "ada@example.com"})
        cart = checkout.cart("expand=shipping_address.country,customer.groups,payment")

        assert "de" == cart["shipping_address"]["country"]["iso_2"]
        assert [] == cart["customer"]["groups"]
        assert cart["payment"] is None
        assert "billing_address" not in cart
        assert "items" in cart

    def test_a_relation_that_leads_nowhere_is_null(self, checkout: Checkout) -> None:
        """Whatever is asked for of it."""
        assert checkout.cart("expand=billing_address.country")["billing_address"] is None

    @pytest.mark.parametrize("query", ["fields=nope", "expand=nope", "expand=items.nope"])
    def test_an_unknown_name_breaks_the_server(self, checkout: Checkout, query: str) -> None:
        """500, and not a 400."""
        assert UNKNOWN == checkout.ask("GET", f"/store/carts/{checkout.id}", None, query).document


def test_an_unknown_cart_comes_before_unknown_names(checkout: Checkout) -> None:
    """It is looked for first."""
    asked = checkout.ask("GET", "/store/carts/cart_nope", None, "fields=nope")

    assert (404, "Cart with cart_nope was not found") == outcome(asked)


def test_each_item_of_a_list_says_what_is_wrong_with_it(checkout: Checkout) -> None:
    """Also where another said it before, and in lists inside the list."""
    no_object = "each value in nested property items must be either object or array"
    no_variant = "variant_id must be a string, variant_id should not be empty"
    asked = [
        checkout.ask("POST", "/store/carts", {"items": items}) for items in ([5, 5], [[5, [5]]], [{"quantity": 1}] * 2)
    ]

    assert [f"{no_object}, {no_object}"] * 2 + [f"{no_variant}, {no_variant}"] == [
        one.document["message"] for one in asked
    ]


def test_the_log_says_why_a_cart_may_be_unknown(checkout: Checkout, caplog: pytest.LogCaptureFixture) -> None:
    """In one line, a few times a sandbox: people meet it whenever they start the mock anew."""
    for number in range(MOST_TOLD + 5):
        checkout.ask("GET", f"/store/carts/cart_{number}")

    assert MOST_TOLD == len(caplog.messages)
    assert f"no cart cart_0 in sandbox {checkout.sandbox}: was it made in another" in caplog.messages[0]


class TestAddress:
    """What update makes of addresses."""

    def test_an_id_is_taken_as_it_is(self, checkout: Checkout) -> None:
        """Two carts share the address, billing and shipping alike."""
        checkout.post(body={"shipping_address": {"city": "Ulm", "country_code": "de"}})
        id = checkout.cart()["shipping_address_id"]
        other = checkout.made(region_id=EU)["id"]
        both = {"shipping_address": id, "billing_address": id}
        cart = checkout.ask("POST", f"/store/carts/{other}", both).document["cart"]

        assert (id, id, "Ulm") == (
            cart["shipping_address_id"],
            cart["billing_address_id"],
            cart["shipping_address"]["city"],
        )

    def test_an_id_of_another_country_is_refused(self, checkout: Checkout) -> None:
        """The region ships to its own countries."""
        checkout.post(body={"billing_address": {"country_code": "us"}})
        answer = checkout.post(body={"shipping_address": checkout.cart()["billing_address_id"]})

        assert (400, "Shipping country must be in the cart region") == outcome(answer)

    @pytest.mark.parametrize("kind", ["shipping", "billing"])
    def test_a_country_without_a_name_is_none(self, checkout: Checkout, kind: str) -> None:
        """404 with the database's own words, which cannot be parsed."""
        assert (404, "null") == outcome(checkout.post(body={f"{kind}_address": {"country_code": ""}}))

    @pytest.mark.parametrize(
        ("value", "shown", "faults"),
        [
            (True, '"String validation failed: true is not a string"', f'"{NOT_ITS_KIND}"'),
            ([1, {}, [2, None]], '"String validation failed: 1","[object Object]","2"," is not a string"', f'"{NOT_ITS_KIND}"'),
            ({"foo": 1, "city": 2}, '"String validation failed: [object Object] is not a string"', '"property foo should not exist"," city must be a string"'),
        ],
    )  # fmt: skip
    def test_a_wrong_one_replaces_all_other_messages(
        self, checkout: Checkout, value: object, shown: str, faults: str
    ) -> None:
        """400 whose message is JSON, split at its commas."""
        details = f'{{"String":[{shown}],"AddressPayload":[{faults}]}}'
        message = f'{{"message":"shipping_address must be one of: AddressPayload,String","details":{details}}}'

        assert (400, message) == outcome(checkout.post(body={"shipping_address": value, "foo": 1}))


@pytest.mark.parametrize(
    ("email", "status"),
    [
        ("ada@example.com", 200), ("ä+b@bücher.de", 200), ('"a b"@c.de', 200), ("a..b@c.de", 400), ("a@b", 400),
        ("a@b.c", 400), ("a@-b.de", 400), ("a@b_c.de", 400), ("a@1.2.3.4", 400), (f"{'a' * 65}@b.de", 400),
        (f"a@{'b.' * 130}de", 400), ("", 400),
    ],
)  # fmt: skip
def test_an_email_is_looked_at(checkout: Checkout, email: str, status: int) -> None:
    """As the real server was seen to take it."""
    assert status == checkout.post(body={"email": email}).status


class TestMove:
    """To another region, to another channel."""

    def test_the_same_region_changes_nothing(self, checkout: Checkout) -> None:
        """Nor is a country looked at."""
        before = checkout.add()

        assert before["items"] == checkout.post(body={"region_id": EU, "country_code": "us"}).document["cart"]["items"]

    def test_a_cart_that_was_paid_stays(self, checkout: Checkout) -> None:
        """Even where it became no order; its own region may be named. Another one is only looked for where goods want prices."""
        checkout.post("/complete")
        asked = [checkout.post(body={"region_id": id}) for id in (NA, "reg_nope", None)]
        own = checkout.post(body={"region_id": EU})
        checkout.add()
        with_goods = [outcome(checkout.post(body={"region_id": id})) for id in ("reg_nope", None)]

        stays = (400, "Cannot change the region of a completed cart")
        assert [stays] * 3 == list(map(outcome, asked))
        assert 200 == own.status
        assert [(404, "Region with reg_nope was not found"), stays] == with_goods

    def test_prices_sessions_and_methods_follow(self, checkout: Checkout) -> None:
        """What was initiated is gone, and goods without a price there as well."""
        checkout.add()
        checkout.add(LAMP)
        checkout.post("/shipping-methods", {"option_id": checkout.option(is_return=False)["id"]})
        checkout.pays()
        cart = checkout.post(body={"region_id": NA, "country_code": "CA"}).document["cart"]

        assert [2000, 4000] == [item["unit_price"] for item in cart["items"]]
        assert ([], []) == (cart["shipping_methods"], cart["payment_sessions"])
        assert "ca" == cart["shipping_address"]["country_code"]

    def test_a_customer_by_her_id_has_her_prices(self, ask: Ask) -> None:
        """Those of a price list for her group; nobody else's."""
        price = {"currency_code": "eur", "amount": 700, "variant_id": MUG, "region_id": None}
        lists = [
            {"id": "pl_1", "type": "sale", "status": "active", "customer_groups": [{"id": "cgrp_1"}], "prices": [price]}
        ]
        customers = [{"id": "cus_1", "email": "vip@example.com", "groups": [{"id": "cgrp_1"}]}]
        checkout = Checkout(ask, given={"price_lists": lists, "customers": customers})
        before = checkout.add()["items"][0]["unit_price"]
        cart = checkout.post(body={"customer_id": "cus_1"}).document["cart"]

        assert (1000, 700, "vip@example.com") == (before, cart["items"][0]["unit_price"], cart["email"])

    def test_a_null_code_breaks_the_server(self, checkout: Checkout) -> None:
        """Of discounts; gift cards may be null."""
        assert [500, 200] == [checkout.post(body={name: None}).status for name in ("discounts", "gift_cards")]


def test_a_line_whose_variant_is_gone_is_still_shown(ask: Ask) -> None:
    """Without a variant and without taxes; it cannot be changed, and cannot go to another region."""
    checkout = Checkout(ask)
    item = checkout.add()["items"][0]
    checkout.knows(product_variants=[{"id": MUG, "deleted_at": "2024-01-01T00:00:00.000Z"}])
    cart = checkout.cart()

    assert (None, []) == (cart["items"][0]["variant"], cart["items"][0]["tax_lines"])
    assert UNKNOWN == checkout.post(f"/line-items/{item['id']}", {"quantity": 2}).document
    assert [] == checkout.post(body={"region_id": NA}).document["cart"]["items"]
