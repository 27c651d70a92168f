"""The flow of a request, from what was asked to what is answered."""

from dataclasses import replace

from .bodies import RefusedBody, TooDeep, parse
from .choices import Choice, Choices
from .contract import Contract, MalformedEscape
from .errors import MockServerError
from .express import error_page, no_route
from .matchers import Visit
from .messages import HTML, Answer, Request
from .operations import BEHAVIOURS, Context
from .samples import Sampler
from .sandboxes import Sandbox
from .scenarios import Compiler, Reply, merge

UNKNOWN_ERROR = {"code": "unknown_error", "type": "unknown_error", "message": "An unknown error occurred."}
Sourced = tuple[Answer, str]


class Engine:
    """Answers requests as Medusa does, unless the scenario that was chosen says otherwise."""

    def __init__(self, contract: Contract, sampler: Sampler, compiler: Compiler, choices: Choices) -> None:
        self._contract = contract
        self._sampler = sampler
        self._compiler = compiler
        self._choices = choices

    def serve(self, request: Request, sandbox: Sandbox) -> Answer:
        """Answer a request; every answer says which scenario was on, what chose it, and who made the answer."""
        try:
            choice = self._choices.choose(request)
            answer, source = self._answer(choice, sandbox)
        except MockServerError as error:
            return own_error(400, str(error))
        chosen = f"{choice.scenario.name};by={choice.by}"
        return replace(answer, headers=(*answer.headers, ("X-Mock-Scenario", chosen), ("X-Mock-Source", source)))

    def _answer(self, choice: Choice, sandbox: Sandbox) -> Sourced:
        """Do what a server does before any route is looked at; then visit the route."""
        request = choice.request
        in_store = _is_in_store(request.path)
        try:
            body = parse(request)
        except RefusedBody as refused:
            return error_page(refused.status), "behaviour"
        except TooDeep:
            return Answer(500, UNKNOWN_ERROR), "behaviour"
        if not in_store:
            return (Answer(200, "OK", HTML) if _is_health(request) else no_route(request)), "behaviour"
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
            return Answer(500, UNKNOWN_ERROR), "behaviour"
        if routed is None:
            return no_route(request), "behaviour"
        operation, parameters = routed
        context = Context(operation, Visit(parameters, request.query, request.headers, body), sandbox, self._sampler)
        reply = self._reply(choice, context)
        if reply is None:
            return self._operate(context)
        if reply.status is not None:
            return reply.canned(parameters), "stub"
        answer, source = self._operate(context)
        document = answer.document if reply.patch is None else merge(answer.document, reply.patch)
        answer = replace(answer, document=document, headers=reply.filled_headers(parameters), delay=reply.delay)
        return answer, source if reply.patch is None else "stub"

    def _reply(self, choice: Choice, context: Context) -> Reply | None:
        """Return the reply of the first stub that matches, the next one of its sequence; None when none does."""
        if choice.status is not None:
            return self._compiler.canned(context.operation, choice.status)
        stub = choice.scenario.find(context.operation, context.visit)
        if stub is None:
            return None
        return stub.replies[min(context.sandbox.next_of(stub.key), len(stub.replies) - 1)]

    def _operate(self, context: Context) -> Sourced:
        """Let the operation answer, checked against the contract before it may leave."""
        behaviour = BEHAVIOURS.get(context.operation.name)
        document = behaviour(context) if behaviour else context.sample()
        for violation in self._contract.violations(context.operation, 200, "application/json", document):
            return own_error(500, f"{context.operation} broke the contract: {violation}"), "behaviour"
        return Answer(200, document), "behaviour" if behaviour else "sample"


def own_error(status: int, message: str) -> Answer:
    """Return an error of the mock itself, of a type that no Medusa server sends."""
    return Answer(status, {"type": "mock_server_error", "message": message}, cors=True)


def _is_in_store(path: str) -> bool:
    """Tell whether Medusa's store router gets a path: `/store` or anything below, in any case."""
    return path[:6].lower() == "/store" and path[6:7] in ("", "/")


def _is_health(request: Request) -> bool:
    return request.method in ("GET", "HEAD") and request.path.lower().removesuffix("/") == "/health"
