"""The mock beside a real Medusa 1.20.11 with a real PostgreSQL: the same contract, the same scenarios, the same answers."""

import json
from pathlib import Path
from typing import Any

import pytest
from processes import listens
from real.medusa import SHOP, Medusa, missing, real_medusa

from mockserver.contract import Contract
from mockserver.drift import Drift, Options, drift
from mockserver.drift.report import curls
from mockserver.operations import Context, behaviours
from mockserver.operations.payment_collections import refresh_payment_session
from mockserver.realserver.supply import from_command, from_file
from mockserver.scenarios import scenarios_of
from mockserver.verify import Options as Checks
from mockserver.verify import Report, verify

pytestmark = [pytest.mark.real, pytest.mark.slow]

REFRESH = "PostPaymentCollectionsPaymentCollectionPaymentSessionsSession"
AUTHORIZE = Contract().operation("authorizePaymentSession")
WORLD = Path(__file__).parent / "scenarios"
PROVOKED = {  # scenarios that the real server can be brought into, by the provider of a session
    "card-error": "refusing",
    "declined": "declining",
    "no-sessions": "",
    "outage": "breaking",
    "requires-more": "stepwise",
}
BEHAVING = ("paymentCollections.*", "regions.*")  # operations that the mock has the behaviour of
PLAIN = {"default", "missing", "(unknown collection)", "(unknown session)"}  # for these any data will do
EXCHANGES = 1000


@pytest.fixture(scope="session")
def given(medusa: Medusa, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of real ids: plain ones, and those that lead to a scenario."""
    sets = medusa.collections(count=100, providers="manual")
    for scenario, providers in PROVOKED.items():
        sets += medusa.collections(count=4, providers=providers, scenario=scenario)
    path = tmp_path_factory.mktemp("given") / "given.json"
    path.write_text(json.dumps(sets))
    return path


def checked(medusa: Medusa, given: Path, **said: Any) -> Report:
    """Verify the real server."""
    supply = from_file(given, lambda: [*PROVOKED])
    return verify(medusa.url, Checks(supply=supply, operations=BEHAVING, max_examples=30, **said))


def test_a_real_server_keeps_the_contract(medusa: Medusa, given: Path) -> None:
    """With the ledger it conforms; what its data can provoke is seen, and the rest is said to be forced only."""
    report = checked(medusa, given, require=["200"])
    results = {case.scenario: case.result for case in report.cases}

    assert report.conforms, [*report.failures, *report.errors, *report.unseen, *report.cases]
    assert {"passed"} == {results.pop(name) for name in PROVOKED.keys() | PLAIN}
    assert {"forced only"} == set(results.values())
    for status in (200, 400, 404, 422, 500):
        assert "seen" == report.seen(AUTHORIZE, status)
    for operation in report.operations:
        if operation.path_parameters:  # a list finds nothing at worst
            assert "seen" == report.seen(operation, 404)


def test_the_ledger_explains_every_failure_of_a_strict_run(medusa: Medusa, given: Path) -> None:
    """Without the ledger it does not conform, and each failure has its entry."""
    report = checked(medusa, given, strict=True)

    assert not report.conforms
    assert [] == [finding for finding in report.failures if finding.explanation is None]


def compared(medusa: Medusa, providers: str, **said: Any) -> Drift:
    """Compare the real server with the mock, on collections with a session of each provider."""
    supply = from_command(medusa.setup(count=100, providers=providers))
    return drift(medusa.url, Options(supply, scenario="real", scenarios=[WORLD], **said))


@pytest.mark.parametrize("providers", ["manual,stepwise,declining", "refusing,agreeing,breaking", ""])
def test_at_least_99_of_100_exchanges_agree(medusa: Medusa, providers: str) -> None:
    """Sequences of up to eight requests: what differs at all has its entry in the ledger."""
    result = compared(medusa, providers, exchanges=EXCHANGES)

    assert EXCHANGES == result.exchanges
    assert [] == [(str(found), *curls(found, medusa.url)) for found in result.failures]
    assert 0.99 <= result.agreed / result.exchanges


def test_a_difference_that_is_planted_in_the_mock_is_found(medusa: Medusa, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mock that keeps the other sessions at a refresh, as it says on the tin: found, in at most three requests."""

    def keeps_the_others(context: Context) -> Any:
        id = context.visit.path["id"]
        collection = context.tables.get("payment_collections", id)
        before = collection and context.tables.follow("payment_collections", collection, "payment_sessions")
        answer = refresh_payment_session(context)
        for session in before or ():
            if session["id"] != context.visit.path["session_id"]:
                context.tables.insert("payment_sessions", session)
                link = {"payment_collection_id": id, "payment_session_id": session["id"]}
                context.tables.insert("payment_collection_sessions", link)
        return answer

    planted = behaviours(Contract()) | {REFRESH: keeps_the_others}
    monkeypatch.setattr("mockserver.engine.serve.behaviours", lambda _contract: planted)
    found = compared(medusa, "manual,stepwise", exchanges=200).found

    assert (REFRESH, "stored.payment_sessions") in [one.key for one in found]
    assert {True} == {len(one.stage.history) <= 3 for one in found}


@pytest.mark.parametrize(
    ("kind", "exchanges", "seed"),
    [("catalogue", 2000, 1), ("checkout", 1500, 1), ("checkout", 1500, 2), ("store", 2500, 1), ("store", 2500, 2)],
)
def test_at_least_99_of_100_exchanges_of_shoppers_agree(medusa: Medusa, kind: str, exchanges: int, seed: int) -> None:
    """Sequences of up to fifteen: what a catalogue is asked; carts and orders; all operations, by several shoppers at once."""
    said: dict[str, Any] = {"data": SHOP, "scenario": "real", "scenarios": [WORLD], "kinds": [kind]}
    result = drift(medusa.url, Options(None, exchanges=exchanges, seed=seed, longest=15, **said))

    assert exchanges == result.exchanges
    assert [] == [(str(found), *curls(found, medusa.url)) for found in result.failures]
    assert 0.99 <= result.agreed / result.exchanges


def test_the_world_of_the_mock_has_the_real_providers() -> None:
    """The scenario that drift runs names the providers that the real server has installed."""
    services = Path(__file__).parent / "app" / "dist" / "services"
    (scenario,) = scenarios_of([WORLD]).values()

    assert {"manual", *(path.stem for path in services.glob("*.js"))} == set(scenario.providers)


def test_nothing_is_left_running() -> None:
    """When it ends, neither server listens any more, and their folder is gone."""
    lacking = missing()
    if lacking:
        pytest.skip(lacking)
    with real_medusa() as medusa:
        ports = [int(url.rpartition(":")[2].partition("/")[0]) for url in (medusa.url, medusa.database)]
        assert [True, True] == [listens(port) for port in ports]

    assert [False, False] == [listens(port) for port in ports]
    assert not medusa.folder.exists()
