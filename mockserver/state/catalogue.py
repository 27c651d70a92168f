"""The built-in shop: the rows that every sandbox begins with, read from the files of `shop/`, one for each table."""

from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from ..samples.sampler import Sampler
from .documents import Document
from .given import Writer
from .relations import Relations
from .rows import Catalogue
from .tables import Tables


def load_catalogue(relations: Relations, sampler: Sampler, seed: str, now: int) -> Catalogue:
    """
    Return the shop's rows; raise MockServerError for a file that is named after no table.

    A file maps names to entities, partly written as in `given`. A missing id is drawn from the seed and the name.
    """
    tables = Tables(relations, Catalogue())
    writer = Writer(tables, sampler, seed, now)
    shop = _shop()
    for name in sorted(shop, key=lambda name: _rank(relations, name)):
        for hint, entity in shop[name].items():
            writer.write(name, entity, hint)
    return tables.frozen()


def _rank(relations: Relations, name: str) -> int:
    """Return how much of the shop an entity leads to: what others need is written before them."""
    return len([relation for relation in relations.entity(name).relations.values() if relation.table in _shop()])


@lru_cache(maxsize=1)
def _shop() -> dict[str, dict[str, Document]]:
    shop: dict[str, Any] = {}
    for file in (files(__package__) / "shop").iterdir():
        with file.open(encoding="utf-8") as text:
            shop[file.name.removesuffix(".yaml")] = yaml.safe_load(text)
    return shop
