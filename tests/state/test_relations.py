"""Relations: tables and what leads from one to another, read from the contract."""

import pytest

from mockserver import MockServerError
from mockserver.contract import Contract, Document
from mockserver.state.relations import Relation, Relations, table_name

TEXT = {"type": "string"}


@pytest.fixture(scope="module")
def relations(contract: Contract) -> Relations:
    """Return those of the contract."""
    return Relations(contract.document)


@pytest.mark.parametrize(
    ("schema", "name"),
    [
        ("PaymentCollection", "payment_collections"),
        ("Country", "countries"),
        ("Currency", "currencies"),
        ("Address", "addresses"),
        ("ProductCategory", "product_categories"),
        ("GiftCard", "gift_cards"),
        ("Survey", "surveys"),
    ],
)
def test_a_table_is_named_after_its_entity(schema: str, name: str) -> None:
    """Snake case, plural."""
    assert name == table_name(schema)


@pytest.mark.parametrize(
    ("table", "relation", "expected"),
    [
        ("payment_collections", "region", Relation("region", "regions", many=False, column="region_id")),
        ("regions", "currency", Relation("currency", "currencies", many=False, column="currency_code")),
        ("regions", "countries", Relation("countries", "countries", many=True, theirs="region_id")),
        ("swaps", "additional_items", Relation("additional_items", "line_items", many=True, theirs="swap_id")),
        ("carts", "items", Relation("items", "line_items", many=True, theirs="cart_id", replaces=True)),
        (
            "regions",
            "payment_providers",
            Relation(
                "payment_providers",
                "payment_providers",
                many=True,
                link="region_payment_providers",
                near="region_id",
                far="payment_provider_id",
                replaces=True,
            ),
        ),
        ("products", "profiles", Relation("profiles", "shipping_profiles", many=True, column="profile_id")),
        ("swaps", "return_order", Relation("return_order", "returns", many=False, theirs="swap_id")),
        ("orders", "returnable_items", Relation("returnable_items", "line_items", many=True)),
    ],
)
def test_relations_are_derived_or_said(relations: Relations, table: str, relation: str, expected: Relation) -> None:
    """By a column of its own, by one of theirs, by a table that links both; or worked out when it is asked for."""
    assert expected == relations[table].relations[relation]


def test_every_column_that_a_relation_needs_is_there(relations: Relations) -> None:
    """A column that a relation goes by is one of its table, whatever the file says."""
    for table in relations.entities():
        for relation in table.relations.values():
            assert not relation.column or relation.column in table.columns, (table.name, relation)
            assert not relation.theirs or relation.theirs in relations[relation.table].columns, (table.name, relation)
            assert set(relation.where) <= set(relations[relation.table].columns), (table.name, relation)
        assert set(table.inside) <= set(table.relations), table.name


def test_requests_answers_and_selections_are_no_tables(contract: Contract) -> None:
    """Only entities are."""
    schemas = contract.document["components"]["schemas"]
    relations = Relations({"components": {"schemas": {**schemas, "StorePostThingReq": {"properties": {"id": TEXT}}}}})

    assert "payment_collections" in relations
    assert {"payment_collection_selections", "errors", "store_post_thing_reqs"}.isdisjoint(relations)
    assert len(relations) == len(set(relations))


def test_a_table_without_an_id_has_a_key_of_several_columns(relations: Relations) -> None:
    """Which the file says."""
    assert ("ret_1", "item_1") == relations["return_items"].key_of({"return_id": "ret_1", "item_id": "item_1"})


def test_an_unknown_table_is_named_with_the_nearest(relations: Relations) -> None:
    """A table that only links others is none to be named."""
    assert "regions" == relations.entity("regions").name
    with pytest.raises(MockServerError, match=r"no table 'region'; did you mean 'regions'\?"):
        relations.entity("region")
    with pytest.raises(MockServerError, match="no table 'cart_discounts'"):
        relations.entity("cart_discounts")


def document(**properties: Document) -> Document:
    """Return a contract of a book and its author."""
    return {
        "components": {
            "schemas": {
                "Book": {"properties": {"id": TEXT, **properties}},
                "Author": {"properties": {"id": TEXT}},
                "Mood": {"properties": {"name": TEXT}},
            }
        }
    }


@pytest.mark.parametrize(
    ("properties", "said", "problem"),
    [
        ({"author": {"$ref": "#/components/schemas/Author"}}, {}, "Book.author is not stated, and no column tells: neither author_id of Book nor book_id of Author"),
        ({"mood": {"$ref": "#/components/schemas/Mood"}}, {}, "Book.mood leads to Mood, which has no id"),
        ({}, {"relations": {"Book": {"autor": {}}}}, "relations.yaml: Book: no relation 'autor'"),
        ({}, {"relations": {"Bok": {}}}, "relations.yaml: relations: no entity 'Bok'; did you mean 'Book'?"),
        ({}, {"keys": {"Bok": ["id"]}}, "relations.yaml: keys: no entity 'Bok'; did you mean 'Book'?"),
    ],
)  # fmt: skip
def test_a_relation_that_nobody_says_is_named_at_start(properties: Document, said: Document, problem: str) -> None:
    """And so is one that is said and not there."""
    with pytest.raises(MockServerError) as refused:
        Relations(document(**properties), {"keys": {}, "inside": {}, "relations": {}, **said})

    assert problem in str(refused.value)
