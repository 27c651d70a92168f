"""One request of a sequence, before it is known which ids there will be."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ..asking import NOTHING

RUN = "{run}"  # in a text: what no other sequence has in its place
_PARAMETER = re.compile(r"\{\w+\}")


@dataclass(frozen=True, slots=True)
class The:
    """
    A thing that a sequence has come across, by its kind and by how many of the kind came after it: 0 is the newest.

    A kind is what ids begin with, `cart` say, or `display_id`, `key`. A place that is none, or too far back, is of nothing
    that is there; of a kind that is sold (`variant`) the places begin again.
    """

    kind: str
    place: int | None = 0


Knowing = Callable[[The], Any]


@dataclass(frozen=True, slots=True)
class Act:
    """
    A request for an operation, by its id, with the values of its path's parameters in their order.

    Wherever `The` stands, in `path`, `query`, `body` or `key`, a server is told its own id. `shopper` is who asks.
    """

    operation: str
    path: tuple[Any, ...] = ()
    body: Any = NOTHING
    query: tuple[tuple[str, Any], ...] = ()
    key: Any = None
    shopper: int = 0

    def url(self, template: str, knows: Knowing, run: str) -> str:
        """Return path and query with what a server knows in them."""
        values = iter(self.path)
        path = _PARAMETER.sub(lambda _: quote(str(filled(next(values), knows, run)), safe="@"), template)
        query = "&".join(f"{name}={quote(str(filled(value, knows, run)), safe=',')}" for name, value in self.query)
        return f"{path}?{query}" if query else path


def filled(value: Any, knows: Knowing, run: str) -> Any:
    """Return a JSON value with what a server knows in the place of `The`."""
    if isinstance(value, The):
        return knows(value)
    if isinstance(value, Mapping):
        return {key: filled(one, knows, run) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [filled(one, knows, run) for one in value]
    return value.replace(RUN, run) if isinstance(value, str) else value
