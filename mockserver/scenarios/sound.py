"""Finds what in a stub can be looked at for its meaning, though the form of another part of it is broken."""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from .format import StubFormat
from .source import Where

MANNERS = {"headers", "delay", "fault", "chance", "repeat"}  # of a reply; without one, what it says stays what it is


def sound_part(stub: Any, broken: Sequence[Where]) -> StubFormat | None:
    """Return a stub without what is broken in it, at these places, and all that depends on it; None where that is nothing."""
    if not isinstance(stub, dict):
        return None
    wrong = {place[0] for place in broken if place}
    kept: dict[str, Any] = {
        key: stub[key] for key in ("operation", "route", "when") if key in stub and key not in wrong
    }
    many = stub.get("replies")
    if isinstance(many, list) and many and "reply" not in stub:
        below = [[place[2:] for place in broken if place[:2] == ("replies", index)] for index, _ in enumerate(many)]
        kept["replies"] = list(map(_sound_reply, many, below))
    else:
        kept["reply"] = _sound_reply(stub.get("reply"), [place[1:] for place in broken if place[:1] == ("reply",)])
    try:
        return StubFormat.model_validate(kept)
    except ValidationError:
        return None


def _sound_reply(reply: Any, broken: Sequence[Where]) -> Any:
    wrong = {place[0] if place else None for place in broken}
    if not isinstance(reply, dict) or not wrong <= MANNERS:
        return {}
    return {key: value for key, value in reply.items() if key not in wrong and key != "repeat"}
