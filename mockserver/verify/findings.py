"""What a verification finds: exchanges that were seen, and places where a server does not keep the contract."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ..contract import Operation
from ..realserver.cause import Evidence
from ..realserver.ledger import Deviation, ledger

_QUOTED = re.compile(r"'[^']*'")
Seen = Literal["seen", "forced only", "never seen"]
Mark = Literal["seen", "forced only", "never seen", "unreachable"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """
    One request and its answer, and how many `seconds` it took.

    `forced` tells that a scenario made the answer, `unread` that the request was of a kind that no operation gets to see,
    `drawn` that chance made the request.
    """

    operation: Operation
    status: int
    seconds: float
    forced: bool = False
    unread: bool = False
    drawn: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """
    A cause for which answers broke a check, `count` of them: the first place, `curl` that reproduces it, and `others`.

    `known` is the ledger's entry that explains it, by the `evidence` of the first place.
    """

    operation: Operation
    status: int
    check: str
    message: str
    curl: str
    known: Deviation | None = None
    count: int = 1
    others: tuple[str, ...] = ()
    evidence: Evidence | None = field(default=None, repr=False)  # secrets are not hidden in it

    @property
    def place(self) -> str:
        return f"{self.operation} {self.status}"

    @property
    def times(self) -> str:
        """Where else, and how often; nothing for what came once."""
        where = f", also {', '.join(self.others)}" if self.others else ""
        return f" ({self.count} times{where})" if self.count > 1 else ""

    @property
    def key(self) -> tuple[str, ...]:
        """What tells one finding from another: all but the values that happened to be drawn."""
        known = self.known.id if self.known else ""
        return self.operation.id, str(self.status), self.check, _QUOTED.sub("", self.message), known

    @property
    def explanation(self) -> Deviation | None:
        """The first entry of the ledger that explains it, if one does."""
        if self.evidence is None:
            return None
        asked = self.operation.id, self.status, self.check, self.evidence
        return next((entry for entry in ledger() if entry.explains(*asked)), None)


@dataclass(frozen=True, slots=True)
class Case:
    """A scenario that was played: `passed`, `failed` with the reason, or `forced only` where a server cannot be made to."""

    scenario: str
    description: str
    result: Literal["passed", "failed", "forced only"]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """A field that answers have and the contract does not (`PaymentSession.colour`), in how many answers, and where."""

    field: str
    count: int
    places: tuple[str, ...]

    def __str__(self) -> str:
        answers = "one answer" if self.count == 1 else f"{self.count} answers"
        return f"{self.field} in {answers}: {', '.join(self.places)}"


@dataclass(slots=True)
class Report:
    """
    All that a run found.

    `unseen` are the documented statuses that were required and never came, `remarks` what is no failure, and new to us,
    `errors` what could not be asked. `unreachable` tells why a status cannot be reached, by operationId and status.
    """

    url: str
    operations: Sequence[Operation]
    exchanges: list[Exchange] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    unseen: list[tuple[Operation, int]] = field(default_factory=list)
    unreachable: Mapping[tuple[str, int], str] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    interrupted: bool = False
    seconds: float = 0.0

    def seen(self, operation: Operation, status: int) -> Seen:
        """Tell whether a documented status of an operation came, and whether only because a scenario forced it."""
        found = {one.forced for one in self.exchanges if one.status == status and one.operation.id == operation.id}
        return "seen" if False in found else "forced only" if found else "never seen"

    def mark(self, operation: Operation, status: int) -> Mark:
        """Return how far a documented status came; of one that did not come by itself, that no client can reach it."""
        seen = self.seen(operation, status)
        return "unreachable" if seen != "seen" and (operation.id, status) in self.unreachable else seen

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Why statuses cannot be reached, each reason once with the number of them; those that came all the same are not meant."""
        documented = [(operation, status) for operation in self.operations for status in operation.responses]
        meant = [one for one in documented if self.mark(*one) == "unreachable"]
        return list(Counter(self.unreachable[operation.id, status] for operation, status in meant).items())

    @property
    def statuses(self) -> list[int]:
        """All documented statuses, in order."""
        return sorted({status for operation in self.operations for status in operation.responses})

    @property
    def failures(self) -> list[Finding]:
        """The findings that nothing explains."""
        return [finding for finding in self.findings if finding.known is None]

    @property
    def failed(self) -> bool:
        """Whether the server is at fault: a finding without explanation, a scenario, a required status unseen."""
        return bool(self.failures or self.unseen) or any(case.result == "failed" for case in self.cases)

    @property
    def conforms(self) -> bool:
        """Whether nothing failed, and all could be asked."""
        return not (self.failed or self.errors)

    @property
    def incomplete(self) -> bool:
        """Whether the run did not get to its end, for a person or an error."""
        return self.interrupted or bool(self.errors)
