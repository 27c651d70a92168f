"""The flow of a request, from what was asked to what is answered."""

import logging
from dataclasses import replace
from http import HTTPStatus

from .bodies import RefusedBody, parse
from .choices import Choice, Choices
from .contract import Contract, Document, MalformedEscape
from .errors import MockServerError, VendorError
from .express import error_page, no_route
from .fixtures import Fixtures
from .matchers import Visit
from .messages import HTML, Answer, Request
from .operations import BEHAVIOURS, Context
from .samples import Sampler
from .sandboxes import Sandbox, Sandboxes
from .scenarios import Compiler, Reply, Scenario, merge
from .vendor import unknown_error

LOG = logging.getLogger("mockserver")
Sourced = tuple[Answer, str]


class Engine:
    """Answers requests as Medusa does, unless the scenario that was chosen says otherwise."""

    def __init__(
        self, contract: Contract, sampler: Sampler, compiler: Compiler, choices: Choices, sandboxes: Sandboxes
    ) -> None:
        self._contract = contract
        self._sampler = sampler
        self._compiler = compiler
        self._choices = choices
        self._sandboxes = sandboxes

    def serve(self, request: Request) -> Answer:
        """Answer a request; every answer says which scenario was on, what chose it, and who made the answer."""
        try:
            choice = self._choices.choose(request)
            sandbox = self._sandboxes[choice.sandbox]
            self._start(choice.scenario, sandbox)
            answer, source = self._answer(choice, sandbox)
        except MockServerError as error:
            return own_error(400, str(error))
        chosen = f"{choice.scenario.name};by={choice.by}"
        return replace(answer, headers=(*answer.headers, ("X-Mock-Scenario", chosen), ("X-Mock-Source", source)))

    def give(self, sandbox: str, said: Document) -> None:
        """Store a partly written payment collection in a sandbox, as `given` in a scenario does."""
        world = self._sandboxes[sandbox]
        world.payment_collections.save(self._fixtures(self._choices.default, world).payment_collection(said))

    def _start(self, scenario: Scenario, sandbox: Sandbox) -> None:
        """Bring in what a scenario gives, once a sandbox; what is there already stays as it is."""
        if not scenario.given or scenario.name in sandbox.started:
            return
        sandbox.started.add(scenario.name)
        fixtures = self._fixtures(scenario, sandbox)
        for said in scenario.given:
            given = fixtures.payment_collection(said)
            if not sandbox.payment_collections.knows(given.id):
                sandbox.payment_collections.save(given)

    def _fixtures(self, scenario: Scenario, sandbox: Sandbox) -> Fixtures:
        return Fixtures(self._sampler, sandbox.seed, sandbox.clock.now(), scenario.providers)

    def _answer(self, choice: Choice, sandbox: Sandbox) -> Sourced:
        """Do what a server does before any route is looked at; then visit the route."""
        request = choice.request
        try:
            body = parse(request)
        except RefusedBody as refused:
            return error_page(refused.status), "behaviour"
        if not _is_in_store(request.path):
            return (_health(request) or no_route(request)), "behaviour"
        if request.method == "OPTIONS":
            return Answer(204, media_type=None, cors=True), "behaviour"
        answer, source = self._visit(choice, body, sandbox)
        return replace(answer, cors=True), source

    def _visit(self, choice: Choice, body: object, sandbox: Sandbox) -> Sourced:
        """Route the request, then let a stub, the operation's behaviour or a sample answer it."""
        request = choice.request
        try:
            routed = self._contract.route(request.method, request.path)
        except MalformedEscape:
            return _vendor_answer(unknown_error()), "behaviour"
        if routed is None:
            return self._nowhere(request), "behaviour"
        operation, parameters = routed
        visit = Visit(parameters, request.query, request.headers, body)
        scenario = choice.scenario
        context = Context(
            operation,
            visit,
            sandbox,
            self._contract,
            self._sampler,
            scenario.name,
            scenario.providers,
            scenario.creates,
        )
        reply = self._reply(choice, context)
        if reply is None:
            return self._operate(context)
        if reply.status is not None:
            return reply.canned(parameters), "stub"
        return self._operate_as(reply, context)

    def _reply(self, choice: Choice, context: Context) -> Reply | None:
        """Return the reply of the first stub that matches, the next one of its sequence; None when none does."""
        if choice.status is not None:
            return self._compiler.canned(context.operation, choice.status)
        stub = choice.scenario.find(context.operation, context.visit)
        if stub is None:
            return None
        return stub.replies[min(context.sandbox.next_of(stub.key), len(stub.replies) - 1)]

    def _operate_as(self, reply: Reply, context: Context) -> Sourced:
        """Let the operation answer with what a reply adds: a provider's outcome, a merged body, headers, a delay."""
        context.forced = reply.outcome
        answer, source = self._operate(context)
        document = answer.document
        if reply.patch is not None and answer.status == HTTPStatus.OK:  # an error has no field that a patch could mean
            document, source = merge(document, reply.patch), "stub"
        headers, delay = reply.filled_headers(context.visit.path), answer.delay + reply.delay
        return replace(answer, document=document, headers=headers, delay=delay), source

    def _operate(self, context: Context) -> Sourced:
        """Let the operation answer, checked against the contract before it may leave."""
        behaviour = BEHAVIOURS.get(context.operation.name)
        if behaviour is None:
            return Answer(200, context.sample()), "sample"
        try:
            answer = Answer(200, behaviour(context), delay=context.waited)
        except VendorError as error:
            answer = replace(_vendor_answer(error), delay=context.waited)
        if not context.off_contract:
            violation = self._contract.violation(context.operation, answer.status, answer.media_type, answer.document)
            if violation:
                return own_error(500, f"{context.operation} broke the contract: {violation}"), "behaviour"
        return answer, "behaviour"

    def _nowhere(self, request: Request) -> Answer:
        """Answer a path without a route as Medusa does, and tell whoever looks which path was probably meant."""
        answer = no_route(request)
        meant = self._contract.nearest(request.method, request.path)
        if meant is None:
            return answer
        LOG.warning("%s %s has no route; did you mean %s %s?", request.method, request.path, *meant)
        return replace(answer, headers=(("X-Mock-Hint", f"did you mean {meant[0]} {meant[1]}"),))


def own_error(status: int, message: str) -> Answer:
    """Return an error of the mock itself, of a type that no Medusa server sends."""
    return Answer(status, {"type": "mock_server_error", "message": message}, cors=True)


def _vendor_answer(error: VendorError) -> Answer:
    return Answer(error.status, error.document())


def _is_in_store(path: str) -> bool:
    """Tell whether Medusa's store router gets a path: `/store` or anything below, in any case."""
    return path[:6].lower() == "/store" and path[6:7] in ("", "/")


def _health(request: Request) -> Answer | None:
    """Answer whether the server is well, and which methods may ask; None for any other path or method."""
    if request.path.lower().removesuffix("/") != "/health":
        return None
    if request.method == "OPTIONS":
        return Answer(200, "GET,HEAD", HTML, headers=(("Allow", "GET,HEAD"),))
    return Answer(200, "OK", HTML) if request.method in ("GET", "HEAD") else None
