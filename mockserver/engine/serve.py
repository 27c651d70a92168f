"""The flow of a request, from what was asked to what is answered."""

import logging
import time
from copy import copy
from dataclasses import replace
from functools import lru_cache, partial

from ..contract import Contract, Document, MalformedEscape
from ..errors import MockServerError, VendorError
from ..express.bodies import RefusedBody, parse
from ..express.errors import unknown_error
from ..express.express import Express
from ..express.pages import error_page
from ..messages import HTML, Answer, Pairs, Request, Response, Visit
from ..operations import Context, behaviours, perform
from ..samples.sampler import Sampler
from ..scenarios import NO_DELAY, Compiler, Reply, Scenario, merge
from ..state.given import State, Writer
from ..state.journal import LONGEST, Entry
from ..state.sandboxes import Sandbox
from .choose import Choice, Chooser
from .explain import Trace, explain
from .nowhere import Nowhere
from .own import own_error

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

    def serve(self, request: Request) -> Response:
        """Answer a request; every answer says which scenario was on, what chose it, and who made the answer."""
        began = time.perf_counter()
        choice = self._choices.choose(request)
        trace = Trace()
        scenario: str | None = choice.scenario.name
        try:
            answer = self._answer(choice, trace)
        except MockServerError as error:
            trace.note = str(error)
            answer, scenario = own_error(error.status, trace.note), None
        except Exception:
            LOG.exception("%s %s could not be answered", request.method, request.path)
            trace.note = "an error of the mock itself, which its log shows"
            answer = own_error(500, f"{request.method} {request.path} could not be answered: {trace.note}")
        told = _told(scenario, choice.by, answer.source)
        now = choice.sandbox.clock.now()
        response = self._express.respond(request, answer, now, told, trace.delay, trace.fault)
        self._record(choice, trace, answer, response, began)
        return response

    def give(self, sandbox: Sandbox, state: State) -> None:
        """Store partly written entities by table in a sandbox, as `given` does; merged into those that are there."""
        with sandbox.tables.change():
            self._writer(sandbox).give(state)

    def _record(self, choice: Choice, trace: Trace, answer: Answer, response: Response, began: float) -> None:
        """Put a request into the journal; the reasons are only worked out when somebody reads them."""
        request, visit = choice.request, trace.visit
        why = partial(explain, choice.scenario, trace)
        if len(request.body) > LONGEST or (visit is not None and visit.state is not None):
            why = partial(dict, why())  # now: the body, which it wants, is not kept, nor is what the tables held
            request = request._replace(body=request.body[:LONGEST])
        elif request.body and visit is not None:
            visit.body = None  # what was parsed of 16 kB may take 400
            why = partial(_explain_anew, choice.scenario, trace, visit, request)
        journal = choice.sandbox.journal
        entry = Entry(
            journal.next_number(),
            time.time_ns() // 1_000_000,
            time.perf_counter() - began,
            choice.sandbox.name,
            choice.scenario.name,
            choice.by,
            trace.operation,
            request,
            response,
            answer.source,
            trace.stub.name if trace.stub else None,
            why,
        )
        journal.record(entry)

    def _start(self, scenario: Scenario, sandbox: Sandbox) -> None:
        """Bring in what a scenario gives, once a sandbox; what is there already stays as it is."""
        if sandbox.started.get(scenario.name) == scenario.revision:
            return
        writer = self._writer(sandbox)
        with sandbox.tables.change():
            writer.install(scenario.providers)
            writer.begin(scenario.given)
        sandbox.started[scenario.name] = scenario.revision  # a file that is changed gives anew

    def _writer(self, sandbox: Sandbox) -> Writer:
        return Writer(sandbox.tables, self._sampler, sandbox.seed, sandbox.clock.now())

    def _answer(self, choice: Choice, trace: Trace) -> Answer:
        """Do what a server does before any route is looked at; then visit the route. Raises MockServerError."""
        if choice.problem:
            raise MockServerError(choice.problem)
        self._start(choice.scenario, choice.sandbox)
        request = choice.request
        try:
            body = parse(request)
        except RefusedBody as refused:
            return error_page(refused.status)
        if not _is_in_store(request.path):
            return _health(request) or self._nowhere.no_route(request, cors=False)
        if request.method == "OPTIONS":
            return Answer(204, media_type=None)
        return self._visit(choice, body, trace)

    def _visit(self, choice: Choice, body: object, trace: Trace) -> Answer:
        """Route the request, then let a stub, the operation's behaviour or a sample answer it."""
        request = choice.request
        try:
            routed = self._contract.route(request.method, request.path)
        except MalformedEscape:
            return _vendor_answer(unknown_error())
        if routed is None:
            return self._nowhere.no_route(request)
        found, parameters = routed
        trace.operation = found
        trace.visit = Visit(parameters, request.query, request.headers, body)
        scenario = choice.scenario
        stubs = scenario.stubs.get(found.id)
        if stubs is not None and stubs.look is not None:
            trace.visit.state = stubs.look.held(choice.sandbox.tables, parameters)
        context = Context(found, trace.visit, choice.sandbox, self._contract, self._sampler, scenario)
        trace.questions = context.questions
        reply = None if stubs is None and choice.status is None else self._reply(choice, context, trace)
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
            if not stub.matcher.matches(context.visit):
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

    def _operate(self, context: Context) -> Answer:
        """Let the operation answer, checked against the contract before it may leave."""
        behaviour = self.behaviours.get(context.operation.id)
        if behaviour is None:
            return context.sample()
        try:
            result = perform(behaviour, context)
            answer = result if isinstance(result, Answer) else Answer(200, result)
        except VendorError as error:
            answer = _vendor_answer(error)
        if not context.off_contract:
            violation = self._contract.violation(context.operation, answer.status, answer.media_type, answer.document)
            if violation:
                return own_error(500, f"{context.operation} broke the contract: {violation}")
        return answer


def _explain_anew(scenario: Scenario, trace: Trace, visit: Visit, request: Request) -> Document:
    """Explain a visit whose body was not kept as it was parsed."""
    anew = copy(trace)
    anew.visit = replace(visit, body=parse(request))
    return explain(scenario, anew)


@lru_cache(maxsize=1024)
def _told(scenario: str | None, by: str, source: str) -> Pairs:
    """Return the headers that tell which scenario was on, what chose it, and who made the answer; of none, that alone."""
    who = ("X-Mock-Source", source)
    return (who,) if scenario is None else (("X-Mock-Scenario", f"{scenario};by={by}"), who)


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
        return Answer(200, "GET,HEAD", HTML, (("Allow", "GET,HEAD"),), cors=False)
    return Answer(200, "OK", HTML, cors=False) if request.method in ("GET", "HEAD") else None
