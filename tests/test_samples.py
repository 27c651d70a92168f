"""Samples: valid for every operation, and the same for the same question."""

import json
import subprocess
import sys

import pytest

from mockserver.contract import Contract, told_of
from mockserver.samples.sampler import Draw, Sampler, _Compiler

NOW = 1_704_513_440_000
IDS = {"id": "paycol_1", "session_id": "ps_1"}
OPERATIONS = [operation.id for operation in Contract().operations]
LARGEST = 10_000  # bytes of a sample; nothing nests without end


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("seed", ["0", "1", "a seed"])
def test_every_operation_has_a_valid_sample(contract: Contract, name: str, seed: str) -> None:
    """Whatever the seed, a sample keeps the contract and holds the ids that were asked for."""
    operation = contract.operation(name)
    asked = {parameter: f"{parameter}_1" for parameter in operation.path_parameters}
    document = Sampler(contract).answer(operation, asked, seed, NOW)
    status = operation.success

    assert [] == list(contract.violations(operation, status, operation.media_type(status), document))
    assert len(json.dumps(document)) < LARGEST
    for parameter, entity in operation.entities.items():
        told = told_of(document, entity)
        assert told is None or asked[parameter] == told["id"]


def test_a_sample_agrees_with_itself(contract: Contract) -> None:
    """A cart names its region, its addresses and its items as they name themselves, and they name the cart."""
    cart = Sampler(contract).answer(contract.operation("carts.retrieve"), {"id": "cart_1"}, "0", NOW)["cart"]
    (item,), (method,) = cart["items"], cart["shipping_methods"]

    assert ("cart", "cart_1") == (cart["object"], cart["id"])
    assert cart["region_id"] == cart["region"]["id"] == cart["region"]["countries"][0]["region_id"]
    assert cart["shipping_address_id"] == cart["shipping_address"]["id"]
    assert "cart_1" == item["cart_id"] == method["cart_id"] == cart["payment_sessions"][0]["cart_id"]
    assert item["variant_id"] == item["variant"]["id"]
    assert item["id"] == item["adjustments"][0]["item_id"]
    assert method["shipping_option_id"].startswith("so_01")


def test_an_order_that_is_completed_names_its_items(contract: Contract) -> None:
    """What stands under another name says itself what it is, and its parts name it so."""
    answer = Sampler(contract).answer(contract.operation("carts.complete"), {"id": "cart_1"}, "0", NOW)

    assert "order" == answer["type"] == answer["data"]["object"]
    assert answer["data"]["id"] == answer["data"]["items"][0]["order_id"]


def test_a_path_that_names_a_column_is_answered_in_it(contract: Contract) -> None:
    """A gift card has the code that was asked for, an order and a swap the cart."""
    sampler = Sampler(contract)
    card = sampler.answer(contract.operation("giftCards.retrieve"), {"code": "ABCD"}, "0", NOW)["gift_card"]
    order = sampler.answer(contract.operation("orders.retrieveByCartId"), {"cart_id": "cart_1"}, "0", NOW)["order"]

    assert "ABCD" == card["code"]
    assert card["id"].startswith("gift_01")
    assert "cart_1" == order["cart_id"] != order["id"]


def test_the_same_question_has_the_same_answer(contract: Contract) -> None:
    """Samples depend on seed, operation and ids, not on what was asked before."""
    operation, sampler = contract.operation("authorizePaymentSession"), Sampler(contract)
    first = sampler.answer(operation, IDS, "0", NOW)
    sampler.answer(operation, IDS | {"session_id": "ps_2"}, "0", NOW)

    assert first == sampler.answer(operation, IDS, "0", NOW) == Sampler(contract).answer(operation, IDS, "0", NOW)
    assert first != sampler.answer(operation, IDS, "1", NOW)
    assert first != sampler.answer(operation, IDS | {"session_id": "ps_2"}, "0", NOW)


def test_another_process_gives_the_same_answer(contract: Contract) -> None:
    """No hash of this process is in a sample."""
    code = (
        "import json; from mockserver.contract import Contract; from mockserver.samples.sampler import Sampler;"
        f"c = Contract(); print(json.dumps(Sampler(c).answer(c.operation('paymentCollections.retrieve'), {IDS}, '7', {NOW})))"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert json.loads(printed) == Sampler(contract).answer(
        contract.operation("paymentCollections.retrieve"), IDS, "7", NOW
    )


def test_times_are_in_order(contract: Contract) -> None:
    """A session is made before it changes, and nothing lies in the future."""
    session = Sampler(contract).entity("PaymentSession", "ps_1", "0", NOW)

    assert session["created_at"] < session["updated_at"] < "2024-01-06T03:57:20.000Z"


def test_ids_are_a_prefix_and_a_ulid(contract: Contract) -> None:
    """Ids that nobody asked for look like Medusa's, and no two entities share one."""
    sampler = Sampler(contract)
    ids = {sampler.entity("Payment", f"{number}", "0", NOW)["id"] for number in range(100)}

    assert 100 == len(ids)
    assert all(id.startswith(("pay_01H", "pay_01J")) for id in ids)
    assert {30} == {len(id) for id in ids}


def test_amounts_are_integers_in_minor_units(contract: Contract) -> None:
    """Amounts are whole and differ from entity to entity."""
    sampler = Sampler(contract)
    amounts = {sampler.entity("PaymentCollection", f"{number}", "0", NOW)["amount"] for number in range(20)}

    assert all(isinstance(amount, int) and amount % 100 == 0 for amount in amounts)
    assert len(amounts) > 10


def test_free_text_comes_from_faker(contract: Contract) -> None:
    """A required text without an example is invented, the same for the same seed."""
    sampler = Sampler(contract)
    customer = sampler.entity("SalesChannel", "one", "0", NOW)

    assert customer["name"]
    assert customer == Sampler(contract).entity("SalesChannel", "one", "0", NOW)
    assert customer["name"] != sampler.entity("SalesChannel", "two", "0", NOW)["name"]


@pytest.mark.parametrize(
    ("schema", "sample"),
    [
        ({"type": "string", "enum": ["b", "a"]}, "b"),
        ({"type": "string", "const": "x"}, "x"),
        ({"oneOf": [{"type": "null"}, {"type": "boolean"}]}, None),
        ({"anyOf": [{"type": "boolean"}, {"type": "integer"}]}, False),
        ({"type": "array", "minItems": 1, "items": {"type": "boolean"}}, [False]),
        ({"type": "array", "items": {"type": "boolean"}}, []),
        ({"type": "integer", "minimum": 3}, 3),
        ({"type": "object"}, {}),
    ],
)
def test_what_a_schema_says_is_followed(contract: Contract, schema: dict[str, object], sample: object) -> None:
    """Enums, constants, choices, arrays and bounds each lead to a value that they allow."""
    make = _Compiler(contract.document).compile(schema, "", frozenset())

    assert sample == make(Draw("0", NOW), "")


def test_a_schema_without_end_is_refused() -> None:
    """An entity that requires itself has no finite sample."""
    endless = {
        "components": {"schemas": {"A": {"required": ["a"], "properties": {"a": {"$ref": "#/components/schemas/A"}}}}}
    }

    with pytest.raises(RecursionError, match="requires itself"):
        _Compiler(endless).compile({"$ref": "#/components/schemas/A"}, "", frozenset())
