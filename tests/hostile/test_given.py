"""Whatever is accepted as a state can be shown: each read of it is a valid 200, and what can never be is refused with its place."""

import json
import time
from collections.abc import Iterator
from random import Random
from urllib.parse import quote

import pytest
from asking import Ask, ask_of
from hostile.giving import MINE, Giving, is_shown, reads

from mockserver.edge.mock import Mock

WRITES = (
    ("sessions/ps_1/authorize", None),
    ("sessions/batch/authorize", {"session_ids": ["ps_1", "x"]}),
    ("sessions", {"provider_id": "manual"}),
    (
        "sessions/batch",
        {"sessions": [{"provider_id": "manual", "amount": 1}, {"provider_id": "manual", "amount": 0.5}]},
    ),
    ("sessions/ps_1", None),
)
MOST_TOGETHER = 4  # states, one merged into what the others left
MOST_READS = 16  # of one state: the more states there are, the more is found


def given(ask: Ask, how: str, sandbox: str, state: object) -> tuple[int, str]:
    """Give a state by a call or by a scenario; return the status and the prefix below which it is seen."""
    if how == "call":
        body, path = json.dumps(state), f"/__mock/sandboxes/{sandbox}/state"
        return ask("PATCH", path, body, content_type="application/json").status, f"/~{sandbox}"
    body = json.dumps({"description": "Given.", "given": state})
    answer = ask("PUT", "/__mock/scenarios/given", body, content_type="application/json")
    prefix = f"/~{sandbox}/@given"
    if answer.status == 400:
        assert any(said in answer.document["message"] for said in ("given", "surrogates not allowed"))
        return 400, prefix
    assert ask("GET", f"{prefix}/health").status == 200, state
    return 200, prefix


def visits(ask: Ask, mock: Mock, sandbox: str) -> Iterator[tuple[str, str, str]]:
    """Yield path, query and cookie of what those read who have an account in a sandbox."""
    for row in filter(is_shown, mock.sandboxes[sandbox].tables.changed("customers")):
        session = ask("POST", f"/__mock/sandboxes/{sandbox}/sessions", {"email": row["email"]})
        if session.status == 200:
            cookie = session.document["cookie"]
            yield from ((f"/store/{path}", query, cookie) for path, queries in MINE.items() for query in queries)


@pytest.mark.slow
@pytest.mark.parametrize("how", ["call", "scenario", "off contract"])
def test_what_is_accepted_can_be_shown(
    draw: Random, seconds: float, how: str, mock: Mock, caplog: pytest.LogCaptureFixture
) -> None:
    """By every read, through every expansion; and no operation on it is an error of the mock itself."""
    ask, giving, accepted = ask_of(mock.app), Giving(mock, draw, 0.3 if how == "off contract" else 0.08), 0
    states: list[object] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if len(states) == MOST_TOGETHER or draw.random() < 0.5:
            mock.sandboxes["me"].reset()
            states = []
        state = giving.state() | ({"off_contract": True} if how == "off contract" else {})
        status, prefix = given(ask, how, "me", state)
        assert status in {200, 400}, (status, state)
        if status == 400:
            continue
        accepted += 1
        states.append(state)
        wanted = [*((*read, "") for read in reads(mock, "me")), *visits(ask, mock, "me")]
        for path, query, cookie in draw.sample(wanted, min(len(wanted), MOST_READS)):
            answer = ask("GET", prefix + path, query=query, cookie=cookie)
            assert answer.status == 200, (answer.body, path, query, states)
        for path in ("state", "state/scenario"):
            assert ask("GET", f"/__mock/sandboxes/me/{path}").status == 200, (path, states)
        for row in mock.sandboxes["me"].tables.changed("payment_collections"):
            for path, body in WRITES:
                id = quote(str(row["id"]).encode(errors="surrogatepass"), safe="")
                answer = ask("POST", f"{prefix}/store/payment-collections/{id}/{path}", body)
                assert b"mock_server_error" not in answer.body, (answer.body, path, states)
    assert not [record for record in caplog.records if record.exc_info]
    assert accepted > seconds


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"regions": [{"id": "reg_1", "payment_providers": "manual"}]}, "given.regions.0.payment_providers"),
        ({"regions": [{"id": "reg_1", "countries": [None]}]}, "given.regions.0.countries.0: is no list of mappings"),
        ({"regions": [{"id": "reg_1", "currency": []}]}, "given.regions.0.currency: is no mapping"),
        ({"regions": [{"id": {"a": 1}}]}, "given.regions.0.id: is no id"),
        ({"regions": [{"id": ""}]}, "given.regions.0.id: is no id"),
        ({"regions": [{"id": "a\0"}]}, "given.regions.0.id: is no id"),
        ({"regions": [{"id": None}]}, "given.regions.0.id: is no id"),
        ({"payment_collections": [{"region_id": False}]}, "given.payment_collections.0.region_id: is no id"),
        ({"regions": [{"id": "x" * 256}]}, "given.regions.0.id: has 256 characters; an id has 255 at most"),
        ({"payment_collections": [{"amount": "1"}]}, "given.payment_collections.0.amount: is no number, with which the mock could reckon"),
        ({"payment_collections": [{"amount": None}]}, "given.payment_collections.0.amount: is no number, with which the mock could reckon"),
        ({"payment_collections": [{"payment_sessions": [{"amount": True}]}]}, "given.payment_collections.0.payment_sessions.0.amount"),
        ({"payment_collections": [{"amount": 10**200}]}, "given.payment_collections.0.amount: is no number"),
        ({"orders": [{"returnable_items": []}]}, "given.orders.0.returnable_items: is worked out from other rows, and cannot be given"),
        ({"carts": [{"items": [{"quantity": []}]}]}, "given.carts.0.items.0.quantity: is no number, with which the mock could reckon"),
        ({"orders": [{"items": [{"quantity": "x"}]}]}, "given.orders.0.items.0.quantity: is no number"),
        ({"regions": [{"tax_rate": True}]}, "given.regions.0.tax_rate: is no number"),
        ({"product_categories": [{"rank": "eur"}]}, "given.product_categories.0.rank: is no number"),
        ({"product_categories": [{"handle": None}]}, "given.product_categories.0.handle: is no text, with which the mock could reckon"),
        ({"products": [{"title": [{}]}]}, "given.products.0.title: is no text"),
        ({"product_variants": [{"sku": 5}]}, "given.product_variants.0.sku: is no text"),
        ({"gift_cards": [{"code": 2147483648}]}, "given.gift_cards.0.code: is no text"),
        ({"customers": [{"email": {"a": 1}, "password": "x"}]}, "given.customers.0.email: is no text"),
        ({"publishable_api_keys": [{"sales_channels": ""}]}, "given.publishable_api_keys.0.sales_channels: is no list of mappings"),
        ({"odd": [{}]}, "given.odd: no table 'odd'"),
    ],
)  # fmt: skip
def test_what_can_never_be_shown_is_refused(ask: Ask, state: dict[str, object], said: str) -> None:
    """With its place, though the contract may be broken on purpose: there is no column for it, or the mock must reckon with it."""
    scenario = {"description": "Given.", "given": {**state, "off_contract": True}}
    refused = ask("PUT", "/__mock/scenarios/given", scenario)
    without = ask("PUT", "/__mock/scenarios/given", {"description": "Given.", "given": state})
    patched = ask("PATCH", "/__mock/sandboxes/me/state", state)

    assert {400} == {refused.status, without.status, patched.status}
    assert said in refused.document["message"]
    assert "off_contract" not in refused.document["message"]
    assert said.partition(": ")[0] in without.document["message"]
    assert said.partition(": ")[0].removeprefix("given.") in patched.document["message"]


@pytest.mark.parametrize(
    "state",
    [
        {"regions": [{"payment_providers": [{"is_installed": True}]}]},
        {"regions": [{"countries": [{}]}]},
        {"payment_collections": [{"id": "paycol_1", "currency_code": "xxx"}]},
        {"carts": [{"id": "cart_1", "customer": {"id": "cus_1", "orders": [{"cart": {"id": "cart_1"}}]}}]},
        {"payment_collections": [{"id": "paycol_1", "region": {"id": "reg_1", "currency": {"code": "xxx"}}}]},
        {"orders": [{"id": "order_1", "items": [{"quantity": 0}], "shipping_methods": [{}]}]},
        {"swaps": [{"id": "swap_1", "cart": {"id": "cart_1"}, "shipping_methods": [{}]}]},
        {"line_items": [{"cart": {"id": "cart_1"}, "variant": {"id": "variant_1"}}]},
    ],
    ids=json.dumps,
)
def test_what_is_partly_written_is_completed(mock: Mock, ask: Ask, state: dict[str, object]) -> None:
    """Providers and countries without a name, a currency that no catalogue has, what stands inside itself."""
    assert 200 == ask("PATCH", "/__mock/sandboxes/me/state", state).status
    answers = [ask("GET", f"/~me{path}", query=query) for path, query in reads(mock, "me")]

    assert {200} == {answer.status for answer in answers}


def test_what_breaks_the_contract_on_purpose_is_shown_as_it_is(mock: Mock, ask: Ask) -> None:
    """In its scenario, in others that the sandbox meets later, and after a snapshot was put back; not in a sandbox that is reset."""
    given = {
        "payment_collections": [{"id": "paycol_1", "description": 5, "status": "odd"}],
        "regions": [{"id": "reg_1", "name": 7, "created_at": 5}, {"name": "A"}],
        "off_contract": True,
    }
    assert 201 == ask("PUT", "/__mock/scenarios/given", {"description": "Given.", "given": given}).status
    path = "/store/payment-collections/paycol_1"
    first = ask("GET", f"/~me/@given{path}")
    ask("PUT", "/__mock/sandboxes/me/snapshots/odd")
    later = ask("GET", f"/~me{path}")
    sorted_ones = [
        ask("GET", "/~me/store/regions", query=query)
        for query in ("order=name", "order=-created_at", "created_at[gt]=2020-01-01")
    ]
    ask("POST", "/__mock/sandboxes/me/reset")
    anew = ask("GET", f"/~me{path}")
    ask("POST", "/__mock/sandboxes/me/snapshots/odd/restore")
    back = ask("GET", f"/~me{path}")

    assert [200] * 3 == [answer.status for answer in sorted_ones]
    assert [5, 5, 5] == [answer.document["payment_collection"]["description"] for answer in (first, later, back)]
    assert "odd" == first.document["payment_collection"]["status"]
    assert 5 != anew.document["payment_collection"]["description"]
    assert not mock.sandboxes["other"].off_contract
