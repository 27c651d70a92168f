"""The registry of behaviours: found by themselves, one for each operation, none that the contract does not know."""

import sys
from collections.abc import Callable
from importlib import import_module
from itertools import count
from pathlib import Path
from types import ModuleType

import pytest

from mockserver import MockServerError
from mockserver.contract import Contract
from mockserver.operations import behaviours

RETRIEVE = "GetPaymentCollectionsPaymentCollection"
Package = Callable[..., ModuleType]
_numbers = count()


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Package:
    """Return what makes a package of modules, each a list of operationIds that it has a behaviour for."""
    monkeypatch.syspath_prepend(tmp_path)

    def make(**modules: list[str]) -> ModuleType:
        name = f"behaviours_{next(_numbers)}"
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("")
        for module, ids in modules.items():
            lines = ["from mockserver.operations import operation"]
            lines += [f"@operation({id!r})\ndef f{place}(context):\n    return {{}}\n" for place, id in enumerate(ids)]
            (tmp_path / name / f"{module}.py").write_text("\n".join(lines))
        made = import_module(name)
        monkeypatch.delitem(sys.modules, name)
        monkeypatch.setitem(sys.modules, name, made)
        return made

    return make


def test_every_operation_of_payment_collections_has_a_behaviour(contract: Contract) -> None:
    """Their module is found without any list of modules."""
    found = behaviours(contract)

    assert {one.id for one in contract.operations if one.resource == "paymentCollections"} <= found.keys()
    assert "mockserver.operations.payment_collections" == found[RETRIEVE].__module__


def test_every_operation_has_a_behaviour(contract: Contract) -> None:
    """Nothing of the Store API answers a mere sample."""
    assert {one.id for one in contract.operations} == behaviours(contract).keys()


def test_a_module_that_is_added_is_found(contract: Contract, package: Package) -> None:
    """A package is looked through for modules; nobody names them."""
    assert {RETRIEVE} == behaviours(contract, package(things=[RETRIEVE], empty=[])).keys()


def test_a_second_behaviour_is_refused(contract: Contract, package: Package) -> None:
    """Two functions for one operation are a mistake that names both."""
    two = package(a=[RETRIEVE], b=[RETRIEVE])

    with pytest.raises(MockServerError, match=rf"operation '{RETRIEVE}' has two behaviours: .+\.a\.f0 and .+\.b\.f0"):
        behaviours(contract, two)


@pytest.mark.parametrize(
    ("id", "meant"),
    [("GetPaymentCollectionsPaymentColection", f"; did you mean '{RETRIEVE}'?"), ("Nothing", "")],
)
def test_a_behaviour_without_contract_is_refused(contract: Contract, package: Package, id: str, meant: str) -> None:
    """An id that the contract does not have is a mistake that names the function and the nearest id."""
    with pytest.raises(MockServerError) as refused:
        behaviours(contract, package(a=[id]))

    assert str(refused.value).endswith(f".a.f0 is the behaviour of '{id}', which is not in the contract{meant}")
