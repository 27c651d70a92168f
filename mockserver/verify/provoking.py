"""Requests that lead to documented statuses, as data: what random questions hardly ever hit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from ..contract import Contract, Operation


@dataclass(frozen=True, slots=True)
class Provoked:
    """
    A request, by what it says beside the contract's examples, and the `status` it leads to; None where that is not looked at.

    `shopper` tells that a customer sends it who is logged in. `given` stands there besides, `before` is asked before it.
    """

    operation: Operation
    status: int | None
    path: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    shopper: bool = False
    given: Mapping[str, Any] = field(default_factory=dict)
    before: tuple["Provoked", ...] = ()


def provoked(contract: Contract) -> Iterator[Provoked]:
    """Yield the requests of `provoked.yaml`."""
    for entry in _entries():
        yield _read(contract, entry)


def _read(contract: Contract, entry: Mapping[str, Any]) -> Provoked:
    operation = contract.operation(entry["operation"])
    before = tuple(_read(contract, one) for one in entry.get("before", ()))
    said = {"status": None, "body": operation.body, **entry}
    return Provoked(**{**said, "operation": operation, "before": before})


@cache
def _entries() -> list[Mapping[str, Any]]:
    text = files(__package__).joinpath("provoked.yaml").read_text(encoding="utf-8")
    return list(yaml.safe_load(text))
