"""The ASGI edge: HTTP in, HTTP out, and the only place where time is spent waiting."""

import asyncio
from collections.abc import Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from .bodies import is_too_big
from .choices import Choices
from .clock import Clock
from .contract import Contract
from .engine import Engine
from .express import Express
from .messages import Request
from .samples import Sampler
from .sandboxes import Sandboxes
from .scenarios import Compiler, Scenario, load_scenarios
from .settings import Settings

Message = MutableMapping[str, Any]


class Mock:
    """A mock server: everything that is prepared at start, and one ASGI application that serves it."""

    def __init__(self, settings: Settings | None = None) -> None:
        """Prepare all; raise MockServerError for whatever is wrong with the settings or the scenario files."""
        settings = settings or Settings()
        self.contract = Contract()
        sampler = Sampler(self.contract)
        compiler = Compiler(self.contract, sampler)
        self.scenarios: dict[str, Scenario] = dict(load_scenarios(compiler, [shipped_scenarios(), *settings.scenarios]))
        clock = Clock.at(settings.clock) if settings.clock else Clock()
        self.sandboxes = Sandboxes(settings.seed, clock, settings.sandboxes, settings.entities)
        choices = Choices(self.scenarios, settings.scenario)
        self.engine = Engine(self.contract, sampler, compiler, choices, self.sandboxes)
        self._express = Express(settings.cors, settings.seed, clock.now, compress=settings.compress)
        self.app = Starlette()
        self.app.router.default = self._edge  # every path: a route's pattern would miss one with a line break in it

    async def _edge(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = await _request(scope, receive)
        answer = self.engine.serve(request)
        if answer.delay and await _client_left(receive, answer.delay):
            return
        wire = self._express.dress(request, answer)
        headers = [(name.lower().encode(), value.encode("latin-1", "replace")) for name, value in wire.headers]
        await send({"type": "http.response.start", "status": wire.status, "headers": headers})
        await send({"type": "http.response.body", "body": wire.body})


def create_app(settings: Settings | None = None) -> Starlette:
    """Return the ASGI application of a mock with these settings, for any ASGI server or test client."""
    return Mock(settings).app


def scenarios_of(folders: Sequence[Path]) -> Mapping[str, Scenario]:
    """Return the scenarios of some folders, the shipped ones where none is named; raise MockServerError."""
    contract = Contract()
    return load_scenarios(Compiler(contract, Sampler(contract)), folders or [shipped_scenarios()])


def shipped_scenarios() -> Path:
    """Return the folder of the scenarios that come with the package: inside the wheel, or at the top of a checkout."""
    package = Path(__file__).parent
    inside = package / "shipped"
    return inside if inside.is_dir() else package.parent / "scenarios"


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


async def _client_left(receive: Receive, seconds: float) -> bool:
    """Wait; return True as soon as the client is gone."""
    leaving = asyncio.ensure_future(_disconnect(receive))
    try:
        await asyncio.wait_for(asyncio.shield(leaving), seconds)
    except TimeoutError:
        return False
    else:
        return True
    finally:
        leaving.cancel()


async def _disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
