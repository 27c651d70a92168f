"""A file of data: the format of `medusa seed`, what is wrong in it with its line, and what the shop is made of."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from mockserver import MockServerError
from mockserver.contract import Contract
from mockserver.samples.sampler import Sampler
from mockserver.state.catalogue import Shop
from mockserver.state.relations import Relations, Row
from mockserver.state.rows import Catalogue

NOW = 1_704_513_440_000
REGION = {"id": "north", "name": "North", "currency_code": "nok", "tax_rate": 25, "countries": ["no"]}
VARIANT = {"title": "S", "options": [{"value": "S"}], "prices": [{"currency_code": "nok", "amount": 100}]}
SHIRT = {"title": "Shirt", "options": [{"title": "Size"}], "variants": [VARIANT]}
SEED = {"regions": [REGION], "products": [SHIRT]}


class Files:
    """Writes files of data, and reads them as the mock does."""

    def __init__(self, contract: Contract, folder: Path) -> None:
        self._contract = contract
        self._relations = Relations(contract.document)
        self._folder = folder

    def load(self, said: Any, name: str = "data.json", seed: str = "0", now: int = NOW) -> Catalogue:
        """Return the rows of a file that says something: a text, or a value as JSON."""
        path = self._folder / name
        path.write_text(said if isinstance(said, str) else json.dumps(said), encoding="utf-8")
        return self.shop(path, seed).load(now)

    def shop(self, path: Path, seed: str = "0") -> Shop:
        """Return what makes rows of a file."""
        sampler = Sampler(self._contract)
        return Shop(self._contract, self._relations, sampler, seed=seed, path=path, server="http://localhost:9000")

    def refusal(self, said: Any, name: str = "data.json") -> str:
        """Return what is said of a file that cannot be read, without its folder."""
        with pytest.raises(MockServerError) as refused:
            self.load(said, name)
        return str(refused.value).replace(f"{self._folder}/", "")


@pytest.fixture
def files(contract: Contract, tmp_path: Path) -> Files:
    """Return what writes and reads files of data."""
    return Files(contract, tmp_path)


def only(catalogue: Catalogue, table: str) -> Row:
    """Return the only row of a table."""
    (row,) = catalogue.rows(table).values()
    return row


def test_what_a_seed_does_not_say_is_as_medusa_makes_it(files: Files) -> None:
    """A product is published, in the default channel and profile, with a handle of its title; a variant is counted."""
    catalogue = files.load(SEED)

    product, variant = only(catalogue, "products"), only(catalogue, "product_variants")
    assert ("published", "shirt", None, True) == tuple(
        product[name] for name in ("status", "handle", "subtitle", "discountable")
    )
    assert (0, True, False, 0) == tuple(
        variant[name] for name in ("inventory_quantity", "manage_inventory", "allow_backorder", "variant_rank")
    )
    assert [variant["id"]] == [row["variant_id"] for row in catalogue.rows("money_amounts").values()]
    assert ["default", "gift_card"] == [row["type"] for row in catalogue.rows("shipping_profiles").values()]
    assert "Default Sales Channel" == only(catalogue, "sales_channels")["name"]
    assert {"no": "NORWAY"} == {key: row["name"] for key, row in catalogue.rows("countries").items()}
    assert {"nok": "kr"} == {key: row["symbol_native"] for key, row in catalogue.rows("currencies").items()}


def test_ids_follow_from_seed_and_file(files: Files) -> None:
    """The same file has the same ids and times at any time, another seed has others, and ids that the file gives are kept."""
    first, again = files.load(SEED), files.load(SEED, now=NOW + 10**9)
    other = files.load(SEED, seed="1")
    for table in ("products", "product_variants", "money_amounts", "regions"):
        assert list(first.rows(table).values()) == list(again.rows(table).values())
        assert first.rows(table).keys().isdisjoint(other.rows(table))
    assert "2024-01-01T00:00:00.000Z" == only(first, "products")["created_at"]

    kept = files.load({"regions": [REGION | {"id": "reg_mine"}], "products": [SHIRT | {"id": "prod_mine"}]})
    assert ["reg_mine"] == list(kept.rows("regions"))
    assert ["prod_mine"] == list(kept.rows("products"))
    assert next(iter(first.rows("regions"))).startswith("reg_0"), "`north` is a name inside the file, as for Medusa"


def test_a_whole_seed(files: Files) -> None:
    """Images, tags and types are shared by those who name them; prices of a region have its currency; a key opens channels."""
    shirt = SHIRT | {
        "images": ["https://a.test/1.png", {"url": "/__mock/pictures/mug.svg", "metadata": {"a": 1}}],
        "thumbnail": "https://a.test/small.png",
        "tags": [{"value": "warm"}],
        "type": {"value": "Textile"},
        "categories": [{"id": "pcat_sub"}],
        "collection_id": "pcol_1",
        "sales_channels": [{"id": "sc_2"}],
        "variants": [VARIANT | {"prices": [{"region_id": "north", "amount": 90, "min_quantity": 2}]}],
    }
    said = {
        "store": {"currencies": ["eur"]},
        "regions": [REGION | {"payment_providers": ["stripe"], "fulfillment_providers": []}],
        "categories": [{"id": "pcat_top", "name": "Top", "category_children": [{"id": "pcat_sub", "name": "Sub"}]}],
        "collections": [{"id": "pcol_1", "title": "Winter Warmers"}],
        "shipping_options": [
            {"name": "Post", "region_id": "north", "requirements": [{"type": "min_subtotal", "amount": 5}]}
        ],
        "products": [shirt, shirt | {"title": "Other", "handle": "other", "is_giftcard": True}],
        "publishable_api_keys": [{"id": "pk_1", "title": "Shop", "sales_channels": [{"id": "sc_2"}]}],
        "sales_channels": [{"id": "sc_2", "name": "Outlet"}],
    }
    catalogue = files.load(said)

    assert 2 == len(catalogue.rows("images"))
    assert "http://localhost:9000/__mock/pictures/mug.svg" in {row["url"] for row in catalogue.rows("images").values()}
    assert ["warm"] == [row["value"] for row in catalogue.rows("product_tags").values()]
    assert {"https://a.test/small.png"} == {row["thumbnail"] for row in catalogue.rows("products").values()}
    assert {"nok"} == {row["currency_code"] for row in catalogue.rows("money_amounts").values()}
    assert ["pcat_top.", "pcat_top.pcat_sub."] == [
        row["mpath"] for row in catalogue.rows("product_categories").values()
    ]
    assert "winter-warmers" == only(catalogue, "product_collections")["handle"]
    assert ["stripe"] == list(catalogue.rows("payment_providers"))
    assert [] == list(catalogue.rows("region_fulfillment_providers"))
    assert [("sc_2", "pk_1")] == list(catalogue.rows("publishable_api_key_sales_channels"))
    assert {"default", "gift_card"} == {
        catalogue.rows("shipping_profiles")[row["profile_id"]]["type"] for row in catalogue.rows("products").values()
    }
    assert {"Default Sales Channel", "Outlet"} == {row["name"] for row in catalogue.rows("sales_channels").values()}


def test_yaml_is_read_with_the_types_of_json(files: Files) -> None:
    """Norway's `no` is a text, and what looks like a time stays one."""
    catalogue = files.load(
        """
regions:
  - {name: North, currency_code: nok, tax_rate: 12.5, countries: [no]}
return_reasons:
  - {value: no, label: No, created_at: 2024-01-02T00:00:00.000Z}
""",
        "data.yaml",
    )
    assert ["no"] == list(catalogue.rows("countries"))
    assert 12.5 == only(catalogue, "regions")["tax_rate"]
    reason = only(catalogue, "return_reasons")
    assert ("no", "2024-01-02T00:00:00.000Z") == (reason["value"], reason["created_at"])


def test_what_the_store_api_does_not_show_is_named_once(files: Files, caplog: pytest.LogCaptureFixture) -> None:
    """Users, unknown keys of products and of variants are passed over, and the log says so in one line."""
    caplog.set_level(logging.WARNING)
    variant = VARIANT | {"colour": "red"}
    files.load({**SEED, "users": [], "products": [SHIRT | {"vendor": 1, "variants": [variant]}]})

    (line,) = caplog.messages
    assert line.endswith("nothing of it: users, products.variants.colour, products.vendor")


MISTAKES = {
    "no mapping": ("[]", "data.json:1: is no mapping of tables, such as `regions:` and `products:`"),
    "no JSON": ('{\n"a": }', "data.json:2: is not JSON: Expecting value"),
    "too deep": ("[" * 100_000, "data.json: is nested too deep"),
    "no table": ('{\n"customers": 1}', "data.json:2: customers: is no list of mappings"),
    "a wrong column": (
        '{"customers": [\n{"emial": "a@b.c"}]}',
        "data.json:2: customers.0.emial: no field 'emial'; did you mean 'email'?",
    ),
    "a wrong type": (
        '{"products": [\n{"title": 1}]}',
        "data.json:2: products.0.title: Input should be a valid string, got 1",
    ),
    "a missing key": ('{"products": [\n{}]}', "data.json:2: products.0: 'title' is missing"),
    "a picture of no form": ('{"products": [{"title": "a",\n"images": [1]}]}', "data.json:2: products.0.images.0: "),
    "a currency": (
        {"store": {"currencies": ["usx"]}},
        "data.json:1: store.currencies.0: no currency 'usx'; did you mean '",
    ),
    "a country": (
        {"regions": [REGION | {"countries": ["xx"]}]},
        "data.json:1: regions.0.countries.0: no country 'xx'",
    ),
    "a country twice": (
        {"regions": [REGION, REGION | {"id": "b"}]},
        "data.json:1: regions.1.countries.0: 'no' is there already, at regions.0.countries.0",
    ),
    "a region": (
        {"regions": [REGION], "shipping_options": [{"name": "a", "region_id": "nort"}]},
        "data.json:1: shipping_options.0.region_id: no region 'nort'; did you mean 'north'?",
    ),
    "a category": (
        {"products": [SHIRT | {"categories": [{"id": "x"}]}]},
        "data.json:1: products.0.categories.0.id: no category 'x'; known: ",
    ),
    "a collection": (
        {"products": [SHIRT | {"collection_id": "x"}]},
        "data.json:1: products.0.collection_id: no collection 'x'; known: ",
    ),
    "a handle twice": (
        {"products": [SHIRT, SHIRT]},
        "data.json:1: products.1.handle: 'shirt' is there already, at products.0.handle",
    ),
    "an SKU twice": (
        {"products": [SHIRT | {"variants": [VARIANT | {"sku": "a"}, VARIANT | {"sku": "a"}]}]},
        "data.json:1: products.0.variants.1.sku: 'a' is there already",
    ),
    "an id twice": (
        {"products": [SHIRT | {"id": "a"}, SHIRT | {"id": "a", "handle": "b"}]},
        "data.json:1: products.1.id: 'a' is there already",
    ),
    "a handle of a category twice": (
        {"categories": [{"id": "a", "name": "A", "handle": "x"}, {"name": "B", "handle": "x"}]},
        "data.json:1: categories.1.handle: 'x' is there already",
    ),
    "values for no option": (
        {"products": [SHIRT | {"options": []}]},
        "data.json:1: products.0.variants.0.options: has 1 values, and the product has 0 options",
    ),
    "a price of nothing": (
        {"products": [SHIRT | {"variants": [VARIANT | {"prices": [{"amount": 1}]}]}]},
        "data.json:1: products.0.variants.0.prices.0: has neither a currency_code nor a region_id",
    ),
    "a price in no region": (
        {"products": [SHIRT | {"variants": [VARIANT | {"prices": [{"amount": 1, "region_id": "x"}]}]}]},
        "data.json:1: products.0.variants.0.prices.0.region_id: no region 'x'",
    ),
}


@pytest.mark.parametrize(("said", "wanted"), MISTAKES.values(), ids=MISTAKES)
def test_mistake(files: Files, said: Any, wanted: str) -> None:
    """A mistake is named with file, line and place, and with what was probably meant."""
    assert files.refusal(said).startswith(wanted)


def test_mistakes_of_yaml(files: Files) -> None:
    """A slip of YAML is named with its line."""
    assert files.refusal("a:\n\t- 1", "data.yaml").startswith("data.yaml:2: is not YAML: ")
    assert files.refusal("a: \x01", "data.yaml").startswith("data.yaml: is not YAML: ")


def test_at_most_twenty_mistakes_are_named(files: Files) -> None:
    """Nobody reads more: how many there are besides is said."""
    lines = files.refusal({"products": [{}] * 30}).splitlines()
    assert 21 == len(lines)
    assert "data.json: and 10 more" == lines[-1]


def test_files_that_are_none(files: Files, tmp_path: Path) -> None:
    """A file that is not there, or is no text, is named."""
    with pytest.raises(MockServerError, match=r"gone\.json: No such file or directory"):
        files.shop(tmp_path / "gone.json").load(NOW)
    (tmp_path / "latin.json").write_bytes(b'{"a": "\xe9"}')
    with pytest.raises(MockServerError, match=r"latin\.json: is not UTF-8 text \(byte 7\)"):
        files.shop(tmp_path / "latin.json").load(NOW)


def test_what_cannot_be_stored_is_named(files: Files) -> None:
    """A key that can be none is refused before anything is served."""
    assert "data.json" in files.refusal({"customers": [{"id": ["a"]}]})


def test_an_id_in_a_file_that_nothing_has_is_named(files: Files) -> None:
    """With its file, its place, and those that there are."""
    said = files.refusal({**SEED, "orders": [{"region_id": "reg_x"}]})

    assert said.startswith("data.json: orders.0.region_id: no region 'reg_x'; known: reg_")
