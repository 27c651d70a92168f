"""Customers: registering, the profile, the address book, forgotten passwords (tests/facts/customers.md 4 to 9)."""

import json
from typing import Any

import pytest
from asking import Ask, in_scenario
from operations.customers import ADA, HOME, ME, Visitor, cookie_of

from mockserver.edge.mock import Mock
from mockserver.operations.shared.emails import is_email

BOOK = f"{ME}/addresses"
UNKNOWN = "An unknown error occurred."
KINDS = {
    "first_name": "a string", "last_name": "a string", "email": "an email", "password": "a string", "phone": "a string",
}  # fmt: skip
COLUMNS = [
    "id", "created_at", "updated_at", "deleted_at", "email", "first_name", "last_name", "billing_address_id", "phone",
    "has_account", "metadata",
]  # fmt: skip


@pytest.fixture
def ada(ask: Ask) -> Visitor:
    """Return Ada, who has registered just now."""
    visitor = Visitor(ask)
    visitor.register()
    return visitor


def told(mock: Mock) -> list[tuple[str, Any]]:
    """Return what the outside was told in the shared sandbox: event and address of each."""
    return [(one.event, one.data["email"]) for one in mock.sandboxes["shared"].outbox]


def reset_token(mock: Mock) -> str:
    """Return the token that was told last."""
    return str(list(mock.sandboxes["shared"].outbox)[-1].data["token"])


def test_registering_logs_in(ask: Ask, mock: Mock) -> None:
    """At once; the address is kept in lower case, and the outside is told of it."""
    visitor = Visitor(ask)
    customer = visitor.register(email="Ada@Example.com", phone=None)

    assert [*COLUMNS, "billing_address", "shipping_addresses"] == list(customer)
    assert ("ada@example.com", True, None, []) == (
        customer["email"],
        customer["has_account"],
        customer["billing_address"],
        customer["shipping_addresses"],
    )
    assert customer == visitor.ask("GET", ME).document["customer"]
    assert [("customer.created", "ada@example.com")] == told(mock)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ({}, "email must be an email, password must be a string"),
        (
            {"foo": 1, "first_name": 1, "last_name": 2, "email": "x", "password": 3, "phone": 4},
            f"property foo should not exist, {', '.join(f'{name} must be {what}' for name, what in KINDS.items())}",
        ),
        ([{}], "an unknown value was passed to the validate function"),
        ({**ADA, "metadata": {}}, "property metadata should not exist"),
    ],
)
def test_what_registering_takes(ask: Ask, said: object, text: str) -> None:
    """All that is wrong is said at once, and nothing is stored or told."""
    visitor = Visitor(ask)

    assert (400, text) == visitor.said("POST", "/store/customers", said)
    assert 401 == visitor.ask("GET", "/store/auth").status


def test_accounts_and_guests_are_side_by_side(ada: Visitor) -> None:
    """Of one address there is one account and one guest, in any case of letters; a failed try keeps who is logged in."""
    taken = (422, "A customer with the given email already has an account. Log in instead")
    assert taken == ada.said("POST", "/store/customers", {**ADA, "email": "ADA@example.com"})
    guest = ada.other()
    assert False is guest.register(password="")["has_account"]
    assert (422, "Guest customer with email already exists") == ada.said(
        "POST", "/store/customers", {**ADA, "password": ""}
    )

    assert 401 == ada.ask("POST", "/store/auth", {"email": ADA["email"], "password": "."}).status


def test_no_database_takes_a_nul(ada: Visitor) -> None:
    """Not in a name, not deep in metadata, not in an address."""
    assert (500, UNKNOWN) == ada.said("POST", "/store/customers", {**ADA, "email": "b@example.com", "phone": "\0"})
    assert (500, UNKNOWN) == ada.said("POST", ME, {"metadata": {"a": [{"b\0": 1}]}})
    assert (500, UNKNOWN) == ada.said("POST", BOOK, {"address": {**HOME, "city": "\0"}})
    assert [] == ada.ask("GET", ME).document["customer"]["shipping_addresses"]


@pytest.mark.parametrize(
    "good",
    [
        "a@b.co", '"a b"@example.com', "a'b@x.com", "a@xn--abc.com", "Ä@x.de", "a@日本.jp", "a@x.日本", "a@1.com",
        "a!#$%&*+/=?^_`{|}~-@x.com", '"a\\"b"@x.com', '""@x.com', f"{'a' * 64}@x.com", f"a@{'a' * 63}.com", "a@x.cö",
    ],
)  # fmt: skip
def test_addresses_that_are_taken(good: str) -> None:
    """As a real server took them."""
    assert is_email(good)


@pytest.mark.parametrize(
    "bad",
    [
        "", "x", 'a"b@example.com', "a@-x.com", "a@x-.com", "a@x..com", "a@[1.2.3.4]", "a@1.2.3.4", "a@x.c1", "a@x.1c",
        ".a@x.com", "a.@x.com", "a..b@x.com", "a@b@x.com", "a@x.co-m", "aa(b)@x.com", "Name <a@x.com>", '"a"b@x.com',
        "a@x_y.com", "a@\uff11.com", f"{'a' * 65}@x.com", f"{'ä' * 33}@x.com", f"a@{'a' * 64}.com", f"a@{'a.' * 126}com",
        "a@x.com ", "a@x.💩💩", "💩@x.com", "a@x.c", "a@localhost", "a@example.com.", "a\n@x.com",
    ],
)  # fmt: skip
def test_addresses_that_are_refused(bad: str) -> None:
    """As a real server refused them."""
    assert not is_email(bad)


def test_the_profile_changes(ada: Visitor, mock: Mock) -> None:
    """What is said, and nothing else; where nothing changes, the time does not either."""
    clock = mock.sandboxes["shared"].clock
    clock.set(clock.now() + 1000)
    same = ada.change(first_name="Ada", phone=None)
    assert same["created_at"] == same["updated_at"]
    changed = ada.change(first_name=None, last_name="", phone="1")

    assert (None, "", "1") == (changed["first_name"], changed["last_name"], changed["phone"])
    assert changed["created_at"] < changed["updated_at"]
    assert ["customer.created", "customer.updated", "customer.updated"] == [event for event, _ in told(mock)]


def test_metadata_is_merged(ada: Visitor) -> None:
    """Key by key: an empty text takes one away, null is stored, null for all of it is ignored."""
    assert {} == ada.change(metadata={})["metadata"]
    assert {"a": 1, "b": {"y": 1, "xx": 2}, "ccc": None} == ada.change(
        metadata={"ccc": None, "b": {"xx": 2, "y": 1}, "a": 1}
    )["metadata"]
    merged = ada.change(metadata={"a": "", "none": "", "b": {"only": 1}})["metadata"]
    assert ["b", "ccc"] == list(merged)
    assert merged == ada.change(metadata=None)["metadata"]

    assert (400, "metadata must be an object") == ada.said("POST", ME, {"metadata": [1]})


def test_a_new_password_counts_and_an_empty_one_does_not(ada: Visitor) -> None:
    """Sessions go on."""
    for password in ("fresh", "", None):
        ada.change(password=password)
    tries = [{"email": ADA["email"], "password": one} for one in ("secret", "fresh")]

    assert 200 == ada.ask("GET", ME).status
    assert [401, 200] == [ada.ask("POST", "/store/auth", one).status for one in tries]


def test_a_new_address_is_kept_as_it_is_written(ada: Visitor) -> None:
    """So that one with capitals locks its owner out, as on the real server; a taken one is refused."""
    ada.other().register(email="eve@example.com")
    taken = "Customer with email, has_account eve@example.com, t already exists."
    assert (422, taken) == ada.said("POST", ME, {"email": "eve@example.com"})
    assert "Ada@example.com" == ada.change(email="Ada@example.com")["email"]
    missing = "Can't insert null value in field email on insert in table customer"
    assert (400, missing) == ada.said("POST", ME, {"email": None})

    assert 401 == ada.ask("POST", "/store/auth", {"email": "Ada@example.com", "password": "secret"}).status


def test_a_guest_may_take_the_address_of_an_account_and_of_no_guest(ask: Ask) -> None:
    """The refusal says of which kind the other is."""
    for email, password in (("a@example.com", ""), ("b@example.com", "x"), ("c@example.com", "")):
        guest = Visitor(ask)
        guest.register(email=email, password=password)

    assert "b@example.com" == guest.change(email="b@example.com")["email"]
    taken = "Customer with email, has_account a@example.com, f already exists."
    assert (422, taken) == guest.said("POST", ME, {"email": "a@example.com"})


def test_where_bills_go(ada: Visitor) -> None:
    """An address is made, then changed in place; null takes it away, and its id brings it back."""
    made = ada.change(billing_address={"city": "Dallas", "country_code": "US", "metadata": {"vat": 1}})
    id = made["billing_address_id"]
    assert ("Dallas", "us", None, []) == (
        made["billing_address"]["city"],
        made["billing_address"]["country_code"],
        made["billing_address"]["customer_id"],
        made["shipping_addresses"],
    )
    changed = ada.change(billing_address={"city": "Waco", "metadata": {"x": 1}})
    assert (id, "Waco", {"x": 1}, "us") == tuple(
        changed["billing_address"][name] for name in ("id", "city", "metadata", "country_code")
    )
    assert changed["updated_at"] == made["updated_at"]
    gone = ada.change(billing_address=None)
    assert (None, None) == (gone["billing_address_id"], gone["billing_address"])

    assert "Waco" == ada.change(billing_address=id)["billing_address"]["city"]
    assert (404, "Address with id addr_x was not found") == ada.said("POST", ME, {"billing_address": "addr_x"})


def test_an_address_bills_one_customer(ada: Visitor) -> None:
    """Anybody may take anybody's, but for one that bills somebody already."""
    id = ada.change(billing_address={})["billing_address_id"]
    eve = ada.other()
    eve.register(email="eve@example.com")

    taken = f"Customer with billing_address_id {id} already exists."
    assert (422, taken) == eve.said("POST", ME, {"billing_address": id})


def test_a_billing_address_that_was_deleted_can_only_be_replaced(ada: Visitor) -> None:
    """Its id stays; another address can be said only when it was taken away."""
    id = added(ada)["id"]
    ada.change(billing_address=id)
    gone = ada.ask("DELETE", f"{BOOK}/{id}").document["customer"]
    assert (id, None, []) == (gone["billing_address_id"], gone["billing_address"], gone["shipping_addresses"])
    refused = (400, "Can't insert null value in field id on insert in table address")
    assert refused == ada.said("POST", ME, {"billing_address": {"city": "X"}})
    ada.change(billing_address=None)

    assert "Y" == ada.change(billing_address={"city": "Y"})["billing_address"]["city"]


@pytest.mark.parametrize(
    ("said", "shown", "faults"),
    [
        ({"foo": 1}, "[object Object]", ["property foo should not exist"]),
        (
            {"first_name": 5, "city": 6},
            "[object Object]",
            ["first_name must be a string", " city must be a string"],
        ),
        (5, "5", ["an unknown value was passed to the validate function"]),
        ([], "", ["an unknown value was passed to the validate function"]),
        (True, "true", ["an unknown value was passed to the validate function"]),
    ],
)
def test_a_bad_billing_address_is_all_that_is_said(ada: Visitor, said: object, shown: str, faults: list[str]) -> None:
    """In a JSON text of its own, whatever else is wrong."""
    status, text = ada.said("POST", ME, {"billing_address": said, "foo": 1})

    assert 400 == status
    details = {"String": [f"String validation failed: {shown} is not a string"], "AddressPayload": faults}
    assert {"message": "billing_address must be one of: AddressPayload,String", "details": details} == json.loads(text)


def added(visitor: Visitor, **said: Any) -> dict[str, Any]:
    """Add an address to the book; return it."""
    answer = visitor.ask("POST", BOOK, {"address": {**HOME, **said}})
    assert 200 == answer.status, answer.document
    return dict(answer.document["customer"]["shipping_addresses"][-1])


def test_the_address_book(ada: Visitor) -> None:
    """Addresses are added, changed and deleted; the oldest stands first."""
    first, second = added(ada, metadata={"bb": 1, "a": 2}), added(ada, city="York", metadata="text")
    assert ("gb", ["a", "bb"], "text") == (first["country_code"], list(first["metadata"]), second["metadata"])
    changed = ada.ask("POST", f"{BOOK}/{first['id']}", {"country_code": None, "company": "X", "metadata": {"c": 3}})
    book = changed.document["customer"]["shipping_addresses"]
    assert [("gb", "X", {"c": 3}), ("gb", None, "text")] == [
        (one["country_code"], one["company"], one["metadata"]) for one in book
    ]
    ada.ask("DELETE", f"{BOOK}/{first['id']}")
    ada.ask("DELETE", f"{BOOK}/{first['id']}")

    assert [second] == ada.ask("GET", "/store/auth").document["customer"]["shipping_addresses"]
    missing = (400, "Could not find address for customer")
    assert missing == ada.said("POST", f"{BOOK}/{first['id']}", {"city": "Z"})
    assert (400, "city must be a string") == ada.said("POST", f"{BOOK}/addr_x", {"city": 5})


def test_the_same_address_is_kept_once(ada: Visitor) -> None:
    """Only where all that is compared is sent: what is left out is not the null that is stored."""
    whole = {"address_2": None, "phone": None, "province": None}
    for said in (whole, whole, {**whole, "company": "X"}, {}, {**whole, "city": "LONDON"}):
        added(ada, **said)

    assert 3 == len(ada.ask("GET", ME).document["customer"]["shipping_addresses"])


@pytest.mark.parametrize(
    ("said", "status", "text"),
    [
        ({}, 500, UNKNOWN),
        ({"address": []}, 500, UNKNOWN),
        ({"address": [HOME]}, 500, UNKNOWN),
        ({"address": None}, 400, "nested property address must be either object or array"),
        ({"address": [{**HOME, "city": 5}]}, 400, "city must be a string"),
        ({"foo": 1, "address": {**HOME, "id": "x"}}, 400, "property foo should not exist, property id should not exist"),
        ({"address": {**HOME, "country_code": "XX"}}, 404, "Country with country_code xx does not exist."),
        ({"address": {**HOME, "country_code": "u s"}}, 404, "null"),
        ({"address": {**HOME, "country_code": ""}}, 404, "null"),
        (
            {"address": {}},
            400,
            ", ".join(f"{name} must be a string" for name in ("first_name", "last_name", "address_1", "city", "country_code", "postal_code")),
        ),
    ],
)  # fmt: skip
def test_what_the_book_takes(ada: Visitor, said: object, status: int, text: str) -> None:
    """Required texts, countries of the world, one address at a time."""
    assert (status, text) == ada.said("POST", BOOK, said)


def test_the_book_of_another_stays_as_it_is(ada: Visitor) -> None:
    """A change is refused, and deleting does nothing."""
    id = added(ada)["id"]
    eve = ada.other()
    eve.register(email="eve@example.com")
    assert (400, "Could not find address for customer") == eve.said("POST", f"{BOOK}/{id}", {"city": "Mine"})
    assert 200 == eve.ask("DELETE", f"{BOOK}/{id}").status
    ada.ask("POST", "/store/auth", {"email": ADA["email"], "password": "secret"})

    assert [id] == [one["id"] for one in ada.ask("GET", ME).document["customer"]["shipping_addresses"]]


def test_a_forgotten_password_is_set_with_the_token_of_the_outbox(ada: Visitor, mock: Mock) -> None:
    """Once; nobody is logged in by it, and sessions go on."""
    asked = ada.ask("POST", "/store/customers/password-token", {"email": "ADA@example.com"})
    assert (204, None, None) == (asked.status, asked.document, asked.media_type)
    said = {"email": "ada@example.com", "token": reset_token(mock), "password": ""}
    assert 200 == ada.ask("POST", "/store/customers/password-reset", said).status
    done = ada.other().ask("POST", "/store/customers/password-reset", {**said, "password": "fresh"})

    assert (200, COLUMNS) == (done.status, list(done.document["customer"]))
    assert (500, UNKNOWN) == ada.said("POST", "/store/customers/password-reset", {**said, "password": "again"})
    assert 200 == ada.ask("POST", "/store/auth", {"email": ADA["email"], "password": "fresh"}).status


def test_a_reset_token_is_for_a_quarter_of_an_hour_and_for_one_account(ada: Visitor, mock: Mock) -> None:
    """Too late is a 500, as on the real server; whose it is not is a 401."""
    path, refused = "/store/customers/password-reset", (401, "Invalid or expired password reset token")
    ada.ask("POST", "/store/customers/password-token", {"email": "ada@example.com"})
    said = {"email": "eve@example.com", "token": reset_token(mock), "password": "x"}
    assert refused == ada.said("POST", path, said)
    wrong = "property foo should not exist, email must be an email, token must be a string, password must be a string"
    assert (400, wrong) == ada.said("POST", path, {"foo": 1})
    assert (500, UNKNOWN) == ada.said("POST", path, {**said, "email": "ada@example.com", "token": "\ud800"})
    clock = mock.sandboxes["shared"].clock
    clock.set(clock.now() + 15 * 60_000)

    assert (500, UNKNOWN) == ada.said("POST", path, {**said, "email": "ada@example.com"})


def test_who_has_no_account_is_sent_nothing(ask: Ask, mock: Mock) -> None:
    """Guests and strangers get the same answer."""
    visitor = Visitor(ask)
    visitor.register(password="")
    answers = [
        visitor.ask("POST", "/store/customers/password-token", {"email": email}).status
        for email in ("ada@example.com", "eve@example.com")
    ]

    assert [204, 204] == answers
    assert ["customer.created"] == [event for event, _ in told(mock)]


def test_an_account_without_a_password_can_be_given_one(ask: Ask, mock: Mock) -> None:
    """And a token that was signed with one account's hash is not another's."""
    given = [{"email": f"{name}@example.com", "has_account": True, "password_hash": "same"} for name in ("ada", "eve")]
    ask(
        "PATCH",
        "/__mock/sandboxes/shared/state",
        {"customers": [*given, {"email": "bo@example.com", "has_account": True}]},
    )
    path = "/store/customers/password-reset"
    tokens = {}
    for name in ("ada", "bo"):
        ask("POST", "/store/customers/password-token", {"email": f"{name}@example.com"})
        tokens[name] = reset_token(mock)

    said = {"email": "bo@example.com", "token": tokens["bo"], "password": "x"}
    assert 200 == ask("POST", path, said).status
    assert 401 == ask("POST", path, {**said, "email": "eve@example.com", "token": tokens["ada"]}).status


def test_saved_ways_to_pay(ask: Ask) -> None:
    """There are none, and of any provider but manual a real server cannot even ask."""
    assert [] == ask("GET", f"/@logged-in{ME}/payment-methods").document["payment_methods"]
    given = {"customers": [{"email": "ada@example.com", "password": "x"}], "payment_providers": [{"id": "stripe"}]}
    shop = in_scenario(ask, {"shopper": "ada@example.com", "given": given})

    assert 500 == shop("GET", f"{ME}/payment-methods").status


def test_a_customer_who_is_gone(ask: Ask) -> None:
    """Somebody is logged in, and not found; in the list of orders there is nothing."""
    visitor = Visitor(ask)
    id = visitor.register()["id"]
    ask(
        "PATCH", "/__mock/sandboxes/shared/state", {"customers": [{"id": id, "deleted_at": "2024-01-01T00:00:00.000Z"}]}
    )
    gone = (404, f"Customer with id: {id} was not found")

    assert gone == visitor.said("GET", ME)
    assert gone == visitor.said("POST", ME, {})
    assert gone == visitor.said("POST", BOOK, {"address": HOME})
    assert gone == visitor.said("DELETE", f"{BOOK}/addr_x")
    assert gone == visitor.said("GET", f"{ME}/payment-methods")
    assert (400, "Could not find address for customer") == visitor.said("POST", f"{BOOK}/addr_x", {})
    assert 0 == visitor.ask("GET", f"{ME}/orders").document["count"]
    assert 200 == visitor.ask("POST", "/store/customers", ADA).status


@pytest.mark.parametrize(("name", "statuses"), [("session-expired", [200, 401, 200]), ("email-taken", [401, 422, 401])])
def test_scenarios_do_what_they_say(ask: Ask, name: str, statuses: list[int]) -> None:
    """A session that is over in the middle, and an address that is taken."""
    visitor = Visitor(ask, f"/@{name}")
    first = visitor.ask("GET", ME).status
    change = ("POST", ME, {"phone": "1"}) if name == "session-expired" else ("POST", "/store/customers", ADA)
    second = visitor.ask(*change).status
    third = visitor.ask(*change).status if name == "session-expired" else visitor.ask("GET", ME).status

    assert statuses == [first, second, third]
    assert cookie_of(visitor.ask("GET", "/store/regions")) == ""
