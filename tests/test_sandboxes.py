"""Sandboxes: each a world of its own, and never more of them than the settings allow."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from asking import Ask, ask_of, in_scenario
from conftest import AUTHORIZE, CLOCK
from processes import running

from mockserver import MockServerError, Settings
from mockserver.clock import Clock
from mockserver.contract import Contract
from mockserver.edge.mock import Mock
from mockserver.errors import StateFull
from mockserver.state.relations import Relations
from mockserver.state.rows import Catalogue
from mockserver.state.sandbox import MOST_SNAPSHOTS, Sandbox
from mockserver.state.sandboxes import SHARED, Sandboxes, Start

COLLECTION = "/store/payment-collections/paycol_1"
RELATIONS = Relations(Contract().document)


def sandboxes_of(seed: str = "0", *, limit: int = 10, most: int = 1_000_000) -> Sandboxes:
    """Return sandboxes over an empty shop."""
    return Sandboxes(Start(seed, Clock(), RELATIONS, Catalogue()), limit=limit, most=most, journal=10)


def fill(sandbox: Sandbox, bytes: int, id: str = "x") -> None:
    """Let a sandbox hold a row of about so many bytes."""
    sandbox.tables.insert("currencies", {"code": id, "name": "x" * (bytes - 400)})


def test_two_sandboxes_never_see_each_other(ask: Ask) -> None:
    """What happens in one has not happened in another, nor in the shared one."""
    ask("POST", f"/~one{AUTHORIZE}")
    seen = {
        name: ask("GET", f"{name}{COLLECTION}").document["payment_collection"]["status"]
        for name in ("/~one", "/~two", "")
    }

    assert {"/~one": "authorized", "/~two": "not_paid", "": "not_paid"} == seen


def test_sandboxes_answer_alike(ask: Ask) -> None:
    """A test's answers do not depend on the name of its sandbox."""
    one, two = (ask("POST", f"/~{name}{AUTHORIZE}").document for name in ("one", "two"))

    assert one == two


def test_the_least_recently_used_sandbox_goes_first() -> None:
    """At most `limit` named ones are kept; the shared one never goes."""
    sandboxes = sandboxes_of(limit=2)
    shared, a, b = sandboxes[SHARED], sandboxes["a"], sandboxes["b"]
    assert a is sandboxes["a"]
    sandboxes["c"]

    assert 2 == len(sandboxes)
    assert a is sandboxes["a"]
    assert b is not sandboxes["b"]
    assert shared is sandboxes[SHARED]


def test_the_bounds_are_settings() -> None:
    """`--sandboxes`, `--state` and `--journal` are what is kept."""
    mock = Mock(Settings(clock=CLOCK, sandboxes=3, state=1, journal=4))
    ask = ask_of(mock.app)
    for number in range(10):
        ask("POST", f"/~s{number}{AUTHORIZE}")
        ask("POST", AUTHORIZE)

    assert 3 == len(mock.sandboxes)
    assert [7, 8, 9] == [int(sandbox.name[1:]) for sandbox in mock.sandboxes if sandbox.name != SHARED]
    assert [2, 0, 1, 1] == [len(sandbox.journal) for sandbox in mock.sandboxes]
    mock.engine.give(mock.sandboxes["big"], {"currencies": [{"code": "big", "name": "x" * 900_000}]})
    mock.engine.give(mock.sandboxes[SHARED], {"currencies": [{"code": "big", "name": "x" * 120_000}]})
    assert [SHARED] == [sandbox.name for sandbox in mock.sandboxes]


def test_whole_sandboxes_go_when_there_is_no_room() -> None:
    """The least recently used first, never single rows of one; not the shared one, and not the one that writes."""
    sandboxes = sandboxes_of(most=100_000)
    fill(sandboxes[SHARED], 20_000)
    for name in ("a", "b", "c"):
        fill(sandboxes[name], 20_000)
    sandboxes["a"]
    fill(sandboxes["c"], 30_000, "y")

    assert [SHARED, "a", "c"] == [sandbox.name for sandbox in sandboxes]
    assert sandboxes.bytes == sum(sandbox.bytes for sandbox in sandboxes)
    assert ["x", "y"] == [row["code"] for row in sandboxes["c"].tables.all("currencies")]
    fill(sandboxes["c"], 20_000, "z")
    assert [SHARED, "c"] == [sandbox.name for sandbox in sandboxes]


def test_one_that_fills_all_alone_is_refused() -> None:
    """It is told so, with the cure; nothing half-done stays, and nobody else goes for nothing."""
    sandboxes = sandboxes_of(most=2_000_000)
    greedy = sandboxes["greedy"]
    fill(greedy, 1_500_000)
    fill(sandboxes["small"], 10_000)
    with pytest.raises(StateFull, match=r"sandbox 'greedy' holds 1\.5 MB.*greedy/reset.*more than --state 2"):
        fill(greedy, 600_000, "y")

    assert ["x"] == [row["code"] for row in greedy.tables.all("currencies")]
    assert [SHARED, "greedy", "small"] == [one.name for one in sandboxes]
    greedy.reset()
    fill(greedy, 600_000, "y")


def test_a_full_shared_sandbox_is_named() -> None:
    """Where it leaves no room for another, that is what is said."""
    sandboxes = sandboxes_of(most=1_000_000)
    fill(sandboxes[SHARED], 900_000)

    with pytest.raises(StateFull, match=r"sandbox 'shared' holds 0\.9 MB"):
        fill(sandboxes["a"], 200_000)


def test_what_finds_no_room_is_a_507_of_the_mock_itself() -> None:
    """And the request has changed nothing."""
    mock = Mock(Settings(clock=CLOCK, state=1))
    mock.engine.give(mock.sandboxes[SHARED], {"currencies": [{"code": "big", "name": "x" * 998_500}]})
    answer = ask_of(mock.app)("POST", AUTHORIZE)

    assert (507, "mock_server_error") == (answer.status, answer.document["type"])
    assert [] == mock.sandboxes[SHARED].tables.all("payment_collections")


def test_counters_and_snapshots_count() -> None:
    """What a sandbox counts, and what its snapshots keep, is part of what it holds; a reset gives back all but snapshots."""
    sandboxes = sandboxes_of(most=100_000)
    sandbox = sandboxes[SHARED]
    for number in range(100):
        assert 0 == sandbox.next_of(f"a counter with a name {number}")
    assert 1 == sandbox.next_of("a counter with a name 7")
    assert [2, 0] == [sandbox.asked(f"a counter with a name {number}") for number in (7, 777)]
    counted = sandbox.bytes
    assert 100 * len("a counter with a name 77") < counted
    fill(sandbox, 30_000)
    held = sandbox.bytes
    sandbox.take_snapshot("one")
    assert 2 * held == sandbox.bytes == sandboxes.bytes
    sandbox.take_snapshot("one")
    assert 2 * held == sandbox.bytes
    with pytest.raises(StateFull):
        sandbox.take_snapshot("two")
    assert ["one"] == list(sandbox.snapshots)
    sandbox.reset()
    assert held == sandbox.bytes
    sandbox.restore("one")
    assert 2 * held == sandbox.bytes
    sandbox.forget()
    assert 0 == sandbox.bytes == sandboxes.bytes


def test_a_snapshot_that_finds_no_room_restores_nothing() -> None:
    """What was on stays on."""
    sandboxes = sandboxes_of(most=100_000)
    sandbox = sandboxes["a"]
    fill(sandbox, 30_000)
    sandbox.take_snapshot("one")
    sandbox.reset()
    fill(sandboxes[SHARED], 50_000)
    sandbox.scenario = "busy"
    with pytest.raises(StateFull):
        sandbox.restore("one")

    assert ("busy", []) == (sandbox.scenario, sandbox.tables.all("currencies"))


def test_what_a_scenario_gives_comes_once_a_sandbox(ask: Ask) -> None:
    """Given entities appear in each sandbox that the scenario is used in, once: what was changed stays changed."""
    said = {
        "description": "x",
        "unknown_ids": "not_found",
        "given": {"payment_collections": [{"id": "paycol_1", "payment_sessions": [{"id": "ps_1", "amount": 5}]}]},
    }
    ask = in_scenario(ask, said)

    def status(sandbox: str) -> str:
        answer = ask("GET", f"/~{sandbox}{COLLECTION}")
        return str(answer.document["payment_collection"]["status"])

    ask("POST", f"/~one{AUTHORIZE}")

    assert ["authorized", "not_paid"] == [status("one"), status("two")]


def test_what_is_there_already_stays(ask: Ask) -> None:
    """A scenario that gives what the sandbox has already does not undo it."""
    path = "/store/payment-collections/paycol_lost_update"
    ask("GET", path)
    sessions = ask("GET", f"/@lost-update{path}").document["payment_collection"]["payment_sessions"]

    assert "ps_first" not in [session["id"] for session in sessions]


@pytest.mark.slow
def test_200_clients_at_once_do_not_disturb_each_other() -> None:
    """200 parallel clients in 200 sandboxes manage, authorize and retrieve: no answer crosses over, none is lost."""
    clients = 200
    with running("--sandboxes", str(clients)) as server:

        def shop(number: int) -> list[tuple[int, str, int, str]]:
            """Buy something over one connection; return what each answer names."""
            collection = f"/~client-{number}/store/payment-collections/paycol_{number}"
            managed = server.ask("POST", f"{collection}/sessions", {"provider_id": "manual"}).document[
                "payment_collection"
            ]
            session = managed["payment_sessions"][0]["id"]
            paid = server.ask("POST", f"{collection}/sessions/{session}/authorize").document["payment_session"]
            seen = server.ask("GET", collection).document["payment_collection"]
            assert [paid["id"]] == [one["id"] for one in seen["payment_sessions"]] == [session]
            return [
                (number, managed["id"], managed["amount"], managed["status"]),
                (number, f"paycol_{number}", paid["amount"], paid["status"]),
                (number, seen["id"], seen["amount"], seen["status"]),
            ]

        with ThreadPoolExecutor(clients) as pool:
            answers = list(pool.map(shop, range(clients)))

    for number, answered in enumerate(answers):
        amount = answered[0][2]
        id = f"paycol_{number}"
        assert [
            (number, id, amount, "not_paid"), (number, id, amount, "authorized"), (number, id, amount, "authorized")
        ] == answered  # fmt: skip
    assert clients // 2 < len({answered[0][2] for answered in answers})


def test_a_sandbox_that_goes_gives_back_what_it_held() -> None:
    """Whether it is deleted, or goes because there are too many."""
    sandboxes = sandboxes_of(limit=1)
    for name in ("a", "b"):
        fill(sandboxes[name], 10_000)
        sandboxes[name].take_snapshot("one")
    held = sandboxes["b"].bytes
    assert held == sandboxes.bytes
    sandboxes.delete("b")

    assert 0 == sandboxes.bytes


def test_draws_depend_on_seed_key_and_turn_alone() -> None:
    """Two sandboxes with one seed draw alike, in whatever order keys are asked; another seed draws otherwise."""
    one, two, other = (sandboxes_of(seed)[SHARED] for seed in ("0", "0", "1"))
    first = [one.draw("a"), one.draw("a"), one.draw("b")]
    b, a, again = two.draw("b"), two.draw("a"), two.draw("a")

    assert first == [a, again, b]
    assert 3 == len(set(first))
    assert all(0 <= drawn < 1 for drawn in first)
    assert other.draw("a") not in first


def test_a_reset_sandbox_is_as_new(mock: Mock, ask: Ask) -> None:
    """Scenario, clock, counters, entities and journal: all gone; what it answers is what a new one answers."""
    fresh = ask("POST", f"/~other/@busy{AUTHORIZE}")
    sandbox = mock.sandboxes["mine"]
    sandbox.scenario = "busy"
    sandbox.clock.set(0)
    ask("POST", f"/~mine{AUTHORIZE}")
    ask("GET", f"/~mine{COLLECTION}")
    sandbox.reset()

    assert (None, 0, 0) == (sandbox.scenario, len(sandbox.journal), sandbox.bytes)
    assert ask("POST", f"/~mine/@busy{AUTHORIZE}") == fresh


def test_a_snapshot_brings_all_back(mock: Mock, ask: Ask) -> None:
    """State, sequences, scenario and clock are again what they were; the journal goes on."""
    sandbox = mock.sandboxes["mine"]
    sandbox.scenario = "busy"
    ask("POST", f"/~mine{AUTHORIZE}")
    sandbox.take_snapshot("before")
    again = [ask("POST", f"/~mine{AUTHORIZE}").status for _ in range(2)]
    seen = ask("GET", f"/~mine{COLLECTION}").document
    sandbox.scenario = None
    sandbox.clock.set(0)
    sandbox.restore("before")

    assert again == [409, 200]
    assert [409, 200] == [ask("POST", f"/~mine{AUTHORIZE}").status for _ in range(2)]
    assert seen == ask("GET", f"/~mine{COLLECTION}").document
    assert 7 == len(sandbox.journal)


def test_a_restored_sandbox_forgets_what_came_later(mock: Mock, ask: Ask) -> None:
    """A collection that was made after the snapshot is not there, nor is what was dropped remembered."""
    ask("GET", f"/~mine{COLLECTION}")
    sandbox = mock.sandboxes["mine"]
    sandbox.take_snapshot("one")
    ask("GET", "/~mine/store/payment-collections/paycol_2")
    ask("POST", "/~mine/store/payment-collections/paycol_1/sessions", content_type="application/json")
    sandbox.restore("one")

    assert ["paycol_1"] == [row["id"] for row in sandbox.tables.all("payment_collections")]


def test_snapshots_are_bounded_and_named(mock: Mock) -> None:
    """There may be ten of a sandbox; one can be taken again; an unknown one is named with the nearest."""
    sandbox = mock.sandboxes["mine"]
    for number in range(MOST_SNAPSHOTS):
        sandbox.take_snapshot(f"s{number}")
    sandbox.take_snapshot("s1")

    with pytest.raises(MockServerError, match="sandbox 'mine' has 10 snapshots already; delete one of them"):
        sandbox.take_snapshot("one more")
    with pytest.raises(MockServerError, match="no snapshot 's11'; did you mean 's1'\\?"):
        sandbox.restore("s11")


def test_the_shared_sandbox_has_a_name(ask: Ask) -> None:
    """`/~shared` is the world of those who name none."""
    ask("POST", AUTHORIZE)

    assert "authorized" == ask("GET", f"/~shared{COLLECTION}").document["payment_collection"]["status"]
