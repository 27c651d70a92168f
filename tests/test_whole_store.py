"""All 65 operations of the Store API are answered by the mock as it starts."""

from urllib.parse import quote

import pytest
from asking import Ask, header

from mockserver.contract import Contract, Operation
from mockserver.operations import behaviours

CONTRACT = Contract()
BEHAVING = behaviours(CONTRACT)
QUERIES = {"orders.lookupOrder": "display_id=1&email=ada%40example.com"}  # what is required of a query


def request(operation: Operation) -> tuple[str, str, object, str]:
    """Return a right request for an operation, by the examples of its contract."""
    path = operation.path
    for name in operation.path_parameters:
        path = path.replace(f"{{{name}}}", quote(operation.examples[name], safe=""))
    return operation.method, path, operation.body, QUERIES.get(operation.name, "")


@pytest.mark.parametrize("operation", CONTRACT.operations, ids=str)
def test_every_operation_behaves(ask: Ask, operation: Operation) -> None:
    """A right request about things that may not be there is answered by a behaviour, within the contract."""
    answer = ask(*request(operation))

    assert operation.id in BEHAVING
    assert "behaviour" == header(answer, "x-mock-source")
    assert answer.status == operation.success or 400 <= answer.status
    if (answer.status, answer.media_type) != (
        401,
        None,
    ):  # the word Unauthorized alone: login-needed-without-type in the ledger
        assert None is CONTRACT.violation(operation, answer.status, answer.media_type, answer.document)
