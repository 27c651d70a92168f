"""What a behaviour is given: one value, so that a new field changes no signature."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from ..clock import isoformat
from ..contract import Contract, Operation
from ..express.errors import not_found
from ..messages import Answer, Visit, media_type_of
from ..samples.sampler import Sampler
from ..state.change import Change
from ..state.given import Writer
from ..state.relations import Row
from ..state.sandbox import Sandbox
from .shared.providers import Action, Outcome, Providers, natural


class Question(NamedTuple):
    """What a provider was asked about a session, and what it answered."""

    provider: str
    action: Action
    session: Mapping[str, Any]
    outcome: Outcome


class Rules(Protocol):
    """
    What an operation has to know of the scenario it happens in.

    `creates` tells whether an unknown id is invented, `shopper` whose address it is that is logged in where nobody says.
    """

    @property
    def name(self) -> str: ...

    @property
    def providers(self) -> Providers: ...

    @property
    def creates(self) -> bool: ...

    @property
    def shopper(self) -> str | None: ...


class Context:
    """
    A visit to an operation, and where it happens: a sandbox, whose rows are in `tables`, under a scenario's rules.

    `forced` is what the provider answers this once. `waited` grows by the seconds that providers took. `off_contract`
    tells that a broken answer is meant. `told` is what Medusa tells the outside. `questions` are what providers were asked. `change` is what the
    operation does to the tables: kept when it answers, dropped when it raises.
    """

    change: Change
    forced: Outcome | None = None
    waited: float = 0.0
    off_contract: bool = False
    told: tuple[tuple[str, Mapping[str, Any]], ...] = ()

    def __init__(  # noqa: PLR0913, PLR0917  (what the engine has for it; made for each request)
        self, operation: Operation, visit: Visit, sandbox: Sandbox, contract: Contract, sampler: Sampler, rules: Rules
    ) -> None:
        self.operation = operation
        self.visit = visit
        self.sandbox = sandbox
        self.tables = sandbox.tables
        self.contract = contract
        self.sampler = sampler
        self.rules = rules
        self.questions: list[Question] = []

    @property
    def creates(self) -> bool:
        return self.rules.creates

    @property
    def now(self) -> str:
        return isoformat(self.sandbox.clock.now())

    @property
    def writer(self) -> Writer:
        """What makes new rows, in the sandbox' terms."""
        return Writer(self.tables, self.sampler, self.sandbox.seed, self.sandbox.clock.now())

    def tell(self, event: str, data: Mapping[str, Any]) -> None:
        """Tell the outside of an event, `customer.created` say, once the operation has answered; the outbox keeps it."""
        self.told = (*self.told, (event, data))

    def sample(self) -> Answer:
        """Return a valid answer with the ids that were asked for."""
        sandbox, operation = self.sandbox, self.operation
        document = self.sampler.answer(operation, self.visit.path, sandbox.seed, sandbox.clock.now())
        media_type = media_type_of(operation.media_type(operation.success))
        return Answer(operation.success, document, media_type, source="sample")

    def ask(self, provider: str, action: Action, about: str, session: Mapping[str, Any]) -> Outcome:
        """
        Return what a payment provider answers, counting how often it was asked `about` a session or collection.

        `session` holds at least the amount; scenarios may look at it.

        Raises VendorError when the provider fails, or is not installed (tests/facts/server.md 4, "Authorize").
        """
        if not self._is_installed(provider):
            raise not_found(f"Could not find a payment provider with id: {provider}")
        asked = self.sandbox.next_of(f"{self.rules.name} {provider} {action} {about}")
        outcome = self._outcome(provider, action, asked, session)
        self.questions.append(Question(provider, action, session, outcome))
        self.waited += outcome.wait
        failure = outcome.failure()
        if failure is not None:
            self.off_contract = True  # an error that the scenario makes up may be one that nobody documented
            raise failure
        return outcome

    @property
    def may_refuse(self) -> bool:
        """Tell whether the scenario makes any provider do anything but authorize."""
        return self.forced is not None or not self.rules.providers.are_natural

    def would_refuse(self, session: Row) -> bool:
        """Tell whether the scenario makes a provider that it has do anything but authorize a session, were it asked now."""
        provider = session["provider_id"]
        if not self._is_installed(provider):
            return False
        key = self.tables.relations["payment_sessions"].key_of(session)
        asked = self.sandbox.asked(f"{self.rules.name} {provider} authorize {key}")
        outcome = self._outcome(provider, "authorize", asked, session)
        return outcome.status != "authorized" or outcome.overlap is not None or outcome.failure() is not None

    def _is_installed(self, provider: str) -> bool:
        """Tell whether a server has a provider: the scenario names it, or the shop does; then it agrees to all it is asked."""
        if provider in self.rules.providers:
            return True
        return provider in self.tables.catalogue.rows("payment_providers")

    def _outcome(self, provider: str, action: Action, asked: int, session: Mapping[str, Any]) -> Outcome:
        if self.forced is not None and action == "authorize":
            return self.forced.filled(natural(provider, action, session))
        return self.rules.providers.outcome(provider, action, asked, session, self.visit.effort)
