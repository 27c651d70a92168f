"""What a scenario file may say of payment providers, and the outcomes that it becomes."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import Field, model_validator

from ..express.errors import Thrown
from ..messages import Effort
from ..operations.shared.providers import ACTIONS, UNCHANGED, Action, Outcome, Overlap, Provider
from .base import Seconds, Strict
from .comparisons import MISSING
from .matchers import Failure, compiled, failures, fitting


class SessionWhen(Strict):
    """Which sessions an outcome is for; values as in a stub's `when`."""

    amount: Any = Field(default=None, description="The amount, in minor units: `{gt: 10000}`.")
    data: Any = Field(default=None, description="Part of the session's data: `{mode: slow}`.")

    def condition(self) -> "Condition":
        """Return what tells which sessions those are."""
        return Condition(self.model_dump(exclude_unset=True))


class Condition:
    """Waits for a session whose amount and data are as they have to be; `fits` tells whether one's are."""

    def __init__(self, wanted: Mapping[str, Any]) -> None:
        self._wanted = {name: compiled(value) for name, value in wanted.items()}
        self.fits = fitting(self._wanted)

    def failures(self, session: Mapping[str, Any], effort: Effort) -> Iterator[Failure]:
        """Yield what rules a session out, as a text `amount: wanted > 10000, got 500`."""
        for name, value in self._wanted.items():
            yield from failures(name, value, session.get(name, MISSING), effort)


class OutcomeFormat(Strict):
    """What a provider answers once: a status and data, or an error, or something thrown; after a wait."""

    when: SessionWhen | None = Field(
        default=None, description="The sessions it is for. The first that fits wins, over those without a `when`."
    )
    status: str = Field(default="authorized", description="The session's status: authorized, requires_more, ...")
    data: Any = Field(default=None, description="The session's new data; null means the provider sends none.")
    error: str | None = Field(default=None, description="The provider refuses, in these words: a 400.")
    code: str | None = Field(default=None, description="Code of the error.")
    detail: str | None = Field(default=None, description="What follows the error's words.")
    throws: str | None = Field(
        default=None, description="Type, name or PostgreSQL code of an error that is thrown: `conflict`, `23505`."
    )
    message: str = Field(default="", description="Words of what is thrown.")
    table: str = Field(default="", description="Table of a thrown PostgreSQL error.")
    column: str = Field(default="", description="Column of a thrown PostgreSQL error.")
    wait: Seconds = Field(default=0.0, description="How long the provider takes: `300ms`, `1.5s`.")
    overlap: Overlap | None = Field(
        default=None, description="What another request at the same moment does to this one; see the shipped scenarios."
    )
    off_contract: bool = Field(
        default=False, description="Lets a status stand that no database takes: the real server falls over it."
    )

    @model_validator(mode="after")
    def _one_kind_of_failure(self) -> "OutcomeFormat":
        if self.error is not None and self.throws is not None:
            raise ValueError("says both 'error' and 'throws'")
        if self.code is not None and self.error is None and self.throws is None:
            raise ValueError("has a 'code' but neither 'error' nor 'throws'")
        return self

    def outcome(self, where: str = "", provider: str = "") -> Outcome:
        """Return what the provider answers; `where` and `provider` tell who says so."""
        thrown = None
        if self.throws is not None:
            thrown = Thrown(self.throws, self.message, self.code, self.table, self.column, self.detail or "")
        return Outcome(
            status=self.status,
            data=self.data if "data" in self.model_fields_set else UNCHANGED,
            error=self.error,
            code=self.code,
            detail=self.detail,
            thrown=thrown,
            wait=self.wait,
            overlap=self.overlap,
            when=self.when.condition() if self.when else None,
            where=where,
            provider=provider,
        )


class ProviderFormat(Strict):
    """A provider: for each thing it is asked, one outcome, or several in order (the last one repeats)."""

    authorize: list[OutcomeFormat] = Field(default=[], description="Asked to authorize a session.")
    initiate: list[OutcomeFormat] = Field(default=[], description="Asked for the data of a new session.")
    update: list[OutcomeFormat] = Field(default=[], description="Told that a session's amount changed.")
    delete: list[OutcomeFormat] = Field(default=[], description="Told that a session is dropped.")
    retrieve: list[OutcomeFormat] = Field(default=[], description="Asked for the data of a payment.")

    @model_validator(mode="before")
    @classmethod
    def _one_or_many(cls, written: Any) -> Any:
        """Let one outcome stand without a list around it."""
        if not isinstance(written, dict):
            return written
        return {key: [value] if key in ACTIONS and isinstance(value, dict) else value for key, value in written.items()}

    def provider(self, name: str, line: Callable[[Action, int], str]) -> Provider:
        """Return the provider of a name; `line` tells the `file:line` of an outcome."""
        return Provider(
            {
                action: tuple(one.outcome(line(action, index), name) for index, one in enumerate(many))
                for action, many in self.outcomes()
            }
        )

    def outcomes(self) -> Iterator[tuple[Action, list[OutcomeFormat]]]:
        """Yield what is written of each action."""
        for action in ACTIONS:
            many: list[OutcomeFormat] = getattr(self, action)
            if many:
                yield action, many
