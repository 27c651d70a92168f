"""What is asked on the way from a new cart to an order, and after it: right requests and wrong ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from ..asking import NOTHING
from .act import RUN, Act, The
from .drawing import Strategy, act, all_of, any_of, one_of, some_of, unless

CART_READS = (
    (), (), (("fields", "id,email"),), (("expand", "customer"),), (("expand", "items"),), (("fields", ""),),
    (("expand", "region,payment"),), (("fields", "nope"),), (("foo", "1"),), (("fields", "items.title"), ("expand", "sales_channel")),
)  # fmt: skip
ORDER_READS = (
    (), (), (("fields", "id,status,total"),), (("expand", "customer"),), (("expand", "items,region"),), (("fields", ""),),
    (("expand", ""),), (("fields", "nope"),), (("foo", "1"),), (("fields", "email,items.refundable"), ("expand", "billing_address")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sold:
    """What the file of data names, beside its goods."""

    codes: Sequence[str] = ()  # of discounts
    cards: Sequence[str] = ()
    providers: Sequence[str] = ("manual",)
    countries: Sequence[str] = ("us",)


CART = any_of(*[The("cart")] * 12, The("cart", 1), The("cart", None))
ITEM = any_of(*[The("item")] * 4, The("item", 1), The("item", 2), The("item", None))
VARIANT = st.builds(The, st.just("variant"), st.integers(0, 15))
OPTION = st.builds(The, st.just("so"), st.integers(0, 15))
REGION = st.builds(The, st.just("reg"), st.integers(0, 5))
ORDER = any_of(*[The("order")] * 6, The("order", 1), The("order", None))
KEY = any_of(*[None] * 8, "my-key", The("key"), The("key"), The("key", 1))
ANY_KEY = one_of(
    KEY, KEY, any_of(The("failed"))
)  # never for lines: the real server goes round for ever under a completion's that failed
RIGHT = any_of(1, 1, 2, 3)
QUANTITY = one_of(RIGHT, RIGHT, RIGHT, any_of(0, -1, "2", 1.5, None, 5, 41, 2000000))
EMAIL = any_of(f"ada-{RUN}@example.com", f"Bob-{RUN}@Example.com")
WRONG = any_of(NOTHING, {}, [], {"foo": 1})


def sequences(sold: Sold, longest: int) -> Strategy:
    """Return a strategy for sequences: the way to an order, or a part of it, and what comes into a shopper's mind."""
    rest = one_of(*[st.lists(acts(sold), min_size=least, max_size=longest) for least in (0, longest // 2)])
    return st.builds(lambda begun, more: (begun + more)[:longest], opening(sold), rest).filter(bool)


def opening(sold: Sold) -> Strategy:
    """Return a strategy for the beginning of a sequence: at least a cart, more often than not."""
    cart = (The("cart"),)
    whole = st.tuples(
        st.builds(lambda body: Act("PostCart", (), body), some_of(region_id=REGION)),
        st.builds(lambda body: Act("PostCartsCartLineItems", cart, body), all_of(variant_id=VARIANT, quantity=RIGHT)),
        st.builds(lambda body: Act("PostCartsCart", cart, body), all_of(email=EMAIL, shipping_address=_address(sold))),
        st.builds(lambda body: Act("PostCartsCartShippingMethod", cart, body), all_of(option_id=OPTION)),
        st.just(Act("PostCartsCartPaymentSessions", cart)),
        st.builds(lambda body: Act("PostCartsCartPaymentSession", cart, body), all_of(provider_id=_provider(sold))),
        st.just(Act("PostCartsCartComplete", cart)),
    )
    return st.builds(lambda acts, some: list(acts[:some]), whole, any_of(0, 1, 1, 2, 2, 4, 5, 6, 7, 7, 7))


def acts(sold: Sold) -> Strategy:
    """Return a strategy for single requests of carts and orders."""
    code, provider = _code(sold.codes), _provider(sold)
    cart, session = st.tuples(CART), st.tuples(CART, provider)
    return one_of(
        act("PostCart", st.just(()), _new(sold)),
        act("GetCartsCart", cart, query=any_of(*CART_READS)),
        *[act("PostCartsCart", cart, _update(sold))] * 4,
        *[act("PostCartsCartLineItems", cart, _line(), key=KEY)] * 3,
        *[act("PostCartsCartLineItemsItem", st.tuples(CART, ITEM), _quantity())] * 2,
        act("DeleteCartsCartLineItemsItem", st.tuples(CART, ITEM)),
        act("DeleteCartsCartDiscountsDiscount", st.tuples(CART, code)),
        *[act("PostCartsCartShippingMethod", cart, unless(some_of(option_id=OPTION, data=_data()), WRONG))] * 2,
        *[act("PostCartsCartPaymentSessions", cart, key=ANY_KEY)] * 2,
        *[act("PostCartsCartPaymentSession", cart, unless(all_of(provider_id=provider), WRONG))] * 2,
        act("PostCartsCartPaymentSessionUpdate", session, unless(all_of(data=_data()), WRONG)),
        act("DeleteCartsCartPaymentSessionsSession", session),
        act("PostCartsCartPaymentSessionsSession", session),
        act("PostCartsCartTaxes", cart, key=ANY_KEY),
        *[act("PostCartsCartComplete", cart, key=ANY_KEY)] * 3,
        act("GetShippingOptionsCartId", cart),
        act("GetOrdersOrder", st.tuples(ORDER), query=any_of(*ORDER_READS)),
        act("GetOrdersOrderCartId", cart, query=any_of(*ORDER_READS)),
        act("GetOrders", st.just(()), query=_look_up()),
        act("GetGiftCardsCode", st.tuples(_code(sold.cards))),
    )


def _code(codes: Sequence[str]) -> Strategy:
    return any_of(*codes, *[code.lower() for code in codes[:1]], "NOPE")


def _codes(codes: Sequence[str]) -> Strategy:
    right = st.lists(all_of(code=_code(codes)), max_size=3)
    return one_of(right, right, right, any_of(None, "x", [{}], [5], {}, [{"code": 5}]))


def _provider(sold: Sold) -> Strategy:
    return any_of(*["manual"] * 4, *sold.providers, "nobody")


def _data() -> Strategy:
    return any_of({}, {"a": 1, "step": "paid"}, [], [1], 5, "x", None)


def _metadata() -> Strategy:
    return any_of({}, {"a": 1}, {"a": 1}, {"bb": 1, "a": {"c": [1]}}, None, "text", [1], 5)


def _new(sold: Sold) -> Strategy:
    items = st.lists(all_of(variant_id=VARIANT, quantity=QUANTITY), max_size=3)
    wrong = any_of(
        {}, "x", [{}], [5], [{"variant_id": "nope", "quantity": 1}], [{"variant_id": "", "quantity": 1, "x": 1}], None
    )
    country = any_of(*sold.countries, *[code.upper() for code in sold.countries], "xx", "", None)
    fields = {
        "region_id": one_of(REGION, REGION, REGION, any_of("nope", "", None, 5)),
        "country_code": country,
        "items": one_of(items, items, items, wrong),
        "context": any_of({"a": 1}, "ab", [1], None, 5, {"ip": "1.2.3.4"}),
        "sales_channel_id": any_of("nope", None, 5),
        "foo": st.just(1),
    }
    rare = {name: fields.pop(name) for name in ("sales_channel_id", "foo")}
    return one_of(*[some_of(**fields)] * 5, some_of(**rare), any_of(NOTHING, [], {}))


def _update(sold: Sold) -> Strategy:
    email = one_of(EMAIL, EMAIL, any_of("nope", "", None, 5, " a@example.com"))
    address = _address(sold)
    fields = {
        "region_id": one_of(REGION, REGION, any_of("nope", "", None, 5)),
        "country_code": any_of(*sold.countries, "xx", "", None),
        "email": email,
        "billing_address": address,
        "shipping_address": address,
        "gift_cards": _codes(sold.cards),
        "discounts": _codes(sold.codes),
        "customer_id": any_of(The("cus"), The("cus", 1), The("cus", None), None, 5),
        "context": any_of({"a": 1}, {"b": {"c": 1}}, "ab", [1], None, 5),
        "sales_channel_id": any_of("nope", The("sc"), None, 5),
        "metadata": st.just({}),
    }
    single = [all_of(**{name: field}) for name, field in fields.items()]
    return one_of(*single, *single[4:7] * 2, some_of(**fields), any_of(NOTHING, {}, []))


def _address(sold: Sold) -> Strategy:
    country = any_of(*sold.countries, *[code.upper() for code in sold.countries[:1]], "fr", "xx", "", None, 5)
    fields = {
        "first_name": any_of("Ada", "", None, 5),
        "last_name": st.just("Lovelace"),
        "address_1": st.just("1 Street"),
        "city": any_of("Berlin", None),
        "country_code": one_of(any_of(*sold.countries), country),
        "postal_code": st.just("12345"),
        "phone": any_of("1", None),
        "metadata": any_of({"a": 1}, {}, None, [], "x"),
    }
    right = some_of(**{**fields, "country_code": any_of(*sold.countries), "first_name": st.just("Ada")})
    return one_of(
        right, right, right, some_of(**fields), any_of(The("addr"), The("addr", 1), "nope", None, 5, [], {}, {"foo": 1})
    )


def _line() -> Strategy:
    right = st.fixed_dictionaries({"variant_id": VARIANT, "quantity": QUANTITY}, optional={"metadata": _metadata()})
    return one_of(
        *[right] * 6, any_of({"variant_id": "nope", "quantity": 1}, {"variant_id": None, "quantity": 1}), WRONG
    )


def _quantity() -> Strategy:
    return unless(st.fixed_dictionaries({"quantity": QUANTITY}, optional={"metadata": _metadata()}), WRONG)


def _look_up() -> Strategy:
    number = (("display_id", The("display_id")),)
    return one_of(
        st.builds(lambda email: (*number, ("email", email)), EMAIL),
        st.builds(lambda email, code: (*number, ("email", email), ("shipping_address[postal_code]", code)), EMAIL, any_of("12345", "9")),
        any_of((), number, (("display_id", "x"), ("email", "nope")), (("display_id", "99999"), ("email", f"ada-{RUN}@example.com"))),
    )  # fmt: skip
