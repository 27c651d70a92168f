"""What a seed says that cannot be: names that lead nowhere, and the same name twice."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...errors import unknown
from .places import countries, currencies
from .seed import Category, Product, Region, Seed, ShippingOption, Variant
from .stock import handle_of

Place = tuple[str | int, ...]


def of(seed: Seed) -> Iterator[tuple[Place, str]]:
    """Yield place and sentence for each mistake."""
    regions = {region.get("id", region["name"]) for region in seed.get("regions", ())}
    categories = dict(_categories(seed.get("categories", ()), ("categories",)))
    ids = {category["id"] for category in categories.values() if "id" in category}
    collections = {one["id"] for one in seed.get("collections", ()) if "id" in one}
    yield from _currencies(seed.get("store", {}).get("currencies", ()), ("store", "currencies"))
    yield from _regions(seed.get("regions", ()))
    yield from _twice(
        ((*place, "handle"), category["handle"]) for place, category in categories.items() if "handle" in category
    )
    for place, option in enumerate(seed.get("shipping_options", ())):
        yield from _led(("shipping_options", place, "region_id"), "region", option["region_id"], regions)
    yield from _products(seed.get("products", ()), ids, collections, regions)
    yield from _twice(_all_ids(seed, categories))


def ignored(document: Mapping[str, Any]) -> list[str]:
    """Return the keys of entities that a seed does not know, each once: `products.profile`."""
    found: dict[str, None] = {}
    forms = {
        "regions": Region, "shipping_options": ShippingOption, "products": Product, "categories": Category,
    }  # fmt: skip
    for name, form in forms.items():
        known = form.__annotations__.keys()
        for one in document.get(name, ()):
            found.update(dict.fromkeys(f"{name}.{key}" for key in one.keys() - known))
    for product in document.get("products", ()):
        for variant in product.get("variants", ()):
            found.update(dict.fromkeys(f"products.variants.{key}" for key in variant.keys() - Variant.__annotations__))
    return sorted(found)


def _categories(categories: Iterable[Category], where: Place) -> Iterator[tuple[Place, Category]]:
    for index, category in enumerate(categories):
        yield (*where, index), category
        yield from _categories(category.get("category_children", ()), (*where, index, "category_children"))


def _currencies(codes: Iterable[str], where: Place) -> Iterator[tuple[Place, str]]:
    for index, code in enumerate(codes):
        yield from _led((*where, index), "currency", code, currencies())


def _regions(regions: Iterable[Region]) -> Iterator[tuple[Place, str]]:
    yield from _twice((("regions", index, "id"), one.get("id", one["name"])) for index, one in enumerate(regions))
    for index, region in enumerate(regions):
        yield from _led(("regions", index, "currency_code"), "currency", region["currency_code"], currencies())
        for place, code in enumerate(region.get("countries", ())):
            yield from _led(("regions", index, "countries", place), "country", code, countries())
    yield from _twice(
        (("regions", index, "countries", place), code)
        for index, region in enumerate(regions)
        for place, code in enumerate(region.get("countries", ()))
    )


def _products(
    products: Iterable[Product], categories: Iterable[str], collections: Iterable[str], regions: Iterable[str]
) -> Iterator[tuple[Place, str]]:
    yield from _twice(
        (("products", index, "handle"), one.get("handle") or handle_of(one["title"]))
        for index, one in enumerate(products)
    )
    for index, product in enumerate(products):
        where: Place = ("products", index)
        for place, category in enumerate(product.get("categories", ())):
            yield from _led((*where, "categories", place, "id"), "category", category["id"], categories)
        if product.get("collection_id"):
            yield from _led((*where, "collection_id"), "collection", str(product["collection_id"]), collections)
        for place, variant in enumerate(product.get("variants", ())):
            yield from _variant(variant, len(product.get("options", ())), regions, (*where, "variants", place))
    yield from _twice(
        (("products", index, "variants", place, "sku"), variant["sku"])
        for index, product in enumerate(products)
        for place, variant in enumerate(product.get("variants", ()))
        if variant.get("sku")
    )


def _variant(variant: Variant, options: int, regions: Iterable[str], where: Place) -> Iterator[tuple[Place, str]]:
    written = len(variant.get("options", ()))
    if written != options:
        yield (*where, "options"), f"has {written} values, and the product has {options} options"
    for index, price in enumerate(variant.get("prices", ())):
        place = (*where, "prices", index)
        if "region_id" in price:
            yield from _led((*place, "region_id"), "region", price["region_id"], regions)
        elif "currency_code" in price:
            yield from _led((*place, "currency_code"), "currency", price["currency_code"], currencies())
        else:
            yield place, "has neither a currency_code nor a region_id"


def _led(where: Place, kind: str, name: str, known: Iterable[str]) -> Iterator[tuple[Place, str]]:
    if name not in known:
        yield where, unknown(kind, name, list(known))


def _all_ids(seed: Seed, categories: Mapping[Place, Category]) -> Iterator[tuple[Place, Any]]:
    """Yield the ids that are written, each with its place; regions have theirs checked as names."""
    for place, category in categories.items():
        if "id" in category:
            yield (*place, "id"), category["id"]
    for name in ("products", "shipping_options", "collections", "publishable_api_keys"):
        rows: Any = seed.get(name, ())
        for index, one in enumerate(rows):
            if "id" in one:
                yield (name, index, "id"), one["id"]


def _twice(named: Iterable[tuple[Place, Any]]) -> Iterator[tuple[Place, str]]:
    seen: dict[Any, Place] = {}
    for place, name in named:
        if name in seen:
            yield place, f"{name!r} is there already, at {'.'.join(map(str, seen[name]))}"
        seen.setdefault(name, place)
