"""The contract as the product uses it: names, routes, hints, default replies, violations."""

from pathlib import Path
from typing import Any

import pytest

from mockserver import MockServerError
from mockserver.contract import Contract, MalformedEscape, fill, load_document

AUTHORIZE = "authorizePaymentSession"


def test_an_operation_has_three_names(contract: Contract) -> None:
    """The client's method, the published operationId, and both with the resource in front."""
    operation = contract.operation(AUTHORIZE)

    assert "/store/payment-collections/{id}/sessions/{session_id}/authorize" == operation.path
    assert operation is contract.operation(operation.id)
    assert operation is contract.operation(f"paymentCollections.{AUTHORIZE}")


def test_an_unknown_operation_is_named_with_the_nearest(contract: Contract) -> None:
    """A misspelt name says which was probably meant, and which there are."""
    with pytest.raises(MockServerError) as refused:
        contract.operation("retreive")

    assert str(refused.value).startswith("no operation 'retreive'; did you mean 'paymentCollections.retrieve'? known: ")
    assert AUTHORIZE in str(refused.value)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("authorize", "did you mean 'paymentCollections.authorizePaymentSession' or 'paymentCollections.auth"),
        ("Authorise session", "did you mean 'paymentCollections.authorizePaymentSession' or"),
        ("refresh", "did you mean 'paymentCollections.refreshPaymentSession'? known: paymentCollections.retrieve, "),
        ("payment_collections.retrieve", "did you mean 'paymentCollections.retrieve'?"),
        ("paymentCollection.retreive", "did you mean 'paymentCollections.retrieve'?"),
        ("sessions.retreive", "did you mean 'paymentCollections.retrieve'?"),
        ("capture", "no operation 'capture'; known: paymentCollections.*"),
        ("", "no operation ''; known: paymentCollections.*"),
        ("x" * 1000, f"no operation '{'x' * 200}...'; known: "),
    ],
)
def test_an_everyday_word_says_what_was_probably_meant(contract: Contract, name: str, sentence: str) -> None:
    """A word of a name, a name written otherwise, or the method of another resource leads to the right one."""
    with pytest.raises(MockServerError) as refused:
        contract.operation(name)

    assert sentence in str(refused.value)


def _document(*operations: tuple[str, str, str, str]) -> dict[str, Any]:
    """Return a contract of operations, each an id, a method name, a tag and a segment of its path."""
    paths = {
        f"/store/{segment}/{{id}}": {
            "get": {"operationId": id, "x-codegen": {"method": name}, "tags": [tag], "summary": "x", "responses": {}}
        }
        for id, name, tag, segment in operations
    }
    return {"paths": paths, "components": {"schemas": {}}}


def test_a_name_that_two_resources_share_needs_its_resource() -> None:
    """`retrieve` alone is nobody's once carts have one too; `carts.retrieve` is."""
    contract = Contract(_document(("GetA", "retrieve", "Payment Collections", "a"), ("GetB", "retrieve", "Carts", "b")))

    assert ["GetA", "GetB", "GetB"] == [
        contract.operation(name).id for name in ("paymentCollections.retrieve", "carts.retrieve", "GetB")
    ]
    with pytest.raises(
        MockServerError,
        match="operation 'retrieve' is a method of several resources; say which: paymentCollections",
    ):
        contract.operation("retrieve")


@pytest.mark.parametrize("id", ["GetA", "GetB"])
def test_no_two_operations_share_a_name(id: str) -> None:
    """One operationId twice, or one method of a resource twice, is a mistake of the contract that is found at start."""
    with pytest.raises(MockServerError, match=r"contract: '.+' is GET /store/a/\{id\} and again GET /store/b/\{id\}"):
        Contract(_document(("GetA", "retrieve", "Carts", "a"), (id, "retrieve", "Carts", "b")))


def test_two_files_cannot_define_one_name(tmp_path: Path) -> None:
    """The contract's parts are joined; a name that stands in two of them is a mistake, not a silent choice."""
    (tmp_path / "paths").mkdir()
    (tmp_path / "schemas").mkdir()
    (tmp_path / "openapi.yaml").write_text("openapi: 3.1.0\ncomponents: {}\n")
    (tmp_path / "paths" / "a.yaml").write_text("/store/a: {}\n")
    (tmp_path / "paths" / "notes.txt").write_text("not a part\n")
    assert {"/store/a": {}} == load_document(tmp_path)["paths"]
    (tmp_path / "paths" / "b.yaml").write_text("/store/a: {}\n")

    with pytest.raises(MockServerError, match=r"contract: '/store/a' stands in a\.yaml and again in b\.yaml"):
        load_document(tmp_path)


@pytest.mark.parametrize(
    ("method", "path", "name", "values"),
    [
        ("GET", "/store/payment-collections/a", "retrieve", {"id": "a"}),
        ("HEAD", "/STORE/Payment-Collections/a/", "retrieve", {"id": "a"}),
        ("GET", "/store//payment-collections//a%2Fb", "retrieve", {"id": "a/b"}),
        ("GET", "/store/payment-collections/Gr%C3%BC%C3%9Fe", "retrieve", {"id": "Grüße"}),
        ("GET", "/store/payment-collections/a%0Ab", "retrieve", {"id": "a\nb"}),
        ("POST", "/store/payment-collections/a/sessions/batch", "managePaymentSessionsBatch", {"id": "a"}),
        ("POST", "/store/payment-collections/a/sessions/BATCH/authorize", "authorizePaymentSessionsBatch", {"id": "a"}),
        ("POST", "/store/payment-collections/a/sessions/b", "refreshPaymentSession", {"id": "a", "session_id": "b"}),
    ],
)
def test_routes(contract: Contract, method: str, path: str, name: str, values: dict[str, str]) -> None:
    """Case, slashes and escapes are read as Express reads them; `batch` is never a session."""
    found = contract.route(method, path)

    assert found is not None
    assert (name, values) == (found[0].client_method, found[1])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/store/payment-collections"),
        ("GET", "/store///payment-collections/a"),
        ("GET", "/store/payment-collections/a//"),
        ("GET", "/store/payment-collections/a/sessions/b/authorize/c"),
        ("DELETE", "/store/payment-collections/a"),
        ("GET", ""),
    ],
)
def test_no_route(contract: Contract, method: str, path: str) -> None:
    """Whatever else is there has no route."""
    assert contract.route(method, path) is None


@pytest.mark.parametrize("segment", ["%", "%4", "%zz", "%FF", "%E0%A4%A"])
def test_a_malformed_escape_is_told_apart(contract: Contract, segment: str) -> None:
    """A path value that does not decode is neither a route nor none."""
    with pytest.raises(MalformedEscape):
        contract.route("GET", f"/store/payment-collections/{segment}")


@pytest.mark.parametrize(
    ("method", "path", "meant"),
    [
        ("GET", "/store/payment-collection/a", ("GET", "/store/payment-collections/a")),
        ("GET", "/Stores/Payment_Collections/a/", ("GET", "/store/payment-collections/a")),
        ("PUT", "/store/payment-collections/a", ("GET", "/store/payment-collections/a")),
        (
            "POST",
            "/store/payment-collections/a/session/b/authorise",
            ("POST", "/store/payment-collections/a/sessions/b/authorize"),
        ),
        ("GET", "/store/collections/a", None),
        ("GET", "/store/payment-collections", None),
        ("GET", "/store/payment-collections/a//x", None),
        ("GET", "/", None),
    ],
)
def test_what_was_probably_meant(contract: Contract, method: str, path: str, meant: tuple[str, str] | None) -> None:
    """A misspelt segment or another method is near; a different word or length is not."""
    assert meant == contract.nearest(method, path)


def test_filling_leaves_alone_what_it_does_not_know() -> None:
    """Only the path's own values are put in, at any depth; nothing in a text can run."""
    template = {"a": ["{id} {other} {id.__class__}", 5, None], "b": {"c": "{session_id}"}}

    assert {"a": ["x {other} {id.__class__}", 5, None], "b": {"c": "y"}} == fill(
        template, {"id": "x", "session_id": "y"}
    )


@pytest.mark.parametrize(
    ("status", "media_type", "document", "sentence"),
    [
        (418, "application/json", {}, "status 418 is not documented for paymentCollections.authorizePaymentSession; known: 200, 400, 401, 404"),
        (200, "text/html", "", "text/html is not documented for paymentCollections.authorizePaymentSession 200; known: application/json"),
        (200, None, None, "no content type is not documented for paymentCollections.authorizePaymentSession 200"),
        (200, "application/json", [], 'body: [] is not of type "object"'),
        (200, "application/json; charset=utf-8", {"payment_session": 5}, "payment_session: 5 is not of type"),
        (422, "application/json", {"message": 5}, "message: 5 is not of type"),
    ],
)  # fmt: skip
def test_violations_say_where(
    contract: Contract, status: int, media_type: str | None, document: Any, sentence: str
) -> None:
    """Status, media type and body are each checked, and the sentence names the place."""
    (found,) = contract.violations(contract.operation(AUTHORIZE), status, media_type, document)

    assert found.startswith(sentence)


@pytest.mark.parametrize(
    ("said", "where", "sentence"),
    [
        ({"amont": 5}, ("amont",), "no field 'amont'; did you mean 'amount'?"),
        ({"amount": "5"}, ("amount",), '"5" is not of type "integer"'),
        ({"payment_sessions": [{"id": "a"}, {"amount": 1.5}]}, ("payment_sessions", 1, "amount"), "1.5 is not of type"),
        ({"payment_sessions": [5]}, ("payment_sessions", 0), "5 is not a mapping"),
        ({"region": {"nam": "x"}}, ("region", "nam"), "no field 'nam'; did you mean 'name'?"),
        ({"region": 5}, ("region",), "5 is not"),
    ],
)
def test_a_partly_written_entity_is_checked_field_by_field(
    contract: Contract, said: dict[str, Any], where: tuple[str | int, ...], sentence: str
) -> None:
    """What is said must be right, at any depth; what is not said is not missed."""
    (place, text), *more = contract.partial_violations("PaymentCollection", said)

    assert [] == more
    assert where == place
    assert text.startswith(sentence)


def test_what_is_not_said_is_not_missed(contract: Contract) -> None:
    """An entity may be written in part, its relations too."""
    said = {"amount": 5, "region": {"name": "x"}, "payment_sessions": [], "metadata": None}

    assert [] == list(contract.partial_violations("PaymentCollection", said))
