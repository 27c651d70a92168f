"""Turns what a file says into stubs, and checks every reply against the contract while doing so."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from ..contract import PLACEHOLDER, Contract, Operation, OwnRoute
from ..errors import MockServerError, unknown
from ..express.pages import error_page
from ..likeness import nearest
from ..messages import HTML, JSON, TEXT
from ..operations.shared.providers import Action, Provider, Providers
from ..samples.sampler import Sampler
from ..state.check import check
from ..state.relations import Relations
from .base import header_pairs
from .covering import Problem, covered, is_whole, merged, replied, too_much_replied, unmet
from .format import GivenFormat, ReplyFormat, ScenarioFormat, StubFormat
from .held import state_problems
from .matchers import Matcher
from .mistakes import provider_problems, shopper_problems, when_problems
from .model import Scenario
from .reply import Reply, is_dynamic, merge
from .review import review
from .routes import other_names, own_problems, own_reply, router_of
from .source import Where
from .stubs import Stub, StubIndex, Turns

MOST_FOUND = 2000  # problems of one stub's replies that are looked for; a file names twenty


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a scenario comes from: its name, its file, a revision that changes with its text, and its lines."""

    name: str
    path: str
    revision: str
    line: Callable[[Where], int]


class Compiler:
    """Prepares scenarios for one contract."""

    def __init__(self, contract: Contract, sampler: Sampler) -> None:
        self._contract = contract
        self._sampler = sampler
        self.relations = Relations(contract.document)
        self._canned: dict[tuple[str, int], Reply] = {}

    def scenario(self, origin: Origin, written: ScenarioFormat) -> tuple[Scenario, list[Problem]]:
        """Return a scenario and what is wrong with it, each problem with its place in the file."""
        numbers = [replied(self._contract, stub) for stub in written.stubs]
        problems = list(too_much_replied(numbers))
        stubs: dict[str, list[Stub]] = {}
        for index, stub in enumerate(() if problems else written.stubs):
            where: Where = ("stubs", index)
            wrong, made = self._stubs(origin, where, stub)
            problems += [((*where, *place), text) for place, text in wrong]
            for one in made:
                known = [many[0].operation for many in stubs.values()]
                problems += [((*where, *place), text) for place, text in other_names(one.operation, known)]
                stubs.setdefault(one.operation.id, []).append(one)
        problems += self._given_problems(written.given)
        problems += review(self._contract, written)
        problems += shopper_problems(written)
        problems += [problem for name, one in written.providers.items() for problem in provider_problems(name, one)]
        providers = {
            name: one.provider(name, partial(_place, origin, name)) if not problems else Provider()
            for name, one in written.providers.items()
        }
        scenario = Scenario(
            origin.name,
            written.description,
            origin.path,
            origin.revision,
            stubs={key: StubIndex(value) for key, value in stubs.items()},
            providers=Providers(providers),
            given=written.given.state(),
            creates=written.unknown_ids == "create",
            routes=router_of([many[0].operation for many in stubs.values()]),
            off_contract=written.given.off_contract,
            weight=_weight(written.given.state()),
            replied=sum(numbers),
            shopper=written.shopper,
        )
        return scenario, problems

    def problems(self, stubs: Mapping[int, StubFormat]) -> Iterator[Problem]:
        """Yield what is wrong with stubs that are in no scenario, by their index; nothing where there would be too much to look at."""
        if any(too_much_replied(replied(self._contract, stub) for stub in stubs.values())):
            return
        for index, stub in stubs.items():
            found, _ = self._stubs(Origin("", "", "", lambda _where: 0), ("stubs", index), stub)
            yield from ((("stubs", index, *place), text) for place, text in found)

    def _stubs(self, origin: Origin, where: Where, written: StubFormat) -> tuple[list[Problem], list[Stub]]:
        """Return what is wrong with a stub, and one for each operation that it covers; they share their turns."""
        try:
            operations = covered(self._contract, written)
        except MockServerError as error:
            return [(("operation" if written.route is None else "route",), str(error))], []
        wrong = [*unmet(operations, written), *when_problems(written.when)]
        unheld = state_problems(self.relations, operations, written.when.state)
        wrong += [(("when", "state", *place), text) for place, text in unheld]
        wrong_replies = (
            (operation, ((*place, *inner), text))
            for operation in operations
            for place, reply in _replies(written)
            for inner, text in self._problems(operation, reply, covers_more=is_whole(written))
        )
        found = list(islice(wrong_replies, MOST_FOUND))
        wrong += merged(found) if is_whole(written) else [problem for _, problem in found]
        if wrong:
            return wrong, []
        matcher = Matcher(written.when.model_dump())
        name, place = f"{origin.name}.{where[-1]}", f"{origin.path}:{origin.line(where)}"
        turns = Turns(f"{name} {origin.revision}", written.per, loop=written.loop)
        return [], [
            Stub(
                name,
                place,
                turns,
                one,
                matcher,
                tuple([self.reply(one, reply) for _, reply in _replies(written)]),
                written.when.state,
            )
            for one in operations
        ]

    def canned(self, operation: Operation, status: int) -> Reply:
        """Return the reply to `Prefer: code=N`; raise MockServerError for a status that is not documented."""
        if status not in operation.responses:
            raise MockServerError(_undocumented(operation, status))
        key = (operation.id, status)
        if key not in self._canned:
            self._canned[key] = self.reply(operation, ReplyFormat(status=status))
        return self._canned[key]

    def reply(self, operation: Operation, written: ReplyFormat) -> Reply:
        """Return a prepared reply; a success status is left to the operation, with the body merged over its answer."""
        how: Any = {"delay": written.delay, "fault": written.fault, "chance": written.chance, "repeat": written.repeat}
        how["headers"] = header_pairs(written.headers)
        if isinstance(operation, OwnRoute):
            return own_reply(written, how)
        if written.status is None or (written.status == operation.success and not written.off_contract):
            outcome = written.provider.outcome() if written.provider else None
            how["media_type"] = TEXT if isinstance(written.body, str) else JSON
            return Reply(patch=written.body, outcome=outcome, **how)
        document, media_type = self._default(operation, written.status)
        if written.body is not None:
            document = _ordered(merge(document if isinstance(document, dict) else None, written.body))
            media_type = TEXT if isinstance(document, str) else JSON
        return Reply(written.status, document, media_type, dynamic=is_dynamic(document), **how)

    def _default(self, operation: Operation, status: int) -> tuple[Any, str | None]:
        """Return what the real server sends with a status, and its media type."""
        document = self._contract.default_reply(operation, status)
        if document is not None:
            return document, TEXT if isinstance(document, str) else JSON
        if "text/html" in operation.responses.get(status, ()):
            page = error_page(status)
            return page.document, HTML
        return None, None

    def _given_problems(self, written: GivenFormat) -> Iterator[Problem]:
        """Yield what the contract does not allow in entities that are given."""
        state, off_contract = written.state(), written.off_contract
        lasting = set(check(self._contract, self.relations, state, off_contract=True))
        for place, text in lasting if off_contract else check(self._contract, self.relations, state):
            allowed = "" if (place, text) in lasting else "; 'off_contract: true' allows it"
            yield ("given", *place), f"{text}{allowed}"

    def _problems(self, operation: Operation, written: ReplyFormat, *, covers_more: bool) -> Iterator[Problem]:
        """
        Yield where a reply breaks the contract; nothing for one that says it does so on purpose.

        One that `covers_more` operations may have placeholders that only others of them fill.
        """
        if isinstance(operation, OwnRoute):
            yield from own_problems(written)
        elif not written.off_contract:
            yield from self._violations(operation, written, covers_more=covers_more)
        for name, values in () if covers_more or written.off_contract else written.headers.items():
            for text in _misspelt(" ".join(values), operation):
                yield ("headers", name), text

    def _violations(self, operation: Operation, written: ReplyFormat, *, covers_more: bool) -> Iterator[Problem]:
        """Yield where a reply breaks the contract."""
        status = operation.success if written.status is None else written.status
        if status not in operation.responses:
            text = f"status {status} is not documented" if covers_more else _undocumented(operation, status)
            yield ("status",), f"{text}; 'off_contract: true' allows it"
            return
        reply = self.reply(operation, written)
        document = reply.document
        if reply.status is None:
            if written.body is None:
                return  # the operation's own answer, which is looked at when it leaves
            document = written.body  # if it is whole by itself, no sample is wanted, and thus no Faker at start
            if self._contract.violation(operation, status, reply.media_type, document):
                names = dict.fromkeys(operation.path_parameters, "id")
                document = merge(self._sampler.answer(operation, names, "0", 0), document)
        for violation in self._contract.violations(operation, status, reply.media_type, document):
            yield ("body",), f"{violation}; 'off_contract: true' allows it"
        if reply.status is None and isinstance(written.body, dict):
            for place, text in self._contract.unknown_fields(operation, written.body):
                yield ("body", *place), f"{text}; 'off_contract: true' allows it"


def _misspelt(value: str, operation: Operation) -> Iterator[str]:
    """Yield the placeholders of a header that are nearly a path parameter; any other may be meant to stay."""
    known = list(operation.path_parameters)
    for name in PLACEHOLDER.findall(value):
        if name not in known and nearest(name, known):
            yield unknown("path parameter", name, known)


def _replies(stub: StubFormat) -> Iterator[tuple[Where, ReplyFormat]]:
    if stub.reply is not None:
        yield ("reply",), stub.reply
    for index, reply in enumerate(stub.replies or ()):
        yield ("replies", index), reply


def _ordered(document: Any) -> Any:
    """Return an error with its keys in Medusa's order: code, type, message, then what was added (tests/facts/server.md 3)."""
    if not isinstance(document, dict):
        return document
    return {key: document[key] for key in ("code", "type", "message") if key in document} | document


def _weight(value: Any) -> int:
    """Return how many mappings there are in a value, at any depth."""
    if isinstance(value, dict):
        return 1 + sum(map(_weight, value.values()))
    return sum(map(_weight, value)) if isinstance(value, list) else 0


def _place(origin: Origin, provider: str, action: Action, index: int) -> str:
    """Return the `file:line` of a provider's outcome."""
    return f"{origin.path}:{origin.line(('providers', provider, action, index))}"


def _undocumented(operation: Operation, status: int) -> str:
    return f"status {status} is not documented for {operation}; known: {', '.join(map(str, operation.responses)) or 'none'}"
