"""Plays the same random sequences to a real server and to the mock, and tells where they differ."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from itertools import count
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky

from ..contract import Operation
from ..edge.mock import Mock
from ..errors import MockServerError
from ..realserver.ledger import Deviation, ledger
from ..realserver.supply import Supply
from ..realserver.target import Access, Target, target, without_hints
from ..settings import Settings
from .catalogue import Shelves
from .comparison import Difference
from .played import Played
from .shop import Shop, shop
from .stage import Stage
from .steps import checkout, people
from .steps.catalogue import questions
from .steps.payment_collections import steps

__all__ = ["Drift", "Found", "Options", "drift"]

ROUND = 100  # sequences before the seed moves on
FEW = 10  # of shoppers: from then on Hypothesis would rather vary those that it has drawn
Place = Stage | Shelves | Shop  # where sequences are played
Sequences = st.SearchStrategy[list[Any]]
MOST = 25  # differences, after which there is no point in looking for more


@dataclass(frozen=True, slots=True)
class Options:
    """
    What is compared, and how much of it: sequences of several `kinds` in turn.

    `collections` are played on those of a supply, the others with what both servers sell: `catalogue` only reads, `checkout`
    fills carts and orders them, `store` is all operations, by several shoppers at once. Where none is said it is the first
    two, as far as there is something to play them with.
    `data` is the file that both servers sell, as `medusa seed -f` reads it. `scenario` is what the mock runs, one of the shipped ones or of the folders `scenarios`; it says what providers do.
    """

    supply: Supply | None
    access: Access = field(default_factory=Access)
    scenario: str = "default"
    scenarios: Sequence[Path] = ()
    seed: int = 0
    exchanges: int = 1000
    longest: int = 8
    strict: bool = False
    data: Path | None = None
    kinds: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A difference, the shortest sequence that shows it, and the ledger's entry that explains it, if one does."""

    operation: Operation
    difference: Difference
    stage: Place
    known: Deviation | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.operation.id, self.difference.where

    def __str__(self) -> str:
        return f"{self.operation}, {self.difference}"


@dataclass(slots=True)
class Drift:
    """What a run found: how many exchanges agreed of how many, and each difference once."""

    url: str
    exchanges: int = 0
    agreed: int = 0
    found: list[Found] = field(default_factory=list)
    interrupted: bool = False

    @property
    def failures(self) -> list[Found]:
        """The differences that nothing explains."""
        return [found for found in self.found if found.known is None]

    @property
    def incomplete(self) -> bool:
        """Whether the run did not get to its end."""
        return self.interrupted

    @property
    def conforms(self) -> bool:
        """Whether there was anything to compare, and no difference without an explanation."""
        return bool(self.exchanges) and not self.failures


def drift(url: str, options: Options, progress: Callable[[int], None] = lambda _count: None) -> Drift:
    """Compare the server at a URL with the mock; raise MockServerError when that cannot be done."""
    if not options.supply and options.data is None:
        raise MockServerError(
            "drift needs what to play with: collections, by --setup COMMAND or --given FILE, or the --data FILE that both sell"
        )
    folders = tuple(options.scenarios)
    mock = Mock(Settings(scenario=options.scenario, scenarios=folders, data=options.data))
    with target(url, options.access, Settings()) as server, without_hints():
        search = _Search(server, mock, options, progress)
        try:
            search.run()
        except KeyboardInterrupt:
            search.result.interrupted = True
    return search.result


class _Different(Exception):
    """Tells Hypothesis that a sequence shows a difference."""


class _Search:
    """Lets Hypothesis find sequences, one round after the other, each difference only once."""

    def __init__(self, server: Target, mock: Mock, options: Options, progress: Callable[[int], None]) -> None:
        self._server = server
        self._mock = mock
        self._options = options
        self._progress = progress
        self._numbers = count()
        self._problem: MockServerError | None = None
        self._wanted: Found | None = None  # what this round has found, and now makes shorter
        self.result = Drift(server.url)

    def run(self) -> None:
        """Play rounds until there were enough exchanges, of each kind in turn."""
        kinds = list(self._kinds())
        numbers = count(self._options.seed * 1000)
        while not self._is_enough() and len(self.result.found) < MOST:
            number = next(numbers)
            sequences, begin, size = kinds[number % len(kinds)]
            try:
                self._round(sequences, begin, size, number)
            except (_Different, Flaky):
                assert self._wanted is not None  # noqa: S101
                self.result.found.append(self._wanted)
                self._wanted = None
        if self._problem:
            raise self._problem

    def _kinds(self) -> Iterator[tuple[Sequences, Callable[[], Place], int]]:
        """Yield the kinds of sequences that are wanted, each with what makes the place where one is played, and how many a round has."""
        longest, wanted = self._options.longest, self._options.kinds
        if self._options.supply and (not wanted or "collections" in wanted):
            yield st.lists(steps(self._stage().providers), min_size=1, max_size=longest), self._stage, ROUND
        if self._options.data is None:
            return
        shelves = Shelves(self._mock.contract, self._server, self._mock, "drift-catalogue").begin()
        if not wanted or "catalogue" in wanted:
            yield st.lists(questions(), min_size=1, max_size=longest), shelves.again, ROUND
        around = shop(self._mock.contract, self._server, self._mock, shelves)
        if "checkout" in wanted:
            yield checkout.sequences(around.sold, longest), around.again, FEW
        if "store" in wanted:
            yield people.sequences(around.sold, longest), around.again, FEW

    def _round(self, sequences: Sequences, begin: Callable[[], Place], size: int, number: int) -> None:
        @seed(number)
        @settings(
            max_examples=size,
            deadline=None,
            database=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
            verbosity=Verbosity.quiet,
            report_multiple_bugs=False,
        )
        @given(sequences)
        def play(sequence: list[Any]) -> None:
            self._play(sequence, begin)

        play()

    def _play(self, sequence: Sequence[Any], begin: Callable[[], Place]) -> None:
        if self._is_enough():
            return  # Hypothesis has a round to finish
        try:
            self._compare(sequence, begin())
        except MockServerError as error:
            self._problem = error  # it ends the run, and is no example that Hypothesis has to shrink

    def _compare(self, sequence: Sequence[Any], stage: Place) -> None:
        for step in sequence:
            if self._is_enough():
                return
            played = stage.play(step)
            if self._wanted is None:
                self.result.exchanges += 1
                self.result.agreed += not played.found
                self._progress(self.result.exchanges)
            if played.found:
                self._judge(played, stage)
                return  # what comes after a difference follows from it

    def _is_enough(self) -> bool:
        if self._problem:
            return True
        return self._wanted is None and self.result.exchanges >= self._options.exchanges

    def _judge(self, played: Played, stage: Place) -> None:
        """Raise _Different for a difference that is new, or the one that is being made shorter."""
        told = {one.key for one in self.result.found}
        for difference in played.found:
            found = Found(played.operation, difference, stage, self._known(difference, played))
            if found.key == self._wanted.key if self._wanted else found.key not in told:
                self._wanted = found
                raise _Different

    def _known(self, difference: Difference, played: Played) -> Deviation | None:
        """Return the ledger's entry that explains a difference, if one does and is asked."""
        explains = (
            entry
            for entry in ledger()
            if entry.concerns(played.operation.id, played.real.status)
            and any(fnmatchcase(str(difference), pattern) for pattern in entry.drift)
            and entry.is_provoked_by(played.evidence)
        )
        return None if self._options.strict else next(explains, None)

    def _stage(self) -> Stage:
        """Return a fresh collection on both servers."""
        assert self._options.supply is not None  # noqa: S101  (there is a stage only where there is one)
        id = self._options.supply.next()["id"]
        return Stage(self._mock.contract, self._server, self._mock, f"drift-{next(self._numbers)}", id).begin()
