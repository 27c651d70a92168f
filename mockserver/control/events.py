"""Calls about the server itself: health, events as they happen, the description of this API."""

from collections.abc import AsyncIterator
from importlib.metadata import version

from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from . import shapes
from .calls import Controlled, Received, Refused, call
from .document import control_document
from .listeners import MOST, Listener, event_of
from .scenarios import scenario_list

ANSWERS_AS = "Medusa 1.20.11"
SIGN_OF_LIFE = 15  # seconds of silence after which a comment is sent, so that proxies keep the connection


@call("GET", "/health", gives=shapes.Health)
async def get_health(received: Received) -> shapes.Health:
    """Say that the server is well."""
    controlled = received.controlled
    return shapes.Health(
        version=version("medusa-mockserver"),
        answers_as=ANSWERS_AS,
        scenarios=len(controlled.catalogue),
        problems=len(controlled.catalogue.problems),
        sandboxes=len(controlled.sandboxes),
        answering=controlled.answering(),
        listening=len(controlled.listeners),
    )


@call("GET", "/openapi.json", stream="application/json")
async def get_document(_received: Received) -> Response:
    """Describe this API as an OpenAPI 3.1 document."""
    return JSONResponse(control_document())


@call("GET", "/events", query=shapes.Taking, stream="text/event-stream", refuses=(400, 503))
async def listen_to_events(received: Received) -> Response:
    """
    Send events as they happen: `request`, `aborted`, `scenarios`, `sandbox`, `cleared`; of one sandbox, or of all.

    `aborted` is a request, told before, whose client left. `lost` comes in place of events that the listener was too slow for.
    """
    if received.request.method == "HEAD":
        return Response(media_type="text/event-stream")
    listeners = received.controlled.listeners
    if len(listeners) >= MOST:
        raise Refused(503, f"{MOST} listen already; that is the most")
    return _Stream(received.controlled, listeners.open(received.query.sandbox))


class _Stream(StreamingResponse):
    """Sends a listener its events until it leaves, and lets it go then, whether it ever began to listen or not."""

    def __init__(self, controlled: Controlled, listener: Listener) -> None:
        super().__init__(
            _events(controlled, listener), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )
        self._listeners, self._listener = controlled.listeners, listener

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._listeners.close(self._listener)


async def _events(controlled: Controlled, listener: Listener) -> AsyncIterator[bytes]:
    yield event_of("scenarios", scenario_list(controlled).model_dump())
    while True:
        try:
            yield await listener.take(SIGN_OF_LIFE)
        except TimeoutError:
            yield b":\n\n"
