"""Products and variants as answers show them, with what belongs to them and with their prices (tests/facts/catalog.md 2, 3)."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ...contract import Document
from ...state.relations import Row
from ..context import Context
from . import prices
from .prices import Choice
from .rows import is_there, pick

BASE = ("id", "created_at", "updated_at", "deleted_at")
SCALARS = (
    *BASE, "title", "subtitle", "description", "handle", "is_giftcard", "status", "thumbnail", "weight", "length",
    "height", "width", "hs_code", "origin_country", "mid_code", "material", "collection_id", "type_id", "discountable",
    "external_id", "metadata",
)  # fmt: skip
VARIANT = (
    *BASE, "title", "product_id", "sku", "barcode", "ean", "upc", "variant_rank", "inventory_quantity",
    "allow_backorder", "manage_inventory", "hs_code", "origin_country", "mid_code", "material", "weight", "length",
    "height", "width", "metadata",
)  # fmt: skip
IMAGE = (*BASE, "url", "metadata")
OPTION = (*BASE, "title", "product_id", "metadata")
VALUE = (*BASE, "value", "option_id", "variant_id", "metadata")
PROFILE = (*BASE, "name", "type", "metadata")
VALUED = (*BASE, "value", "metadata")
COLLECTION = (*BASE, "title", "handle", "metadata")
CHANNEL = (*BASE, "name", "description", "is_disabled", "metadata")
CATEGORY = (
    "id", "created_at", "updated_at", "name", "description", "handle", "is_active", "is_internal",
    "parent_category_id", "rank", "metadata",
)  # fmt: skip
_LISTS = (("images", IMAGE), ("options", OPTION), ("profiles", PROFILE), ("sales_channels", CHANNEL), ("tags", VALUED))


class Shelf:
    """
    Shows products of one answer: `fields` of each, and `relations`, which may be dotted.

    `collection.id` and `profile.id` among the fields tell that those ids come with what they name. `hides` tells that categories which nobody may see are
    left out, as they are in lists; `is_searched` that the answer is to `q`, which the real server puts together otherwise.
    """

    def __init__(  # noqa: PLR0913  (what one answer is made of)
        self,
        context: Context,
        choice: Callable[[], Choice],
        fields: Iterable[str],
        relations: Iterable[str],
        *,
        hides: bool,
        is_searched: bool = False,
    ) -> None:
        self._tables = context.tables
        self._choice = choice
        self._fields = set(fields)
        self._relations = set(relations)
        self._columns = [name for name in SCALARS if name in self._fields]
        self._hides = hides
        self._is_searched = is_searched
        named = {name.partition(".")[0] for name in self._relations}
        self._inner = {name for name in self._relations if "." in name}
        self._has = named | {name.partition(".")[0] for name in self._inner}
        narrowed = "variants.title" in self._fields
        self._variant = ("title",) if narrowed else VARIANT
        self._is_priced = {"variants", "variants.prices"} <= self._relations and not narrowed

    def products(self, rows: Sequence[Row]) -> list[Document]:
        """Return products; all of them are taxed alike, by the rates of the last that has variants, as the real server does."""
        choice, rates = None, None
        if self._is_priced:
            choice = self._choice()
            sold = [row for row in rows if choice.is_taxed and self._variants(row)]
            rates = prices.rates_for(self._tables, sold[-1] if sold else None, choice)
        return [self._product(row, choice, rates) for row in rows]

    def _product(self, row: Row, choice: Choice | None, rates: list[Row] | None) -> Document:
        has, tables = self._has, self._tables
        shown = pick(row, self._columns)
        if "categories" in has:
            found = tables.follow("products", row, "categories")
            seen = [one for one in found if not self._hides or is_seen(one)]
            shown["categories"] = [pick(one, CATEGORY) for one in seen]
        if "collection" in has:
            self._add_collection(row, shown)
        for name, columns in _LISTS:
            if name in has:
                shown[name] = self._list(row, name, columns)
                if name == "profiles" and "profile.id" in self._fields:
                    shown["profile_id"] = row["profile_id"]
        if "type" in has:
            type = tables.follow("products", row, "type")
            shown["type"] = None if type is None else pick(type, VALUED)
        if "variants" in has:
            shown["variants"] = [self._of_product(one, choice, rates) for one in self._variants(row)]
        return shown

    def _add_collection(self, row: Row, shown: Document) -> None:
        """Put the collection, and its id behind it where nobody asked for other fields; of a deleted one only the id is left."""
        collection = self._tables.follow("products", row, "collection")
        if not self._is_searched:
            shown.pop("collection_id", None)
        if collection is not None and not is_there(collection):
            shown["collection"] = {name: collection["id"] if name == "id" else None for name in COLLECTION}
            return
        shown["collection"] = None if collection is None else pick(collection, COLLECTION)
        if "collection.id" in self._fields and not self._is_searched:
            shown["collection_id"] = row["collection_id"]

    def _list(self, row: Row, name: str, columns: tuple[str, ...]) -> list[Document]:
        found = self._tables.follow("products", row, name)
        rows = found if isinstance(found, list) else [one for one in [found] if one is not None]
        shown = [pick(one, columns) for one in rows if is_there(one)]
        if name == "options" and "options.values" in self._inner:
            for option in shown:
                values = self._tables.where("product_option_values", option_id=option["id"])
                option["values"] = [pick(one, VALUE) for one in values if is_there(one) and self._is_sold(one)]
        return shown

    def _is_sold(self, value: Row) -> bool:
        variant = self._tables.get("product_variants", value["variant_id"])
        return variant is None or is_there(variant)

    def _variants(self, row: Row) -> list[Row]:
        found = [one for one in self._tables.where("product_variants", product_id=row["id"]) if is_there(one)]
        return sorted(found, key=lambda one: one["variant_rank"] or 0)

    def _of_product(self, row: Row, choice: Choice | None, rates: list[Row] | None) -> Document:
        shown = pick(row, self._variant)
        inner = self._inner
        if "variants.inventory_items" in inner:
            shown["inventory_items"] = []
        if "variants.options" in inner:
            shown["options"] = options_of(self._tables, row)
        if "variants.prices" in inner:
            found = [] if choice is None else prices.prices_of(self._tables, row, choice)
            if choice is None or (choice.is_made and not found):
                shown["prices"] = prices.plain(self._tables, row)
            else:
                shown["prices"] = prices.shown(self._tables, found)
                shown |= prices.keys(self._tables, found, choice, rates)
        return shown


def is_seen(category: Row) -> bool:
    """Tell whether shoppers see a category: one that is active, and not internal."""
    return bool(category["is_active"] and not category["is_internal"])


def options_of(tables: Any, variant: Row) -> list[Document]:
    """Return the option values of a variant."""
    return [
        pick(one, VALUE) for one in tables.where("product_option_values", variant_id=variant["id"]) if is_there(one)
    ]
