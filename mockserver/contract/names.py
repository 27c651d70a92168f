"""The names of operations: what each may be called, and what was probably meant by a name that none has."""

import re
from collections.abc import Iterable, Iterator

from ..errors import LONGEST_NAME, MockServerError
from ..likeness import Likeness, nearest
from .operations import Operation

ALIKE = 0.75  # `authorise` and `authorize` are 0.89 alike, `capture` and `create` 0.62
MOST = 6  # operations that are proposed
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


class Names:
    """
    Finds operations by operationId, by resource and method (`carts.retrieve`), or by the method alone where one resource has it.

    Raises MockServerError when two operations have one operationId, or one resource has a method twice.
    """

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._operations = tuple(operations)
        self._whole: dict[str, Operation] = {}
        self._methods: dict[str, list[Operation]] = {}
        for operation in self._operations:
            for name in (operation.id, operation.name):
                other = self._whole.setdefault(name, operation)
                if other is not operation:
                    raise MockServerError(f"contract: {name!r} is {_where(other)} and again {_where(operation)}")
            self._methods.setdefault(operation.client_method, []).append(operation)

    def find(self, name: str) -> Operation:
        """Return an operation by any of its names; raise MockServerError for what is none, with what was probably meant."""
        found = self._whole.get(name)
        if found is not None:
            return found
        sharing = self._methods.get(name, [])
        if len(sharing) == 1:
            return sharing[0]
        short = name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}..."
        if sharing:
            raise MockServerError(f"operation {name!r} is a method of several resources; say which: {_listed(sharing)}")
        meant = self._meant(name)[:MOST] if short == name else []
        if meant:
            near = " or ".join(repr(operation.name) for operation in meant)
            known = _listed(one for one in self._operations if one.resource == meant[0].resource)
            raise MockServerError(f"no operation {short!r}; did you mean {near}? known: {known}")
        known = ", ".join(dict.fromkeys(f"{operation.resource}.*" for operation in self._operations))
        raise MockServerError(f"no operation {short!r}; known: {known}")

    def __iter__(self) -> Iterator[str]:
        """Yield every name that is understood."""
        yield from self._whole
        yield from (method for method, sharing in self._methods.items() if len(sharing) == 1)

    def _meant(self, name: str) -> list[Operation]:
        """Return the operations that an unknown name is nearest to: as a text, else those that hold all its words."""
        known = {one.lower(): operation for one, operation in self._whole.items()}
        known |= {one.lower(): sharing[0] for one, sharing in self._methods.items() if len(sharing) == 1}
        near = nearest(name.lower(), known, 0.8)
        if near is not None:
            return [known[near]]
        words, likeness = _words(name), Likeness()
        holding = [
            one for one in self._operations if words and all(_holds(_words(one.name), word, likeness) for word in words)
        ]
        return sorted(holding, key=lambda one: len(one.name)) or self._same_method(name)

    def _same_method(self, name: str) -> list[Operation]:
        """Return the operations whose method is nearly the one that is asked for, whatever the resource."""
        near = nearest(name.rpartition(".")[2], self._methods)
        return [] if near is None else self._methods[near]


def _words(name: str) -> list[str]:
    """Return the words of a name in camel case, in lower case; `authorizePaymentSession` has three."""
    return [word.lower() for word in _WORD.findall(name)]


def _holds(words: list[str], wanted: str, likeness: Likeness) -> bool:
    return any(likeness.of(word, wanted, ALIKE) for word in words)


def _where(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


def _listed(operations: Iterable[Operation]) -> str:
    return ", ".join(operation.name for operation in operations)
