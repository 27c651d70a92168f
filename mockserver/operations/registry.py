"""Which function does what an operation does: each says its operation's id, and a module that is added is found by itself."""

import pkgutil
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from importlib import import_module
from types import ModuleType

from ..contract import Contract, Document
from ..errors import MockServerError
from ..messages import Answer
from .context import Context

Behaviour = Callable[[Context], Document | Answer]
_DECLARED: dict[str, list[tuple[str, Behaviour]]] = {}  # by the module that declares them


def operation(id: str) -> Callable[[Behaviour], Behaviour]:
    """
    Make a function the behaviour of an operation: `@operation("GetCartsCart")`.

    What it returns is a document, sent as a 200, or an Answer: another status, a text, a cookie, a redirect. Both are
    checked against the contract before they leave.
    """

    def declare(behaviour: Behaviour) -> Behaviour:
        _DECLARED.setdefault(behaviour.__module__, []).append((id, behaviour))
        return behaviour

    return declare


def behaviours(contract: Contract, package: ModuleType | None = None) -> dict[str, Behaviour]:
    """
    Return the behaviours by operationId that the modules of a package declare, those of Medusa's resources by default.

    Raises MockServerError for a second behaviour of one operation, and for an id that the contract does not have.
    """
    known = [one.id for one in contract.operations]
    found: dict[str, Behaviour] = {}
    for id, behaviour in _declared(package or import_module(__package__)):
        if id in found:
            raise MockServerError(f"operation {id!r} has two behaviours: {_name(found[id])} and {_name(behaviour)}")
        if id not in known:
            near = get_close_matches(id, known, n=1)
            meant = f"; did you mean {near[0]!r}?" if near else ""
            raise MockServerError(f"{_name(behaviour)} is the behaviour of {id!r}, which is not in the contract{meant}")
        found[id] = behaviour
    return found


def perform(behaviour: Behaviour, context: Context) -> Document | Answer:
    """Let an operation answer; what it writes and tells is one change, kept when it answers and dropped when it raises."""
    with context.tables.change() as context.change:
        answer = behaviour(context)
        for event, data in context.told:
            context.sandbox.outbox.put(context.now, event, dict(data))
        return answer


def _declared(package: ModuleType) -> Iterator[tuple[str, Behaviour]]:
    """Yield what the modules of a package declare, module by module in the order of their names."""
    names = [package.__name__]
    names += [one.name for one in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]
    for name in names:
        import_module(name)
        yield from _DECLARED.get(name, ())


def _name(behaviour: Behaviour) -> str:
    return f"{behaviour.__module__}.{behaviour.__qualname__}"
