"""One collection on both servers, kept in step: what is asked of one is asked of the other."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ..contract import Contract
from ..edge.mock import Mock
from ..errors import MockServerError
from ..realserver.shape import COUNT, TEXT, Shape, mapping, rows
from ..realserver.target import Target
from .asking import NOTHING, ask_mock, ask_real
from .comparison import Answered, Difference, Names, compare, differences
from .played import Played, State
from .steps.payment_collections import NOWHERE, Step, nth

ALL = (
    "fields=id,created_at,updated_at,deleted_at,type,status,description,amount,authorized_amount,region_id,currency_code,"
    "metadata,created_by"
    "&expand=payment_sessions,payments,region,region.countries,region.payment_providers"
)
IDS = rows({"id": TEXT})
COLLECTION = Shape(
    "payment collection",
    mapping(
        {
            "payment_collection": mapping(
                {
                    "amount": COUNT,
                    "payment_sessions": IDS,
                    "payments": IDS,
                    "region": mapping({"payment_providers": IDS}),
                }
            )
        }
    ),
)


@dataclass(slots=True)
class Stage:
    """A fresh collection of a real server, and the same in a sandbox of the mock."""

    contract: Contract
    target: Target
    mock: Mock
    sandbox: str
    id: str
    names: Names = field(default_factory=Names)
    history: list[Played] = field(default_factory=list)
    sessions: list[tuple[str, str]] = field(default_factory=list)
    providers: list[str] = field(default_factory=list)
    amount: int = 0
    start: State = field(default_factory=dict)
    state: State = field(default_factory=dict)

    def begin(self) -> "Stage":
        """Read the collection from the real server and give it to the mock; raise MockServerError when it is not there."""
        real = self._ask_real("GET", f"{self._path}?{ALL}", NOTHING)
        if real.status != 200:  # noqa: PLR2004
            raise MockServerError(
                f"{self.target.url} does not know the payment collection {self.id!r} that it was to have"
            )
        problem = f"{self.target.url} answers GET {self._path} with what is no payment collection"
        if not COLLECTION.fits(real.document):
            raise MockServerError(problem)
        self.start = self.state = real.document["payment_collection"]
        self.amount = self.start["amount"]
        self.sessions = [(one["id"], one["id"]) for one in self.start["payment_sessions"]]
        self.providers = [one["id"] for one in self.start["region"]["payment_providers"]]
        try:
            self.mock.engine.give(self.mock.sandboxes[self.sandbox], {"payment_collections": [self.start]})
        except MockServerError:
            raise MockServerError(problem) from None
        return self

    def play(self, step: Step) -> Played:
        """Ask both servers the same, and compare what they answer and what they then remember."""
        operation = self.contract.operation(step.operation)
        real_sessions, mock_sessions = [real for real, _ in self.sessions], [mock for _, mock in self.sessions]
        bodies = [step.resolve(sessions, self.amount) for sessions in (real_sessions, mock_sessions)]
        paths = [self._url(operation.path, step, sessions) for sessions in (real_sessions, mock_sessions)]
        real = self._ask_real(operation.method, paths[0], bodies[0])
        mock = self._ask_mock(operation.method, paths[1], bodies[1])
        found = tuple(differences(real, mock, self.names))
        before = self.state
        found += tuple(self._compare_states())
        played = Played(operation, paths[0], real, mock, found, bodies[0], before, self.state)
        self.history.append(played)
        return played

    def _compare_states(self) -> Iterator[Difference]:
        """Read the collection on both; yield where they differ, and learn which sessions there are."""
        path = f"{self._path}?{ALL}"
        real, mock = self._ask_real("GET", path, NOTHING), self._ask_mock("GET", path, NOTHING)
        if real.status != mock.status or real.status != 200:  # noqa: PLR2004
            yield from differences(real, mock, self.names)
            return
        if not COLLECTION.fits(real.document):
            yield Difference("stored", "real shows what is no payment collection")
            return
        self.state, stored = real.document["payment_collection"], mock.document["payment_collection"]
        yield from compare("stored", self.state, stored, self.names)
        by_name = {self.names.of_mock(session["id"]): session["id"] for session in stored["payment_sessions"]}
        ids = [session["id"] for session in self.state["payment_sessions"]]
        self.sessions = sorted((id, by_name[self.names.of_real(id)]) for id in ids if self.names.of_real(id) in by_name)

    @property
    def _path(self) -> str:
        return f"/store/payment-collections/{self.id}"

    def _url(self, template: str, step: Step, sessions: list[str]) -> str:
        id = NOWHERE if step.elsewhere else self.id
        path = template.replace("{id}", id).replace("{session_id}", nth(sessions, step.session))
        return f"{path}?{step.query}" if step.query else path

    def _ask_real(self, method: str, path: str, body: Any) -> Answered:
        return ask_real(self.target, method, path, body)

    def _ask_mock(self, method: str, path: str, body: Any) -> Answered:
        return ask_mock(self.mock, self.sandbox, method, path, body)
