"""The journal through the control API: list, read, wait, count, clear, and the matrix."""

import asyncio
import threading
import time
from contextlib import suppress
from typing import Any

import pytest
from asking import Ask, ask_of, asked, header
from conftest import AUTHORIZE, CLOCK
from control.conftest import api_of, message

from mockserver import Settings
from mockserver.contract import Contract
from mockserver.control.listeners import LONGEST_QUEUE, Listeners
from mockserver.edge.mock import Mock
from mockserver.messages import Response

RETRIEVE = "/store/payment-collections/paycol_1"


@pytest.fixture
def four_requests(ask: Ask) -> Ask:
    """Return `ask` when four requests were made in two sandboxes."""
    ask("POST", f"/~one/@busy{AUTHORIZE}")
    ask("GET", f"/~one{RETRIEVE}")
    ask("POST", f"/~two{AUTHORIZE}")
    ask("GET", "/~two/store/nothing")
    return ask


def numbers(response: Any) -> list[int]:
    """Return the numbers of the entries of a list."""
    return [entry["number"] for entry in response.document["entries"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [1, 2, 3, 4]),
        ("sandbox=one", [1, 2]),
        ("scenario=busy", [1]),
        ("operation=authorizePaymentSession", [1, 3]),
        ("operation=PostPaymentCollectionsSessionsSessionAuthorize", [1, 3]),
        ("method=get", [2, 4]),
        ("path=/store/*/sessions/*", [1, 3]),
        ("status=404", [4]),
        ("status=4xx", [1, 4]),
        ("status=5xx", []),
        ("text=BUSY", [1]),
        ("text=/~two/store", [3, 4]),
        ("text=paymentcollections.retrieve", [2]),
        ("text=get+", [2, 4]),
        ("text=two&status=2xx", [3]),
        ("source=stub", [1]),
        ("unmatched=true", [2, 3, 4]),
        ("unmatched=false", [1]),
        ("after=2", [3, 4]),
        ("limit=1", [4]),
        ("sandbox=two&status=200", [3]),
        ("sandbox=", [1, 2, 3, 4]),
    ],
)
@pytest.mark.usefixtures("four_requests")
def test_entries_are_listed_by_what_they_are(api: Ask, query: str, expected: list[int]) -> None:
    """Every filter narrows the list, all of them together."""
    assert expected == numbers(api("GET", f"/journal?{query}"))


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("sandbx=one", 400, "no query field 'sandbx'; did you mean 'sandbox'?"),
        ("status=ok", 400, "query status: 'ok' is no status such as 409, nor a class of them such as 4xx"),
        ("status=²²²", 400, "query status: '²²²' is no status"),
        (
            "fault=x",
            400,
            "query fault: Input should be 'reset', 'empty', 'truncate', 'garbage', 'hang', 'drip' or 'any'",
        ),
        ("limit=0", 400, "query limit: Input should be greater than or equal to 1"),
        (
            "operation=authorise",
            400,
            "no operation 'authorise'; did you mean 'paymentCollections.authorizePaymentSession' or 'paymentCollections.auth",
        ),
        ("source=magic", 400, "query source: Input should be 'stub', 'behaviour', 'sample' or 'mock'"),
        ("sandbox=nobody", 404, "no sandbox 'nobody'"),
    ],
)
def test_a_filter_that_cannot_be_is_named(api: Ask, query: str, status: int, said: str) -> None:
    """With what was probably meant."""
    assert message(api("GET", f"/journal?{query}"), status).startswith(said)


@pytest.mark.usefixtures("four_requests")
@pytest.mark.parametrize(
    ("query", "listed", "matched", "searched"),
    [("", 4, 4, 4), ("limit=2", 2, 4, 4), ("limit=1&status=4xx", 1, 2, 4), ("sandbox=one&status=409", 1, 1, 2)],
)
def test_a_list_says_of_how_many_it_is(api: Ask, query: str, listed: int, matched: int, searched: int) -> None:
    """How many matched, of which it has the newest, and among how many they were looked for."""
    found = api("GET", f"/journal?{query}").document

    assert (listed, matched, searched) == (len(found["entries"]), found["matched"], found["searched"])


@pytest.mark.usefixtures("four_requests")
def test_a_status_is_counted_by_its_class(api: Ask) -> None:
    """In a body it is a number or a class; what is nearly meant says what it got."""
    counted = api("POST", "/journal/count", {"status": "4xx", "text": "busy", "times": 2}).document

    assert (False, 1) == (counted["met"], counted["count"])
    assert [1] == numbers(api("POST", "/journal/wait", {"status": 409}))
    assert ["text: wanted 'busy', got 'get /~two/store/nothing default two'"] == [
        text for near in counted["near"] for text in near["differences"] if near["entry"]["number"] == 4
    ]
    assert "body status: True is no status" in message(api("POST", "/journal/count", {"status": True}), 400)


@pytest.mark.usefixtures("four_requests")
def test_one_entry_is_shown_whole(api: Ask) -> None:
    """With request, answer and why."""
    entry = api("GET", "/journal/1").document

    assert "busy.0" == entry["why"]["stub"]
    assert 409 == entry["answer"]["status"]
    for number in ("99", "-1", "x", "9" * 30, "²"):
        assert "in the journal" in message(api("GET", f"/journal/{number}"), 404)


def test_an_answer_is_shown_as_it_went_out(api: Ask, ask: Ask) -> None:
    """With the headers that the client saw, and as the 304 that a client got which had it already; no cookie is shown."""
    sent = ask("GET", RETRIEVE, Origin="http://localhost:8000")
    ask("GET", RETRIEVE, If_None_Match=header(sent, "etag"))
    first, second = (api("GET", f"/journal/{number}").document["answer"] for number in (1, 2))
    shown = {name.lower(): value for name, value in first["headers"].items()}

    assert dict(sent.headers) | {"set-cookie": "***"} == shown
    (retrieve,) = [
        one for one in api("GET", "/matrix").document["operations"] if one["operation"] == "paymentCollections.retrieve"
    ]
    assert {"200": 1, "304": 1} == retrieve["statuses"]
    assert [200, 304] == [entry["status"] for entry in api("GET", "/journal").document["entries"]]
    assert "http://localhost:8000" == shown["access-control-allow-origin"]
    assert (200, sent.document) == (first["status"], first["body"])
    assert (304, None) == (second["status"], second["body"])


@pytest.mark.usefixtures("four_requests")
def test_entries_are_cleared(api: Ask) -> None:
    """Of one sandbox, then all."""
    assert {"cleared": 2} == api("DELETE", "/journal?sandbox=one").document
    assert [3, 4] == numbers(api("GET", "/journal"))
    assert {"cleared": 2} == api("DELETE", "/journal").document
    assert "no sandbox 'nobody'" in message(api("DELETE", "/journal?sandbox=nobody"), 404)


@pytest.mark.parametrize(
    ("said", "met", "count", "text"),
    [
        ({"status": 409}, True, 1, "1 request matched status=409; wanted at least 1"),
        ({"sandbox": "one", "times": 2}, True, 2, "2 requests matched sandbox=one; wanted 2"),
        ({"times": 0, "sandbox": "nobody"}, True, 0, "0 requests matched sandbox=nobody; wanted 0"),
        ({"at_least": 5}, False, 4, "4 requests matched any; wanted at least 5"),
        ({"at_most": 1}, False, 4, "4 requests matched any; wanted 0 to 1"),
        ({"at_least": 1, "at_most": 4}, True, 4, "4 requests matched any; wanted 1 to 4"),
    ],
)
@pytest.mark.usefixtures("four_requests")
def test_requests_are_counted(api: Ask, said: dict[str, Any], met: bool, count: int, text: str) -> None:  # noqa: FBT001
    """Whether there were as many as there must be."""
    counted = api("POST", "/journal/count", said).document

    assert (met, count, text) == (counted["met"], counted["count"], counted["text"])


@pytest.mark.usefixtures("four_requests")
def test_what_was_nearly_meant_is_named(api: Ask) -> None:
    """The request that differs least comes first, with what differs."""
    said = {"operation": "authorizePaymentSession", "status": 422, "sandbox": "one", "times": 1}
    near = api("POST", "/journal/count", said).document["near"]

    assert ["status: wanted 422, got 409"] == near[0]["differences"]
    assert 1 == near[0]["entry"]["number"]
    assert 2 == len(near[1]["differences"])
    assert [] == api("POST", "/journal/count", {"unmatched": True, "times": 99, "sandbox": "two"}).document["near"]


@pytest.mark.usefixtures("four_requests")
def test_waiting_ends_at_once_when_it_has_come_already(api: Ask) -> None:
    """And after its time when it has not."""
    begin = time.monotonic()
    assert api("POST", "/journal/wait", {"status": 409}).document["met"]
    assert time.monotonic() - begin < 2
    waited = api("POST", "/journal/wait", {"status": 418, "timeout": "50ms"}).document

    assert {"met": False, "entries": []} == waited


def test_waiting_ends_when_the_request_comes(api: Ask, mock: Mock, ask: Ask) -> None:
    """From a sandbox that was not there when the waiting began."""
    met: list[bool] = []
    waiting = threading.Thread(
        target=lambda: met.append(api("POST", "/journal/wait", {"sandbox": "late", "timeout": "20s"}).document["met"])
    )
    begin = time.monotonic()
    waiting.start()
    while not mock.sandboxes.journals.listeners:
        time.sleep(0.01)
    ask("POST", f"/~late{AUTHORIZE}")
    waiting.join()

    assert [True] == met
    assert time.monotonic() - begin < 10
    assert not mock.sandboxes.journals.listeners


def test_nobody_waits_for_a_client_that_is_gone(api: Ask, mock: Mock) -> None:
    """The wait ends with its connection, long before its time, and nobody listens any more."""
    begin = time.monotonic()
    waited = api("POST", "/journal/wait", {"timeout": "20s"}, leaves=0.05)

    assert not waited.document["met"]
    assert time.monotonic() - begin < 5
    assert not mock.sandboxes.journals.listeners


@pytest.mark.usefixtures("four_requests")
def test_the_matrix_shows_what_was_seen(api: Ask, contract: Contract) -> None:
    """How often each operation answered with each status; all operations are there."""
    seen = {one["operation"]: one for one in api("GET", "/matrix").document["operations"]}
    of_one = {one["operation"]: one["statuses"] for one in api("GET", "/matrix?sandbox=one").document["operations"]}

    assert {"200": 1, "409": 1} == seen["paymentCollections.authorizePaymentSession"]["statuses"]
    assert {"409": 1} == of_one["paymentCollections.authorizePaymentSession"]
    assert {} == seen["paymentCollections.refreshPaymentSession"]["statuses"]
    assert 404 in seen["paymentCollections.retrieve"]["documented"]
    assert [operation.name for operation in contract.operations] == list(seen)
    assert "no sandbox 'nobody'" in message(api("GET", "/matrix?sandbox=nobody"), 404)


def test_a_queue_of_events_is_bounded(mock: Mock) -> None:
    """Whoever does not take them out is told that some are lost; who listens to another sandbox loses none by that."""

    async def listen() -> bytes:
        listeners = Listeners(mock.sandboxes)
        slow, quiet = listeners.open(), listeners.open("quiet")
        await asked(mock.app, "GET", "/~quiet/health")
        for _ in range(LONGEST_QUEUE + 5):
            await asked(mock.app, "GET", "/health")
        assert 2 == len(listeners)
        assert 1 == (await quiet.take(1)).count(b'"sandbox":"quiet"')
        heard = await slow.take(1)
        for one in (slow, quiet):
            listeners.close(one)
        assert not mock.sandboxes.journals.listeners
        return heard

    heard = asyncio.run(listen())

    assert heard.startswith(b"event: lost\n")
    assert f'"number":{LONGEST_QUEUE + 6},'.encode() in heard
    assert heard.count(b"event: ") < 10


def test_what_is_forgotten_is_not_counted_as_never_asked() -> None:
    """A count that older requests might change is not met, and says so; one that they cannot change is."""
    mock = Mock(Settings(clock=CLOCK, journal=5))
    api = api_of(mock)
    for _ in range(8):
        ask_of(mock.app)("POST", f"/@busy{AUTHORIZE}")
    never = api("POST", "/journal/count", {"status": 409, "times": 0}).document
    often = api("POST", "/journal/count", {"status": 200, "at_least": 5}).document
    more = api("POST", "/journal/count", {"status": 200, "at_least": 6}).document

    assert (False, 0) == (never["met"], never["count"])
    assert (
        "3 older ones are forgotten and may have matched, so nobody can tell: start with more --journal"
        in never["text"]
    )
    assert (True, "5 requests matched status=200; wanted at least 5") == (often["met"], often["text"])
    assert "3 older ones" in more["text"]
    api("POST", "/sandboxes/shared/reset")
    assert api("POST", "/journal/count", {"status": 409, "times": 0}).document["met"]


def test_who_waits_for_many_gets_all_of_them(api: Ask, ask: Ask) -> None:
    """As many as were wanted; nobody waits longer than a minute."""
    for _ in range(150):
        ask("GET", RETRIEVE)

    assert 150 == len(api("POST", "/journal/wait", {"count": 150}).document["entries"])
    assert "body timeout: '61s' is longer than 60s" == message(api("POST", "/journal/wait", {"timeout": "61s"}), 400)


def test_what_breaks_the_wire_is_no_status_that_was_seen(api: Ask, ask: Ask) -> None:
    """Not in the matrix; and a filter finds it."""
    with pytest.raises(ConnectionError):
        ask("POST", f"/@timeout{AUTHORIZE}", leaves=0)
    seen = {one["operation"]: one["statuses"] for one in api("GET", "/matrix").document["operations"]}

    assert {} == seen["paymentCollections.authorizePaymentSession"]
    assert [1] == numbers(api("GET", "/journal?fault=hang"))
    assert [1] == numbers(api("GET", "/journal?fault=any"))
    assert [] == numbers(api("GET", "/journal?fault=reset"))


def test_clients_that_left_are_found(api: Ask, ask: Ask) -> None:
    """By a filter of their own, and by those that count."""
    with pytest.raises(ConnectionError):
        ask("POST", f"/@slow{AUTHORIZE}", leaves=0)
    ask("POST", AUTHORIZE)
    never = api("POST", "/journal/count", {"aborted": True, "times": 0, "status": 200}).document

    assert [1] == numbers(api("GET", "/journal?aborted=true"))
    assert [2] == numbers(api("GET", "/journal?aborted=false"))
    assert (False, 1) == (never["met"], never["count"])
    near = api("POST", "/journal/count", {"aborted": True, "status": 409}).document["near"]
    assert ["status: wanted 409, got 200"] == near[0]["differences"]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [({"aborted": True}, [1]), ({"aborted": False, "count": 2}, [2, 3]), ({"count": 2}, [1, 2])],
)
def test_a_client_that_leaves_is_waited_for(mock: Mock, wanted: dict[str, Any], expected: list[int]) -> None:
    """It is one request, told twice: when it came, and when its client left."""

    async def waited() -> Response:
        waiting = asyncio.create_task(asked(mock.app, "POST", "/__mock/journal/wait", {"sandbox": "me", **wanted}))
        await asyncio.sleep(0.05)
        with suppress(ConnectionError):
            await asked(mock.app, "POST", f"/~me/@slow{AUTHORIZE}", leaves=0.05)
        for _ in range(2):
            await asked(mock.app, "POST", f"/~me{AUTHORIZE}")
        return await waiting

    assert expected == numbers(asyncio.run(waited()))


def test_a_deep_body_is_shown_as_text(api: Ask, ask: Ask) -> None:
    """Three hundred levels are more than an answer can hold."""
    body = b'{"a":' * 300 + b"1" + b"}" * 300
    ask("POST", AUTHORIZE, body, Content_Type="application/json")

    assert body.decode() == api("GET", "/journal/1").document["request"]["body"]
