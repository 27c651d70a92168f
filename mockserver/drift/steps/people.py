"""What several shoppers ask at once, of all that a shop has: who they are, where they live, what they ordered and send back."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from ..asking import NOTHING
from . import checkout
from .act import RUN, Act, The
from .catalogue import questions
from .checkout import CART, ITEM, OPTION, ORDER, VARIANT, Sold
from .drawing import Strategy, act, all_of, any_of, one_of, some_of, unless

GUEST, BY_SESSION, BY_TOKEN = range(3)
EMAIL = any_of(
    f"eve-{RUN}@example.com", f"eve-{RUN}@example.com", f"Max-{RUN}@Example.com", f"ada-{RUN}@example.com", "nope", None
)
PASSWORD = any_of("secret", "secret", "secret", "other", "", None, 5)
NAME = any_of("Eve", "", None, 5)
COUNTRY = any_of("de", "US", "xx", "", None)
ADDRESS = any_of(The("addr"), The("addr"), The("addr", 1), The("addr", None))
COLLECTION = any_of(The("paycol"), The("paycol", None))
SESSION = any_of(The("ps"), The("ps", 1), The("ps", None))
EDIT = any_of(The("oe"), The("oe", None))
ORDERS = (
    (), (), (("limit", "1"),), (("offset", "1"),), (("limit", "x"),), (("q", "eve"),), (("status[]", "pending"),), (("status", "x"),),
    (("fields", "id,total"),), (("expand", "items"),), (("expand", ""),), (("fields", ""),), (("id", The("order")),), (("foo", "1"),),
    (("payment_status[]", "awaiting"), ("fulfillment_status[]", "not_fulfilled")), (("created_at[gt]", "2020-01-01"),), (("email", f"eve-{RUN}@example.com"),),
)  # fmt: skip
BAD_TOKENS = any_of("", "x.y.z", None, 5)


def sequences(sold: Sold, longest: int) -> Strategy:
    """Return a strategy for sequences: whoever is there at the beginning, and what all of them do then."""
    who = any_of(GUEST, BY_SESSION, BY_TOKEN)
    shopping = st.builds(_by, checkout.acts(sold), who)
    personal = st.builds(_by, acts(), any_of(BY_SESSION, BY_SESSION, BY_TOKEN, GUEST))
    single = one_of(*[shopping] * 5, *[personal] * 8, questions())
    rest = one_of(*[st.lists(single, min_size=least, max_size=longest) for least in (0, longest // 2)])
    bought = st.builds(lambda begun, one: [_by(each, one) for each in begun], checkout.opening(sold), who)
    return st.builds(lambda known, begun, more: (known + begun + more)[:longest], _known(), bought, rest).filter(bool)


def _by(one: Act, shopper: int) -> Act:
    return replace(one, shopper=shopper)


def _known() -> Strategy:
    """Return a strategy for the beginning: nobody, or somebody who registers, or somebody with a token."""
    eve = {"email": f"eve-{RUN}@example.com", "password": "secret"}
    register = Act("PostCustomers", (), {**eve, "first_name": "Eve"}, shopper=BY_SESSION)
    token = Act("PostToken", (), eve, shopper=BY_TOKEN)
    return any_of([], [register], [register, token], [register, token], [register, token])


def acts() -> Strategy:
    """Return a strategy for single requests that are no part of a checkout."""
    nothing = st.just(())
    log_in = unless(all_of(email=EMAIL, password=PASSWORD), any_of(NOTHING, {}, [], {"foo": 1}))
    return one_of(
        *[act("PostAuth", nothing, log_in)] * 2,
        *[act("PostToken", nothing, log_in)] * 2,
        *[act("GetAuth", nothing)] * 2,
        act("DeleteAuth", nothing),
        act("GetAuthEmail", st.tuples(any_of(f"eve-{RUN}@example.com", f"EVE-{RUN}@example.com", "x"))),
        *[act("PostCustomers", nothing, _new_customer())] * 3,
        *[act("GetCustomersCustomer", nothing)] * 2,
        *[act("PostCustomersCustomer", nothing, _customer())] * 4,
        *[act("PostCustomersCustomerAddresses", nothing, _new_address())] * 3,
        *[act("PostCustomersCustomerAddressesAddress", st.tuples(ADDRESS), _address())] * 2,
        act("DeleteCustomersCustomerAddressesAddress", st.tuples(ADDRESS)),
        *[act("GetCustomersCustomerOrders", nothing, query=any_of(*ORDERS))] * 2,
        act("GetCustomersCustomerPaymentMethods", nothing),
        act("PostCustomersCustomerPasswordToken", nothing, _or_wrong(all_of(email=EMAIL))),
        act("PostCustomersResetPassword", nothing, _or_wrong(all_of(email=EMAIL, token=BAD_TOKENS, password=PASSWORD))),
        act("PostOrdersCustomerOrderClaim", nothing, _or_wrong(all_of(order_ids=_orders()))),
        act("PostOrdersCustomerOrderClaimsCustomerOrderClaimAccept", nothing, _or_wrong(all_of(token=BAD_TOKENS))),
        *[act("PostReturns", nothing, _return(), key=checkout.KEY)] * 3,
        act("PostSwaps", nothing, _swap(), key=checkout.KEY),
        act("GetSwapsSwapCartId", st.tuples(CART)),
        act("GetOrderEditsOrderEdit", st.tuples(EDIT), query=any_of((), (("fields", "id"),), (("fields", "status"),))),
        act(
            "PostOrderEditsOrderEditDecline",
            st.tuples(EDIT),
            any_of({}, {"declined_reason": "no"}, {"declined_reason": 5}, NOTHING),
        ),
        act("PostOrderEditsOrderEditComplete", st.tuples(EDIT)),
        act("GetPaymentCollectionsPaymentCollection", st.tuples(COLLECTION)),
        act(
            "PostPaymentCollectionsSessions",
            st.tuples(COLLECTION),
            any_of({"provider_id": "manual"}, {}, {"provider_id": 5}),
        ),
        act(
            "PostPaymentCollectionsPaymentCollectionSessionsBatch",
            st.tuples(COLLECTION),
            any_of({"sessions": []}, {}, {"sessions": "x"}),
        ),
        act(
            "PostPaymentCollectionsSessionsBatchAuthorize",
            st.tuples(COLLECTION),
            any_of({"session_ids": []}, {}, {"session_ids": [5]}),
        ),
        act("PostPaymentCollectionsSessionsSessionAuthorize", st.tuples(COLLECTION, SESSION)),
        act("PostPaymentCollectionsPaymentCollectionPaymentSessionsSession", st.tuples(COLLECTION, SESSION)),
        act("PostProductsSearch", nothing, any_of({"q": "mug"}, {}, {"q": 5})),
    )


def _or_wrong(right: Strategy) -> Strategy:
    return unless(right, any_of(NOTHING, {}, [], {"foo": 1}))


def _new_customer() -> Strategy:
    more = {"first_name": NAME, "last_name": NAME, "phone": any_of("1", None, 5)}
    return _or_wrong(st.fixed_dictionaries({"email": EMAIL, "password": PASSWORD}, optional=more))


def _fields() -> dict[str, Strategy]:
    return {
        "first_name": NAME,
        "last_name": NAME,
        "phone": any_of("1", None),
        "company": any_of("Acme", None, 5),
        "address_1": any_of("1 Street", "2 Street"),
        "address_2": any_of("", None),
        "city": any_of("Berlin", "", None),
        "country_code": COUNTRY,
        "province": any_of("B", None),
        "postal_code": any_of("12345", 5),
        "metadata": any_of({"a": 1}, None, [], "x"),
    }


def _customer() -> Strategy:
    billing = one_of(some_of(**_fields()), ADDRESS, any_of(None, 5, [], {"foo": 1}, "nope"))
    fields = {
        "email": EMAIL,
        "first_name": NAME,
        "last_name": NAME,
        "password": PASSWORD,
        "phone": any_of("1", None, 5),
        "metadata": any_of({"a": 1}, {"a": ""}, {"b": {"c": 1}}, {}, None, [], "x"),
        "billing_address": billing,
    }
    return one_of(_or_wrong(some_of(**fields)), *[all_of(**{name: field}) for name, field in fields.items()])


def _new_address() -> Strategy:
    right = {
        "first_name": any_of("Eve", ""),
        "last_name": any_of("Adams"),
        "address_1": any_of("1 Street", "2 Street"),
        "city": any_of("Berlin"),
        "country_code": any_of("de", "US"),
        "postal_code": any_of("12345"),
    }
    more = {name: field for name, field in _fields().items() if name not in right}
    whole = all_of(address=st.fixed_dictionaries(right, optional=more))
    return one_of(
        whole,
        whole,
        whole,
        all_of(address=some_of(**_fields())),
        any_of({"address": {}}, {"address": None}, {"address": 5}, {}, NOTHING, []),
    )


def _address() -> Strategy:
    return _or_wrong(some_of(**_fields()))


def _orders() -> Strategy:
    return one_of(st.lists(ORDER, max_size=2), any_of(None, "x", [5]))


def _items() -> Strategy:
    """Return what is to come back: lines of an order, or what is none."""
    reason = any_of(The("rr", 0), The("rr", 1), The("rr", 2), The("rr", None), 5)
    line = st.fixed_dictionaries(
        {"item_id": ITEM, "quantity": any_of(1, 1, 1, 2, 0, 99, 1.5, "1")},
        optional={"reason_id": reason, "note": any_of("x", 5)},
    )
    right = st.lists(line, max_size=2)
    return one_of(right, right, right, any_of(None, "x", {}, [5], [{}]))


def _return() -> Strategy:
    shipping = one_of(all_of(option_id=OPTION), any_of(None, {}, 5, {"option_id": "nope"}))
    body: Any = st.fixed_dictionaries({"order_id": ORDER, "items": _items()}, optional={"return_shipping": shipping})
    return _or_wrong(body)


def _swap() -> Strategy:
    more = st.lists(all_of(variant_id=VARIANT, quantity=checkout.QUANTITY), max_size=2)
    body: Any = st.fixed_dictionaries(
        {"order_id": ORDER, "return_items": _items(), "additional_items": more},
        optional={"return_shipping_option": OPTION},
    )
    return _or_wrong(body)
