"""What `--require all` asks for: what is provoked comes, and what is said to be unreachable is not reached."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from conformance.journeys import exchanges, journeys
from conformance.recordings import read
from conftest import CLOCK
from test_facts import VECTORS
from verify.broken import Break, Sent, serving

from mockserver import Settings, create_app
from mockserver.contract import Contract, MalformedEscape
from mockserver.realserver.supply import Supply
from mockserver.realserver.target import Access, Target, target
from mockserver.scenarios.covering import named
from mockserver.verify import Options, verify
from mockserver.verify.cases import Player
from mockserver.verify.findings import Exchange
from mockserver.verify.provoking import Provoked, provoked
from mockserver.verify.unreachable import entries, unreachable

REASONS = unreachable(Contract())
BESIDE = (
    "-throws-",
    "conc-",
    "dbdown-",
)  # recordings of a test's own provider, of overlaps, of a database that is down
NUMBERS = count()
SAID = ("operations", "status", "why", "evidence")
Reached = set[tuple[str, int]]


def no_break(sent: Sent) -> Sent:
    """Leave an answer as it is."""
    return sent


def never_404(sent: Sent) -> Sent:
    """Call what is not there a mistake, but where a scenario says so."""
    by_itself = sent.headers.get("x-mock-source") == "behaviour"
    return replace(sent, status=400) if sent.status == 404 and by_itself else sent


@pytest.fixture(scope="module")
def server() -> Iterator[Target]:
    """Return a running mock."""
    with target(None, Access(), Settings(clock=CLOCK)) as server:
        yield server


def player(server: Target) -> Player:
    """Return what plays against a mock, in sandboxes of its own."""
    contract = Contract()
    return Player(contract, replace(server, sandbox=f"run-{next(NUMBERS)}"), Supply(), contract.operations)


def reached(played: list[Exchange]) -> Reached:
    """Return which operations answered with which statuses by themselves."""
    return {(one.operation.id, one.status) for one in played if not one.forced}


def recorded(contract: Contract) -> Iterator[tuple[str, str, int]]:
    """Yield the name of each recorded exchange with a real server, the operation that was asked, and the status."""
    for journey in journeys():
        for one in exchanges(journey):
            yield from _routed(contract, one.journey, one.method, one.path, one.status)
    for file in VECTORS.glob("*.jsonl"):
        for vector in read(file):
            request, response = vector.get("request"), vector.get("response")
            if isinstance(request, dict) and isinstance(response, dict) and request.get("path"):
                path = request["path"].partition("?")[0]
                yield from _routed(contract, vector["name"], request["method"], path, response["status"])


def _routed(contract: Contract, name: str, method: str, path: str, status: int) -> Iterator[tuple[str, str, int]]:
    try:
        routed = contract.route(method, path)
    except MalformedEscape:
        return
    if routed is not None:
        yield name, routed[0].id, status


def test_no_recording_of_a_real_server_reaches_what_is_said_to_be_unreachable(contract: Contract) -> None:
    """Where one does, the line in `unreachable.yaml` is stale."""
    found = list(recorded(contract))
    stale = {
        (id, status): name
        for name, id, status in found
        if (id, status) in REASONS and not any(part in name for part in BESIDE)
    }

    assert 2000 < len(found)
    assert {} == stale


def test_the_mock_reaches_nothing_that_is_said_to_be_unreachable(server: Target) -> None:
    """Neither by bodies that nobody reads, nor by what is provoked."""
    one = player(server)
    one.send_what_nobody_reads()
    one.provoke()
    found = reached(one.exchanges)

    assert {400, 404, 409, 413, 415, 422, 500} <= {status for _, status in found}
    assert set() == found & set(REASONS)
    assert {(operation.id, 413) for operation in Contract().operations} <= found


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: f"{entry['status']} {entry['operations'][0]}")
def test_what_is_said_to_be_unreachable_is_documented(contract: Contract, entry: dict[str, Any]) -> None:
    """Nobody is told of a status that the contract does not have; a name that is none is refused."""
    assert {"operations", "status", "why", "evidence"} <= entry.keys() <= {*SAID, "but"}
    for name in [*entry["operations"], *entry.get("but", ())]:
        meant = contract.operations if name == "all" else named(contract, name)
        assert any(entry["status"] in operation.responses for operation in meant), name


@pytest.mark.parametrize("one", list(provoked(Contract())), ids=lambda one: f"{one.operation} {one.status}")
def test_what_is_provoked_comes(server: Target, one: Provoked) -> None:
    """Each request leads to the status that it names, which is documented."""
    *_, last = player(server).ask_provoked(one)

    assert one.status == last.status, last.document
    assert one.status in one.operation.responses


@pytest.mark.slow
@pytest.mark.parametrize(("breaks", "missed"), [(no_break, []), (never_404, [404])])
def test_all_that_can_be_reached_must_be(breaks: Break, missed: list[int]) -> None:
    """What only a scenario forces does not count there, and what no client can reach is not asked for."""
    with serving(breaks) as url:
        report = verify(url, Options(max_examples=1, cases=["default"], operations=["returns.create"], require=["all"]))
    said = [reason for reason, _ in report.reasons]

    assert missed == [status for _, status in report.unseen]
    assert "forced only" in {report.seen(*one) for one in report.unseen} or not missed
    assert ["A conflict wants two requests at the same moment"] == [one.partition(",")[0] for one in said]


@pytest.mark.slow
@pytest.mark.parametrize("settings", [{}, {"control_token": "a token of sixteen or more"}])
def test_what_is_forced_counts_where_it_is_named_or_all_there_is(settings: dict[str, str]) -> None:
    """`--require 409` takes what a scenario forces; so does `all` on a mock that can be given nothing."""
    asked = "all" if settings else "409"
    with serving(app=create_app(Settings(clock=CLOCK, **settings))) as url:
        report = verify(url, Options(max_examples=1, cases=["default"], operations=["regions.list"], require=[asked]))

    assert [] == report.unseen
    assert "unreachable" == report.mark(Contract().operation("regions.list"), 409)
