"""The routes of a scenario's own: paths that Medusa does not have, answered by stubs alone."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from ..contract import Operation, OwnRoute
from ..contract.router import Router
from ..messages import JSON, TEXT
from .covering import Problem
from .format import ReplyFormat
from .reply import Reply, is_dynamic

_PARAMETER = re.compile(r"\{\w+\}")


def router_of(operations: Sequence[Operation]) -> Router[Operation] | None:
    """Return what finds the routes among the operations of a scenario; None where there are none."""
    own = [one for one in operations if isinstance(one, OwnRoute)]
    return Router(own) if own else None


def other_names(route: Operation, known: Sequence[Operation]) -> Iterator[Problem]:
    """Yield that a route stands in the scenario already, with other names for its parameters: only one could be found."""
    if any(other.id == route.id for other in known):
        return
    for other in known:
        if _PARAMETER.sub("{}", route.id) == _PARAMETER.sub("{}", other.id):
            yield ("route",), f"is {other.id!r} with other names; use the same ones in all stubs"
            return


def own_reply(written: ReplyFormat, how: Any) -> Reply:
    """Return a prepared reply of a route, which says all that is answered: status 200 and no body, if nothing else."""
    body = written.body
    media_type = None if body is None else TEXT if isinstance(body, str) else JSON
    return Reply(written.status or 200, body, media_type, dynamic=is_dynamic(body), **how)


def own_problems(written: ReplyFormat) -> Iterator[Problem]:
    """Yield what a reply of a route says that nobody is there for."""
    if written.provider is not None:
        yield ("provider",), "no operation is behind a route that could ask a provider"
    if written.off_contract:
        yield ("off_contract",), "no contract speaks of a route; leave it out"
