"""`given:` entities: what is said stays, what follows from it is worked out, the rest is sampled."""

from typing import Any

import pytest
from conftest import CLOCK
from dirty_equals import IsPartialDict
from hypothesis import given
from hypothesis import strategies as st

from mockserver import Settings
from mockserver.contract import Contract
from mockserver.edge.app import Mock
from mockserver.samples.sampler import Sampler
from mockserver.state.entities import PaymentCollection
from mockserver.state.given import Fixtures

RELATED = {"payment_sessions": "PaymentSession", "payments": "Payment"}


@pytest.fixture(scope="module")
def mock_once() -> Mock:
    """Return a mock for many examples."""
    return Mock(Settings(clock=CLOCK))


NOW = 1_704_513_440_000
TIME = "2024-01-06T03:57:20.000Z"


def made(contract: Contract, **said: Any) -> PaymentCollection:
    """Return the collection that is made of what is said of it."""
    return Fixtures(Sampler(contract), "0", NOW, ["manual", "stripe"]).payment_collection(said)


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
def test_amounts_follow_from_one_another(
    contract: Contract, said: dict[str, Any], amount: int, amounts: list[Any]
) -> None:
    """A collection takes its sessions' sum, sessions share what is left of the collection's amount."""
    collection = made(contract, **said)

    assert (amount, amounts) == (collection.row["amount"], [session["amount"] for session in collection.sessions])


def test_an_authorized_session_has_its_time_and_its_payment(contract: Contract) -> None:
    """`status: authorized` alone is a session that was paid, and counts towards the collection."""
    collection = made(
        contract, payment_sessions=[{"id": "ps_1", "amount": 5, "status": "authorized"}, {"id": "ps_2", "amount": 7}]
    )

    assert [TIME, None] == [session["payment_authorized_at"] for session in collection.sessions]
    assert [IsPartialDict(amount=5, provider_id="manual")] == collection.payments
    assert IsPartialDict(status="partially_authorized", authorized_amount=5, amount=12) == collection.row


def test_what_is_said_wins(contract: Contract) -> None:
    """Whatever is written is so, even where it does not follow."""
    collection = made(
        contract,
        id="paycol_1",
        status="canceled",
        authorized_amount=1,
        payment_sessions=[{"status": "authorized", "payment_authorized_at": None, "amount": 9}],
        payments=[{"amount": 3, "captured_at": TIME}],
    )

    assert IsPartialDict(status="canceled", authorized_amount=1) == collection.row
    assert [IsPartialDict(amount=3, captured_at=TIME, provider_id="manual")] == collection.payments


def test_a_region_comes_with_all_that_can_be_expanded(contract: Contract) -> None:
    """Currency, countries and the providers of the scenario."""
    region = made(contract, currency_code="eur").region

    assert "eur" == region["currency_code"] == region["currency"]["code"]
    assert {region["id"]} == {country["region_id"] for country in region["countries"]}
    assert ["manual", "stripe"] == [provider["id"] for provider in region["payment_providers"]]


def test_a_region_of_ones_own(contract: Contract) -> None:
    """Its currency is the collection's; a currency that we know nothing of is sampled."""
    said = {
        "id": "reg_1",
        "name": "Moon",
        "currency_code": "xmn",
        "countries": [],
        "payment_providers": [{"id": "cheese"}],
    }
    collection = made(contract, region=said)

    assert ("xmn", "reg_1") == (collection.row["currency_code"], collection.row["region_id"])
    assert IsPartialDict(name="Moon", countries=[], payment_providers=[{"id": "cheese"}]) == collection.region
    assert "xmn" == collection.region["currency"]["code"]


def test_ids_that_are_not_said_are_sampled(contract: Contract) -> None:
    """Two sessions without ids are two sessions."""
    collection = made(contract, payment_sessions=[{}, {}])

    assert collection.id.startswith("paycol_")
    assert 2 == len({session["id"] for session in collection.sessions})


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
        mock_once.engine.give(sandbox, allowed)

    assert [stored.published() for stored in sandbox.payment_collections]
