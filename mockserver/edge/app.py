"""The ASGI edge: HTTP in, HTTP out, and where all parts are put together."""

import asyncio
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from ..clock import Clock
from ..contract import Contract
from ..control import Control, Guard, Listeners, World
from ..engine.choose import Choices
from ..engine.serve import Engine
from ..express.bodies import is_too_big
from ..express.express import Express, Wire
from ..messages import Request
from ..samples.sampler import Sampler
from ..scenarios import Catalogue, Compiler, shipped_scenarios
from ..scenarios.watch import watch
from ..settings import Settings
from ..state.sandboxes import Sandboxes
from .faults import ANSWERED, Answered, client_left, send_faulty, send_wire

Message = MutableMapping[str, Any]


class Mock:
    """A mock server: everything that is prepared at start, and one ASGI application that serves it."""

    def __init__(self, settings: Settings | None = None) -> None:
        """Prepare all; raise MockServerError for whatever is wrong with the settings or the scenario files."""
        settings = settings or Settings()
        self.contract = Contract()
        sampler = Sampler(self.contract)
        compiler = Compiler(self.contract, sampler)
        self.scenarios = Catalogue(compiler, [shipped_scenarios(), *settings.scenarios])
        clock = Clock.at(settings.clock) if settings.clock else Clock()
        self.sandboxes = Sandboxes(settings.seed, clock, settings.sandboxes, settings.entities, settings.journal)
        choices = Choices(self.scenarios, settings.scenario, self.sandboxes)
        self.engine = Engine(self.contract, sampler, compiler, choices)
        self._express = Express(settings.cors, settings.seed, clock.now, compress=settings.compress)
        self._compress = settings.compress
        self._answering = 0
        self._listeners = Listeners(self.sandboxes)
        self.control = Control(
            World(
                self.engine,
                self.scenarios,
                self.sandboxes,
                self.contract,
                self._listeners,
                settings.scenario,
                self._express.dress,
                lambda: self._answering,
            ),
            Guard(settings.host, settings.control_token),
        )
        self.app = Starlette(lifespan=self._watching)
        self.app.router.default = self._edge  # every path: a route's pattern would miss one with a line break in it

    @asynccontextmanager
    async def _watching(self, _app: Starlette) -> AsyncIterator[None]:
        """Watch the scenario files while the server runs."""
        task = asyncio.create_task(watch(self.scenarios, lambda: self._listeners.tell("scenarios", None)))
        try:
            yield
        finally:
            task.cancel()

    def at_once(self, request: Request) -> Wire | Answered | None:
        """Answer a request without any waiting; None for the control API, whose calls are the application's."""
        if _is_controls(request.path):
            return None
        answer = self.engine.serve(request)
        if answer.delay or answer.fault or self._compress:  # what is compressed goes out in chunks
            return Answered(request, answer)
        return self._express.dress(request, answer)

    async def _edge(self, scope: Scope, receive: Receive, send: Send) -> None:
        if _is_controls(scope["raw_path"].decode("latin-1")):
            await self.control(scope, receive, send)
            return
        self._answering += 1
        try:
            await self._serve(scope, receive, send)
        finally:
            self._answering -= 1

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        answered: Answered | None = scope.get("extensions", {}).get(ANSWERED, {}).get("answered")
        if answered is None:
            request = await _request(scope, receive)
            answered = Answered(request, self.engine.serve(request))
        answer = answered.answer
        if answer.delay and answer.fault != "drip" and await client_left(receive, answer.delay):
            return
        wire = self._express.dress(answered.request, answer)
        if answer.fault:
            await send_faulty(answer, wire, scope, receive, send)
        else:
            await send_wire(wire, send)


def _is_controls(path: str) -> bool:
    """Tell whether a path is the control API's: `/__mock` or anything below."""
    return path[:7] == "/__mock" and path[7:8] in ("", "/")


def create_app(settings: Settings | None = None) -> Starlette:
    """Return the ASGI application of a mock with these settings, for any ASGI server or test client."""
    return Mock(settings).app


async def _request(scope: Scope, receive: Receive) -> Request:
    """Return the request of a scope; a body beyond what is ever parsed is read but not kept."""
    body = b""
    while True:
        message: Message = await receive()
        if not is_too_big(len(body)):
            body += message.get("body", b"")
        if not message.get("more_body"):
            break
    return Request(
        method=scope["method"],
        path=scope["raw_path"].decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers={name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]},
        body=body,
    )
