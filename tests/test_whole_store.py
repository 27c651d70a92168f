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
def test_every_operation_answers(ask: Ask, operation: Operation) -> None:
    """A right request succeeds and keeps the contract; who has no behaviour answers a sample, and says so."""
    answer = ask(*request(operation))

    assert operation.success == answer.status
    assert None is CONTRACT.violation(operation, answer.status, answer.media_type, answer.document)
    assert ("behaviour" if operation.id in BEHAVING else "sample") == header(answer, "x-mock-source")
