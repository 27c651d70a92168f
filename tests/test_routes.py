"""All 65 published paths: each is found as Express finds it, and what is nearly one of them is told which."""

import logging

import pytest
from asking import Ask, header

from mockserver.contract import Contract, MalformedEscape, Operation
from mockserver.contract.router import Router
from mockserver.engine.nowhere import MOST_TOLD

OPERATIONS = Contract().operations
ROUTER = Router(OPERATIONS)


def found(method: str, path: str) -> tuple[str, dict[str, str]] | None:
    """Return the name and the path's values of what a router of all published paths finds."""
    routed = ROUTER.find(method, path)
    return (routed[0].name, dict(routed[1])) if routed else None


def test_there_are_65_and_each_has_names_of_its_own() -> None:
    """No resource has a method twice, and no operationId stands twice: `carts.retrieve` always means one operation."""
    assert 65 == len(OPERATIONS)
    for names in (
        [one.name for one in OPERATIONS],
        [one.id for one in OPERATIONS],
        [(o.method, o.path) for o in OPERATIONS],
    ):
        assert len(names) == len(set(names))


@pytest.mark.parametrize("one", OPERATIONS, ids=str)
def test_every_published_path_is_found(one: Operation) -> None:
    """With a value for each parameter, in any case, with a trailing slash or a doubled one where Express allows them."""
    values = {name: f"{name}-1" for name in one.path_parameters}
    path = one.path.format(**values)
    head, _, rest = path.removeprefix("/store/").partition("/")
    doubled = f"/store//{head}//{rest}"

    for spelt in (
        path,
        f"{path}/",
        doubled,
        one.path.upper().format(**{name.upper(): v for name, v in values.items()}),
    ):
        assert (one.name, values) == found(one.method, spelt), spelt
    assert None is found("PATCH", path)


@pytest.mark.parametrize(
    ("method", "path", "name", "values"),
    [
        ("GET", "/store/products/search", "products.retrieve", {"id": "search"}),
        ("HEAD", "/store/products/Search", "products.retrieve", {"id": "Search"}),
        ("POST", "/store/products/search", "products.search", {}),
        ("GET", "/store/products//", "products.list", {}),
        ("GET", "/store//products//search", "products.retrieve", {"id": "search"}),
        ("GET", "/store/orders/batch", "orders.retrieve", {"id": "batch"}),
        ("GET", "/store/orders/cart", "orders.retrieve", {"id": "cart"}),
        ("GET", "/store/orders/customer", "orders.retrieve", {"id": "customer"}),
        ("GET", "/store/orders/cart/a", "orders.retrieveByCartId", {"cart_id": "a"}),
        ("GET", "/store/auth/token", "auth.exists", {"email": "token"}),
        ("POST", "/store/auth/token", "auth.getToken", {}),
        ("POST", "/store/customers/me", "customers.update", {}),
        ("POST", "/store/customers/me/addresses/me", "customers.updateAddress", {"address_id": "me"}),
        ("POST", "/store/payment-collections/a/sessions/batch", "paymentCollections.managePaymentSessionsBatch", {"id": "a"}),
        ("POST", "/store/payment-collections/batch/sessions/b/authorize", "paymentCollections.authorizePaymentSession",
         {"id": "batch", "session_id": "b"}),
        ("DELETE", "/store/carts/a/payment-sessions/refresh", "carts.deletePaymentSession",
         {"id": "a", "provider_id": "refresh"}),
    ],
)  # fmt: skip
def test_a_fixed_segment_that_leads_nowhere_is_a_parameter(
    method: str, path: str, name: str, values: dict[str, str]
) -> None:
    """Fixed comes before parameter; where no route of that method lies behind it, the parameter is tried."""
    assert (name, values) == found(method, path)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/store/orders/batch/customer/token"),
        ("GET", "/store/orders/customer/confirm"),
        ("GET", "/store/carts"),
        ("DELETE", "/store/carts/a"),
        ("GET", "/store/carts/a/line-items"),
        ("PUT", "/store/auth"),
        ("GET", "/store/auth/token/x"),
        ("GET", "/store/gift-cards"),
        ("GET", "/store/customers/cus_1"),
        ("GET", "/store/products///"),
        ("GET", "/store///products"),
        ("GET", "//store/products"),
        ("GET", "/store/products/x//"),
    ],
)
def test_pages_of_no_route(method: str, path: str) -> None:
    """Nor does Medusa have these, as near as they are to what it has (measured, and asked of Express 4.17)."""
    assert None is found(method, path)


@pytest.mark.parametrize("path", ["/store/auth/%E0%A4%A", "/store/carts/%zz/complete", "/store/products/%"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_malformed_escape_is_found_before_the_method(method: str, path: str) -> None:
    """Express decodes the path's values before it looks at the method."""
    with pytest.raises(MalformedEscape):
        found(method, path)


@pytest.mark.parametrize(
    ("method", "path", "meant"),
    [
        ("PUT", "/store/regions", ("GET", "/store/regions")),
        ("DELETE", "/store/carts/a", ("GET or POST", "/store/carts/a")),
        ("GET", "/store/carts", ("POST", "/store/carts")),
        ("PUT", "/store/products/search", ("POST", "/store/products/search")),
        ("GET", "/store/region", ("GET", "/store/regions")),
        ("GET", "/store/product/prod_1", ("GET", "/store/products/prod_1")),
        ("POST", "/store/customer/me/adresses", ("POST", "/store/customers/me/addresses")),
        ("GET", "/regions/reg_1", ("GET", "/store/regions/reg_1")),
        ("GET", "/payment-collections/a", ("GET", "/store/payment-collections/a")),
        ("GET", "/payment-collection/a", ("GET", "/store/payment-collections/a")),
        ("GET", "/store/payment-collections///a", ("GET", "/store/payment-collections/a")),
        ("GET", "//store/regions", ("GET", "/store/regions")),
        ("GET", "/api/store/regions/reg_1", ("GET", "/store/regions/reg_1")),
        ("GET", "/my/shop/store/store/regions", ("GET", "/store/regions")),
        ("GET", "/admin/regions", None),
        ("GET", "/store", None),
        ("GET", "/favicon.ico", None),
        ("GET", "/", None),
        ("GET", "/store/wishes/a", None),
    ],
)
def test_what_was_probably_meant(contract: Contract, method: str, path: str, meant: tuple[str, str] | None) -> None:
    """Another method, a misspelt segment, `/store` forgotten, slashes doubled, something before it: all lead to the right path."""
    assert meant == contract.nearest(method, path)


def test_what_medusa_has_not_is_its_page(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    """Express's page, with a hint where something is near, and without one where nothing is."""
    near, far = ask("DELETE", "/store/regions"), ask("DELETE", "/store/wishes/a")

    assert [404, 404] == [near.status, far.status]
    assert "Cannot DELETE /store/regions" in near.document
    assert ("behaviour", "did you mean GET /store/regions") == (
        header(near, "x-mock-source"),
        header(near, "x-mock-hint"),
    )
    assert "x-mock-hint" not in dict(far.headers)
    assert ["DELETE /store/regions has no route; did you mean GET /store/regions?"] == [
        r.getMessage() for r in caplog.records
    ]


def test_outside_of_store_there_are_hints_too(ask: Ask) -> None:
    """Whoever forgets `/store` gets Medusa's page and the right path, without characters that no header can hold."""
    answer = ask("GET", "/payment-collections/\xe4")

    assert 404 == answer.status
    assert "did you mean GET /store/payment-collections/?" == header(answer, "x-mock-hint")


def test_the_log_is_not_flooded(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    """Each path is told once, and after some hundred of them no more: a scanner cannot fill a disk."""
    with caplog.at_level(logging.WARNING):
        for number in range(MOST_TOLD + 50):
            ask("PUT", f"/store/products/{number}")

    assert MOST_TOLD == len(caplog.records)
