"""The call about outboxes: what Medusa would have told the outside."""

from collections.abc import Iterator, Sequence

from starlette.responses import Response

from ..engine.preparing import at_leisure
from ..globs import fitting
from ..state.outbox import Message
from . import shapes
from .calls import Received, call, listing, refusing


@call("GET", "/outbox", gives=shapes.Outbox, query=shapes.Telling, refuses=(400, 404))
async def list_messages(received: Received) -> Response:
    """List what Medusa would have told the outside, with tokens and codes: `customer.password_reset`, say."""
    sandboxes, wanted = received.controlled.sandboxes, received.query
    with refusing(404):
        meant = list(sandboxes) if wanted.sandbox is None else [sandboxes.known(wanted.sandbox)]
    told = [(sandbox.name, list(sandbox.outbox)) for sandbox in meant]  # as it is now
    forgotten = sum(sandbox.outbox.forgotten for sandbox in meant)
    return await at_leisure(lambda: listing("messages", _messages(told, wanted.event or "*"), forgotten=forgotten))


def _messages(told: Sequence[tuple[str, Sequence[Message]]], event: str) -> Iterator[shapes.Message]:
    """Yield the messages of sandboxes, by their names, whose event fits a glob."""
    fits = fitting(event)
    for sandbox, messages in told:
        for one in messages:
            if fits(one.event):
                yield shapes.Message(number=one.number, time=one.time, sandbox=sandbox, event=one.event, data=one.data)
