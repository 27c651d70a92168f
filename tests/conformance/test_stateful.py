"""Schemathesis follows the contract's own links: what one answer names, the next call uses."""

from collections import Counter
from itertools import count
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from mockserver import Settings, create_app
from mockserver.contract import Contract
from mockserver.verify.chosen import chosen, narrowed

CONFIG = {"phases": {"stateful": {"inference": {"algorithms": []}}}}  # explicit links only
LINKED_CALLS = 500
CONTRACT = Contract()
BEHAVING = (
    "paymentCollections.*",
    "regions.*",
)  # what one call does, the next can tell; `verify` follows all other links
NUMBERS = count()
CHECKS = [  # not those that want every valid request accepted: Medusa declines some of them (tests/facts/server.md 4)
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SETTINGS = settings(
    max_examples=200,
    stateful_step_count=8,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def machine(linked: Counter[str]) -> Any:
    """Return a state machine over the operations that remember, which counts the calls which a link led to."""
    document = narrowed(CONTRACT.document, chosen(CONTRACT, BEHAVING))
    schema = schemathesis.openapi.from_dict(document, config=SchemathesisConfig.from_dict(CONFIG))
    schema.app = create_app(Settings(clock="2024-01-06T03:57:20Z"))

    class Shopper(schema.as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            """Start in a sandbox of its own, so that the same calls have the same answers in every run."""
            self.sandbox = {"X-Mock-Sandbox": f"shopper-{next(NUMBERS)}"}

        def get_call_kwargs(self, _case: Any) -> dict[str, Any]:
            return {"headers": self.sandbox}

        def before_call(self, case: Any) -> None:
            """Name a provider that the shop has, and amounts that add up: what a random text never is."""
            if case.operation.definition.raw["operationId"] == "PostPaymentCollectionsSessions":
                case.body = {"provider_id": "manual"}
            if case.operation.definition.raw["operationId"] == "PostPaymentCollectionsPaymentCollectionSessionsBatch":
                case.body = {"sessions": [{"provider_id": "manual", "amount": 1000}]}

        def step(self, input: Any) -> Any:
            output = super().step(input)
            if input.is_applied:
                linked[
                    f"{input.case.operation.definition.raw['x-codegen']['method']} {output.response.status_code}"
                ] += 1
            return output

        def validate_response(self, response: Any, case: Any, **_kwargs: Any) -> None:
            """Check that the answer is one that the contract documents, in its media type, schema and headers."""
            case.validate_response(response, checks=CHECKS)

    return Shopper


@pytest.mark.volume
def test_linked_calls_keep_the_contract() -> None:
    """Manage, authorize, refresh and retrieve, each fed by the answer before it: 500 linked calls, no violation."""
    linked: Counter[str] = Counter()

    machine(linked).run(settings=SETTINGS)

    assert LINKED_CALLS <= linked.total()
    assert linked["authorizePaymentSession 200"]
    assert linked["retrieve 200"]
