"""Makes the rows that Medusa makes of a seed: what the file does not say is empty, as it is in the database."""

import re
from collections.abc import Container, Mapping
from typing import Any

from ...clock import isoformat
from ...contract import Document
from ...samples.sampler import BASE32, Draw
from ..relations import Key, Relations, Row
from .places import countries, currencies
from .seed import Category, Collection, Image, Product, Region, Seed, ShippingOption, Value, Variant
from .seed import Key as PublishableKey

Rows = dict[str, dict[Key, Row]]
STOCKED = 1_704_067_200_000  # 2024-01-01: a shop is older than what happens in it, and the same whenever it is read
PREFIXES = {  # of ids (tests/facts/catalog.md 1)
    "products": "prod", "product_variants": "variant", "product_options": "opt", "product_option_values": "optval",
    "images": "img", "money_amounts": "ma", "shipping_profiles": "sp", "product_tags": "ptag", "product_types": "ptyp",
    "product_collections": "pcol", "product_categories": "pcat", "regions": "reg", "shipping_options": "so",
    "shipping_option_requirements": "sor", "sales_channels": "sc", "publishable_api_keys": "pk",
}  # fmt: skip
_SIZES = ("weight", "length", "height", "width", "hs_code", "origin_country", "mid_code", "material")
# what a file says of a row, column by column
REGION = frozenset(
    ("name", "currency_code", "tax_rate", "tax_code", "gift_cards_taxable", "automatic_taxes", "metadata")
)
CATEGORY = frozenset(("id", "name", "description", "is_active", "is_internal", "metadata"))
COLLECTION = OPTION = frozenset(("id", "title", "metadata"))
SHIPPING_OPTION = frozenset(
    ("id", "name", "provider_id", "price_type", "amount", "is_return", "admin_only", "data", "metadata")
)
REQUIREMENT = frozenset(("id", "type", "amount"))
PRODUCT = frozenset(
    (
        *(
            "id",
            "title",
            "subtitle",
            "description",
            "status",
            "discountable",
            "external_id",
            "collection_id",
            "metadata",
        ),
        *_SIZES,
    )
)
IMAGE = frozenset(("id", "url", "metadata"))
VALUE = frozenset(("id", "value", "metadata"))
VARIANT = frozenset(
    (
        *("id", "title", "sku", "barcode", "ean", "upc", "variant_rank", "inventory_quantity", "allow_backorder"),
        *("manage_inventory", "metadata"),
        *_SIZES,
    )
)
PRICE = frozenset(("currency_code", "amount", "min_quantity", "max_quantity"))
KEY = frozenset(("id", "title"))
COUNTED = 3  # characters of an id that count what belongs to one product: 32,768
DEFAULT_CHANNEL = "default"  # under which the rows of the shop itself are found: nobody can name a row so
_NO_HANDLE = re.compile(r"[^a-z0-9]+")


class Stock:
    """
    The rows of a shop, table by table, in the order in which Medusa inserts them.

    Ids that the file does not say follow from `seed` and from what the row says, so that they are the same in every
    process; times are STOCKED, or `now` (milliseconds) where that is earlier. Pictures whose address has no host are
    `server`'s.
    """

    def __init__(self, document: Document, relations: Relations, seed: str, now: int, server: str) -> None:
        self.rows: Rows = {name: {} for name in relations}
        self._schemas = document["components"]["schemas"]
        self._server = server
        self._relations = relations
        now = min(now, STOCKED)
        self._draw = Draw(f"{seed} shop", now)
        self._times = {"created_at": isoformat(now), "updated_at": isoformat(now)}
        self._blank = {name: self._empty(name) for name in relations}
        self._regions: dict[str, str] = {}  # ids by the names that the file has for them
        self._profiles: dict[str, str] = {}
        self._channel = ""
        self._named: dict[tuple[str, str], Row] = {}  # images by address, tags and types by value

    def fill(self, seed: Seed) -> Rows:
        """Return the rows of a whole seed."""
        self._found_shop(seed)
        for region in seed.get("regions", ()):
            self._region(region)
        for rank, category in enumerate(seed.get("categories", ())):
            self._category(category, rank, None)
        for collection in seed.get("collections", ()):
            self._collection(collection)
        for option in seed.get("shipping_options", ()):
            self._shipping_option(option)
        for product in seed.get("products", ()):
            self._product(product)
        for key in seed.get("publishable_api_keys", ()):
            self._key(key)
        return self.rows

    def _empty(self, name: str) -> Row:
        """Return a row of a table without any value but its times: the columns that the contract requires."""
        table = self._relations[name]
        required = self._schemas[table.schema]["required"] if table.schema else ()
        return {column: self._times.get(column) for column in table.columns if column in required}

    def _add(self, table: str, place: str, **columns: Any) -> Row:
        """Store a row; `place` is what its id follows from, where it says none."""
        id = columns.pop("id", None) or self._draw.identifier(f"{table} {place}", PREFIXES[table])
        row = {**self._blank[table], **columns, "id": id}
        self.rows[table][id] = row
        return row

    def _add_to(self, owner: "_Ids", table: str, written: Mapping[str, Any], **columns: Any) -> Row:
        """Store a row that belongs to a product; its id, where it says none, follows from the product's handle and its place in it."""
        row = {**self._blank[table], **columns, **written}
        id = row.get("id") or owner.next(PREFIXES[table])
        row["id"] = id
        self.rows[table][id] = row
        return row

    def _link(self, table: str, near: Key, far: Key) -> None:
        first, second = self._relations[table].key
        self.rows[table][near, far] = {first: near, second: far}

    def _found_shop(self, seed: Seed) -> None:
        """Store what every Medusa has: two shipping profiles, a sales channel, its currencies."""
        for type, name in (("default", "Default Shipping Profile"), ("gift_card", "Gift Card Profile")):
            self._profiles[type] = self._add("shipping_profiles", type, name=name, type=type)["id"]
        channel = {
            "name": "Default Sales Channel",
            "description": "Created by Medusa",
            "is_disabled": False,
            "metadata": None,
        }
        self._channel = self._add("sales_channels", DEFAULT_CHANNEL, **channel)["id"]
        for code in seed.get("store", {}).get("currencies", ()):
            self.rows["currencies"][code] = currencies()[code]

    def _region(self, region: Region) -> None:
        name = region.get("id", region["name"])
        code = region["currency_code"]
        row = self._add(
            "regions",
            name,
            **{
                "tax_code": None, "gift_cards_taxable": True, "automatic_taxes": True, "metadata": None,
                **_written(region, REGION),
                "id": name if name.startswith("reg_") else None,
            },
        )  # fmt: skip
        row["_own_providers"] = "payment_providers" in region
        id = self._regions[name] = row["id"]
        self.rows["currencies"].setdefault(code, currencies()[code])
        for iso_2 in region.get("countries", ()):
            self.rows["countries"][iso_2] = {**countries()[iso_2], "region_id": id}
        payment, fulfillment = region.get("payment_providers"), region.get("fulfillment_providers")
        for kind, providers in (("payment", payment), ("fulfillment", fulfillment)):
            for provider in ["manual"] if providers is None else providers:
                self.rows[f"{kind}_providers"][provider] = {"id": provider, "is_installed": True}
                self._link(f"region_{kind}_providers", id, provider)

    def _category(self, category: Category, rank: int, parent: Row | None) -> None:
        handle = category.get("handle") or handle_of(category["name"])
        defaults = {"description": "", "is_active": True, "is_internal": False, "metadata": None, "rank": rank}
        written = _written(category, CATEGORY)
        row = self._add("product_categories", handle, **{**defaults, **written, "handle": handle})
        row["parent_category_id"] = parent and parent["id"]
        row["mpath"] = f"{parent['mpath'] if parent else ''}{row['id']}."
        for position, child in enumerate(category.get("category_children", ())):
            self._category(child, position, row)

    def _collection(self, collection: Collection) -> None:
        handle = collection.get("handle") or handle_of(collection["title"])
        self._add("product_collections", handle, **{**_written(collection, COLLECTION), "handle": handle})

    def _shipping_option(self, option: ShippingOption) -> None:
        place = f"{option['region_id']} {option['name']}"
        defaults = {
            "provider_id": "manual", "price_type": "flat_rate", "amount": 0, "is_return": False, "admin_only": False,
            "data": {}, "profile_id": self._profiles["default"],
        }  # fmt: skip
        written = _written(option, SHIPPING_OPTION)
        region = self._regions[option["region_id"]]
        row = self._add("shipping_options", place, **{**defaults, **written, "region_id": region})
        for one in option.get("requirements", ()):
            written = {**_written(one, REQUIREMENT), "shipping_option_id": row["id"]}
            self._add("shipping_option_requirements", f"{place} {one['type']}", **written)

    def _product(self, product: Product) -> None:
        handle = product.get("handle") or handle_of(product["title"])
        images = [self._image(image) for image in product.get("images", ())]
        is_giftcard, type = product.get("is_giftcard", False), product.get("type")
        row = self._add(
            "products",
            handle,
            **{
                "status": "published", "discountable": True, "thumbnail": images[0]["url"] if images else None,
                **_written(product, PRODUCT),
            },
            handle=handle,
            is_giftcard=is_giftcard,
            type_id=self._valued("product_types", type)["id"] if type else None,
            profile_id=self._profiles["gift_card" if is_giftcard else "default"],
        )  # fmt: skip
        if product.get("thumbnail"):
            row["thumbnail"] = product["thumbnail"]
        for image in images:
            self._link("product_images", row["id"], image["id"])
        for tag in product.get("tags", ()):
            self._link_known("product_tag_products", row["id"], self._valued("product_tags", tag)["id"])
        for category in product.get("categories", ()):
            self._link_known("product_category_products", row["id"], category["id"])
        for channel in product.get("sales_channels") or ({"id": self._channel},):
            self._link_known("product_sales_channels", row["id"], channel["id"])
        ids = _Ids(self._draw.identifier(f"in {handle}", ""))
        options = [
            self._add_to(ids, "product_options", _written(one, OPTION), product_id=row["id"])["id"]
            for one in product.get("options", ())
        ]
        for rank, variant in enumerate(product.get("variants", ())):
            self._variant(variant, rank, row["id"], options, ids)

    def _link_known(self, table: str, product: Key, other: Key) -> None:
        """Link a product to another row, whichever of the two the table names first."""
        is_first = self._relations[table].key[0] == "product_id"
        self._link(table, *((product, other) if is_first else (other, product)))

    def _image(self, image: str | Image) -> Row:
        written = {"url": image} if isinstance(image, str) else _written(image, IMAGE)
        url = written["url"]
        return self._shared("images", url, {**written, "url": f"{self._server}{url}" if url.startswith("/") else url})

    def _valued(self, table: str, value: Value) -> Row:
        """Return the tag or type of a value, which products share."""
        return self._shared(table, value["value"], _written(value, VALUE))

    def _shared(self, table: str, name: str, written: dict[str, Any]) -> Row:
        """Return the row of a name, which all who name it share."""
        if (table, name) not in self._named:
            self._named[table, name] = self._add(table, name, **written)
        return self._named[table, name]

    def _variant(self, variant: Variant, rank: int, product: Key, options: list[Key], ids: "_Ids") -> None:
        row = self._add_to(
            ids,
            "product_variants",
            _written(variant, VARIANT),
            inventory_quantity=0,
            allow_backorder=False,
            manage_inventory=True,
            variant_rank=rank,
            product_id=product,
        )
        id = row["id"]
        for option, value in zip(options, variant.get("options", ()), strict=False):
            self._add_to(ids, "product_option_values", _written(value, VALUE), option_id=option, variant_id=id)
        for price in variant.get("prices", ()):
            where = {}
            if "region_id" in price:
                region = self.rows["regions"][self._regions[price["region_id"]]]
                where = {"region_id": region["id"], "currency_code": region["currency_code"]}
            self._add_to(ids, "money_amounts", {**_written(price, PRICE), **where}, variant_id=id)

    def _key(self, key: PublishableKey) -> None:
        row = self._add("publishable_api_keys", key["title"], **_written(key, KEY))
        for channel in key.get("sales_channels", ()):
            self._link("publishable_api_key_sales_channels", channel["id"], row["id"])


def handle_of(title: str) -> str:
    """Return the handle that Medusa makes of a title: `winter-warmers`."""
    return _NO_HANDLE.sub("-", title.lower()).strip("-")


class _Ids:
    """Ids of what belongs to one product: those of the hash of its handle, the last characters counting."""

    def __init__(self, first: str) -> None:
        self._begin = first[:-COUNTED]
        self._count = 0

    def next(self, prefix: str) -> str:
        """Return an id that none of the others has."""
        number, self._count = self._count, self._count + 1
        return f"{prefix}{self._begin}{BASE32[number >> 10 & 31]}{BASE32[number >> 5 & 31]}{BASE32[number & 31]}"


def _written(entity: Mapping[str, Any], names: Container[str]) -> dict[str, Any]:
    """Return what an entity says of some columns."""
    return {name: value for name, value in entity.items() if name in names}
