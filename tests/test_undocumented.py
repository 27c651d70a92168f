"""What an answer says beyond the contract: fields of no schema, each by the schema that does not have it."""

from typing import Any

import pytest

from mockserver.contract import Contract
from mockserver.contract.undocumented import undocumented
from mockserver.verify.fuzzing import MOST, OTHERS, Fuzzed

DOCUMENT: dict[str, Any] = {
    "components": {
        "schemas": {
            "Shelf": {
                "properties": {
                    "books": {"type": "array", "items": {"$ref": "#/components/schemas/Book"}},
                    "owner": {"anyOf": [{"$ref": "#/components/schemas/Reader"}, {"type": "null"}]},
                    "notes": {"type": "object"},
                    "size": {"type": "object", "properties": {"width": {"type": "integer"}}},
                    "sealed": {"properties": {"a": {}}, "additionalProperties": False},
                    "labels": {"properties": {"a": {}}, "additionalProperties": {"type": "string"}},
                    "shared": {"$ref": "#/components/schemas/Book/properties/size"},
                }
            },
            "Book": {"properties": {"title": {"type": "string"}, "size": {"properties": {"height": {}}}}},
            "Reader": {"allOf": [{"properties": {"name": {}}}, {"properties": {"age": {}}}]},
        }
    }
}
SHELF = {"$ref": "#/components/schemas/Shelf"}


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ({"books": [{"title": "x"}], "owner": {"name": "x", "age": 5}, "notes": {"any": "thing"}}, []),
        ({"colour": 1}, ["Shelf.colour"]),
        ({"books": [{"title": "x", "isbn": "y"}, {"isbn": "z"}]}, ["Book.isbn", "Book.isbn"]),
        ({"owner": {"name": "x", "card": 1}}, ["Reader.card"]),
        ({"owner": None, "books": None}, []),
        ({"books": {"title": "x"}}, []),
        ({"size": {"width": 1, "depth": 2}}, ["Shelf.size.depth"]),
        ({"shared": {"depth": 2}}, ["Shelf.shared.depth"]),
        ({"sealed": {"b": 1}, "labels": {"b": "c"}}, []),
        ("no mapping", []),
        ([{"colour": 1}], []),
    ],
)
def test_fields_of_no_schema_are_found(answer: Any, found: list[str]) -> None:
    """At any depth, in lists, behind references and choices; but not where anything may stand, or where the contract forbids it."""
    assert found == list(undocumented(DOCUMENT, SHELF, answer))


def test_an_answer_of_no_schema_has_no_fields_of_its_own(contract: Contract) -> None:
    """What is not documented at all is another check's."""
    operation = contract.operation("paymentCollections.retrieve")

    assert [] == list(contract.undocumented(operation, 418, {"x": 1}))
    assert ["Error.x"] == list(contract.undocumented(operation, 404, {"message": "x", "x": 1}))


def test_a_server_whose_keys_are_ids_has_a_report_that_ends() -> None:
    """After so many fields all others are one."""
    fuzzed = Fuzzed()
    fuzzed.remark((f"Region.{number}" for number in range(MOST + 5)), "regions.list 200")
    fuzzed.remark(["Region.0", "Region.999", "Region.998"], "regions.list 200")

    assert MOST + 1 == len(fuzzed.undocumented)
    assert 2 == fuzzed.undocumented[OTHERS]["regions.list 200"]
