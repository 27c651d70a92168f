"""The catalogue of both servers, sold from the same file of data: what is asked of one is asked of the other."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ..contract import Contract
from ..edge.mock import Mock
from ..errors import MockServerError
from ..realserver.shape import COUNT, Schema, Shape, mapping, rows
from ..realserver.target import Target
from .asking import ask_mock, ask_real
from .comparison import Names, content, differences
from .played import Played, State
from .steps.catalogue import Question

ID: Schema = {"id": {"type": "string", "pattern": r"^[^{}\s]+$"}}  # it takes the place of {product} in a path
LISTS: dict[
    str, tuple[str, str, Schema]
] = {  # by what ids are of: where all of them are listed, under which keys, with what we look at
    "product": ("/store/products?order=handle&limit=0", "products", ID),
    "region": ("/store/regions?order=name&limit=0", "regions", ID),
    "category": ("/store/product-categories?limit=0", "product_categories", ID),
    "variant": ("/store/variants?limit=0", "variants", {**ID, "inventory_quantity": COUNT}),
    "shipping option": ("/store/shipping-options", "shipping_options", ID),
}


@dataclass(slots=True)
class Shelves:
    """All that both servers sell, with what stands for what; reads change nothing, so that one serves for all sequences."""

    contract: Contract
    target: Target
    mock: Mock
    sandbox: str
    names: Names = field(default_factory=Names)
    history: list[Played] = field(default_factory=list)
    real: dict[str, list[str]] = field(default_factory=dict)
    mocked: dict[str, list[str]] = field(default_factory=dict)
    start: State = field(default_factory=dict)  # there is none to begin from

    def begin(self) -> "Shelves":
        """Read all that is listed from both servers; raise MockServerError where they do not sell the same."""
        for kind, (path, key, fields) in LISTS.items():
            real, mock = ask_real(self.target, "GET", path), ask_mock(self.mock, self.sandbox, "GET", path)
            listed = Shape(key, mapping({key: rows(fields)}))
            ours, theirs = (_sorted(one.document[key]) if listed.fits(one.document) else [] for one in (mock, real))
            if not theirs or list(map(content, theirs)) != list(map(content, ours)):
                raise MockServerError(
                    f"{self.target.url} does not sell what the file of --data says: GET {path} answers something else"
                )
            self.real[kind], self.mocked[kind] = [one["id"] for one in theirs], [one["id"] for one in ours]
            _pair(theirs, ours, self.names)
            if kind == "variant":
                left = [
                    {"id": our["id"], "inventory_quantity": their["inventory_quantity"]}
                    for their, our in zip(theirs, ours, strict=True)
                ]
                self.mock.engine.give(self.mock.sandboxes[self.sandbox], {"product_variants": left})
        return self

    def again(self) -> "Shelves":
        """Return the same shelves for another sequence."""
        return Shelves(
            self.contract, self.target, self.mock, self.sandbox, self.names, real=self.real, mocked=self.mocked
        )

    def play(self, step: Question) -> Played:
        """Ask both servers the same, and compare what they answer."""
        operation = self.contract.operation(step.operation)
        paths = ["?".join(filter(None, step.resolve(known))) for known in (self.real, self.mocked)]
        real = ask_real(self.target, operation.method, paths[0])
        mock = ask_mock(self.mock, self.sandbox, operation.method, paths[1])
        found = tuple(differences(real, mock, self.names))
        played = Played(operation, paths[0], real, mock, found)
        self.history.append(played)
        return played


def _sorted(rows: list[Any]) -> list[Any]:
    return sorted(rows, key=content)


def _pair(real: Any, mock: Any, names: Names) -> None:
    """Let the ids of two rows that hold the same stand for each other, and those of all that is inside them."""
    for one, other in _pairs(real, mock):
        if isinstance(one, str) and isinstance(other, str):
            names.pair(one, other)
        else:
            _pair(one, other, names)


def _pairs(real: Any, mock: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(real, dict) and isinstance(mock, dict):
        yield from ((real[key], mock[key]) for key in real if key in mock)
    elif isinstance(real, list) and isinstance(mock, list):
        yield from zip(_sorted(real), _sorted(mock), strict=False)
