"""The flow of a request, from what was asked to what is answered."""

import logging
import time
from collections.abc import Mapping
from functools import lru_cache, partial

from ..contract import Contract, MalformedEscape, OwnRoute
from ..errors import MockServerError, VendorError
from ..express.bodies import RefusedBody, parse
from ..express.cookies import session_of
from ..express.errors import unknown_error
from ..express.express import Express
from ..express.pages import error_page
from ..messages import Answer, Pairs, Request, Response, Visit
from ..operations import Behaviour, Context, behaviours, perform
from ..operations.shared import shopper
from ..samples.sampler import Sampler
from ..scenarios import NO_DELAY, Compiler, Reply, Scenario, merge
from ..state.check import State
from ..state.given import Writer
from ..state.sandboxes import Sandbox
from ..state.tables import Tables
from .choose import Choice, Chooser
from .explain import Trace
from .health import health, is_in_store
from .nowhere import Nowhere
from .own import own_error
from .preparing import AT_ONCE, Reserved, Unprepared, bring_in, started
from .recording import record

LOG = logging.getLogger("mockserver")


class Engine:
    """Answers requests as Medusa does, unless the scenario that was chosen says otherwise."""

    def __init__(
        self, contract: Contract, sampler: Sampler, compiler: Compiler, chooser: Chooser, express: Express
    ) -> None:
        self.behaviours = behaviours(contract)
        self._contract = contract
        self._nowhere = Nowhere(contract)
        self._sampler = sampler
        self._compiler = compiler
        self._choices = chooser
        self._express = express

    def serve(self, request: Request, *, at_once: bool = True) -> Response:
        """
        Answer a request; every answer says which scenario was on, what chose it, and who made the answer.

        Raises Unprepared where much is to be given first, Reserved where much is being written, unless it is to be answered `at_once`.
        """
        began = time.perf_counter()
        try:
            choice = self._choices.choose(request)
            return self._served(choice, began, at_once=at_once)
        except (Reserved, Unprepared):
            raise
        except Exception:
            LOG.exception("%s %s could not be answered", request.method, request.path)
            return self._failed(request, began)

    def _served(self, choice: Choice, began: float, *, at_once: bool) -> Response:
        request, trace = choice.request, Trace()
        scenario: str | None = choice.scenario.name
        cookie = request.headers.get("cookie")
        ended = cookie is not None and choice.sandbox.has_ended(session_of(cookie))  # before anybody logs out
        try:
            answer = self._answer(choice, trace, at_once=at_once)
        except (Reserved, Unprepared):
            raise
        except MockServerError as error:
            trace.note = str(error)
            answer, scenario = own_error(error.status, trace.note), None
        except Exception:
            LOG.exception("%s %s could not be answered", request.method, request.path)
            trace.note = "an error of the mock itself, which its log shows"
            answer = own_error(500, f"{request.method} {request.path} could not be answered: {trace.note}")
        told = _told(scenario, choice.by, answer.source)
        now = choice.sandbox.clock.now()
        response = self._express.respond(request, answer, now, told, trace.delay, trace.fault, has_ended=ended)
        record(choice, trace, answer, response, began)
        return response

    def _failed(self, request: Request, began: float) -> Response:
        """Return the answer to a request that not even an error could be made of, and put it into the journal."""
        choice, trace = self._choices.unchosen(request), Trace()
        trace.note = "an error of the mock itself, which its log shows"
        answer = own_error(500, f"{request.method} {request.path} could not be answered: {trace.note}")
        plain = Request(request.method, "/")
        response = self._express.respond(
            plain, answer, choice.sandbox.clock.now(), _told(None, choice.by, answer.source)
        )
        record(choice, trace, answer, response, began)
        return response

    def note(self, request: Request, response: Response, reason: str) -> None:
        """Put into the journal what no operation was asked, with the reason; nothing is done for it."""
        began, trace = time.perf_counter(), Trace()
        trace.note = reason
        record(self._choices.choose(request), trace, Answer(response.status, source="mock"), response, began)

    def give(self, sandbox: Sandbox, state: State, tables: Tables | None = None) -> None:
        """
        Store partly written entities by table in a sandbox, as `given` does; merged into those that are there.

        Or in other `tables` than its own, as they were its.
        """
        tables = tables or sandbox.tables
        with tables.change():
            self._writer(sandbox, tables).give(state)

    def begin(self, sandbox: Sandbox) -> Scenario:
        """Bring in what the scenario gives that is on in a sandbox, before any request does; return the scenario."""
        scenario = self._choices.choose(Request("GET", f"/~{sandbox.name}/")).scenario
        if sandbox.started.get(scenario.name) != scenario.revision:
            self._start(scenario, sandbox, at_once=True)
        return scenario

    def rehearse(self, scenario: Scenario, sandbox: Sandbox) -> None:
        """Raise MockServerError for what keeps a scenario from being brought into a sandbox that holds nothing yet; change nothing."""
        self._begin(scenario, sandbox, Tables(sandbox.tables.relations, sandbox.tables.catalogue))

    def act(self, sandbox: Sandbox, id: str, path: Mapping[str, str], behaviour: Behaviour) -> Answer:
        """Let something happen in a sandbox that no request asks for; it is answered, and checked, as the operation of an id is."""
        operation, visit = self._contract.operation(id), Visit(path, "", {}, None)
        scenario = self.begin(sandbox)
        return self._operate(Context(operation, visit, sandbox, self._contract, self._sampler, scenario), behaviour)

    def _start(self, scenario: Scenario, sandbox: Sandbox, *, at_once: bool) -> None:
        """Bring in what a scenario gives, once a sandbox; what is there already stays as it is."""
        begin = partial(self._begin, scenario, sandbox)
        if scenario.weight > AT_ONCE and not at_once:
            raise Unprepared(sandbox, scenario, begin)
        bring_in(sandbox, begin)
        started(sandbox, scenario)

    def _begin(self, scenario: Scenario, sandbox: Sandbox, tables: Tables) -> None:
        writer = self._writer(sandbox, tables)
        writer.install(scenario.providers)
        writer.begin(scenario.given)

    def _writer(self, sandbox: Sandbox, tables: Tables) -> Writer:
        return Writer(tables, self._sampler, sandbox.seed, sandbox.clock.now())

    def _answer(self, choice: Choice, trace: Trace, *, at_once: bool) -> Answer:
        """Do what a server does before any route is looked at; then visit the route. Raises MockServerError."""
        if choice.problem:
            raise MockServerError(choice.problem)
        scenario = choice.scenario
        if choice.sandbox.reserved is not None and not at_once:
            raise Reserved(choice.sandbox.reserved)
        if choice.sandbox.started.get(scenario.name) != scenario.revision:
            self._start(scenario, choice.sandbox, at_once=at_once)
        request = choice.request
        try:
            body = parse(request)
        except RefusedBody as refused:
            return error_page(refused.status)
        if not is_in_store(request.path):
            return health(request) or self._nowhere.no_route(request, cors=False)
        if request.method == "OPTIONS":
            return Answer(204, media_type=None)
        return self._visit(choice, body, trace)

    def _visit(self, choice: Choice, body: object, trace: Trace) -> Answer:
        """Route the request, then let a stub, the operation's behaviour or a sample answer it."""
        request, scenario = choice.request, choice.scenario
        try:
            routed = self._contract.route(request.method, request.path)
            if routed is None and scenario.routes is not None:
                routed = scenario.routes.find(request.method, request.path)
        except MalformedEscape:
            return shopper.refusal(request, choice.sandbox, choice.scenario.shopper) or _vendor_answer(unknown_error())
        if routed is None:
            refused = shopper.refusal(request, choice.sandbox, scenario.shopper)
            return refused or self._nowhere.no_route(request, scenario.own_routes())
        found, parameters = routed
        trace.operation = found
        trace.visit = Visit(parameters, request.query, request.headers, body)
        stubs = scenario.stubs.get(found.id)
        if stubs is not None and stubs.look is not None:
            trace.visit.state = stubs.look.held(choice.sandbox.tables, parameters)
        context = Context(found, trace.visit, choice.sandbox, self._contract, self._sampler, scenario)
        trace.questions = context.questions
        reply = None if stubs is None and choice.status is None else self._reply(choice, context, trace)
        if reply is None and isinstance(found, OwnRoute):
            return self._nowhere.no_route(request)
        if reply is None:
            answer = self._operate(context)
        else:
            trace.fault = reply.fault
            if reply.delay is not NO_DELAY:
                trace.delay = reply.delay.seconds(
                    partial(choice.sandbox.draw, f"delay {trace.stub and trace.stub.turns.key}")
                )
            answer = self._operate_as(reply, context) if reply.status is None else reply.canned(parameters)
        trace.delay += context.waited
        return answer

    def _reply(self, choice: Choice, context: Context, trace: Trace) -> Reply | None:
        """Return the reply of the first stub that matches and takes its chance, the next one of its sequence; or None."""
        if choice.status is not None:
            trace.note = "the header Prefer asked for this status"
            return self._compiler.canned(context.operation, choice.status)
        sandbox = choice.sandbox
        for stub in choice.scenario.candidates(context.operation, context.visit):
            if not stub.matches(context.visit):
                continue
            turn = sandbox.next_of(stub.turns.counted(context.visit))
            reply = stub.reply(turn)
            drawn = 0.0 if reply.chance is None else sandbox.draw(stub.turns.key)
            if reply.chance is None or drawn < reply.chance:
                trace.stub, trace.turn = stub, turn
                return reply
            trace.passed += ((stub, drawn),)
        return None

    def _operate_as(self, reply: Reply, context: Context) -> Answer:
        """Let the operation answer with what a reply adds: a provider's outcome, a merged body, headers."""
        context.forced = reply.outcome
        answer = self._operate(context)
        headers = (*answer.headers, *reply.filled_headers(context.visit.path))
        if reply.patch is None or answer.status != context.operation.success:  # an error has no field for a patch
            return answer._replace(headers=headers) if headers else answer
        return Answer(answer.status, merge(answer.document, reply.patch), reply.media_type, headers, source="stub")

    def _operate(self, context: Context, behaviour: Behaviour | None = None) -> Answer:
        """Let the operation answer, checked against the contract before it may leave."""
        behaviour = behaviour or self.behaviours.get(context.operation.id)
        if behaviour is None:
            return context.sample()
        try:
            result = perform(behaviour, context)
            answer = result if isinstance(result, Answer) else Answer(200, result)
        except VendorError as error:
            answer = _vendor_answer(error)
        if not (context.off_contract or context.sandbox.off_contract):
            violation = self._contract.violation(context.operation, answer.status, answer.media_type, answer.document)
            if violation:
                return own_error(500, f"{context.operation} broke the contract: {violation}")
        return answer


@lru_cache(maxsize=1024)
def _told(scenario: str | None, by: str, source: str) -> Pairs:
    """Return the headers that tell which scenario was on, what chose it, and who made the answer; of none, that alone."""
    who = ("X-Mock-Source", source)
    return (who,) if scenario is None else (("X-Mock-Scenario", f"{scenario};by={by}"), who)


def _vendor_answer(error: VendorError) -> Answer:
    return Answer(error.status, error.document())
