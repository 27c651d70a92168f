"""What a scenario file may say of payment providers, and the outcomes that it becomes."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field, model_validator

from ..express.errors import Thrown
from ..operations.shared.providers import ACTIONS, UNCHANGED, Action, Outcome, Overlap, Provider
from .base import Seconds, Strict


class OutcomeFormat(Strict):
    """What a provider answers once: a status and data, or an error, or something thrown; after a wait."""

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

    @model_validator(mode="after")
    def _one_kind_of_failure(self) -> "OutcomeFormat":
        if self.error is not None and self.throws is not None:
            raise ValueError("says both 'error' and 'throws'")
        if self.code is not None and self.error is None and self.throws is None:
            raise ValueError("has a 'code' but neither 'error' nor 'throws'")
        return self

    def outcome(self) -> Outcome:
        """Return what the provider answers."""
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

    def provider(self) -> Provider:
        """Return the provider."""
        written: Mapping[Action, list[OutcomeFormat]] = {action: getattr(self, action) for action in ACTIONS}
        return Provider({action: tuple(one.outcome() for one in many) for action, many in written.items() if many})
