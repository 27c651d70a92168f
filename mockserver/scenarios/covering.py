"""Which operations a stub is about: one, all of a resource (`carts.*`), or all (`*`); and what is wrong, said once for all."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from ..contract import Contract, Operation, OwnRoute, own_route
from ..errors import MockServerError, unknown
from .format import StubFormat, When
from .same import count
from .source import Where

MOST_REPLIED = 200_000  # replies of one scenario, and values in their bodies: a second or two to prepare
MOST_NAMED = 5  # operations that share a mistake
Problem = tuple[Where, str]


def covered(contract: Contract, stub: StubFormat) -> list[Operation]:
    """
    Return the operations that a stub is about, or its route alone.

    Raises MockServerError for a name that is none, with the nearest known one, and for a route that is an operation's.
    """
    if stub.route is not None:
        return [_own(contract, stub.route)]
    name = stub.operation or ""
    if "/" in name:
        raise MockServerError(
            f"no operation {name!r}; a path that Medusa does not have is a 'route: {_own(contract, name)}'"
        )
    return named(contract, name)


def named(contract: Contract, name: str) -> list[Operation]:
    """
    Return the operations that a name means: `carts.create`, all of `carts.*`, or all there are, `*`.

    Raises MockServerError for a name that is none, with the nearest known one.
    """
    if name == "*":
        return list(contract.operations)
    if not name.endswith(".*"):
        return [contract.operation(name)]
    resources = list(dict.fromkeys(operation.resource for operation in contract.operations))
    if name[:-2] not in resources:
        raise MockServerError(unknown("resource", name[:-2], resources))
    return [operation for operation in contract.operations if operation.resource == name[:-2]]


def replied(contract: Contract, stub: StubFormat) -> int:
    """Return how many replies a stub has, and values in their bodies, each for each operation that it is about."""
    try:
        operations = covered(contract, stub)
    except MockServerError:  # is named where it stands
        return 0
    replies = stub.replies or filter(None, [stub.reply])
    return len(operations) * sum(1 if reply.body is None else 1 + count(reply.body) for reply in replies)


def too_much_replied(numbers: Iterable[int]) -> Iterator[Problem]:
    """Yield the stub with which a scenario has more replies, with the values in their bodies, than it may."""
    for index, found in enumerate(accumulate(numbers)):
        if found > MOST_REPLIED:
            of = (
                f"{found} replies and values in their bodies up to here, each for each operation that its stub is about"
            )
            yield ("stubs", index), f"there are {of}; {MOST_REPLIED} are the most; make two scenarios of it"
            return


def is_whole(stub: StubFormat) -> bool:
    """Tell whether a stub is about all operations, or all of a resource."""
    return stub.operation is not None and stub.operation.endswith("*")


def _own(contract: Contract, text: str) -> OwnRoute:
    """Return a route; raise MockServerError where an operation answers what is sent there."""
    route = own_route(text)
    operation, values = contract.route(route.method, route.path) or (None, {})
    if not isinstance(operation, Operation):
        return route
    fixed = ", ".join(f"{name}: {value}" for name, value in values.items() if not value.startswith("{"))
    where = f" and 'when: {{path: {{{fixed}}}}}'" if fixed else ""
    raise MockServerError(f"{route} is answered by an operation; say 'operation: {operation}'{where} instead")


def merged(found: Iterable[tuple[Operation, Problem]]) -> Iterator[Problem]:
    """Yield each problem once, with the operations that have it."""
    operations: dict[Problem, list[str]] = {}
    for operation, problem in found:
        operations.setdefault(problem, []).append(operation.name)
    for (where, text), names in operations.items():
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        yield where, f"{text} (so it is for {', '.join(names[:MOST_NAMED])}{more})"


def unmet(operations: Sequence[Operation], stub: StubFormat) -> Iterator[Problem]:
    """Yield the parameters of `when` and `per` that none of the operations has: such a stub would never match, or never count."""
    parameters = list(dict.fromkeys(name for operation in operations for name in operation.path_parameters))
    yield from _when(operations, parameters, stub.when)
    header = stub.per.startswith("header ") and stub.per.removeprefix("header ").strip()
    if not header and stub.per not in ("sandbox", *parameters):
        known = ["sandbox", *parameters, "header NAME"]
        yield ("per",), unknown("turn", stub.per, known)


def _when(operations: Sequence[Operation], parameters: list[str], when: When) -> Iterator[Problem]:
    for name in when.path:
        if name not in parameters:
            yield ("when", "path", name), unknown("path parameter", name, parameters)
    queries = [operation.query_parameters for operation in operations]
    known = list(dict.fromkeys(name for names in queries for name in names))
    for name in when.query:
        if name not in known and all(queries):
            yield ("when", "query", name), unknown("query parameter", name, known)
