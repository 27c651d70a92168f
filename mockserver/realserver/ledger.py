"""The ledger as verify and drift read it: which differences are known, what provokes them, why, and where that was measured."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from ..errors import MockServerError, unknown
from .cause import Cause, Evidence, causes

SAID = ("id", "operations", "status", "published", "real", "mock", "why", "evidence")
MORE = ("cause", "checks", "contract", "drift", "journeys", "recordings")


@dataclass(frozen=True, slots=True)
class Deviation:
    """
    An entry of `contract/deviations.yaml`.

    `checks` are the failures of verify that it explains, by name; `drift` are globs for lines of drift that it explains;
    both only where one of its `causes` fits. `mock` says whom the mock follows: contract, real, or own. No status stands for every status.
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
    causes: tuple[Cause, ...] = ()

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> "Deviation":
        """Return an entry as it stands in the file; raise MockServerError for what is wrong in it, by its id."""
        where = f"deviations.yaml: {entry.get('id')}"
        for problem in _problems(entry):
            raise MockServerError(f"{where}: {problem}")
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
            causes=causes(entry.get("cause", []), f"{where}: cause"),
        )

    def concerns(self, operation: str, status: int) -> bool:
        """Tell whether the entry is about an operation, by its id, and a status."""
        return ("all" in self.operations or operation in self.operations) and (
            not self.statuses or status in self.statuses
        )

    def explains(self, operation: str, status: int, check: str, evidence: Evidence) -> bool:
        """Tell whether a failed check is this deviation: the same operation, status and check, and one of its causes."""
        return check in self.checks and self.concerns(operation, status) and self.is_provoked_by(evidence)

    def is_provoked_by(self, evidence: Evidence) -> bool:
        """Tell whether one of its causes fits."""
        return any(cause.fits(evidence) for cause in self.causes)


def _problems(entry: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with an entry as it stands in the file."""
    known = [*SAID, *MORE]
    yield from (unknown("key", str(key), known) for key in entry if key not in known)
    yield from (f"has no {key!r}" for key in SAID if key not in entry)
    excuses = [key for key in ("checks", "drift") if entry.get(key)]
    if excuses and not entry.get("cause"):
        yield f"excuses by {excuses[0]!r} and names no 'cause', so that it would excuse every failure of the kind"
    if entry.get("cause") and not excuses:
        yield "names a 'cause' and excuses nothing, by 'checks' or 'drift'"


@lru_cache(maxsize=1)
def ledger() -> tuple[Deviation, ...]:
    """Return the entries of `contract/deviations.yaml`."""
    text = (files("mockserver.contract") / "deviations.yaml").read_text(encoding="utf-8")
    return tuple(Deviation.of(entry) for entry in yaml.safe_load(text))
