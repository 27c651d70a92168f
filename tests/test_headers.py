"""The headers of a request: kept as they came, read as Node reads them."""

import pytest
from conftest import AUTHORIZE

from mockserver.edge.app import Mock
from mockserver.messages import Headers, Request


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


def ask(mock: Mock, *pairs: tuple[str, str], path: str = AUTHORIZE, method: str = "POST") -> int:
    """Return the status of what is asked with these headers."""
    return mock.engine.serve(Request(method, path, headers=Headers(pairs))).status


def test_whoever_reads_headers_reads_all_of_them(mock: Mock) -> None:
    """Cookies and Prefer in two lines each, tags in two lines; the journal shows what was read."""
    path = "/store/payment-collections/paycol_1"

    assert 422 == ask(mock, ("cookie", "a=b"), ("cookie", "mock_scenario=declined"))
    assert 409 == ask(mock, ("prefer", "respond-async"), ("prefer", "code=409"))
    tag = dict(mock.engine.serve(Request("GET", path)).headers)["ETag"]
    assert 304 == ask(mock, ("if-none-match", '"x"'), ("if-none-match", tag), path=path, method="GET")
    (*_, entry) = mock.sandboxes["shared"].journal
    assert {"if-none-match": f'"x", {tag}'} == entry.document()["request"]["headers"]


def test_a_matcher_sees_what_was_joined(mock: Mock) -> None:
    """And so does the sentence that tells why it did not match."""
    mock.scenarios.add(
        "twice",
        '{"description": "x", "stubs": [{"operation": "authorizePaymentSession", '
        '"when": {"header": {"x-card": "visa, *"}}, "reply": {"status": 409}}]}',
    )

    assert 409 == ask(mock, ("x-card", "visa"), ("x-card", "gold"), path=f"/@twice{AUTHORIZE}")
    assert 200 == ask(mock, ("x-card", "visa"), path=f"/@twice{AUTHORIZE}")
