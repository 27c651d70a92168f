"""Lets Schemathesis try an application or a running server against the contract."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from mockserver.contract import Contract

CHECKS = (  # not those that want every valid request accepted, or a 405: Medusa does neither (tests/facts/server.md 3 and 4)
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
PHASES = ("examples", "coverage", "fuzzing")
AUTHORIZE = "PostPaymentCollectionsSessionsSessionAuthorize"


@dataclass(slots=True)
class Run:
    """What a run asked and found: how often each operation, by its id, answered each status, and what broke the contract."""

    asked: list[tuple[str, str, int]] = field(default_factory=list)
    seen: Counter[tuple[str, int]] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def add(self, other: "Run") -> None:
        """Take in what another run saw."""
        self.asked += other.asked
        self.seen += other.seen
        self.failures += other.failures
        self.errors += other.errors

    def unseen(self, operation: str = AUTHORIZE) -> set[int]:
        """Return the documented statuses of an operation that never came: a run that collects 404s proves nothing."""
        documented = Contract().operation(operation).responses.keys()
        return documented - {status for id, status in self.seen if id == operation}


def fuzz(target: Any, headers: Mapping[str, str] | None = None, *, only: str, max_examples: int = 5) -> Run:
    """Try one operation of the contract, by its id, on an ASGI application or the server at a URL; always the same questions."""
    return fuzz_document(Contract().document, target, only, headers, max_examples=max_examples)


def fuzz_document(
    document: dict[str, Any], target: Any, id: str, headers: Mapping[str, str] | None = None, *, max_examples: int = 5
) -> Run:
    """Try one operation of any OpenAPI document, by its operationId."""
    config = _config(target, headers or {}, max_examples)
    schema = schemathesis.openapi.from_dict(document, config=config).include(operation_id=id)
    if not isinstance(target, str):
        schema.app = target
    run = Run()
    for event in from_schema(schema).execute():
        _take(event, run)
    assert run.asked, run.errors
    return run


def _config(target: Any, headers: Mapping[str, str], max_examples: int) -> SchemathesisConfig:
    return SchemathesisConfig.from_dict(
        {
            **({"base-url": target} if isinstance(target, str) else {}),
            "headers": dict(headers),
            "seed": 1,
            "workers": 1,
            "generation": {"max-examples": max_examples, "deterministic": True, "database": "none"},
            "phases": {"stateful": {"enabled": False}},  # test_stateful.py follows the links
            "checks": {"enabled": False, **{check: {"enabled": True} for check in CHECKS}},
        }
    )


def _take(event: Any, run: Run) -> None:
    """Keep what an event of Schemathesis tells."""
    if isinstance(event, events.ScenarioFinished):
        for id, node in event.recorder.cases.items():
            interaction = event.recorder.interactions.get(id)
            if interaction is None or interaction.response is None:
                continue
            case, status = node.value, interaction.response.status_code
            operation = case.operation.definition.raw["operationId"]
            run.asked.append((case.method, interaction.request.uri, status))
            run.seen[operation, status] += case.method.upper() == case.operation.method.upper()
            for check in event.recorder.checks.get(id, ()):
                if check.failure_info is not None:
                    run.failures.append(f"{operation} {status} {check.name}: {check.failure_info.failure.message}")
    elif isinstance(event, events.NonFatalError):
        run.errors.append(f"{event.label}: {event.value}")
    elif isinstance(event, events.FatalError):
        run.errors.append(str(event.exception))
