"""The headers of a request: kept as they came, read as Node reads them."""

import pytest
from asking import Ask, header, in_scenario
from conftest import AUTHORIZE

from mockserver.edge.mock import Mock
from mockserver.messages import Headers


def test_pairs_stay_as_they_came() -> None:
    """In their order, names in lower case."""
    pairs = [("X-B", "1"), ("X-A", "2"), ("x-b", "3")]
    headers = Headers(pairs)

    assert (("x-b", "1"), ("x-a", "2"), ("x-b", "3")) == headers.pairs
    assert {"x-b": "1, 3", "x-a": "2"} == dict(headers)
    assert 2 == len(headers)
    assert ("x-a" in headers, "x-c" in headers, headers.get("x-c", "none")) == (True, False, "none")
    assert headers == Headers({"x-b": "1, 3", "x-a": "2"})
    assert f"Headers({headers.pairs!r})" == repr(headers)


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("accept", "1, 2"),
        ("prefer", "1, 2"),
        ("if-none-match", "1, 2"),
        ("access-control-request-headers", "1, 2"),
        ("x-forwarded-for", "1, 2"),
        ("cookie", "1; 2"),
        ("content-type", "1"),
        ("user-agent", "1"),
        ("authorization", "1"),
        ("retry-after", "1"),
        ("set-cookie", ["1", "2"]),
    ],
)
def test_what_comes_twice_is_read_as_node_reads_it(name: str, read: object) -> None:
    """Joined, or the first of both."""
    assert read == Headers([(name, "1"), (name.title(), "2")])[name]


def test_a_single_set_cookie_is_a_list_too() -> None:
    """As in Node."""
    assert ["a=1"] == Headers({"Set-Cookie": "a=1"})["set-cookie"]


def test_whoever_reads_headers_reads_all_of_them(mock: Mock, ask: Ask) -> None:
    """Cookies and Prefer in two lines each, tags in two lines; the journal shows what was read."""
    path = "/store/payment-collections/paycol_1"

    assert 422 == ask("POST", AUTHORIZE, pairs=[("cookie", "a=b"), ("cookie", "mock_scenario=declined")]).status
    assert 409 == ask("POST", AUTHORIZE, pairs=[("prefer", "respond-async"), ("prefer", "code=409")]).status
    tag = header(ask("GET", path), "etag")
    assert 304 == ask("GET", path, pairs=[("if-none-match", '"x"'), ("if-none-match", tag)]).status
    (*_, entry) = mock.sandboxes["shared"].journal
    assert f'"x", {tag}' == entry.document()["request"]["headers"]["if-none-match"]


def test_a_matcher_sees_what_was_joined(ask: Ask) -> None:
    """And so does the sentence that tells why it did not match."""
    when = {"header": {"x-card": "visa, *"}}
    stub = {"operation": "authorizePaymentSession", "when": when, "reply": {"status": 409}}
    ask = in_scenario(ask, {"stubs": [stub]})

    assert 409 == ask("POST", AUTHORIZE, pairs=[("x-card", "visa"), ("x-card", "gold")]).status
    assert 200 == ask("POST", AUTHORIZE, pairs=[("x-card", "visa")]).status
