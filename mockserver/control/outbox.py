"""The call about outboxes: what Medusa would have told the outside."""

from ..globs import fitting
from . import shapes
from .calls import Received, call, refusing


@call("GET", "/outbox", gives=shapes.Outbox, query=shapes.Telling, refuses=(400, 404))
async def list_messages(received: Received) -> shapes.Outbox:
    """List what Medusa would have told the outside, with tokens and codes: `customer.password_reset`, say."""
    sandboxes, wanted = received.controlled.sandboxes, received.query
    with refusing(404):
        meant = list(sandboxes) if wanted.sandbox is None else [sandboxes.known(wanted.sandbox)]
    fits = fitting(wanted.event or "*")
    messages = [
        shapes.Message(number=one.number, time=one.time, sandbox=sandbox.name, event=one.event, data=one.data)
        for sandbox in meant
        for one in sandbox.outbox
        if fits(one.event)
    ]
    return shapes.Outbox(messages=messages, forgotten=sum(sandbox.outbox.forgotten for sandbox in meant))
