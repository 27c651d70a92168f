"""Payment providers as data: what each answers when a session is authorized, initiated, updated, deleted, retrieved."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal, Protocol

from ...errors import TooMuch, VendorError
from ...express.errors import Thrown, invalid_data
from ...messages import Effort
from . import stripe

Action = Literal["authorize", "initiate", "update", "delete", "retrieve"]
ACTIONS: tuple[Action, ...] = ("authorize", "initiate", "update", "delete", "retrieve")
Overlap = Literal["conflict", "rolled-back", "paid-twice", "lost-update", "sold-out"]
UNCHANGED: Any = type("Unchanged", (), {"__repr__": lambda _: "data unchanged"})()
ANY = "*"
STATUSES = ("authorized", "pending", "requires_more", "error", "canceled")  # of a session, in the database's enum


class Condition(Protocol):
    """What the session that a provider is asked about has to be like."""

    def fits(self, session: Mapping[str, Any], effort: Effort) -> bool:
        """Tell whether a session is so; raise TooMuch where that is too much to look at."""
        ...

    def failures(self, session: Mapping[str, Any], effort: Effort) -> Iterator[object]:
        """Yield what rules a session out, as a text `amount: wanted > 10000, got 500`."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What a provider answers once.

    `data` replaces the session's data; UNCHANGED leaves it as it is, None means that the provider answered without any.
    `overlap` is what another request at the same moment does to this one (tests/facts/server.md 4, "409 and concurrency"):
    `sold-out` buys all that is left of a cart's goods (tests/facts/carts.md 9).
    `wait` is in seconds. With `when` it is for sessions of that kind alone; `where` is the `file:line` that says it, and
    `provider` for whom: an id, or `*`.
    """

    status: str = "authorized"
    data: Any = UNCHANGED
    error: str | None = None
    code: str | None = None
    detail: str | None = None
    thrown: Thrown | None = None
    wait: float = 0.0
    overlap: Overlap | None = None
    when: Condition | None = field(default=None, compare=False)
    where: str = field(default="", compare=False)
    provider: str = field(default="", compare=False)

    @property
    def rule(self) -> str:
        """Who says what: `provider * says error`."""
        if self.thrown is not None:
            return f"provider {self.provider} throws {self.thrown.kind!r}"
        if self.error is not None:
            return f"provider {self.provider} refuses: {self.error!r}"
        return f"provider {self.provider} says {self.status}{f', overlap {self.overlap}' if self.overlap else ''}"

    def filled(self, natural: "Outcome") -> "Outcome":
        """Return the outcome with the data that the provider would send by itself, where the scenario names none."""
        if self.data is not UNCHANGED or self.status != natural.status:
            return self
        return replace(self, data=natural.data)

    @property
    def replaces_data(self) -> bool:
        return self.data is not UNCHANGED

    def failure(self) -> VendorError | None:
        """Return the error that the client is told when the provider failed, or None when it did not."""
        if self.thrown is not None:
            return self.thrown.error()
        if self.error is None:
            return None
        return invalid_data(self.error + (f":\n{self.detail}" if self.detail else ""), self.code)

    def answer_status(self) -> int:
        """Return the status of an authorize call that this outcome decides."""
        failure = self.failure()
        if failure is not None:
            return failure.status
        if self.status != "authorized":
            return 422
        return 409 if self.overlap == "conflict" else 200

    def completion_status(self) -> int:
        """Return the status of completing a cart that this outcome decides (tests/facts/carts.md 9)."""
        failure = self.failure()
        if failure is not None:
            return failure.status
        if self.overlap in ("conflict", "sold-out"):
            return 409
        return 400 if self.status in ("error", "canceled") else 200


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider's outcomes by action: those for a kind of sessions first, the others in order; the last one repeats."""

    outcomes: Mapping[Action, tuple[Outcome, ...]] = field(default_factory=dict)
    _conditional: Mapping[Action, tuple[tuple[Outcome, Condition], ...]] = field(init=False, repr=False, compare=False)
    _others: Mapping[Action, tuple[Outcome, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        conditional = {
            action: tuple([(one, one.when) for one in many if one.when]) for action, many in self.outcomes.items()
        }
        others = {action: tuple([one for one in many if not one.when]) for action, many in self.outcomes.items()}
        object.__setattr__(self, "_conditional", conditional)
        object.__setattr__(self, "_others", others)

    def outcome(
        self, action: Action, asked: int, session: Mapping[str, Any], effort: Effort | None = None
    ) -> Outcome | None:
        """
        Return what is answered to the n-th question, counted from 0; None where the scenario has no rule.

        Raises TooMuch where there is more to look at than one request may take.
        """
        effort = effort or Effort()
        for one, when in self.conditional(action):
            if _is_for(one, when, session, effort):
                return one
        others = self._others.get(action)
        return others[min(asked, len(others) - 1)] if others else None

    def conditional(self, action: Action) -> Sequence[tuple[Outcome, Condition]]:
        """Return the outcomes that are for sessions of some kind alone, with what those have to be like."""
        return self._conditional.get(action, ())


def _is_for(outcome: Outcome, when: Condition, session: Mapping[str, Any], effort: Effort) -> bool:
    try:
        return when.fits(session, effort)
    except TooMuch as error:
        raise TooMuch(f"{error}; the last was when {outcome.rule} ({outcome.where})") from None


MANUAL = Provider(
    {
        "authorize": (Outcome(data={"status": "authorized"}),),  # auth-ok-manual
        "initiate": (Outcome(data={"status": "pending"}),),  # sess-create-manual
    }
)
SILENT = Provider()


class Providers:
    """
    The providers that a server has installed: `manual`, and those that a scenario names.

    `are_natural` tells that no rule is about authorizing: then none of them refuses.
    """

    def __init__(self, named: Mapping[str, Provider] | None = None) -> None:
        named = named or {}
        self._any = named.get(ANY)
        self._table = {"manual": Provider(), **{name: one for name, one in named.items() if name != ANY}}
        self.are_natural = not any(self.authorizations())

    def __iter__(self) -> Iterator[str]:
        return iter(self._table)

    def __contains__(self, provider: str) -> bool:
        return provider in self._table

    def authorizations(self) -> Iterator[Outcome]:
        """Yield all outcomes of authorizing, whatever the provider."""
        for provider in (*self._table.values(), self._any):
            yield from provider.outcomes.get("authorize", ()) if provider else ()

    def outcome(
        self, provider: str, action: Action, asked: int, session: Mapping[str, Any], effort: Effort | None = None
    ) -> Outcome:
        """Return what a provider answers: as the scenario says for it, then for `*`, then as it does by itself."""
        by_itself = natural(provider, action, session)
        for rule in (self._table.get(provider), self._any):
            outcome = rule.outcome(action, asked, session, effort) if rule else None
            if outcome is not None:
                return outcome.filled(by_itself)
        return by_itself

    def conditional(self, provider: str, action: Action) -> Iterator[tuple[Outcome, Condition]]:
        """Yield the outcomes of a provider, and those for all, that are for sessions of some kind alone."""
        for rule in (self._table.get(provider), self._any):
            yield from rule.conditional(action) if rule else ()


def natural(provider: str, action: Action, session: Mapping[str, Any] = MappingProxyType({})) -> Outcome:
    """Return what a provider answers by itself: `manual` and `stripe` as theirs do, any other agrees and keeps the data."""
    if provider == "stripe":
        data = stripe.answer(action, session)
        return Outcome() if data is None else Outcome(data=data)
    outcome = (MANUAL if provider == "manual" else SILENT).outcome(action, 0, {})
    return outcome or Outcome(data={} if action == "initiate" else UNCHANGED)


def takes_data(provider: str) -> bool:
    """Tell whether a provider keeps what a client hands over for a session: `manual` does not look at it."""
    return provider != "manual"


def canceled_data(provider: str, data: Any) -> Any:
    """Return the data of a payment that is canceled: `manual` and `stripe` write it down, others keep theirs."""
    if provider == "stripe":
        return {**data, "status": "canceled"}
    return {"status": "canceled"} if provider == "manual" else data


def captured_data(provider: str, data: Any) -> Any:
    """Return the data of a payment that is captured: `manual` and `stripe` write it down, others keep theirs."""
    if provider == "stripe":
        return {**data, "status": "succeeded"}
    return {"status": "captured"} if provider == "manual" else data
