"""The outbox and log-in through the control API."""

import pytest
from asking import Ask
from control.conftest import message
from operations.customers import ADA, ME

FORGOT = "/store/customers/password-token"


def test_what_medusa_would_have_told_is_listed(api: Ask, ask: Ask) -> None:
    """By sandbox and by event; a reset forgets it."""
    ask("POST", "/~mine/store/customers", ADA)
    ask("POST", f"/~mine{FORGOT}", {"email": "ada@example.com"})
    ask("POST", "/~other/store/customers", ADA)
    said = api("GET", "/outbox?sandbox=mine").document
    created, reset = said["messages"]

    assert 0 == said["forgotten"]
    assert (1, "mine", "customer.created", "ada@example.com") == (
        created["number"],
        created["sandbox"],
        created["event"],
        created["data"]["email"],
    )
    assert ["id", "email", "first_name", "last_name", "token"] == list(reset["data"])
    assert "2024-01-06T03:57:20.000Z" == reset["time"]
    assert ["mine", "other"] == [one["sandbox"] for one in api("GET", "/outbox?event=*.created").document["messages"]]
    api("POST", "/sandboxes/mine/reset")
    assert [] == api("GET", "/outbox?sandbox=mine").document["messages"]
    assert "no sandbox 'nobody'" in message(api("GET", "/outbox?sandbox=nobody"), 404)


def test_what_is_refused_is_not_told(api: Ask, ask: Ask) -> None:
    """Only what an operation answers goes out."""
    for _ in range(2):
        ask("POST", "/store/customers", ADA)

    assert 1 == len(api("GET", "/outbox").document["messages"])


def test_an_account_is_logged_in_without_its_password(api: Ask, ask: Ask) -> None:
    """By a cookie and by a token, also one that only a scenario gives; before any request."""
    api("PUT", "/sandboxes/mine/scenario", {"scenario": "logged-in"})
    session = api("POST", "/sandboxes/mine/sessions", {"email": "ADA@example.com"}).document
    seen = [
        ask("GET", f"/~mine/@default{ME}", **sent).document["customer"]["id"]
        for sent in ({"cookie": session["cookie"]}, {"authorization": f"Bearer {session['token']}"})
    ]

    assert ["cus_ada"] * 2 == seen
    assert "cus_ada" == session["customer_id"]


@pytest.mark.parametrize(
    ("sandbox", "body", "status", "text"),
    [
        ("mine", {"email": "eve@example.com"}, 404, "no account with the address 'eve@example.com'"),
        ("mine", {}, 400, "email: Field required"),
        ("a b", {"email": "x"}, 400, "'a b' is no name for a sandbox"),
    ],
)
def test_who_cannot_be_logged_in(api: Ask, sandbox: str, body: object, status: int, text: str) -> None:
    """Nobody has such an account, or nobody is named."""
    assert text in message(api("POST", f"/sandboxes/{sandbox}/sessions", body), status)
