"""Calls about the server itself: health, events as they happen, the description of this API."""

import asyncio
from collections.abc import AsyncIterator
from importlib.metadata import version
from typing import Any

from starlette.responses import JSONResponse, Response, StreamingResponse

from ..express.javascript import dumps
from ..state.journal import Entry
from . import shapes
from .calls import Controlled, Received, Refused, call
from .document import control_document
from .listeners import MOST
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

    `aborted` is a request, told before, whose client left.     `lost` comes in place of events that the listener was too slow for.
    """
    if received.request.method == "HEAD":
        return Response(media_type="text/event-stream")
    if len(received.controlled.listeners) >= MOST:
        raise Refused(503, f"{MOST} listen already; that is the most")
    return StreamingResponse(
        _events(received.controlled, received.query.sandbox),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store"},
    )


async def _events(controlled: Controlled, sandbox: str | None) -> AsyncIterator[bytes]:
    with controlled.listeners.listening(sandbox) as queue:
        yield _event("scenarios", scenario_list(controlled).model_dump())
        while True:
            try:
                name, about = await asyncio.wait_for(queue.get(), SIGN_OF_LIFE)
            except TimeoutError:
                yield b":\n\n"
                continue
            if isinstance(about, Entry):
                yield _event(name, about.summary())
            elif name == "scenarios":
                yield _event(name, scenario_list(controlled).model_dump())
            else:
                yield _event(name, {"sandbox": about})


def _event(name: str, about: Any) -> bytes:
    return f"event: {name}\ndata: ".encode() + dumps(about) + b"\n\n"
