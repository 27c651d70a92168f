"""The form of a file that `medusa seed -f` reads, as far as the Store API can show it; checked before any row is made."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Required

from pydantic import ConfigDict, Field, TypeAdapter, with_config
from typing_extensions import TypedDict

_LOOSE = ConfigDict(extra="allow", strict=True)  # what Medusa passes over is passed over, and named once
Whole = Annotated[int, Field(ge=0, le=2_147_483_647)]  # PostgreSQL's integer
Size = Annotated[int | float, Field(ge=0)] | None
Text = Annotated[str, Field(min_length=1)]
Metadata = dict[str, Any] | None


@with_config(_LOOSE)
class Price(TypedDict, total=False):
    """An amount in minor units, in a currency or for a region."""

    amount: Required[Whole]
    currency_code: Text
    region_id: Text
    min_quantity: Whole | None
    max_quantity: Whole | None


@with_config(_LOOSE)
class Value(TypedDict, total=False):
    """What a variant, a tag or a type is called."""

    id: Text
    value: Required[str]
    metadata: Metadata


@with_config(_LOOSE)
class Variant(TypedDict, total=False):
    """A variant; its options stand in the order of its product's."""

    id: Text
    title: Required[Text]
    prices: list[Price]
    options: list[Value]
    sku: str | None
    barcode: str | None
    ean: str | None
    upc: str | None
    variant_rank: Whole
    inventory_quantity: Whole
    allow_backorder: bool
    manage_inventory: bool
    hs_code: str | None
    origin_country: str | None
    mid_code: str | None
    material: str | None
    weight: Size
    length: Size
    height: Size
    width: Size
    metadata: Metadata


@with_config(_LOOSE)
class Option(TypedDict, total=False):
    """What variants differ in; its values are those that variants have."""

    id: Text
    title: Required[Text]
    values: list[Any]
    metadata: Metadata


@with_config(_LOOSE)
class Image(TypedDict, total=False):
    """A picture by its address."""

    id: Text
    url: Required[Text]
    metadata: Metadata


@with_config(_LOOSE)
class Named(TypedDict, total=False):
    """What is named by its id."""

    id: Required[Text]


@with_config(_LOOSE)
class Product(TypedDict, total=False):
    """A product with all that belongs to it."""

    id: Text
    title: Required[Text]
    subtitle: str | None
    description: str | None
    handle: Text | None
    is_giftcard: bool
    status: Literal["draft", "proposed", "published", "rejected"]
    thumbnail: str | None
    images: list[Text | Image]
    options: list[Option]
    variants: list[Variant]
    tags: list[Value]
    type: Value | None
    collection_id: Text | None
    categories: list[Named]
    sales_channels: list[Named]
    discountable: bool
    external_id: str | None
    hs_code: str | None
    origin_country: str | None
    mid_code: str | None
    material: str | None
    weight: Size
    length: Size
    height: Size
    width: Size
    metadata: Metadata


@with_config(_LOOSE)
class Region(TypedDict, total=False):
    """A region; its id is a name by which the file speaks of it, unless it begins like Medusa's own."""

    id: Text
    name: Required[Text]
    currency_code: Required[Text]
    tax_rate: Required[Annotated[int | float, Field(ge=0, le=100)]]
    tax_code: str | None
    gift_cards_taxable: bool
    automatic_taxes: bool
    payment_providers: list[Text]
    fulfillment_providers: list[Text]
    countries: list[Text]
    metadata: Metadata


@with_config(_LOOSE)
class Requirement(TypedDict, total=False):
    """What a cart's subtotal must reach, or stay below."""

    id: Text
    type: Required[Literal["min_subtotal", "max_subtotal"]]
    amount: Required[Whole]


@with_config(_LOOSE)
class ShippingOption(TypedDict, total=False):
    """A way of sending, to a region."""

    id: Text
    name: Required[Text]
    region_id: Required[Text]
    provider_id: Text
    price_type: Literal["flat_rate", "calculated"]
    amount: Whole | None
    is_return: bool
    admin_only: bool
    data: dict[str, Any]
    requirements: list[Requirement]
    metadata: Metadata


@with_config(_LOOSE)
class Category(TypedDict, total=False):
    """A category with those below it."""

    id: Text
    name: Required[Text]
    handle: Text
    description: str
    is_active: bool
    is_internal: bool
    rank: Whole
    category_children: "list[Category]"
    metadata: Metadata


@with_config(_LOOSE)
class Collection(TypedDict, total=False):
    """A collection that products name by `collection_id`."""

    id: Text
    title: Required[Text]
    handle: Text
    metadata: Metadata


@with_config(_LOOSE)
class Key(TypedDict, total=False):
    """A publishable key, which opens the sales channels that it names."""

    id: Text
    title: Required[Text]
    sales_channels: list[Named]


@with_config(_LOOSE)
class Store(TypedDict, total=False):
    """The shop itself."""

    name: str
    currencies: list[Text]


class Seed(TypedDict, total=False):
    """A whole file; what else it holds is another table of the contract, or passed over."""

    store: Store
    regions: list[Region]
    shipping_options: list[ShippingOption]
    products: list[Product]
    categories: list[Category]
    collections: list[Collection]
    publishable_api_keys: list[Key]


_SEED = TypeAdapter(Seed)


def validated(document: Mapping[str, Any]) -> Seed:
    """Return what a document says in the form of a seed; raises pydantic.ValidationError."""
    return _SEED.validate_python({key: value for key, value in document.items() if key in Seed.__annotations__})
