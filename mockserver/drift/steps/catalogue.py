"""What is asked of the catalogue: lists with filters, pages, fields, relations and prices, and what they list, one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

FIELDS = (
    "fields=",
    "fields=title",
    "fields=handle,title",
    "fields=-metadata,-title",
    "fields=%2Btitle",
    "fields=foo",
    "fields=id,created_at",
    "fields[]=title",
)
PRICES = (
    "region_id={region}",
    "region_id=nope",
    "region_id=",
    "currency_code=eur",
    "currency_code=USD",
    "cart_id=nope",
)
DATES = (
    "created_at[gt]=2020-01-01",
    "created_at[lt]=2020-01-01",
    "updated_at[gte]=2020",
    "created_at[gt]=x",
    "created_at=1",
)
PAGES = (
    "limit=2",
    "offset=1",
    "limit=3&offset=2",
    "limit=0",
    "limit=1.5",
    "limit=x",
    "limit=-1",
    "offset=99",
    "limit=",
)
ALL = ("foo=1", "foo[a]=1&bar=2")
PRODUCT = (
    "expand=",
    "expand=variants",
    "expand=variants,variants.prices",
    "expand=variants.options,options.values",
    "expand=images,tags,type,collection,profiles",
    "expand=sales_channels,categories",
    "expand=variants,foo",
    "fields=id,variants.title",
    "fields=profile_id",
)
PRODUCTS = (
    "q=shirt",
    "q=MEDUSA",
    "q=_ug",
    "q=s%25t",
    "q=",
    "q=zzz",
    "q[]=a",
    "id={product}",
    "id[]={product}&id[]={product}",
    "id[a]=b",
    "handle=shorts",
    "handle[]=shorts",
    "title=Medusa%20Hoodie",
    "title=x",
    "description=x",
    "is_giftcard=true",
    "is_giftcard=FALSE",
    "is_giftcard=x",
    "collection_id[]=x",
    "collection_id=x",
    "type_id[]=x",
    "tags[]=x",
    "tags=x",
    "category_id[]={category}",
    "category_id[]={category}&category_id[]={category}",
    "category_id[]={category}&include_category_children=true",
    "sales_channel_id[]=x",
    "sales_channel_id=x",
)
ORDERS = (
    "order=title",
    "order=-handle",
    "order=handle",
    "order=foo",
    "order=",
    "order=--title",
    "order=title&order=id",
)
VARIANTS = (
    "id={variant}",
    "id[]={variant}&id[]={variant}",
    "ids={variant},{variant}",
    "ids=",
    "title=One%20Size",
    "title[]=S&title[]=M",
    "title[a]=b",
    "inventory_quantity=100",
    "inventory_quantity[lt]=100",
    "inventory_quantity[gte]=100",
    "inventory_quantity=x",
    "sales_channel_id=x",
    "q=a",
)
VARIANT = (
    "expand=",
    "expand=options",
    "expand=product",
    "expand=prices,product",
    "expand=inventory_items",
    "expand=foo",
)
CATEGORIES = (
    "q=SHIRT",
    "q=hidden",
    "handle=merch",
    "handle=x",
    "parent_category_id=null",
    "parent_category_id=",
    "parent_category_id={category}",
    "include_descendants_tree=true",
    "include_descendants_tree=TRUE",
    "order=name",
    "order=foo",
)
CATEGORY = (
    "fields=name",
    "fields=name,rank,handle",
    "fields=is_active",
    "fields=",
    "expand=",
    "expand=category_children",
    "expand=parent_category",
    "expand=foo",
    "expand=products",
)
REGION = (
    "fields=name",
    "fields=tax_rate,name",
    "fields=foo",
    "expand=countries",
    "expand=currency",
    "expand=",
    "expand=foo",
)
TAGS = (
    "q=a",
    "value=x",
    "value[foo]=a",
    "value[starts_with]=x",
    "id=x",
    "order=value",
    "order=-id",
    "discount_condition_id=x",
)
OPTIONS = (
    "region_id={region}",
    "region_id=x",
    "region_id=",
    "is_return=true",
    "is_return=0",
    "is_return=1",
    "is_return=x",
    "product_ids=x",
    "product_ids=",
)


@dataclass(frozen=True, slots=True)
class Question:
    """
    One read: `operation` by its id, with `{product}` and the like in its path and its query.

    `places` say which of the products, variants and so on are meant, in their order.
    """

    operation: str
    path: str
    query: str
    places: tuple[int, ...]

    def resolve(self, known: Mapping[str, Sequence[str]]) -> tuple[str, str]:
        """Return path and query with the ids that one of the servers has."""
        places = iter(self.places * 4)

        def filled(text: str) -> str:
            for kind, ids in known.items():
                while f"{{{kind}}}" in text:
                    text = text.replace(f"{{{kind}}}", ids[next(places) % len(ids)], 1)
            return text

        return filled(self.path), filled(self.query)


def questions() -> st.SearchStrategy[Question]:
    """Return a strategy for reads of the catalogue; lists that may be cut are sorted by what no two rows share."""
    sorted_ = ("order=title", "order=handle", "order=-title")
    return st.one_of(
        *[
            _question(
                "GetProducts", "/store/products", (*PRODUCTS, *PAGES, *FIELDS, *PRODUCT, *PRICES, *DATES, *ALL), sorted_
            )
        ]
        * 3,
        _question("GetProducts", "/store/products", (*ORDERS, *FIELDS), ("",)),
        *[_question("GetProductsProduct", "/store/products/{product}", (*FIELDS, *PRODUCT, *PRICES, *ALL, "limit=1"))]
        * 2,
        _question("GetProductsProduct", "/store/products/nope", (*ALL, *PRICES)),
        _question(
            "GetVariants", "/store/variants", (*VARIANTS, *VARIANT, *FIELDS, *PRICES, *ALL, "limit=x", "limit=1.5")
        ),
        _question("GetVariantsVariant", "/store/variants/{variant}", (*VARIANT, *FIELDS, *PRICES, *ALL)),
        _question("GetVariantsVariant", "/store/variants/nope", (*ALL, *PRICES)),
        _question("GetProductCategories", "/store/product-categories", (*CATEGORIES, *CATEGORY, *PAGES, *ALL)),
        _question("GetProductCategoriesCategory", "/store/product-categories/{category}", (*CATEGORY, *ALL)),
        _question("GetCollections", "/store/collections", ("handle=x", "handle[]=x", *PAGES, *DATES, *ALL)),
        _question("GetCollectionsCollection", "/store/collections/nope", ALL),
        _question("GetProductTags", "/store/product-tags", (*TAGS, *PAGES, *DATES, *ALL)),
        _question("GetProductTypes", "/store/product-types", (*TAGS, *PAGES, *DATES, *ALL)),
        _question("GetRegions", "/store/regions", (*REGION, *PAGES, *DATES, *ALL), ("order=name", "order=-name")),
        _question("GetRegionsRegion", "/store/regions/{region}", (*REGION, *PAGES, *DATES, *ALL)),
        _question("GetReturnReasons", "/store/return-reasons", ALL),
        _question("GetReturnReasonsReason", "/store/return-reasons/nope", ALL),
        _question("GetShippingOptions", "/store/shipping-options", (*OPTIONS, *ALL)),
        _question("GetGiftCardsCode", "/store/gift-cards/nope", ALL),
    )


def _question(
    operation: str, path: str, parts: Sequence[str], first: Sequence[str] = ("",)
) -> st.SearchStrategy[Question]:
    """Return reads of one operation with up to three parts of a query behind one of those that come first."""
    chosen = st.tuples(st.sampled_from(first), st.lists(st.sampled_from(parts), max_size=3, unique=True))
    query = chosen.map(lambda pair: "&".join(filter(None, [pair[0], *pair[1]])))
    return st.builds(Question, st.just(operation), st.just(path), query, st.tuples(*[st.integers(0, 6)] * 3))
