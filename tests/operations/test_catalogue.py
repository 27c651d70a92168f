"""The catalogue beyond what was recorded: what is given is sold, priced and found, and the shipped scenarios empty the shop."""

import json
from typing import Any

import pytest
from asking import Ask, at, in_scenario

EU = "reg_01HK3CQKJ5S2Q7TGDGGK4V8K2M"
MUG = "prod_01HK3CQKJ5S2Q7TGDGGK4V8K2M"
BLUE = "variant_01HK3CQKJ5S2Q7TGDGGK4V8K2M"
LISTS = ("products", "variants", "collections", "product-categories", "product-tags", "product-types")


def get(ask: Ask, path: str, **headers: str) -> Any:
    """Return the document of a successful answer."""
    answer = ask("GET", f"/store/{path}", **headers)
    assert 200 == answer.status, answer.document
    return answer.document


def refusal(ask: Ask, path: str) -> tuple[int, str]:
    """Return the status and the message of an answer that is none."""
    answer = ask("GET", f"/store/{path}")
    return answer.status, answer.document["message"]


def given(ask: Ask, **tables: list[dict[str, Any]]) -> Ask:
    """Return what asks in a scenario that gives rows by table."""
    return in_scenario(ask, {"given": tables, "unknown_ids": "not_found"})


def variant(ask: Ask, query: str = f"region_id={EU}") -> Any:
    """Return the blue mug with its prices."""
    return get(ask, f"variants/{BLUE}?{query}")["variant"]


def test_the_shop_sells_what_can_be_looked_at(ask: Ask) -> None:
    """Products with pictures that the mock serves itself, prices in both regions, categories and collections."""
    products = get(ask, f"products?region_id={EU}&order=title")["products"]
    assert 8 == len(products)
    for product in products:
        assert (
            "image/svg+xml"
            == dict(ask("GET", product["thumbnail"].removeprefix("http://localhost:9000")).headers)["content-type"]
        )
        assert any(one.get("calculated_price") for one in product["variants"]), product["title"]
    assert {"Slow mornings", "Made to last"} == {one["title"] for one in get(ask, "collections")["collections"]}


def test_the_examples_of_the_contract_find_something(ask: Ask) -> None:
    """The ids that the contract shows are those of the shop's first product, its variant and its region."""
    assert ["Enamel mug", "Blue", "EU"] == [
        get(ask, f"products/{MUG}")["product"]["title"],
        get(ask, f"variants/{BLUE}")["variant"]["title"],
        get(ask, f"regions/{EU}")["region"]["name"],
    ]


@pytest.mark.parametrize("path", LISTS)
def test_an_empty_shop_has_empty_lists(ask: Ask, path: str) -> None:
    """`empty-shop` empties all of them, and says so in counts."""
    shop = at(ask, "/~empty/@empty-shop")
    document = get(shop, path)
    assert [] == next(value for value in document.values() if isinstance(value, list))
    assert 0 == document.get("count", 0)
    assert 404 == shop("GET", f"/store/products/{MUG}").status


def test_a_sold_out_shop_shows_what_it_had(ask: Ask) -> None:
    """`sold-out` leaves every product, and none in stock."""
    variants = get(at(ask, "/~sold/@sold-out"), "variants")["variants"]
    assert 14 == len(variants)
    assert {(0, False, True)} == {
        (one["inventory_quantity"], one["allow_backorder"], one["manage_inventory"]) for one in variants
    }


def test_one_product_may_be_sold_out(ask: Ask) -> None:
    """A product that is partly written keeps what is not said, its other variants too."""
    shop = given(ask, products=[{"id": MUG, "variants": [{"id": BLUE, "inventory_quantity": 0}]}])
    product = get(shop, f"products/{MUG}")["product"]
    assert [("Blue", 0), ("White", 40)] == [(one["title"], one["inventory_quantity"]) for one in product["variants"]]


def test_prices_that_are_given_are_all_there_are(ask: Ask) -> None:
    """A list of prices replaces the shop's; the lowest that holds without a quantity counts."""
    prices = [
        {"currency_code": "eur", "amount": 900, "min_quantity": 10},
        {"currency_code": "eur", "amount": 1500},
        {"currency_code": "eur", "amount": 1600, "region_id": EU},
    ]
    shop = given(ask, product_variants=[{"id": BLUE, "prices": prices}])
    shown = variant(shop)
    assert (1600, 1500, "default") == tuple(
        shown[name] for name in ("original_price", "calculated_price", "calculated_price_type")
    )
    assert 3 == len(shown["prices"])


PRICE = {"currency_code": "eur", "amount": 100, "variant_id": BLUE}
LIST = {"id": "pl_1", "name": "Sale", "type": "sale", "status": "active", "starts_at": None, "ends_at": None}


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ({}, 100),
        ({"status": "draft"}, 1450),
        ({"deleted_at": "2024-01-01T00:00:00.000Z"}, 1450),
        ({"starts_at": "2024-01-07T00:00:00.000Z"}, 1450),
        ({"ends_at": "2024-01-05T00:00:00.000Z"}, 1450),
        ({"starts_at": "2024-01-05T00:00:00.000Z", "ends_at": "2024-01-07T00:00:00.000Z"}, 100),
        ({"customer_groups": [{"id": "cgrp_1"}]}, 1450),
    ],
)
def test_a_price_list_holds_while_it_is_active(ask: Ask, said: dict[str, Any], wanted: int) -> None:
    """Between its times, as the sandbox's clock has it, and for those whom it is for."""
    shop = given(ask, price_lists=[{**LIST, **said}], money_amounts=[{**PRICE, "price_list_id": "pl_1"}])
    shown = variant(shop)
    assert wanted == shown["calculated_price"]
    assert ("sale" if wanted == 100 else "default") == shown["calculated_price_type"]


def test_taxes_of_a_type_are_the_products_own(ask: Ask) -> None:
    """A rate for a product's type counts as the product's; one of another region does not."""
    type_id = get(ask, f"products/{MUG}")["product"]["type_id"]
    rates = [
        {"id": "txr_1", "rate": 20, "region_id": EU, "product_types": [{"id": type_id}]},
        {"id": "txr_2", "rate": 5, "region_id": "reg_01HK3CR8ZP0W6N4T1YB7V9XEQD", "products": [{"id": MUG}]},
    ]
    shown = variant(given(ask, tax_rates=rates))
    assert [20] == [one["rate"] for one in shown["tax_rates"]]
    assert (1450, 290, 1740) == tuple(
        shown[name] for name in ("calculated_price", "calculated_tax", "calculated_price_incl_tax")
    )


@pytest.mark.parametrize(
    ("order", "first"),
    [
        ("variants.prices.amount", "Seeds for a windowsill"),
        ("-variants.prices.amount", "Desk lamp"),
        ("variants.title", "Gift card"),
        ("-title", "Wool blanket"),
    ],
)
def test_products_are_sorted_by_what_belongs_to_them(ask: Ask, order: str, first: str) -> None:
    """The lowest value of a product's variants counts where it ascends, the highest where it descends."""
    assert first == get(ask, f"products?order={order}&limit=1")["products"][0]["title"]


def test_q_finds_what_is_given(ask: Ask) -> None:
    """In SKUs and collections, too, in any case of letters; `%` and `_` are wildcards."""
    shop = given(
        ask,
        products=[
            {"id": "prod_1", "title": "Kettle", "description": None, "status": "published", "sales_channels": []},
            {"id": "prod_2", "title": "Sieve", "status": "published"},
        ],
    )
    assert 1 == get(shop, "products?q=apron-m-sl")["count"]
    assert 2 == get(shop, "products?q=MADE%20to%20last")["count"]
    assert 2 == get(shop, "products?q=mug_blue")["count"] + get(shop, "products?q=lin%25apr")["count"]
    assert 0 == get(shop, "products?q=kettle")["count"], "it is in no sales channel"


def test_a_deleted_collection_leaves_its_id(ask: Ask) -> None:
    """Its products show it with its id alone, as the real server does."""
    id = get(ask, f"products/{MUG}")["product"]["collection_id"]
    shop = given(ask, product_collections=[{"id": id, "deleted_at": "2024-01-02T00:00:00.000Z"}])
    product = get(shop, f"products/{MUG}")["product"]
    assert {"id"} == {name for name, value in product["collection"].items() if value is not None}
    assert "collection_id" not in product
    assert 404 == refusal(shop, f"collections/{id}")[0]


def test_a_category_below_itself_ends_there(ask: Ask) -> None:
    """A circle that somebody gave is shown once round, and brings nothing down."""
    shop = given(
        ask,
        product_categories=[
            {"id": "pcat_a", "name": "A", "handle": "a", "is_active": True, "rank": 9, "parent_category_id": "pcat_b"},
            {"id": "pcat_b", "name": "B", "handle": "b", "is_active": True, "rank": 9, "parent_category_id": "pcat_a"},
        ],
    )
    (below,) = get(shop, "product-categories/pcat_a")["product_category"]["category_children"]
    assert ("B", []) == (below["name"], below["category_children"])
    (tree,) = get(shop, "product-categories?handle=a&include_descendants_tree=true")["product_categories"]
    assert ["B"] == [one["name"] for one in tree["category_children"]]


def test_what_no_database_takes_is_an_unknown_error(ask: Ask) -> None:
    """A NUL in a code, and numbers beyond PostgreSQL's."""
    for path in ("gift-cards/a%00b", "product-categories?limit=-1", "product-tags?offset=1e30", "variants?limit=1e30"):
        assert (500, "An unknown error occurred.") == refusal(ask, path), path


def test_names_that_may_not_be_asked_for(ask: Ask) -> None:
    """Of products, variants and categories, each with its own message."""
    assert (400, "Order field foo is not valid") == refusal(ask, "product-categories?order=-foo")
    assert (400, "Order field foo is not valid") == refusal(ask, "product-categories?order=foo&expand=foo")
    assert (400, "Order field  is not valid") == refusal(ask, "product-categories?order=")
    assert (500, "An unknown error occurred.") == refusal(ask, "products?fields=titles")
    assert (400, "Requested fields [tags, foo] are not valid") == refusal(ask, "products?fields=*tags&expand=foo")


def test_a_shipping_option_of_no_region_is_named(ask: Ask) -> None:
    """Its region was deleted: the list is a 404 that names it, unless another region is asked for."""
    shop = given(ask, regions=[{"id": EU, "deleted_at": "2024-01-02T00:00:00.000Z"}])
    assert (404, f"Region with {EU} was not found") == refusal(shop, "shipping-options")
    assert 3 == len(get(shop, "shipping-options?region_id=reg_01HK3CR8ZP0W6N4T1YB7V9XEQD")["shipping_options"])


def test_dates_of_tags_are_compared(ask: Ask) -> None:
    """As those of all lists; what is wrong with them stands alone."""
    assert 4 == get(ask, "product-tags?created_at[gt]=2020-01-01")["count"]
    assert 0 == get(ask, "product-tags?created_at[lt]=2020-01-01")["count"]
    assert 1 == get(ask, "product-tags?value[starts_with]=WA")["count"]
    assert 2 == get(ask, "product-tags?value[gt]=kitchen")["count"]


def test_a_value_may_be_given_to_every_row(ask: Ask) -> None:
    """The id `*` stands for all rows of a table, those of a key of their own too."""
    shop = given(ask, regions=[{"id": "*", "tax_rate": 19}], currencies=[{"code": "*", "name": "Money"}])
    regions = get(shop, "regions")["regions"]
    assert [(19, "Money"), (19, "Money")] == [(one["tax_rate"], one["currency"]["name"]) for one in regions]
    patched = ask("PATCH", "/__mock/sandboxes/star/state", {"regions": [{"id": "*", "name": "Here"}]})
    assert 200 == patched.status
    assert ["Here", "Here"] == [one["name"] for one in get(at(ask, "/~star"), "regions")["regions"]]


def test_a_category_and_one_below_it_are_one_filter(ask: Ask) -> None:
    """Products of both are found once, however often a category is named."""
    tree = [{"id": "pcat_top", "name": "Top", "handle": "top"}]
    below = [{"id": "pcat_low", "name": "Low", "handle": "low", "parent_category_id": "pcat_top"}]
    there = given(ask, product_categories=tree + below)
    path = "products?category_id[]=pcat_top&category_id[]=pcat_low&include_category_children=true"

    assert 0 == get(there, path)["count"]


@pytest.mark.parametrize(("body", "status"), [("[" * 401 + "]" * 401, 500), ("[]", 400), ("{}", 200)])
def test_a_search_wants_a_mapping(ask: Ask, body: str, status: int) -> None:
    """A list is refused, and what is nested deeper than any parser goes is as unknown an error as elsewhere."""
    answer = ask("POST", "/store/products/search", body.encode(), content_type="application/json")

    assert (status, "behaviour") == (answer.status, dict(answer.headers)["x-mock-source"])


def test_a_variant_that_is_no_longer_sold_is_not_searched(ask: Ask) -> None:
    """Its words lead to no product any more."""
    gone = [{"id": BLUE, "title": "Ultramarine", "deleted_at": "2024-01-01T00:00:00.000Z"}]
    there = given(ask, product_variants=gone)

    assert [] == there("POST", "/store/products/search", {"q": "Ultramarine"}).document["hits"]


def test_complaints_about_a_form_are_split_at_their_commas(ask: Ask) -> None:
    """As the real server has them, with the blank behind each comma (tests/facts/catalog.md 2)."""
    answer = ask("GET", "/store/product-types", query="value[foo]=1&value[b,c]=2")
    details = json.loads(answer.document["message"])["details"]

    assert ["property foo should not exist", " property b", "c should not exist"] == details["StringComparisonOperator"]
