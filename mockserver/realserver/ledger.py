"""The ledger as verify and drift read it: which differences are known, why, and where that was measured."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Deviation:
    """
    An entry of `contract/deviations.yaml`.

    `checks` are the failures of verify that it explains, by name; `drift` are globs for lines of drift that it explains.
    `mock` says whom the mock follows: contract, real, or own. No status stands for every status.
    """

    id: str
    operations: tuple[str, ...]
    statuses: tuple[int, ...]
    real: str
    mock: str
    why: str
    evidence: str
    checks: tuple[str, ...]
    drift: tuple[str, ...]

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> "Deviation":
        """Return an entry as it stands in the file."""
        status = entry["status"]
        return cls(
            id=entry["id"],
            operations=tuple(entry["operations"]),
            statuses=() if status == "all" else tuple(status) if isinstance(status, list) else (status,),
            real=entry["real"],
            mock=entry["mock"],
            why=entry["why"],
            evidence=", ".join(entry["evidence"]),
            checks=tuple(entry.get("checks", ())),
            drift=tuple(entry.get("drift", ())),
        )

    def concerns(self, operation: str, status: int) -> bool:
        """Tell whether the entry is about an operation, by its id, and a status."""
        return ("all" in self.operations or operation in self.operations) and (
            not self.statuses or status in self.statuses
        )

    def explains(self, operation: str, status: int, check: str) -> bool:
        """Tell whether a failed check is this deviation: the same operation, status and check."""
        return check in self.checks and self.concerns(operation, status)


@lru_cache(maxsize=1)
def ledger() -> tuple[Deviation, ...]:
    """Return the entries of `contract/deviations.yaml`."""
    text = (files("mockserver.contract") / "deviations.yaml").read_text(encoding="utf-8")
    return tuple(Deviation.of(entry) for entry in yaml.safe_load(text))
