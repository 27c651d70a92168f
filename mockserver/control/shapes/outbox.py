"""What is given about outboxes."""

from pydantic import Field

from .base import Document, Output, Taking, Text


class Telling(Taking):
    """Which messages are meant: of one sandbox or of all, of one event or of any."""

    event: Text | None = Field(default=None, description="Glob, such as `customer.*`.")


class Message(Output):
    """What Medusa would have told the outside; `number` counts those of its sandbox from 1."""

    number: int
    time: str
    sandbox: str
    event: str
    data: Document


class Outbox(Output):
    """Messages, the newest last; `forgotten` counts older ones that are not kept any more, of whatever event."""

    messages: list[Message]
    forgotten: int
