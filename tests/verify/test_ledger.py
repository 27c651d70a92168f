"""The ledger's causes, held against all that was recorded: what a real server fails at is excused, and nothing else."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from conformance.recordings import Vector, read
from conformance.tally import RECORDED
from schemathesis.checks import CHECKS, load_all_checks

from mockserver import MockServerError
from mockserver.contract import Contract, MalformedEscape, Operation
from mockserver.realserver.cause import Evidence
from mockserver.realserver.ledger import Deviation, ledger
from mockserver.verify.findings import Finding

CONTRACT = Contract()
UNKNOWN_ERROR = {"code": "unknown_error", "type": "unknown_error", "message": "An unknown error occurred."}
OF_NO_CAUSE = {  # nothing in them tells them from a server that fails
    "auth-legacy-provider-throws",
    "auth-provider-status-bogus",
    "auth-provider-throw",
    "auth-provider-throws-MedusaError-database_error",
    "refresh-provider-delete-throws",
    "sess-initiate-throws",
}
NEVER_ASKED = {"own-bauth-body-array"}  # by verify, whose bodies are no lists


def exchanges() -> Iterator[tuple[Vector, Operation]]:
    """Yield what was recorded of the operations that the contract has."""
    for vector in (*read(RECORDED), *read(RECORDED.with_name("regions.jsonl"))):
        try:
            routed = CONTRACT.route(vector["request"]["method"], vector["request"]["path"].partition("?")[0])
        except MalformedEscape:  # verify sends what decodes
            continue
        if routed and isinstance(routed[0], Operation):
            yield vector, routed[0]


def explaining(vector: Vector, operation: Operation, answer: Any) -> list[str]:
    """Return the ids of the entries that explain a 500 with this body."""
    body = vector["request"].get("body")
    evidence = Evidence.of(
        vector["request"]["path"], None if body is None else json.dumps(body).encode(), json.dumps(answer).encode()
    )
    return [one.id for one in ledger() if one.explains(operation.id, 500, "not_a_server_error", evidence)]


def test_what_a_real_server_fails_at_is_excused() -> None:
    """Each recorded 500 has its entry, but for those in which nothing shows that the server is well."""
    failing = [one for one in exchanges() if one[0]["response"]["status"] == 500]
    unexplained = {
        vector["name"] for vector, operation in failing if not explaining(vector, operation, vector["response"]["body"])
    }

    assert 50 < len(failing)
    assert OF_NO_CAUSE | NEVER_ASKED == unexplained


def test_a_server_that_fails_where_a_real_one_does_not_is_not_excused() -> None:
    """Whatever went well, and was then answered with a 500, is a failure; that a column is selected no schema can tell."""
    well = [one for one in exchanges() if one[0]["response"]["status"] == 200]
    excused = [vector["request"]["path"] for vector, operation in well if explaining(vector, operation, UNKNOWN_ERROR)]

    assert 150 < len(well)
    assert [] == [path for path in excused if not ("order=" in path and "fields=" in path)]


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("/store/regions?limit=0.5", "page-fractions"),
        ("/store/regions?offset=5.8e-42&fields=id", "page-fractions"),
        ("/store/regions?limit=", "empty-is-zero"),
        ("/store/regions?offset=", "empty-is-zero"),
        ("/store/regions?updated_at%5Bgte%5D=&limit=1", "empty-is-zero"),
        ("/store/regions?limit=many", None),
        ("/store/regions?limit=5", None),
        ("/store/regions?updated_at%5Bgte%5D=2020-01-01", None),
    ],
)
def test_a_wrong_parameter_that_is_taken_is_excused_where_a_real_server_takes_it(path: str, entry: str | None) -> None:
    """Fractions and empty texts are numbers and dates; any other text is not."""
    evidence = Evidence.of(f"http://127.0.0.1:1{path}", None, b'{"regions": []}')
    asked = "GetRegions", 200, "negative_data_rejection", evidence

    assert ([entry] if entry else []) == [one.id for one in ledger() if one.explains(*asked)]


@pytest.mark.parametrize(
    ("query", "is_excused"),
    [
        ("updated_at%5B%5D%5Bv%5D=true&expand=x", True),
        ("created_at%5B0%5D%5Bgt%5D=2020-01-01", True),
        ("created_at%5Bgt%5D=2020-01-01", False),
        ("created_at%5B%5D=2020-01-01", False),
    ],
)
def test_a_list_of_mappings_is_known_to_fail(query: str, is_excused: bool) -> None:  # noqa: FBT001
    """In a query it ends in a 500; a mapping, or a list, does not."""
    evidence = Evidence.of(f"/store/regions?{query}", None, json.dumps(UNKNOWN_ERROR).encode())

    assert is_excused == any(one.explains("GetRegions", 500, "not_a_server_error", evidence) for one in ledger())


def test_each_excuse_is_a_check_of_verify() -> None:
    """A check that is misspelt would excuse nothing."""
    load_all_checks()

    assert set() == {check for entry in ledger() for check in entry.checks} - set(CHECKS.get_all_names())


ENTRY = {
    "id": "mine",
    "operations": ["all"],
    "status": 500,
    "published": "x",
    "real": "x",
    "mock": "real",
    "why": "x",
    "evidence": ["x"],
    "checks": ["not_a_server_error"],
    "cause": [{"answer": {"required": ["message"]}}],
}


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"cuase": []}, "no key 'cuase'; did you mean 'cause'"),
        ({"cause": None}, "excuses by 'checks' and names no 'cause'"),
        ({"checks": []}, "names a 'cause' and excuses nothing"),
        ({"cause": {"answer": {}}}, r"cause: is \{'answer': \{\}\}, where a list is expected"),
        (
            {"cause": [{"query": {}}]},
            r"cause.0: is \{'query': \{\}\}, where a mapping with `answer` or `text` is expected",
        ),
        ({"cause": ["x"]}, "cause.0: is 'x', where a mapping with `answer` or `text` is expected"),
        ({"cause": [{"answer": {}, "querry": {}}]}, "cause.0: no part 'querry'; did you mean 'query'"),
        ({"cause": [{"answer": {}}, {"answer": {"pattern": "("}}]}, "cause.1.answer: is no JSON Schema: "),
    ],
)
def test_a_mistake_in_an_entry_is_named(said: dict[str, Any], problem: str) -> None:
    """By its id, the place and what was probably meant."""
    with pytest.raises(MockServerError, match=rf"deviations\.yaml: mine: {problem}"):
        Deviation.of({**ENTRY, **said})


def test_a_key_that_is_missing_is_named() -> None:
    """An entry without a reason explains nothing."""
    with pytest.raises(MockServerError, match=r"deviations\.yaml: mine: has no 'why'"):
        Deviation.of({key: value for key, value in ENTRY.items() if key != "why"})


@pytest.mark.parametrize("answer", [None, b"", b"<html>", b'{"code": 1}', b'["message"]', b'"\\ud800"'])
def test_an_answer_that_does_not_say_what_the_cause_says_is_of_another(answer: bytes | None) -> None:
    """No body, no JSON, other keys, another type, or text that no schema can look at: none of it is the known failure."""
    entry = Deviation.of({**ENTRY, "cause": [{"answer": {"type": "object", "required": ["message"]}}]})
    text = Deviation.of({**ENTRY, "cause": [{"answer": {"pattern": "x"}}]})

    assert not entry.is_provoked_by(Evidence.of("/", None, answer))
    assert not text.is_provoked_by(Evidence.of("/", None, b'"\\ud800"'))
    assert entry.is_provoked_by(Evidence.of("/", None, b'{"message": null}'))


def test_a_finding_without_evidence_is_explained_by_nothing() -> None:
    """What nobody can look at is excused by nobody."""
    operation = CONTRACT.operation("regions.list")

    assert Finding(operation, 500, "not_a_server_error", "Server error", "curl x").explanation is None
