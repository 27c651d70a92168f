"""The server under test, where it calls itself a mock and shows something else, or shows what no database holds."""

from dataclasses import replace
from typing import Any

import pytest
from verify import broken

from mockserver import MockServerError, Settings
from mockserver.realserver.shape import TEXT, Shape, mapping, rows
from mockserver.realserver.target import Access, target
from mockserver.verify.standing import stand

HALF = "\ud800"  # of a surrogate pair


def shows(end: str, document: Any) -> broken.Break:
    """Answer each path that ends so with 200 and a document."""
    said = {"status": 200, "document": document, "headers": {"content-type": "application/json"}}
    return lambda sent: replace(sent, **said) if sent.path.endswith(end) else sent


@pytest.mark.parametrize("shown", [{"sandboxes": [{"name": 5}]}, {"sandboxes": [[1]]}, {"sandboxes": 5}, {}, [], "x"])
def test_a_mock_that_shows_no_sandboxes_is_left_as_it_is(shown: Any) -> None:
    """A run that came to its end is not lost because what it left cannot be looked up."""
    with (
        broken.serving(shows("/__mock/sandboxes", shown)) as url,
        target(url, Access(), Settings()) as server,
    ):
        assert server.is_mock


@pytest.mark.parametrize("shown", [{"cookie": 5}, {"cookie": ["x"]}, {"cookie": None}, {}, []])
def test_a_mock_that_shows_no_session_logs_nobody_in(shown: Any) -> None:
    """No cookie is made of what is none."""
    with broken.serving(shows("/sessions", shown)) as url, target(url, Access(), Settings()) as server:
        assert {} == stand(server, server.sandbox)


@pytest.mark.parametrize(
    ("breaks", "came"),
    [
        (shows("/x", {"rows": [{"id": 5}]}), r'200 {"rows": \[{"id": 5}\]}'),
        (shows("/x", {"rows": [{"id": HALF}]}), r'200 {"rows": \[{"id": "\\ud800"}\]}'),
        (shows("/x", {"rows": [], HALF: 1}), r'200 {"rows": \[\], "\\ud800": 1}'),
        (shows("/x", ["x" * 1000]), r'200 \["x{198}'),
        (shows("/x", ["Bearer sec-ret"]), r'200 \["\[hidden\]"\]'),
        (lambda sent: replace(sent, status=404), "404 .*"),
    ],
)
def test_what_is_looked_for_and_not_shown_could_not_be_asked(breaks: broken.Break, came: str) -> None:
    """One sentence names the server, the path, what came, and what was to come; it is short, and tells no secret."""
    shape = Shape("list of rows", mapping({"rows": rows({"id": TEXT})}))
    with (
        broken.serving(breaks) as url,
        target(url, Access({"Authorization": "Bearer sec-ret"}), Settings()) as server,
        pytest.raises(MockServerError, match=rf"^{url} answers GET /x with {came}, which is no list of rows$"),
    ):
        server.show("/x", shape)
