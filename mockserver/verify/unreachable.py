"""Documented statuses that nothing which a client sends leads to, as data, each with its reason."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from ..contract import Contract, Operation
from ..scenarios.covering import named

Reasons = Mapping[tuple[str, int], str]


def unreachable(contract: Contract) -> Reasons:
    """Return why a status cannot be reached, with the evidence, by operationId and status: those of `unreachable.yaml`."""
    reasons = {}
    for entry in entries():
        for operation in _operations(contract, entry):
            if entry["status"] in operation.responses:
                reasons[operation.id, entry["status"]] = f"{entry['why']} ({', '.join(entry['evidence'])})"
    return reasons


def _operations(contract: Contract, entry: Mapping[str, Any]) -> Sequence[Operation]:
    meant = contract.operations if entry["operations"] == ["all"] else _named(contract, entry["operations"])
    but = {one.id for one in _named(contract, entry.get("but", ()))}
    return [operation for operation in meant if operation.id not in but]


def _named(contract: Contract, names: Sequence[str]) -> list[Operation]:
    return [operation for name in names for operation in named(contract, name)]


@cache
def entries() -> list[Mapping[str, Any]]:
    """Return the entries as they stand in the file."""
    text = files(__package__).joinpath("unreachable.yaml").read_text(encoding="utf-8")
    return list(yaml.safe_load(text))
