"""Auth: five operations, and who is asking (tests/facts/customers.md 1 and 3)."""

import warnings

import jwt
import pytest
from asking import Ask, in_scenario
from operations.customers import ADA, ME, Visitor, cookie_of

from mockserver.edge.mock import Mock
from mockserver.operations.shared import shopper, tokens

LOGIN = {"email": "ada@example.com", "password": "secret"}
NOW = 1_704_513_440  # the mock's clock, in seconds
GARBAGE = {"customer_id": "cus_x", "domain": "store"}


def token(payload: dict[str, object], secret: str = shopper.SECRET, algorithm: str = "HS256") -> str:
    """Return a token; Medusa's secret for development is shorter than PyJWT likes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return jwt.encode(payload, secret, algorithm)


@pytest.fixture
def ada(ask: Ask) -> Visitor:
    """Return Ada, who has registered just now."""
    visitor = Visitor(ask)
    visitor.register()
    return visitor


def test_logging_in_and_out(ada: Visitor) -> None:
    """The session of the cookie is Ada's until she logs out; then the next answer sets another cookie."""
    before = ada.cookie

    assert "ada@example.com" == ada.ask("GET", "/store/auth").document["customer"]["email"]
    out = ada.ask("DELETE", "/store/auth")
    assert (200, "OK", "") == (out.status, out.document, cookie_of(out))
    refused = ada.ask("GET", "/store/auth")
    assert (401, "Unauthorized", None) == (refused.status, refused.document, refused.media_type)
    assert cookie_of(refused) not in ("", before)
    assert 200 == ada.ask("POST", "/store/auth", LOGIN).status
    assert 200 == ada.ask("GET", "/store/auth").status


def test_logging_out_without_a_session_is_fine(ask: Ask) -> None:
    """It is the same `OK`."""
    visitor = Visitor(ask)

    assert [(200, "OK")] * 2 == [
        (one.status, one.document) for one in (visitor.ask("DELETE", "/store/auth") for _ in range(2))
    ]


def test_the_cookie_of_strangers_is_nobodys(ask: Ask) -> None:
    """All strangers bring the same cookie; who logs in gets one of her own, and the same one when she does it again."""
    stranger, ada = Visitor(ask), Visitor(ask)
    stranger.ask("GET", "/store/regions")
    ada.ask("GET", "/store/regions")
    assert stranger.cookie == ada.cookie
    ada.register()

    assert stranger.cookie != ada.cookie
    assert 401 == stranger.ask("GET", "/store/auth").status
    again = ada.ask("POST", "/store/auth", LOGIN)
    assert (200, "") == (again.status, cookie_of(again))
    ada.register(email="eve@example.com")
    assert "eve@example.com" == ada.ask("GET", "/store/auth").document["customer"]["email"]


def test_one_cookie_is_set_and_only_one(ask: Ask) -> None:
    """Logging in sets the session's own cookie, and not the strangers' behind it."""
    answer = ask("POST", "/store/customers", ADA)

    assert 1 == sum(name == "set-cookie" for name, _ in answer.headers)


def test_a_session_ends_by_the_sandbox_own_clock(ada: Visitor, mock: Mock) -> None:
    """After ten hours; the cookie carries the real time, so that no client drops it before."""
    ada.ask("POST", "/store/auth", LOGIN)
    clock = mock.sandboxes["shared"].clock
    clock.set(clock.now() + 10 * 3_600_000 - 1)
    assert 200 == ada.ask("GET", "/store/auth").status
    clock.set(clock.now() + 1)
    assert 401 == ada.ask("GET", "/store/auth").status

    assert 200 == ada.ask("POST", "/store/auth", LOGIN).status
    assert 200 == ada.ask("GET", "/store/auth").status


def test_a_reset_forgets_sessions_and_a_snapshot_keeps_them(ada: Visitor, ask: Ask, mock: Mock) -> None:
    """A cookie from before a reset is nobody's, also when somebody else registers then."""
    sandbox = mock.sandboxes["shared"]
    sandbox.take_snapshot("before")
    sandbox.reset()
    Visitor(ask).register(email="eve@example.com")
    assert 401 == ask("GET", "/store/auth", cookie=ada.cookie).status
    sandbox.restore("before")

    assert "ada@example.com" == ask("GET", "/store/auth", cookie=ada.cookie).document["customer"]["email"]


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        ({}, 400, "email must be an email, password should not be empty"),
        ({"email": "ada", "password": ""}, 400, "email must be an email, password should not be empty"),
        ({**LOGIN, "remember": True}, 400, "property remember should not exist"),
        ([], 400, "an unknown value was passed to the validate function"),
        ({**LOGIN, "password": "Secret"}, 401, "Unauthorized"),
        ({**LOGIN, "password": 5}, 401, "Unauthorized"),
        ({**LOGIN, "email": "eve@example.com"}, 401, "Unauthorized"),
        ({**LOGIN, "email": "ADA@example.com"}, 200, ""),
    ],
)
@pytest.mark.parametrize("path", ["/store/auth", "/store/auth/token"])
def test_what_logging_in_takes(ada: Visitor, path: str, body: object, status: int, text: str) -> None:
    """By cookie and by token alike."""
    answer = ada.ask("POST", path, body)

    assert status == answer.status
    assert text in (answer.document if status == 401 else answer.document.get("message", ""))


def test_an_account_without_a_password_is_logged_in_by_nobody(ask: Ask) -> None:
    """A customer that was given without one has no hash to compare with."""
    ask("PATCH", "/__mock/sandboxes/shared/state", {"customers": [{"email": "ada@example.com", "has_account": True}]})

    assert 401 == ask("POST", "/store/auth", LOGIN).status


def test_a_token_stands_for_a_customer(ada: Visitor, ask: Ask) -> None:
    """For 30 days of the sandbox' clock; asking for it logs nobody in."""
    given = Visitor(ask).ask("POST", "/store/auth/token", LOGIN).document["access_token"]
    payload = jwt.decode(given, options={"verify_signature": False})
    assert ["customer_id", "domain", "iat", "exp"] == list(payload)
    assert (NOW, NOW + 30 * 86_400, "store") == (payload["iat"], payload["exp"], payload["domain"])

    for scheme in ("Bearer", "bearer", "BEARER  "):
        assert 200 == ask("GET", ME, authorization=f"{scheme} {given}").status
    ada.ask("DELETE", "/store/auth")
    assert 200 == ask("GET", ME, authorization=f"Bearer {given}").status


@pytest.mark.parametrize(
    "sent",
    [
        "Bearer",
        "Bearer garbage",
        f"Basic {token(GARBAGE)}",
        token(GARBAGE),
        f"Bearer {token({**GARBAGE, 'domain': 'admin'})}",
        f"Bearer {token({'customer_id': 'cus_x'})}",
        f"Bearer {token({'domain': 'store'})}",
        f"Bearer {token({**GARBAGE, 'customer_id': 5})}",
        f"Bearer {token({**GARBAGE, 'exp': NOW})}",
        f"Bearer {token({**GARBAGE, 'nbf': NOW + 1})}",
        f"Bearer {token({**GARBAGE, 'nbf': True})}",
        f"Bearer {token(GARBAGE, 'another')}",
    ],
)
def test_whatever_else_is_sent_is_nobodys(ask: Ask, sent: str) -> None:
    """Another scheme, another secret, another domain, too late, too early: 401 where a customer is wanted."""
    assert 401 == ask("GET", ME, authorization=sent).status


@pytest.mark.parametrize("algorithm", tokens.ALGORITHMS)
def test_a_token_of_nobody_is_authenticated(ask: Ask, algorithm: str) -> None:
    """So what it asks about is not found, rather than refused."""
    sent = f"Bearer {token({**GARBAGE, 'exp': NOW + 0.5}, algorithm=algorithm)}"
    answer = ask("GET", "/store/auth", authorization=sent)

    assert (404, "Customer with id: cus_x was not found") == (answer.status, answer.document["message"])


def test_the_session_wins_over_a_token(ada: Visitor, ask: Ask) -> None:
    """Good or bad; the token counts where the cookie is nobody's."""
    assert ada.cookie
    eve = Visitor(ask)
    eve.register(email="eve@example.com")
    sent = {"authorization": f"Bearer {ask('POST', '/store/auth/token', LOGIN).document['access_token']}"}

    assert "eve@example.com" == eve.ask("GET", ME, **sent).document["customer"]["email"]
    assert 200 == eve.ask("GET", ME, authorization="Bearer garbage").status
    eve.ask("DELETE", "/store/auth")
    assert "ada@example.com" == eve.ask("GET", ME, **sent).document["customer"]["email"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/store/customers", 401),
        ("GET", "/STORE/Customers/nobody", 401),
        ("DELETE", ME, 401),
        ("POST", f"{ME}/addresses/%E0%A4%A", 401),
        ("GET", "/store/customerss", 404),
        ("PUT", "/store/auth", 404),
    ],
)
def test_who_it_is_comes_before_any_route(ask: Ask, ada: Visitor, method: str, path: str, status: int) -> None:
    """Below /store/customers a stranger is told to log in, and a customer that there is no such route."""
    assert status == ask(method, path).status
    assert (500 if "%" in path else 404) == ada.ask(method, path).status


def test_who_has_an_account(ada: Visitor) -> None:
    """In any case of letters; a guest has none."""
    ada.register(email="guest@example.com", password="")
    exists = [
        ada.ask("GET", f"/store/auth/{one}").document["exists"]
        for one in ("ada@example.com", "ADA%40example.com", "guest@example.com", "token", "%00")
    ]

    assert [True, True, False, False, False] == exists


def test_orders_are_shown_to_whoever_logs_in(ask: Ask) -> None:
    """Oldest first, bare, with their items."""
    ada = Visitor(ask, "/@logged-in")
    (order,) = ada.ask("GET", "/store/auth").document["customer"]["orders"]

    assert ("order", "order_ada", "cus_ada") == (order["object"], order["id"], order["customer_id"])
    assert [("Notebook", 2)] == [(item["title"], item["quantity"]) for item in order["items"]]
    assert "total" not in order


def test_a_scenario_logs_somebody_in_from_the_start(ask: Ask) -> None:
    """Who brings neither session nor token; until she logs out."""
    ada = Visitor(ask, "/@logged-in")
    assert "cus_ada" == ada.ask("GET", ME).document["customer"]["id"]
    assert 404 == ada.ask("GET", "/store/customers").status
    assert 401 == ada.ask("GET", ME, authorization="Bearer garbage").status
    assert 200 == ada.ask("DELETE", "/store/auth").status

    assert 401 == ada.ask("GET", ME).status
    assert 200 == ada.ask("POST", "/store/auth", {**LOGIN, "password": "correct horse"}).status
    assert 200 == ada.ask("GET", ME).status


def test_a_shopper_whose_account_is_gone_is_nobody(ask: Ask) -> None:
    """Whatever became of her: a scenario's own customer can be changed as any other."""
    gone = in_scenario(ask, {"shopper": "Ada@example.com", "given": {"customers": [{"email": "ada@example.com"}]}})

    assert [401, 200] == [gone("GET", ME).status, gone("DELETE", "/store/auth").status]


def test_orders_of_an_account_are_shown_whatever_their_times_are(ask: Ask) -> None:
    """Even where a scenario breaks the contract on purpose: times first, as texts, and then all else."""
    orders = [{"id": "order_1", "created_at": [5]}, {"id": "order_2", "created_at": "2024-01-01"}, {"id": "order_3", "created_at": 5}]  # fmt: skip
    customer = {"id": "cus_1", **LOGIN, "orders": orders}
    visitor = Visitor(in_scenario(ask, {"given": {"customers": [customer], "off_contract": True}}))
    visitor.ask("POST", "/store/auth", LOGIN)
    shown = visitor.ask("GET", "/store/auth").document["customer"]

    assert ["order_3", "order_2", "order_1"] == [one["id"] for one in shown["orders"]]
