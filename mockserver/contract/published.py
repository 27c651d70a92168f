"""All operations that Medusa publishes for its Store API, served or not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .operations import parameters_of


@dataclass(frozen=True, slots=True)
class Published:
    """An operation that Medusa has, whatever this mock does of it; `name` is the official client's, with its resource."""

    method: str
    path: str
    name: str
    id: str

    @property
    def path_parameters(self) -> tuple[str, ...]:
        return parameters_of(self.path)

    def __str__(self) -> str:
        return f"{self.name} ({self.method} {self.path})"


def read_published(lines: Iterable[str]) -> Iterator[Published]:
    """Yield the operations of `published.yaml`: `GET /store/regions regions.list GetRegions`."""
    for line in lines:
        yield Published(*line.split())
