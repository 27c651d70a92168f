"""The flow of a request: what a path, a method and a body lead to, and who made the answer."""

import pytest
from asking import Ask, ask_of, header
from conftest import AUTHORIZE
from dirty_equals import IsPartialDict, IsStr

from mockserver import Settings
from mockserver.contract import Document
from mockserver.edge.mock import Mock
from mockserver.messages import HTML, Response
from mockserver.operations import Context

RETRIEVE = "GetPaymentCollectionsPaymentCollection"
COLLECTION = "/store/payment-collections/paycol_1"
UNKNOWN = {"code": "unknown_error", "type": "unknown_error", "message": "An unknown error occurred."}


def source(answer: Response) -> str:
    """Return who made an answer."""
    return header(answer, "x-mock-source")


def has_cors(answer: Response) -> bool:
    """Tell whether an answer has the headers of the store's router."""
    return "access-control-allow-credentials" in dict(answer.headers)


def test_authorize_answers_the_session_that_was_asked_for(ask: Ask) -> None:
    """Twelve keys in the real server's order, the ids asked for, times that fit one another (tests/facts/server.md 2)."""
    answer = ask("POST", AUTHORIZE)
    session = answer.document["payment_session"]

    assert (200, "behaviour") == (answer.status, source(answer))
    assert [
        "id", "created_at", "updated_at", "cart_id", "provider_id", "is_selected", "is_initiated", "status", "data",
        "idempotency_key", "amount", "payment_authorized_at",
    ] == list(session)  # fmt: skip
    assert IsPartialDict(id="ps_1", status="authorized", payment_authorized_at="2024-01-06T03:57:20.000Z") == session
    assert session["created_at"] <= session["updated_at"] <= session["payment_authorized_at"]
    assert isinstance(session["amount"], int)


def test_the_same_seed_gives_the_same_answer_in_any_order() -> None:
    """Answers depend on seed, ids and clock, never on what was asked before; another seed gives others."""
    paths = [AUTHORIZE.replace("_1", f"_{number}") for number in range(5)]

    def answers(order: list[str], seed: str) -> dict[str, object]:
        mock = Mock(Settings(clock="2024-01-06T03:57:20Z", seed=seed))
        return {path: ask_of(mock.app)("POST", path).document for path in order}

    assert answers(paths, "0") == answers(paths[::-1], "0")
    assert all(
        one != other for one, other in zip(answers(paths, "0").values(), answers(paths, "1").values(), strict=True)
    )


ERRORS = {
    400: {"type": "not_allowed", "message": "You cannot complete a Payment Collection without a payment session."},
    401: "Unauthorized",
    404: {"type": "not_found", "message": "Payment collection with id paycol_1 was not found"},
    409: {
        "code": "invalid_state_error",
        "message": "The request conflicted with another request. "
        "You may retry the request with the provided Idempotency-Key.",
    },
    422: {"type": "payment_authorization_error", "message": 'Failed to authorize Payment Session id "paycol_1"'},
    500: UNKNOWN,
}


@pytest.mark.parametrize("status", ERRORS)
def test_a_status_alone_has_the_real_servers_body(ask: Ask, status: int) -> None:
    """By magic id or by Prefer, an error is what the real server says with that status, keys in its order."""
    by_id = ask("POST", AUTHORIZE.replace("ps_1", f"ps_mock_{status}"))
    by_prefer = ask("POST", AUTHORIZE, Prefer=f"code={status}")

    for answer in (by_id, by_prefer):
        assert (status, ERRORS[status], "stub") == (answer.status, answer.document, source(answer))
        if status != 401:
            assert list(ERRORS[status]) == list(answer.document)
    assert ("text/plain" if status == 401 else "application/json") == str(by_id.media_type).partition(";")[0]


def test_prefer_200_is_the_operation_itself(ask: Ask) -> None:
    """`Prefer: code=200` lets the operation answer, state and all."""
    answer = ask("POST", AUTHORIZE, Prefer="code=200")

    assert (200, "behaviour") == (answer.status, source(answer))


@pytest.mark.parametrize(
    "path",
    [
        AUTHORIZE.upper().replace("PAYCOL_1", "paycol_1").replace("PS_1", "ps_1"),
        f"{AUTHORIZE}/",
        AUTHORIZE.replace("/store/", "/store//"),
        AUTHORIZE.replace("payment-collections/", "payment-collections//"),
        AUTHORIZE.replace("ps_1", "%70s_1"),
    ],
)
def test_ways_to_write_a_path(ask: Ask, path: str) -> None:
    """Case, a trailing slash, a doubled one and escapes lead to the same session (tests/facts/server.md 4)."""
    assert "ps_1" == ask("POST", path).document["payment_session"]["id"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", AUTHORIZE),
        ("PUT", AUTHORIZE),
        ("POST", COLLECTION),
        ("POST", "/store/payment-collections"),
        ("GET", "/store/wishes"),
        ("GET", "/store/payment-collections/"),
        ("POST", f"{AUTHORIZE}//"),
        ("GET", "/storefront"),
        ("GET", "/"),
        ("GET", "/administrator"),
        ("POST", "/health"),
    ],
)
def test_no_route_is_an_html_page(ask: Ask, method: str, path: str) -> None:
    """What Medusa has no route for is Express's 404 page; there is never a 405 (tests/facts/server.md 3)."""
    answer = ask(method, path)

    assert (404, HTML, "behaviour") == (answer.status, answer.media_type, source(answer))
    assert f"<pre>Cannot {method} {path}</pre>" in answer.document


@pytest.mark.parametrize("path", ["/admin", "/admin/regions", "/@busy/~me/ADMIN/auth"])
def test_the_admin_api_is_not_there(ask: Ask, caplog: pytest.LogCaptureFixture, path: str) -> None:
    """The mock says so as itself, and its log too: Medusa would ask for a log-in there, and has no such 404."""
    answer = ask("GET", path)

    assert (404, "mock", "mock_server_error") == (answer.status, source(answer), answer.document["type"])
    assert "Medusa's Admin API, which this mock does not have" in answer.document["message"]
    assert 1 == len(caplog.messages)


@pytest.mark.parametrize(
    ("method", "path", "meant"),
    [
        ("POST", AUTHORIZE.replace("collections", "collection"), f"POST {AUTHORIZE}"),
        ("GET", AUTHORIZE, f"POST {AUTHORIZE}"),
        ("GET", "/store/payment-colections/x", "GET /store/payment-collections/x"),
        ("POST", "/store/payments/x", None),
    ],
)
def test_a_path_that_is_nearly_right_has_a_hint(
    ask: Ask, caplog: pytest.LogCaptureFixture, method: str, path: str, meant: str | None
) -> None:
    """The answer stays Medusa's; a header and a line in the log name what was probably meant."""
    answer = ask(method, path)

    assert 404 == answer.status
    assert (f"did you mean {meant}" if meant else None) == dict(answer.headers).get("x-mock-hint")
    assert ([f"{method} {path} has no route; did you mean {meant}?"] if meant else []) == caplog.messages


@pytest.mark.parametrize("path", ["/health", "/HEALTH/", "/@busy/health", "/~me/health"])
def test_health(ask: Ask, path: str) -> None:
    """The mock is healthy as Medusa is, under any prefix."""
    answer = ask("GET", path)

    assert (200, "OK", HTML, False) == (answer.status, answer.document, answer.media_type, has_cors(answer))


def test_health_tells_its_methods(ask: Ask) -> None:
    """OPTIONS on a path outside the store is Express's own answer."""
    answer = ask("OPTIONS", "/health")

    assert (200, "GET,HEAD", "GET,HEAD") == (answer.status, answer.document, header(answer, "allow"))


@pytest.mark.parametrize("path", [AUTHORIZE, "/store/nothing/here", "/store"])
def test_any_preflight_is_answered(ask: Ask, path: str) -> None:
    """A preflight on any path of the store is a 204, existing or not (tests/facts/server.md 5)."""
    answer = ask("OPTIONS", path)

    assert (204, None, True) == (answer.status, answer.document, has_cors(answer))


@pytest.mark.parametrize("segment", ["%E0%A4%A", "%zz", "%FF"])
def test_an_escape_that_does_not_decode_is_an_unknown_error(ask: Ask, segment: str) -> None:
    """Express cannot decode it, and Medusa has no word for that (tests/facts/server.md 3)."""
    answer = ask("POST", AUTHORIZE.replace("paycol_1", segment))

    assert (500, UNKNOWN) == (answer.status, answer.document)


@pytest.mark.parametrize(
    ("body", "status", "page"),
    [
        (b"{", 400, "Bad Request"),
        (b'"hi"', 400, "Bad Request"),
        (b"null", 400, "Bad Request"),
        (b'{"a":"' + b"x" * 102_400 + b'"}', 413, "Payload Too Large"),
    ],
)
def test_a_body_that_is_no_json_fails_before_anything_else(ask: Ask, body: bytes, status: int, page: str) -> None:
    """Broken and oversized JSON is an HTML page without CORS, whatever the path (tests/facts/server.md 3 and 5)."""
    for path in (AUTHORIZE, "/nowhere"):
        answer = ask("POST", path, body, Content_Type="application/json")

        assert (status, HTML, False) == (answer.status, answer.media_type, has_cors(answer))
        assert f"<pre>{page}</pre>" in answer.document


DEEP = b"[" * 50_000 + b"]" * 50_000


@pytest.mark.parametrize("path", ["/sessions", "/sessions/batch", "/sessions/batch/authorize"])
def test_a_body_nested_too_deep_is_an_unknown_error(ask: Ask, path: str) -> None:
    """Thousands of brackets are an answer, not a crash, where the real server falls over them."""
    answer = ask("POST", COLLECTION + path, DEEP, Content_Type="application/json")

    assert (500, UNKNOWN) == (answer.status, answer.document)


def test_a_body_nested_too_deep_is_ignored_where_all_are(ask: Ask) -> None:
    """Authorize reads no body, however deep."""
    assert 200 == ask("POST", AUTHORIZE, DEEP, Content_Type="application/json").status


def test_an_operation_without_behaviour_answers_a_sample(mock: Mock, ask: Ask) -> None:
    """What nobody has written code for answers a valid sample of the contract, with the id that was asked for."""
    mock.engine.behaviours.clear()
    answer = ask("GET", COLLECTION)

    assert (200, "sample") == (answer.status, source(answer))
    assert "paycol_1" == answer.document["payment_collection"]["id"]
    operation = mock.contract.operation("paymentCollections.retrieve")
    assert mock.contract.violation(operation, 200, answer.media_type, answer.document) is None


def test_an_answer_that_breaks_the_contract_cannot_leave(mock: Mock, ask: Ask) -> None:
    """A behaviour that goes wrong is our own error, which says what is wrong with the answer."""
    mock.engine.behaviours[RETRIEVE] = lambda _: {"payment_collection": {"id": 5}}
    answer = ask("GET", COLLECTION)

    assert 500 == answer.status
    assert {
        "type": "mock_server_error",
        "message": IsStr(regex="paymentCollections.retrieve broke the contract: .+"),
    } == answer.document


def test_a_sequence_counts_per_stub_and_sandbox(ask: Ask) -> None:
    """`busy` is 409, 409, 200 and stays 200; another sandbox starts anew."""
    assert [409, 409, 200, 200] == [ask("POST", f"/@busy{AUTHORIZE}").status for _ in range(4)]
    assert [409, 409, 200] == [ask("POST", f"/~b/@busy{AUTHORIZE}").status for _ in range(3)]


def test_what_nobody_foresaw_is_a_500_and_a_log(mock: Mock, ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    """A mistake of the mock does not look like one of Medusa's; its traceback is in the log, the request in the journal."""

    def breaks(_context: Context) -> Document:
        raise ZeroDivisionError

    mock.engine.behaviours[RETRIEVE] = breaks
    answer = ask("GET", COLLECTION)
    (entry,) = mock.sandboxes["shared"].journal

    assert (500, "mock_server_error", "mock") == (answer.status, answer.document["type"], source(answer))
    assert [f"GET {COLLECTION} could not be answered"] == caplog.messages
    assert "ZeroDivisionError" in caplog.text
    assert (500, "an error of the mock itself, which its log shows") == (entry.response.status, entry.why()["text"])
