"""The contract as the product uses it: names, routes, hints, default replies, violations."""

from pathlib import Path
from typing import Any

import pytest
from contracts import WISHES, extended

from mockserver import MockServerError
from mockserver.contract import Contract, MalformedEscape, fill

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
        contract.operation("paymentCollections.retreive")

    assert str(refused.value).startswith(
        "no operation 'paymentCollections.retreive'; did you mean 'paymentCollections.retrieve'? known: "
    )
    assert AUTHORIZE in str(refused.value)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("authorize", "did you mean 'paymentCollections.authorizePaymentSession' or 'paymentCollections.auth"),
        ("Authorise session", "did you mean 'paymentCollections.authorizePaymentSession' or"),
        (
            "refresh",
            "did you mean 'carts.refreshPaymentSession' or 'paymentCollections.refreshPaymentSession'? known: carts.create, ",
        ),
        ("lookup", "did you mean 'orders.lookupOrder'? known: orders.lookupOrder, "),
        ("payment_collections.retrieve", "did you mean 'paymentCollections.retrieve'?"),
        ("paymentCollection.retreive", "did you mean 'paymentCollections.retrieve'?"),
        ("sessions.retreive", "did you mean 'carts.retrieve' or 'customers.retrieve' or 'giftCards.retrieve' or"),
        ("capture", "no operation 'capture'; known: auth.*, carts.*"),
        ("", "no operation ''; known: auth.*, carts.*"),
        ("x" * 1000, f"no operation '{'x' * 200}...'; known: "),
    ],
)
def test_an_everyday_word_says_what_was_probably_meant(contract: Contract, name: str, sentence: str) -> None:
    """A word of a name, a name written otherwise, or the method of another resource leads to the right one."""
    with pytest.raises(MockServerError) as refused:
        contract.operation(name)

    assert sentence in str(refused.value)


def test_a_name_that_two_resources_share_needs_its_resource(tmp_path: Path) -> None:
    """`retrieve` alone is nobody's once wish lists have one too; `wishLists.retrieve` is."""
    contract = Contract(extended(tmp_path))

    assert ["GetPaymentCollectionsPaymentCollection", "GetWishListsWishList", "GetWishListsWishList"] == [
        contract.operation(name).id
        for name in ("paymentCollections.retrieve", "wishLists.retrieve", "GetWishListsWishList")
    ]
    assert "wishLists.share" == contract.operation("share").name
    with pytest.raises(MockServerError) as refused:
        contract.operation("retrieve")
    sentence, _, names = str(refused.value).partition(": ")
    assert "operation 'retrieve' is a method of several resources; say which" == sentence
    assert {"paymentCollections.retrieve", "regions.retrieve", "wishLists.retrieve"} <= set(names.split(", "))


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("operationId: GetWishLists\n", "operationId: DeleteWishListsWishList\n",
         "contract: 'DeleteWishListsWishList' is GET /store/wish-lists and again DELETE /store/wish-lists/{list_id}"),
        ("{method: list}", "{method: share}",
         "contract: 'wishLists.share' is GET /store/wish-lists and again POST /store/wish-lists/{list_id}/token"),
        ("  /store/wish-lists:", "  /store/payment-collections/{id}:",
         "contract: '/store/payment-collections/{id}' stands in resources/payment_collections.yaml and again in resources/wish"),
        ("  WishList:", "  Region:", "contract: 'Region' stands in schemas/regions.yaml and again in resources/wish_lists.yaml"),
        ("paths:", "pathes:", "contract: wish_lists.yaml: no key 'pathes'; did you mean 'paths'?"),
        ("tag: {name: Wish Lists, description: What shoppers would like to have.}", "",
         "contract: wish_lists.yaml: 'tag' is missing"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_resources_file_is_named(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    """A name that stands twice, an unknown key, one that is missing: found at start, and never a silent choice."""
    assert old in WISHES
    with pytest.raises(MockServerError) as refused:
        Contract(extended(tmp_path, WISHES.replace(old, new, 1)))

    assert str(refused.value).startswith(sentence)


def test_a_default_error_of_an_unknown_operation_is_refused(tmp_path: Path) -> None:
    """A table of errors can only speak of operations that there are."""
    (extended(tmp_path) / "errors" / "wish_lists.yaml").write_text("GetWishList: {404: {message: No.}}\n")

    with pytest.raises(
        MockServerError, match="contract: errors: no operation 'GetWishList'; did you mean 'GetWishLists'"
    ):
        Contract(tmp_path)


@pytest.mark.parametrize(
    ("name", "status", "message"),
    [
        ("wishLists.retrieve", 404, "Wish list with id {list_id} was not found"),
        ("wishLists.retrieve", 422, "Wish_list with id {list_id} already exists."),
        ("wishLists.delete", 404, "Gone."),
        ("wishLists.list", 404, "Not found"),
        ("productVariants.retrieve", 404, "Variant with id: {id} was not found"),
        ("giftCards.retrieve", 404, "Gift card with code: {code} was not found"),
        ("swaps.retrieveByCartId", 404, "Swap was not found"),
        ("paymentCollections.retrieve", 404, "Payment collection with id {id} was not found"),
        (
            "paymentCollections.refreshPaymentSession",
            404,
            "Payment collection related to Payment Session id {session_id} was not found",
        ),
    ],
)
def test_a_default_error_speaks_of_its_own_entity(tmp_path: Path, name: str, status: int, message: str) -> None:
    """What is written for the operation comes first, then what is said of the entity that its path names."""
    (extended(tmp_path) / "errors" / "wish_lists.yaml").write_text("DeleteWishListsWishList: {404: {message: Gone.}}\n")
    contract = Contract(tmp_path)
    said = contract.default_reply(contract.operation(name), status)

    assert isinstance(said, dict)
    assert message == said["message"]


def test_a_path_that_names_no_entity_has_the_general_errors(tmp_path: Path) -> None:
    """Nothing is made up about what a parameter stands for when the contract does not say it."""
    contract = Contract(extended(tmp_path, WISHES.replace(", x-entity: wish_list", "")))

    assert {"type": "not_found", "message": "Not found"} == contract.default_reply(
        contract.operation("wishLists.retrieve"), 404
    )


def test_an_entity_is_missed_in_the_words_of_a_real_server(tmp_path: Path) -> None:
    """Where Medusa's own sentence for an entity was measured, it is that one."""
    contract = Contract(extended(tmp_path, WISHES.replace("x-entity: wish_list", "x-entity: region")))

    assert {"type": "not_found", "message": "Region with {list_id} was not found"} == contract.default_reply(
        contract.operation("wishLists.retrieve"), 404
    )


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


@pytest.mark.parametrize("document", [{"\ud800": 1}, {"payment_collection": {"\ud800": 1}}])
def test_a_key_that_is_no_text_is_a_violation(contract: Contract, document: dict[str, Any]) -> None:
    """No schema can look at half a surrogate pair."""
    said = contract.violation(contract.operation("paymentCollections.retrieve"), 200, "application/json", document)

    assert "body: has half a surrogate pair, which is no text" == said


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
