"""What lies in a cart, and how it is sent (tests/facts/carts.md 3 and 8)."""

import pytest
from asking import Ask
from operations.checkout import LAMP, MUG, Checkout, outcome
from operations.shop import UNKNOWN


@pytest.fixture
def checkout(ask: Ask) -> Checkout:
    """Return a shopper with an empty cart in EU."""
    return Checkout(ask)


class TestAdd:
    """POST .../line-items."""

    @pytest.mark.parametrize(
        ("body", "message"),
        [
            ([], "an unknown value was passed to the validate function"),
            ({}, "variant_id must be a string, quantity must be an integer number"),
            (
                {"variant_id": "", "quantity": 1},
                "Unable to generate the line item because one or more required argument(s) are missing. Ensure variant id is passed",
            ),
            ({"variant_id": "nope", "quantity": 1}, "Unable to generate the line items, some variant has not been found: nope"),
        ],
    )  # fmt: skip
    def test_the_body_is_checked(self, checkout: Checkout, body: object, message: str) -> None:
        """400 with Medusa's own words."""
        assert (400, message) == outcome(checkout.post("/line-items", body))

    def test_it_merges_into_the_last_of_its_like(self, checkout: Checkout) -> None:
        """An older line that would match is passed over; fewer than none can be added, down to one."""
        checkout.add(quantity=5)
        checkout.add(metadata={"b": 1, "a": 2})
        checkout.add(quantity=2, metadata={"a": 2, "b": 1})
        cart = checkout.add()

        assert [5, 3, 1] == [item["quantity"] for item in cart["items"]]
        assert UNKNOWN == checkout.post("/line-items", {"variant_id": MUG, "quantity": -1}).document

    def test_each_line_alone_has_to_be_in_stock(self, checkout: Checkout) -> None:
        """Two lines of one variant may be more than there is."""
        checkout.add(quantity=60)
        cart = checkout.add(quantity=60, metadata={"x": 1})
        answer = checkout.post("/line-items", {"variant_id": MUG, "quantity": 41, "metadata": {"x": 1}})

        assert 2 == len(cart["items"])
        assert (400, f"Variant with id: {MUG} does not have the required inventory") == outcome(answer)
        assert "insufficient_inventory" == answer.document["code"]

    @pytest.mark.parametrize("metadata", ["text", 5, [1], {"a": {"bb": 1, "c": 2}}])
    def test_anything_is_kept_with_it(self, checkout: Checkout, metadata: object) -> None:
        """Though it be no object, which the contract says it is; the order has it as well."""
        checkout.add(metadata=metadata)
        checkout.pays()

        assert metadata == checkout.cart()["items"][0]["metadata"] == checkout.order()["items"][0]["metadata"]

    @pytest.mark.parametrize("metadata", ["\0", "\ud800", {"\0": 1}, {"a": ["\ud800"]}])
    def test_what_no_database_takes_breaks_the_server(self, checkout: Checkout, metadata: object) -> None:
        """500, and nothing is in the cart."""
        body = {"variant_id": MUG, "quantity": 1, "metadata": metadata}

        assert UNKNOWN == checkout.post("/line-items", body).document
        assert [] == checkout.cart()["items"]

    def test_more_than_a_database_counts_breaks_the_server(self, checkout: Checkout) -> None:
        """500, where the stock does not end it before."""
        checkout.knows(product_variants=[{"id": MUG, "allow_backorder": True}])

        assert UNKNOWN == checkout.post("/line-items", {"variant_id": MUG, "quantity": 2**31}).document
        assert UNKNOWN == checkout.post(body={"billing_address": {"city": "\0"}}).document


class TestChange:
    """POST .../line-items/{line}."""

    def test_what_is_kept_with_it_is_merged_key_by_key(self, checkout: Checkout) -> None:
        """An empty text removes its key; a text is spread by character."""
        line = f"/line-items/{checkout.add(metadata={'a': 1, 'b': 2})['items'][0]['id']}"
        kept = [
            checkout.post(line, {"quantity": 1, "metadata": metadata}).document["cart"]["items"][0]["metadata"]
            for metadata in ({"a": "", "c": None}, None, "hi")
        ]

        assert [{"b": 2, "c": None}, {"b": 2, "c": None}, {"0": "h", "1": "i", "b": 2, "c": None}] == kept

    @pytest.mark.parametrize(
        ("stored", "said", "kept"),
        [
            ("ab", None, {"0": "a", "1": "b"}),
            ("ab", {"0": "z"}, {"0": "z", "1": "b"}),
            ([1, 2], {"0": ""}, {"1": 2}),
            (5, {"a": 1}, {"a": 1}),
            (0, {"a": ""}, {}),
        ],
    )
    def test_what_was_no_object_is_one_from_then_on(
        self, checkout: Checkout, stored: object, said: object, kept: object
    ) -> None:
        """As JavaScript spreads it."""
        line = f"/line-items/{checkout.add(metadata=stored)['items'][0]['id']}"

        assert kept == checkout.post(line, {"quantity": 1, "metadata": said}).document["cart"]["items"][0]["metadata"]

    @pytest.mark.parametrize("stored", ["text", 5, True])
    def test_nothing_can_be_removed_from_what_has_no_keys(self, checkout: Checkout, stored: object) -> None:
        """500."""
        line = f"/line-items/{checkout.add(metadata=stored)['items'][0]['id']}"

        assert UNKNOWN == checkout.post(line, {"quantity": 1, "metadata": {"a": ""}}).document

    def test_an_empty_list_for_a_body_changes_nothing(self, checkout: Checkout) -> None:
        """200, as the real server was seen to answer it."""
        item = checkout.add(quantity=3)["items"][0]

        assert 3 == checkout.post(f"/line-items/{item['id']}", []).document["cart"]["items"][0]["quantity"]

    def test_a_line_of_another_cart_is_none(self, checkout: Checkout) -> None:
        """400; deleting it changes nothing."""
        item = checkout.add()["items"][0]
        other = checkout.made()["id"]
        path = f"/store/carts/{other}/line-items/{item['id']}"

        assert (400, "Could not find the line item") == outcome(checkout.ask("POST", path, {"quantity": 2}))
        assert 200 == checkout.ask("DELETE", path).status
        assert 1 == len(checkout.cart()["items"])


class TestShipping:
    """POST .../shipping-methods."""

    def test_no_option_is_not_found(self, checkout: Checkout) -> None:
        """An empty list passes for a body, and names none."""
        assert (404, '"optionId" must be defined') == outcome(checkout.post("/shipping-methods", []))

    def test_data_may_not_be_null(self, checkout: Checkout) -> None:
        """Once the option is found; anything else is kept as it is."""
        id = checkout.option(is_return=False)["id"]
        refused = checkout.post("/shipping-methods", {"option_id": id, "data": None})
        cart = checkout.post("/shipping-methods", {"option_id": id, "data": [1]}).document["cart"]

        assert (400, "Can't insert null value in field data on insert in table shipping_method") == outcome(refused)
        assert [1] == cart["shipping_methods"][0]["data"]

    def test_one_for_each_profile(self, ask: Ask) -> None:
        """A second one for the same goods replaces the first; for others it stands beside it."""
        region = Checkout(ask).cart()["region_id"]
        option = {
            "id": "so_big",
            "name": "Van",
            "region_id": region,
            "amount": 900,
            "profile_id": "sp_big",
            "requirements": [],
        }
        profile = {"id": "sp_big", "name": "Big", "type": "custom"}
        checkout = Checkout(ask, given={"shipping_profiles": [profile], "shipping_options": [option]})
        checkout.add()
        methods = []
        for id in (checkout.option(is_return=False)["id"], "so_big", "so_big"):
            cart = checkout.post("/shipping-methods", {"option_id": id}).document["cart"]
            methods.append([one["shipping_option_id"] for one in cart["shipping_methods"]])

        assert [1, 2, 2] == [len(one) for one in methods]
        assert "so_big" == methods[1][1]
        assert cart["items"][0]["has_shipping"]

    def test_an_option_for_sending_back_is_not_looked_at(self, checkout: Checkout) -> None:
        """Though it be another region's."""
        options = checkout.ask("GET", "/store/shipping-options", None, "is_return=true").document["shipping_options"]

        assert {200} == {checkout.post("/shipping-methods", {"option_id": one["id"]}).status for one in options}
        assert 2 == len({one["region_id"] for one in options})

    @pytest.mark.parametrize("change", ["add", "take out", "region"])
    def test_what_is_noted_of_sending_a_line(self, checkout: Checkout, change: str) -> None:
        """It was chosen; it is open again when another line comes or goes, and when the region is named; not when it changes."""
        checkout.add(LAMP)
        item = checkout.add()["items"][1]["id"]
        checkout.post("/shipping-methods", {"option_id": checkout.option(is_return=False)["id"]})
        cart = checkout.post(f"/line-items/{item}", {"quantity": 2}).document["cart"]
        if change == "region":
            checkout.post(body={"region_id": cart["region_id"]})
        elif change == "add":
            checkout.add()
        else:
            checkout.delete(f"/line-items/{item}")

        assert cart["items"][0]["has_shipping"]
        assert not checkout.cart()["items"][0]["has_shipping"]

    def test_whoever_changes_what_is_sent_chooses_again(self, checkout: Checkout) -> None:
        """Adding, changing, taking out: no method stays."""
        option = {"option_id": checkout.option(is_return=False)["id"]}
        item = checkout.add()["items"][0]["id"]
        for change in (
            lambda: checkout.add(LAMP),
            lambda: checkout.post(f"/line-items/{item}", {"quantity": 2}),
            lambda: checkout.delete(f"/line-items/{item}"),
        ):
            assert 1 == len(checkout.post("/shipping-methods", option).document["cart"]["shipping_methods"])
            change()
            assert [] == checkout.cart()["shipping_methods"]
