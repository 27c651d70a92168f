"""The ASGI edge: HTTP in, HTTP out; the control API and the engine answer."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from http import HTTPStatus

from starlette.types import Receive, Scope, Send

from ..control import Control, waits
from ..engine.preparing import Preparing, Reserved, Unprepared
from ..engine.serve import Engine
from ..messages import Request, Response
from ..state.journal import Journals
from .connection import Connection, connection_of
from .faults import client_left, perform
from .sending import UNEXPECTED, body_of, head_of, is_expectation_met, is_kept, path_of, request_of

Watch = Callable[[], Coroutine[None, None, None]]


class App:
    """The ASGI application: to the control API what is below `/__mock`, to the engine all else; `answering` counts these."""

    def __init__(self, engine: Engine, control: Control, journals: Journals, watches: Sequence[Watch]) -> None:
        """Make it of its parts; the `watches` begin with the server, and run to its end at most."""
        self._engine = engine
        self._control = control
        self._journals = journals
        self._watches = watches
        self.answering = 0
        self._preparing = Preparing()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._live(receive, send)
            else:  # a WebSocket, under a server that offers them
                await send({"type": "websocket.close"})
            return
        path, connection = path_of(scope), connection_of(scope.get("state", {}))
        if _is_controls(path):
            if connection is not None:
                connection.is_endless = waits(path)
            scope["raw_path"] = path.encode("latin-1")  # no server has to tell it
            await self._control(scope, receive, send)
        else:
            self.answering += 1
            try:
                await self._serve(path, connection, scope, receive, send)
            finally:
                self.answering -= 1
        if connection is not None:
            connection.answered()

    async def _serve(
        self, path: str, connection: Connection | None, scope: Scope, receive: Receive, send: Send
    ) -> None:
        arriving = time.monotonic()
        request, is_whole = await request_of(path, scope, receive)
        if not is_whole:
            self._note_part(request, connection, time.monotonic() - arriving)
            return
        if is_expectation_met(request):
            response = await self._answer(request)
        else:
            response = UNEXPECTED
            self._engine.note(request, response, "it expects what no server can give; nothing was done")
        kept = connection is not None and is_kept(scope["http_version"], request.headers)
        began = time.monotonic() if response.delay else 0.0
        if (response.delay or response.fault) and await self._held_up(response, connection, receive, send, kept=kept):
            return
        await send(head_of(response, ours=connection is not None, kept=kept))
        await send(body_of(response.body))
        if response.delay and connection is not None and (left := connection.left_at()) is not None:
            self._journals.abort(response, left - began)

    async def _held_up(
        self, response: Response, connection: Connection | None, receive: Receive, send: Send, *, kept: bool
    ) -> bool:
        """Wait as an answer says, and do what its fault says; tell whether nothing is left to be sent, to nobody or by a fault."""
        began, has_left = time.monotonic(), False
        if response.delay and response.fault != "drip":
            has_left = await client_left(receive, response.delay)
        if response.fault and not has_left:
            has_left = await perform(response.fault, response, connection, receive, send, kept=kept)
        if has_left:
            self._journals.abort(response, time.monotonic() - began)
        return has_left or response.fault is not None

    def _note_part(self, request: Request, connection: Connection | None, seconds: float) -> None:
        """Put into the journal what never became a request: its client left, or was told so by the connection itself."""
        refused = None if connection is None else connection.refused
        response = Response(refused or HTTPStatus.BAD_REQUEST, ())
        came = f"{len(request.body)} bytes of its body came"
        self._engine.note(request, response, f"the request never became whole: {came}, and nothing was done")
        if refused is None:
            self._journals.abort(response, seconds)

    async def _answer(self, request: Request) -> Response:
        """Return the engine's answer, behind all that has to be prepared for it."""
        for _ in range(2):  # it may have to wait for another's writing, and then for what its scenario gives
            try:
                return self._engine.serve(request, at_once=False)
            except (Reserved, Unprepared) as reason:
                await self._preparing.prepare(reason)
        return self._engine.serve(request)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        watching = [asyncio.create_task(watch()) for watch in self._watches]
        await send({"type": "lifespan.startup.complete"})
        await receive()
        for task in watching:
            task.cancel()
        await send({"type": "lifespan.shutdown.complete"})


def _is_controls(path: str) -> bool:
    """Tell whether a path is the control API's: `/__mock` or anything below."""
    return path[:7] == "/__mock" and path[7:8] in ("", "/")
