"""Sandboxes: each a world of its own, and never more of them than the settings allow."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from conformance.recordings import engine_for
from conftest import AUTHORIZE, CLOCK, Ask
from processes import running

from mockserver import MockServerError, Settings
from mockserver.clock import Clock
from mockserver.edge.app import Mock
from mockserver.messages import Request
from mockserver.state.budget import Budget
from mockserver.state.entities import PaymentCollection, PaymentCollections
from mockserver.state.sandboxes import COUNTERS_PER_ENTITY, MOST_SNAPSHOTS, SHARED, Sandboxes

COLLECTION = "/store/payment-collections/paycol_1"


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
    sandboxes = Sandboxes("0", Clock(), limit=2, entities=10, journal=10)
    shared, a, b = sandboxes[SHARED], sandboxes["a"], sandboxes["b"]
    assert a is sandboxes["a"]
    sandboxes["c"]

    assert 2 == len(sandboxes)
    assert a is sandboxes["a"]
    assert b is not sandboxes["b"]
    assert shared is sandboxes[SHARED]


def test_the_bounds_are_settings() -> None:
    """`--sandboxes`, `--entities` and `--journal` are what is kept; who holds most loses its oldest first."""
    mock = Mock(Settings(clock=CLOCK, sandboxes=3, entities=5, journal=4))
    for number in range(10):
        for path in (
            f"/~s{number}{AUTHORIZE}",
            AUTHORIZE.replace("paycol_1", f"paycol_{number}").replace("ps_1", f"ps_{number}"),
        ):
            mock.engine.serve(Request("POST", path))

    assert 3 == len(mock.sandboxes)
    assert ["paycol_8", "paycol_9"] == [stored.id for stored in mock.sandboxes[SHARED].payment_collections]
    assert [2, 1, 1, 1] == [len(sandbox.payment_collections) for sandbox in mock.sandboxes]
    assert 4 == sum(len(sandbox.journal) for sandbox in mock.sandboxes)


def test_counters_are_bounded() -> None:
    """A sandbox forgets the counter that was not used for longest, and remembers the others."""
    sandbox = Sandboxes("0", Clock(), limit=1, entities=1, journal=1)[SHARED]
    for key in range(COUNTERS_PER_ENTITY):
        assert 0 == sandbox.next_of(str(key))
    assert 1 == sandbox.next_of("0")
    sandbox.next_of("one more")

    assert [2, 0, 1] == [sandbox.asked(key) for key in ("0", "1", "2")]


def _collection(id: str, *sessions: str) -> PaymentCollection:
    return PaymentCollection({"id": id, "deleted_at": None}, [{"id": session} for session in sessions])


def test_what_is_not_saved_never_happened() -> None:
    """What is read is a copy: changing it changes nothing that is stored."""
    known = PaymentCollections(Budget(5), Budget(5))
    known.save(_collection("a", "ps_1"))
    copy = known.get("a")
    assert copy is not None
    copy.row["deleted_at"] = "now"
    copy.sessions.clear()

    again = known.get("a")
    assert again is not None
    assert again.session("ps_1") == {"id": "ps_1"}
    assert again.session("ps_2") is None


def test_a_soft_deleted_collection_is_not_there_yet_known() -> None:
    """Nobody can read it, and its id is not free either (get-soft-deleted)."""
    known = PaymentCollections(Budget(5), Budget(5))
    known.save(PaymentCollection({"id": "a", "deleted_at": "2024-01-06T03:57:20.000Z"}))

    assert known.get("a") is None
    assert known.get("b") is None
    assert known.knows("a")
    assert not known.knows("b")


def test_sessions_know_their_collection() -> None:
    """A session belongs to one collection; one that was dropped belongs to none; one that went with its collection is unheard of."""
    known = PaymentCollections(Budget(2), Budget(2))
    known.save(_collection("a", "ps_1", "ps_2"))
    known.save(_collection("a", "ps_2"))
    assert ["", "a", None] == [known.owner(id) for id in ("ps_1", "ps_2", "ps_3")]
    known.save(_collection("b"))
    known.save(_collection("c"))

    assert ["b", "c"] == [stored.id for stored in known]
    assert known.owner("ps_2") is None


def test_a_session_that_comes_back_is_there_again() -> None:
    """What was dropped and is stored again belongs to its collection."""
    known = PaymentCollections(Budget(5), Budget(5))
    for sessions in (["ps_1"], [], ["ps_1"]):
        known.save(_collection("a", *sessions))

    assert "a" == known.owner("ps_1")


def test_dropped_sessions_are_bounded() -> None:
    """Only as many dropped sessions are remembered as there may be collections."""
    known = PaymentCollections(Budget(1), Budget(1))
    known.save(_collection("a", "ps_1", "ps_2"))
    known.save(_collection("a", "ps_2"))
    known.save(_collection("a"))

    assert [None, ""] == [known.owner("ps_1"), known.owner("ps_2")]


def test_what_a_scenario_gives_comes_once_a_sandbox(mock: Mock) -> None:
    """Given entities appear in each sandbox that the scenario is used in, once: what was changed stays changed."""
    said = {
        "description": "x",
        "unknown_ids": "not_found",
        "given": {"payment_collections": [{"id": "paycol_1", "payment_sessions": [{"id": "ps_1", "amount": 5}]}]},
    }
    engine = engine_for(mock, said)

    def status(sandbox: str) -> str:
        answer = engine.serve(Request("GET", f"/~{sandbox}{COLLECTION}"))
        return str(answer.document["payment_collection"]["status"])

    engine.serve(Request("POST", f"/~one{AUTHORIZE}"))

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
            managed = server.json("POST", f"{collection}/sessions", {"provider_id": "manual"})["payment_collection"]
            session = managed["payment_sessions"][0]["id"]
            paid = server.json("POST", f"{collection}/sessions/{session}/authorize")["payment_session"]
            seen = server.json("GET", collection)["payment_collection"]
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


def test_a_busy_sandbox_never_costs_a_quiet_one(mock: Mock) -> None:
    """Ten thousand collections in one sandbox, and another still knows its own."""
    mock = Mock(Settings(clock=CLOCK, entities=50, journal=50))
    mock.engine.serve(Request("POST", f"/~quiet{AUTHORIZE}"))
    for number in range(500):
        mock.engine.serve(Request("GET", f"/~busy/store/payment-collections/paycol_{number}"))

    assert [1, 49] == [len(mock.sandboxes[name].payment_collections) for name in ("quiet", "busy")]
    assert [1, 49] == [len(mock.sandboxes[name].journal) for name in ("quiet", "busy")]
    status = mock.engine.serve(Request("GET", f"/~quiet{COLLECTION}")).document["payment_collection"]["status"]
    assert "authorized" == status


def test_a_sandbox_that_goes_gives_back_what_it_held() -> None:
    """The budgets are those of the sandboxes that are there."""
    mock = Mock(Settings(clock=CLOCK, sandboxes=1, entities=3))
    for name in ("a", "b"):
        for number in range(3):
            mock.engine.serve(Request("GET", f"/~{name}/store/payment-collections/paycol_{number}"))

    assert 3 == len(mock.sandboxes["b"].payment_collections)


def test_draws_depend_on_seed_key_and_turn_alone() -> None:
    """Two sandboxes with one seed draw alike, in whatever order keys are asked; another seed draws otherwise."""
    one, two, other = (Sandboxes(seed, Clock(), 1, 10, 10)[SHARED] for seed in ("0", "0", "1"))
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

    assert (None, 0, 0) == (sandbox.scenario, len(sandbox.journal), len(sandbox.payment_collections))
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

    assert ["paycol_1"] == [stored.id for stored in sandbox.payment_collections]


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
