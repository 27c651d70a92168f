"""`given:` entities: what is said stays, what follows from it is worked out, the rest is sampled."""

from collections.abc import Callable
from typing import Any

import pytest
from conftest import CLOCK
from dirty_equals import IsPartialDict
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver import MockServerError, Settings
from mockserver.contract import Contract
from mockserver.edge.mock import Mock
from mockserver.samples.sampler import Sampler
from mockserver.state.catalogue import Shop
from mockserver.state.check import check
from mockserver.state.documents import document, nested
from mockserver.state.given import Writer
from mockserver.state.relations import Relations
from mockserver.state.rows import Catalogue
from mockserver.state.tables import Tables

RELATED = {"payment_sessions": "PaymentSession", "payments": "Payment"}
NOW = 1_704_513_440_000
TIME = "2024-01-06T03:57:20.000Z"
Document = dict[str, Any]


@pytest.fixture(scope="module")
def mock_once() -> Mock:
    """Return a mock for many examples."""
    return Mock(Settings(clock=CLOCK))


@pytest.fixture(scope="module")
def shop(contract: Contract) -> tuple[Relations, Catalogue]:
    """Return the tables that there are, and the shop in them."""
    relations = Relations(contract.document)
    made = Shop(contract, relations, Sampler(contract), seed="0", path=None, server="http://localhost:9000")
    return relations, made.load(NOW)


@pytest.fixture
def tables(shop: tuple[Relations, Catalogue]) -> Tables:
    """Return the tables of a sandbox that was asked nothing yet."""
    return Tables(*shop)


@pytest.fixture
def writer(contract: Contract, tables: Tables) -> Writer:
    """Return what stores entities in the sandbox."""
    return Writer(tables, Sampler(contract), "0", NOW)


Made = Callable[..., Document]


@pytest.fixture
def made(writer: Writer, tables: Tables) -> Made:
    """Return what gives a collection, and returns it with all that is inside it."""

    def make(**said: Any) -> Document:
        return nested(tables, "payment_collections", writer.write("payment_collections", said, "given 0"))

    return make


@pytest.mark.parametrize(
    ("said", "amount", "amounts"),
    [
        ({"payment_sessions": [{"amount": 1000}, {"amount": 2000}]}, 3000, [1000, 2000]),
        ({"amount": 3000, "payment_sessions": [{}]}, 3000, [3000]),
        ({"amount": 3001, "payment_sessions": [{"amount": 1000}, {}, {}]}, 3001, [1000, 1001, 1000]),
        ({"amount": 5, "payment_sessions": [{"amount": 9}]}, 5, [9]),
        ({"amount": 5}, 5, []),
        ({"amount": 5, "payment_sessions": [{"amount": None}]}, 5, [None]),
    ],
)
def test_amounts_follow_from_one_another(made: Made, said: dict[str, Any], amount: int, amounts: list[Any]) -> None:
    """A collection takes its sessions' sum, sessions share what is left of the collection's amount."""
    collection = made(**said)

    assert (amount, amounts) == (collection["amount"], [one["amount"] for one in collection["payment_sessions"]])


def test_an_authorized_session_has_its_time_and_its_payment(made: Made) -> None:
    """`status: authorized` alone is a session that was paid, and counts towards the collection."""
    collection = made(
        payment_sessions=[{"id": "ps_1", "amount": 5, "status": "authorized"}, {"id": "ps_2", "amount": 7}]
    )

    assert [TIME, None] == [session["payment_authorized_at"] for session in collection["payment_sessions"]]
    assert [IsPartialDict(amount=5, provider_id="manual")] == collection["payments"]
    assert IsPartialDict(status="partially_authorized", authorized_amount=5, amount=12) == collection


def test_what_is_said_wins(made: Made) -> None:
    """Whatever is written is so, even where it does not follow."""
    collection = made(
        id="paycol_1",
        status="canceled",
        authorized_amount=1,
        payment_sessions=[{"status": "authorized", "payment_authorized_at": None, "amount": 9}],
        payments=[{"amount": 3, "captured_at": TIME}],
    )

    assert IsPartialDict(status="canceled", authorized_amount=1) == collection
    assert [IsPartialDict(amount=3, captured_at=TIME, provider_id="manual")] == collection["payments"]


def test_a_region_comes_with_all_that_can_be_expanded(writer: Writer, made: Made) -> None:
    """Currency, countries and the providers that the scenario names."""
    writer.install(["manual", "stripe"])
    region = made(currency_code="eur")["region"]

    assert "eur" == region["currency_code"] == region["currency"]["code"]
    assert {region["id"]} == {country["region_id"] for country in region["countries"]}
    assert ["manual", "stripe"] == [provider["id"] for provider in region["payment_providers"]]


def test_a_region_of_ones_own(made: Made) -> None:
    """Its currency is the collection's; a currency that we know nothing of is sampled."""
    said = {
        "id": "reg_1",
        "name": "Moon",
        "currency_code": "xmn",
        "countries": [],
        "payment_providers": [{"id": "cheese"}],
    }
    collection = made(region=said)

    assert ("xmn", "reg_1") == (collection["currency_code"], collection["region_id"])
    assert IsPartialDict(name="Moon", countries=[]) == collection["region"]
    assert ["cheese"] == [provider["id"] for provider in collection["region"]["payment_providers"]]
    assert "xmn" == collection["region"]["currency"]["code"]


def test_a_currency_that_nobody_sells_in_has_a_region_for_it(made: Made) -> None:
    """The same one for every collection in that currency."""
    one, two = (made(id=id, currency_code="xmn") for id in ("a", "b"))

    assert "xmn" == one["region"]["currency"]["code"]
    assert one["region"] == two["region"]


def test_a_region_that_says_no_id_is_the_collections_own(made: Made, tables: Tables) -> None:
    """It begins as the region of its currency, countries and all, and changes none that others have."""
    other = made(id="paycol_other", currency_code="eur")["region"]
    own = made(id="paycol_1", currency_code="eur", region={"name": "Moon"})["region"]

    assert own["id"] != other["id"]
    assert ("Moon", "eur") == (own["name"], own["currency_code"])
    assert [one["iso_2"] for one in other["countries"]] == [one["iso_2"] for one in own["countries"]]
    assert {own["id"]} == {one["region_id"] for one in own["countries"]}
    assert other == nested(tables, "regions", tables.get("regions", other["id"]) or {})
    again = made(id="paycol_1", region={"tax_rate": 5})["region"]
    assert {**own, "tax_rate": 5} == again


def test_a_region_may_be_named_by_its_column_alone(made: Made, tables: Tables) -> None:
    """`region_id` is a region that is there, or one that is made; with `region` beside it, it is that one's id."""
    (eu, na) = tables.all("regions")

    assert eu["id"] == made(region_id=eu["id"])["region"]["id"]
    assert IsPartialDict(id="reg_new", currency_code="eur") == made(region_id="reg_new", currency_code="eur")["region"]
    assert IsPartialDict(id="reg_x", name="X") == made(region_id="reg_x", region={"name": "X"})["region"]
    assert na["id"] == made(id="paycol_1", currency_code="usd")["region_id"]
    assert IsPartialDict(currency_code="usd", region_id=eu["id"]) == made(id="paycol_1", region={"id": eu["id"]})


def test_what_leads_nowhere_is_left_out(made: Made, tables: Tables) -> None:
    """A region that was deleted is not inside its collection any more."""
    id = made(id="paycol_1")["region_id"]
    tables.delete("regions", id)

    assert ["paycol_1"] == [one["id"] for one in document(tables)["payment_collections"] if "region" not in one]


def test_a_provider_joins_the_regions_that_do_not_say_their_own(writer: Writer, tables: Tables, made: Made) -> None:
    """What is installed later is theirs as well; a region that names its providers keeps to them."""
    made(id="paycol_1", region={"id": "reg_own", "payment_providers": [{"id": "cheese"}]})
    (_, eu) = tables.all("regions")[:2]
    writer.give({"regions": [{"id": eu["id"], "payment_providers": [{"id": "euros"}]}]})
    writer.install(["manual", "stripe"])
    writer.give({"regions": [{"id": "reg_late"}]})
    providers = {
        nested(tables, "regions", region)["id"]: [
            one["id"] for one in tables.follow("regions", region, "payment_providers")
        ]
        for region in tables.all("regions")
    }

    assert [["manual", "stripe"], ["euros"], ["cheese"], ["manual", "cheese", "euros", "stripe"]] == list(
        providers.values()
    )


def test_ids_that_are_not_said_are_sampled(made: Made, tables: Tables) -> None:
    """Two sessions without ids are two sessions; what is given again without an id is another one."""
    collection = made(payment_sessions=[{}, {}])
    made()

    assert collection["id"].startswith("paycol_")
    assert 2 == len({session["id"] for session in collection["payment_sessions"]})
    assert 2 == len(tables.all("payment_collections"))


def test_a_scenario_gives_once(writer: Writer, tables: Tables) -> None:
    """What it gives is there already when it begins again, with an id or without; what was changed meanwhile stays so."""
    state = {"payment_collections": [{"amount": 5}, {"id": "paycol_1", "amount": 7}]}
    writer.begin(state)
    tables.update("payment_collections", "paycol_1", amount=9)
    writer.begin(state)

    assert [5, 9] == [row["amount"] for row in tables.all("payment_collections")]


def test_a_session_of_another_collection_is_not_taken_away(made: Made) -> None:
    """Two collections may be given sessions of one id: each has its own, also when it is given again."""
    one = made(id="a", payment_sessions=[{"id": "ps_1", "amount": 5}])
    made(id="b", payment_sessions=[{"id": "ps_1", "amount": 7}])
    again = made(id="b", payment_sessions=[{"id": "ps_1", "status": "error"}])

    assert one == made(id="a")
    assert [("ps_1", 7, "error")] == [(s["id"], s["amount"], s["status"]) for s in again["payment_sessions"]]


def test_any_table_of_the_contract_can_be_given(writer: Writer, tables: Tables) -> None:
    """With what belongs to an entity inside it: by its own column, by theirs, by a table that links both."""
    product = {
        "id": "prod_1",
        "title": "Mug",
        "type": {"value": "kitchen"},
        "profiles": [{"id": "sp_1"}],
        "tags": [{"id": "ptag_1", "value": "blue"}, {"value": "new"}],
        "options": [{"title": "Size", "values": [{"value": "S"}, {"value": "L"}]}],
        "variants": [{"title": "S", "prices": [{"amount": 900}]}, {"title": "L", "sku": "mug-l"}],
    }
    writer.give({"products": [product], "return_items": [{"return_id": "ret_1", "item_id": "item_1", "quantity": 2}]})
    row = tables.get("products", "prod_1") or {}

    assert "kitchen" == tables.follow("products", row, "type")["value"]
    assert "sp_1" == row["profile_id"]
    assert ["blue", "new"] == [tag["value"] for tag in tables.follow("products", row, "tags")]
    small, large = tables.follow("products", row, "variants")
    assert [900] == [price["amount"] for price in tables.follow("product_variants", small, "prices")]
    assert ("mug-l", "prod_1") == (large["sku"], large["product_id"])
    (option,) = tables.follow("products", row, "options")
    assert ["S", "L"] == [one["value"] for one in tables.follow("product_options", option, "values")]
    assert 2 == (tables.get("return_items", ("ret_1", "item_1")) or {})["quantity"]
    held = document(tables)
    assert {"products", "product_variants", "money_amounts", "product_tags"} <= set(held)
    assert [{"id": "ptag_1"}, {"id": held["product_tags"][1]["id"]}] == held["products"][0]["tags"]
    copied = tables.copy()
    writer.give(held)
    assert (held, copied) == (document(tables), tables.copy())


def test_to_one_relations_can_be_given_up_and_kept(writer: Writer, tables: Tables) -> None:
    """`null` leads to nothing any more; an empty mapping says nothing; a name is no id of one's own."""
    writer.give(
        {"swaps": [{"id": "swap_1", "payment": {"amount": 3}}], "products": [{"id": "prod_1", "type": {"value": "a"}}]}
    )
    kept = writer.write("products", {"id": "prod_1", "type": {}}, "")
    (payment,) = tables.all("payments")

    assert "swap_1" == payment["swap_id"]
    assert ["a"] == [one["value"] for one in tables.where("product_types", id=kept["type_id"])]
    assert writer.write("products", {"id": "prod_1", "type": None}, "")["type_id"] is None
    writer.give({"regions": [{"id": "reg_1", "tax_provider": {"is_installed": False}, "currency": {"name": "Dollar"}}]})
    assert "Dollar" == (tables.get("currencies", "usd") or {})["name"]
    assert tables.all("tax_providers")[0]["id"] == (tables.get("regions", "reg_1") or {})["tax_provider_id"]


def test_rows_whose_ids_are_not_drawn_are_told_apart(writer: Writer, tables: Tables) -> None:
    """Two countries that say no code, in two regions: each region has its own."""
    writer.give({"regions": [{"id": id, "countries": [{"name": id}]} for id in ("reg_1", "reg_2")]})
    named = {id: [country["name"] for country in tables.where("countries", region_id=id)] for id in ("reg_1", "reg_2")}

    assert ["reg_1"] == [name for name in named["reg_1"] if name.startswith("reg")]
    assert ["reg_2"] == [name for name in named["reg_2"] if name.startswith("reg")]


@pytest.mark.parametrize(
    ("state", "problem"),
    [
        ({"orders": [{"id": "order_1", "returnable_items": [{}]}]}, "orders.returnable_items is worked out from other rows"),
        ({"products": [{"id": "prod_1", "tags": 5}]}, "products.tags: 5 is no list of mappings"),
        ({"products": [{"id": "prod_1", "tags": [5]}]}, r"products.tags: \[5\] is no list of mappings"),
        ({"products": [{"id": "prod_1", "type": 5}]}, "products.type: 5 is no mapping"),
        ({"products": [{"id": []}]}, r"products: \[\] is no id"),
    ],
)  # fmt: skip
def test_what_can_be_no_entity_is_refused(writer: Writer, state: Document, problem: str) -> None:
    """Even where a scenario says that it breaks the contract on purpose."""
    with pytest.raises(MockServerError, match=problem):
        writer.give(state)


def test_mistakes_are_named_with_their_place(contract: Contract, shop: tuple[Relations, Catalogue]) -> None:
    """A table that is none, and a field that the contract does not have."""
    state = {
        "payment_colections": [{}],
        "regions": [{}, {"nam": "x"}],
        "customers": [{"orders": [{"returnable_items": []}]}],
    }

    assert [
        ("payment_colections",),
        ("regions", 1, "nam"),
        ("customers", 0, "orders", 0, "returnable_items"),
    ] == [place for place, _ in check(contract, shop[0], state)]
    texts = [text for _, text in check(contract, shop[0], state)]
    assert texts[0].startswith("no table 'payment_colections'; did you mean 'payment_collections'?")
    assert texts[1].startswith("no field 'nam'; did you mean 'name'?")


ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.sampled_from(["", "eur", "zzz", "ps_1", "authorized"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "amount", "x"]), inner, max_size=2)
    ),
    max_leaves=4,
)


@settings(deadline=None)
@given(said=st.data())
def test_whatever_the_contract_lets_in_can_be_given(mock_once: Mock, said: st.DataObject) -> None:
    """Twice, so that it is merged into itself; nothing that was accepted falls over, and what is stored can be shown."""
    schemas = mock_once.contract.document["components"]["schemas"]

    def partly(schema: str, **inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        keys = schemas[schema]["properties"]
        return st.fixed_dictionaries({}, optional={key: inner.get(key, ANY) for key in keys})

    many = {key: st.lists(partly(schema), max_size=2) | ANY for key, schema in RELATED.items()}
    collection = said.draw(partly("PaymentCollection", **many, region=partly("Region") | ANY))
    wrong = {place[0] for place, _ in mock_once.contract.partial_violations("PaymentCollection", collection)}
    allowed = {key: value for key, value in collection.items() if key not in wrong}
    sandbox = mock_once.sandboxes["any"]
    sandbox.reset()
    for _ in range(2):
        mock_once.engine.give(sandbox, {"payment_collections": [allowed]})

    held = document(sandbox.tables)
    assert held["payment_collections"]
    mock_once.engine.give(sandbox, held)
    assert held == document(sandbox.tables)
