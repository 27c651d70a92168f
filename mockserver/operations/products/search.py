"""Where `q` looks in a product: title, description, its variants' titles and SKUs, its collection's title (tests/facts/catalog.md 2)."""

from collections.abc import Iterable, Mapping

from ...state.relations import Row
from ...state.tables import Tables
from ..shared import lists
from ..shared.rows import is_there

SOURCES = ("products", "product_variants", "product_collections")
Texts = tuple[str, tuple[str, ...]]  # all of them as one in lower case, and each for itself


def searched(tables: Tables, rows: Iterable[Row], q: str) -> list[Row]:
    """Return the products in one of whose texts `q` is found; `%` and `_` in it stand for anything, and for one character."""
    texts: Mapping[str, Texts] = tables.once(SOURCES, ("texts",), lambda: _texts(tables))
    if "%" not in q and "_" not in q:
        wanted = q.lower()
        return [row for row in rows if wanted in texts[row["id"]][0]]
    pattern = lists.Like(q)
    return [row for row in rows if any(map(pattern.fits, texts[row["id"]][1]))]


def _texts(tables: Tables) -> dict[str, Texts]:
    found = {row["id"]: [row["title"], row["description"]] for row in tables.all("products")}
    for variant in filter(is_there, tables.all("product_variants")):
        found.setdefault(variant["product_id"], []).extend([variant["title"], variant["sku"]])
    titles = {one["id"]: one["title"] for one in tables.all("product_collections") if is_there(one)}
    for row in tables.all("products"):
        found[row["id"]].append(titles.get(row["collection_id"]))
    whole = {id: tuple(text for text in texts if text) for id, texts in found.items()}
    return {id: ("\0".join(texts).lower(), texts) for id, texts in whole.items()}
