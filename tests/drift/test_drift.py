"""`drift`: it finds no difference where there is none, and each that is planted, with the shortest way to it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from conformance.comparison import disagreements
from conformance.recordings import asks_of, read, replay
from processes import run
from rich.console import Console
from verify import broken

import mockserver.drift
from mockserver import MockServerError, Settings
from mockserver.contract import Contract
from mockserver.drift import Drift, Found, Options, drift
from mockserver.drift.catalogue import Shelves
from mockserver.drift.comparison import Answered, Difference
from mockserver.drift.played import Played
from mockserver.drift.report import save, show
from mockserver.edge.mock import Mock
from mockserver.realserver.cause import NOTHING, causes
from mockserver.realserver.client import Client
from mockserver.realserver.ledger import Deviation
from mockserver.realserver.supply import Supply
from mockserver.realserver.target import Access, Target
from mockserver.scenarios import scenarios_of
from mockserver.state.sandboxes import SHARED

_numbers = count()
HERE = Access({"X-Mock-Sandbox": SHARED})  # where the far side's collections are
SHIPPED = scenarios_of([])


class Far:
    """A mock that stands for the real server: it knows the collections that its supply makes, and no others."""

    def __init__(self, folder: Path) -> None:
        (folder / "plain.yaml").write_text("description: Nothing is invented.\nunknown_ids: not_found\n")
        self.said: dict[str, Any] = {"scenario": "plain", "scenarios": (folder,)}
        self.mock = Mock(Settings(**self.said))
        self.supply = Supply(self.fresh, again=True)

    def fresh(self) -> Sequence[dict[str, str]]:
        """Make fifty collections of two sessions; return their ids."""
        ids = [f"paycol_{next(_numbers):026}" for _ in range(50)]
        for id in ids:
            collection = {"id": id, "payment_sessions": [{"amount": 1000}, {"amount": 2000}]}
            self.mock.engine.give(self.mock.sandboxes[SHARED], {"payment_collections": [collection]})
        return [{"id": id} for id in ids]

    def compared(self, breaks: broken.Break = lambda sent: sent, **said: Any) -> Drift:
        """Compare it, broken in some way, with the mock, over a socket."""
        progress = said.pop("progress", lambda _count: None)
        with broken.serving(breaks, self.mock.app) as url:
            return drift(
                url, Options(**{"supply": self.supply, "access": HERE, "exchanges": 300, **self.said, **said}), progress
            )


@pytest.fixture
def far(tmp_path: Path) -> Far:
    """Return the far side."""
    folder = tmp_path / "scenarios"
    folder.mkdir()
    return Far(folder)


def test_two_mocks_agree(far: Far) -> None:
    """Where nothing differs, nothing is found, and as many exchanges are compared as were asked for."""
    counted: list[int] = []
    result = far.compared(progress=counted.append)

    assert (300, 300, []) == (result.agreed, result.exchanges, result.found)
    assert result.conforms
    assert list(range(1, 301)) == counted


def _all_six(sent: broken.Sent, seen: set[str]) -> broken.Sent:
    seen.add(sent.path.rpartition("/")[2] if "sessions" in sent.path else "retrieve")
    return sent


def test_an_exchange_is_evidence_of_what_was_asked_and_answered(contract: Contract) -> None:
    """By which the ledger knows what provokes a deviation: a body that was sent, or none."""
    answered = Answered(422, "application/json", {"type": "duplicate_error"})
    path = "/store/regions?limit=2"
    evidence = [
        Played(contract.operation("regions.list"), path, answered, answered, (), **said).evidence
        for said in ({}, {"body": {"a": None}})
    ]

    assert [({"limit": "2"}, NOTHING), ({"limit": "2"}, {"a": None})] == [(one.query, one.body) for one in evidence]
    assert [{"type": "duplicate_error"}] * 2 == [one.answer for one in evidence]


@pytest.mark.slow
def test_all_six_operations_are_played(far: Far) -> None:
    """Every operation comes up, in right requests and in wrong ones."""
    seen: set[str] = set()
    far.compared(lambda sent: _all_six(sent, seen))

    assert {"retrieve", "sessions", "batch", "authorize"} <= seen
    assert any(part.startswith("ps_") for part in seen)


def wrong_status(sent: broken.Sent) -> broken.Sent:
    """Call an unknown session not found."""
    return replace(sent, status=404) if sent.status == 422 else sent


def wrong_type(sent: broken.Sent) -> broken.Sent:
    """Send an amount as text."""
    if sent.document and "payment_session" in sent.document:
        sent.document["payment_session"]["amount"] = str(sent.document["payment_session"]["amount"])
    return sent


def wrong_order(sent: broken.Sent) -> broken.Sent:
    """Send a session's keys in another order."""
    if sent.document and "payment_session" in sent.document:
        session = sent.document["payment_session"]
        sent = replace(sent, document={"payment_session": dict(reversed(session.items()))})
    return sent


def lost_key(sent: broken.Sent) -> broken.Sent:
    """Leave out the type of an error."""
    if sent.document and sent.status == 404:
        sent.document.pop("type", None)
    return sent


def more_keys(sent: broken.Sent) -> broken.Sent:
    """Say more than is said."""
    if sent.document and sent.status == 404:
        sent.document["hint"] = "look elsewhere"
    return sent


def other_words(sent: broken.Sent) -> broken.Sent:
    """Use other words for a refusal."""
    if sent.document and sent.status == 422:
        sent.document["message"] = "No."
    return sent


def forgets_sessions(sent: broken.Sent) -> broken.Sent:
    """Show fewer sessions than there are, once a collection was authorized."""
    collection = (sent.document or {}).get("payment_collection", {})
    if collection.get("status") == "authorized" and collection.get("payment_sessions"):
        collection["payment_sessions"] = []
    return sent


def html(sent: broken.Sent) -> broken.Sent:
    """Send a page for a refusal."""
    if sent.status != 422:
        return sent
    return replace(sent, headers={**sent.headers, "content-type": "text/html"}, document=None)


@pytest.mark.volume
@pytest.mark.parametrize(
    ("breaks", "operation", "what"),
    [
        (wrong_status, "paymentCollections.authorizePaymentSession", "status: real 404"),
        (wrong_type, "paymentCollections.authorizePaymentSession", 'body.payment_session.amount: real "'),
        (wrong_order, "paymentCollections.authorizePaymentSession", "body.payment_session: keys in another order"),
        (lost_key, "paymentCollections.refreshPaymentSession", "body: only mock has type"),
        (more_keys, "paymentCollections.refreshPaymentSession", "body: mock lacks hint"),
        (other_words, "paymentCollections.authorizePaymentSession", 'body.message: real "No."'),
        (forgets_sessions, "paymentCollections.authorizePaymentSessionsBatch", "body.payment_collection.payment_sessions: real has 0 items, mock has"),
        (html, "paymentCollections.authorizePaymentSession", "media type: real text/html, mock application/json"),
    ],
)  # fmt: skip
def test_a_planted_difference_is_found_and_made_short(
    far: Far, breaks: Callable[[broken.Sent], broken.Sent], operation: str, what: str
) -> None:
    """Status, types, key order, key sets, words, media type and what is stored: each is found, in at most three requests."""
    result = far.compared(breaks)
    found = [one for one in result.found if one.operation.name == operation and str(one.difference).startswith(what)]

    assert not result.conforms
    assert result.agreed < result.exchanges
    assert found, [str(one) for one in result.found]
    assert {True} == {len(one.stage.history) <= 3 for one in result.found}
    assert len({one.key for one in result.found}) == len(result.found)


@pytest.mark.slow
def test_what_is_stored_is_compared(far: Far) -> None:
    """A server that answers well and remembers wrongly is found by reading back."""

    def forgetful(sent: broken.Sent) -> broken.Sent:
        collection = (sent.document or {}).get("payment_collection", {})
        if "created_by" in collection and collection.get("payments"):
            collection["payments"][0]["amount"] += 1
        return sent

    found = far.compared(forgetful).found

    assert "stored.payments[].amount" == found[0].difference.where
    assert {1} == {len(one.stage.history) for one in found}


@pytest.mark.volume
def test_a_known_deviation_is_no_failure(far: Far, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry of the ledger explains a difference whose line and cause it matches, unless the run is strict."""

    def known(cause: dict[str, Any]) -> tuple[Deviation, ...]:
        return (
            Deviation(
                id="other-words",
                operations=("all",),
                statuses=(422,),
                real="It says no.",
                mock="own",
                why="A test says so.",
                evidence="nowhere",
                checks=(),
                drift=('body.message: real "No."*',),
                causes=causes([cause], "here"),
            ),
        )

    monkeypatch.setattr(mockserver.drift, "ledger", lambda: known({"answer": {"required": ["message"]}}))
    result, strict = (far.compared(other_words, exchanges=100, strict=strict) for strict in (False, True))
    monkeypatch.setattr(mockserver.drift, "ledger", lambda: known({"answer": {"required": ["code"]}}))
    other = far.compared(other_words, exchanges=100)

    assert {"other-words"} == {found.known.id for found in result.found if found.known}
    assert result.conforms
    assert not strict.conforms
    assert not other.conforms


@pytest.mark.slow
def test_what_is_found_is_shown_and_saved(far: Far, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each difference has its curl lines, a recording that replays it, and a scenario to start from."""
    result = far.compared(other_words)
    show(result, Console(width=80))
    save(result, SHIPPED["declined"], tmp_path)
    out = capsys.readouterr().out

    assert f"curl -X POST {result.url}/store/payment-collections/" in out
    assert "# real 422, mock 422" in out
    assert f"agreed {result.agreed} of {result.exchanges} exchanges" in out.splitlines()[-1]
    vectors = read(tmp_path / "drift.jsonl")
    assert sum(len(found.stage.history) for found in result.found) == len(vectors)
    (wrong,) = [vector for vector in vectors if vector["response"]["body"].get("message") == "No."]
    assert any("No." in line for line in disagreements(wrong, replay(asks_of(), wrong)))
    assert "drift-1" in scenarios_of([tmp_path])
    assert {"*"} == set(wrong["providers"])


def test_nothing_found_is_saved_as_nothing(tmp_path: Path) -> None:
    """A run without differences leaves an empty recording."""
    save(Drift("http://x", 1, 1), SHIPPED["default"], tmp_path / "new")

    assert "" == (tmp_path / "new" / "drift.jsonl").read_text()


@pytest.mark.slow
def test_too_many_differences_end_the_run(far: Far, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server of another kind is not searched to the end."""
    monkeypatch.setattr(mockserver.drift, "MOST", 2)

    assert 2 == len(far.compared(lambda sent: other_words(lost_key(more_keys(sent)))).found)


def test_an_interrupted_run_reports_what_it_has(far: Far) -> None:
    """Ctrl-C ends the search, not the report."""

    def interrupt(number: int) -> None:
        if number == 20:
            raise KeyboardInterrupt

    result = far.compared(progress=interrupt)

    assert result.interrupted
    assert 20 == result.exchanges


@pytest.mark.slow
def test_a_state_that_cannot_be_read_is_a_difference(far: Far) -> None:
    """A server that forgets a collection under way differs from one that does not."""
    asked: list[str] = []

    def forgets(sent: broken.Sent) -> broken.Sent:
        asked.append(sent.path)
        follows = [path for path in asked[-2:-1] if path.endswith("/authorize")]
        return replace(sent, status=404) if follows and not sent.path.endswith("/authorize") else sent

    assert "status" in [found.difference.where for found in far.compared(forgets).found]


def test_a_collection_that_is_not_there(far: Far) -> None:
    """Ids that the server does not know are no collection to play with."""
    with pytest.raises(MockServerError, match="does not know the payment collection 'paycol_"):
        far.compared(lambda sent: replace(sent, status=404))


EMPTY: dict[str, Any] = {"payment_sessions": [], "payments": [], "region": {"payment_providers": []}}
NO_COLLECTIONS = {
    "a list": [],
    "a text": "paycol_1",
    "nothing": {},
    "no amount": EMPTY,
    "no amount that is a number": {**EMPTY, "amount": "much", "payment_sessions": [{"id": "ps_1", "amount": 1}]},
    "no sessions": {**EMPTY, "amount": 1, "payment_sessions": [5]},
    "no payments": {**EMPTY, "amount": 1, "payments": ["pay_1"]},
    "no list of payments": {**EMPTY, "amount": 1, "payments": None},
    "no providers": {**EMPTY, "amount": 1, "region": {}},
    "half a surrogate pair": {**EMPTY, "amount": 1, "metadata": {"\ud800": 1}},
    "no countries": {**EMPTY, "amount": 1, "region": {"payment_providers": [], "countries": 5}},
}


@pytest.mark.parametrize("shown", NO_COLLECTIONS.values(), ids=NO_COLLECTIONS)
def test_what_is_no_collection_is_not_played_with(far: Far, shown: Any) -> None:
    """A server that answers 200 with something else could not be compared: one clear sentence."""
    with pytest.raises(
        MockServerError, match=r"answers GET /store/.*/paycol_[0-9]+ with what is no payment collection"
    ):
        far.compared(lambda sent: replace(sent, document=sent.document and {"payment_collection": shown}))


@pytest.mark.slow
@pytest.mark.parametrize("shown", [{}, {"payment_collection": {"amount": 1, "payment_sessions": []}}])
def test_what_is_no_collection_any_more_is_a_difference(far: Far, shown: Any, tmp_path: Path) -> None:
    """A server that answers a request well, and then shows something else, differs from one that remembers."""
    asked: list[str] = []

    def forgets(sent: broken.Sent) -> broken.Sent:
        asked.append(sent.path)
        follows = [path for path in asked[-2:-1] if path.endswith("/authorize")]
        return sent if not follows or sent.path.endswith("/authorize") else replace(sent, document=shown)

    result = far.compared(forgets)
    found = [str(one.difference) for one in result.found]
    save(result, SHIPPED["default"], tmp_path)

    assert "stored: real shows what is no payment collection" in found


def test_a_server_that_dies_could_not_be_compared(far: Far) -> None:
    """One sentence names the request that got no answer; it is no difference."""
    with (
        broken.serving(app=far.mock.app) as url,
        broken.hanging_up(url, after=60) as dying,
        pytest.raises(MockServerError, match=f"{dying} gave no whole answer to [A-Z]+ /store/.*: .*closed"),
    ):
        drift(dying, Options(far.supply, HERE, scenario="plain", scenarios=far.said["scenarios"]))


def test_a_supply_that_fails_ends_the_run(far: Far, tmp_path: Path) -> None:
    """Where no more collections can be made, one sentence gives the set-up command's own words; it is not tried again."""
    supply = broken.supply_that_ends(tmp_path, far.fresh()[:5])
    counted: list[int] = []
    with pytest.raises(MockServerError, match=r"--setup .* ended with status 1: mkdir: "):
        far.compared(supply=supply, progress=counted.append)

    assert 4 <= len(counted) <= 4 * Options(supply).longest  # the first collection is only looked at
    assert "\n\n" == (tmp_path / "runs").read_text()


@pytest.mark.slow
def test_the_command(far: Far, tmp_path: Path) -> None:
    """Exit 0 and the figure where both agree; exit 1 with the files where they do not."""
    given = tmp_path / "given.json"
    given.write_text(json.dumps(list(far.fresh())))
    options = (
        "--given",
        str(given),
        "--header",
        f"X-Mock-Sandbox: {SHARED}",
        "--exchanges",
        "40",
        "--save",
        str(tmp_path / "found"),
    )
    options += ("--scenarios", str(far.said["scenarios"][0]), "--scenario", "plain")
    with broken.serving(app=far.mock.app) as url:
        same = run("drift", url, *options)
    with broken.serving(wrong_status, far.mock.app) as url:
        other = run("drift", url, *options)

    assert (0, "") == (same.returncode, same.stderr), same.stdout
    assert "agreed 40 of 40 exchanges (100.00 %): differences 0, known 0" in same.stdout
    with broken.serving(app=far.mock.app) as url:
        plain = run("drift", url, *options[:6], *options[8:])

    assert 0 == plain.returncode, plain.stderr
    assert 1 == other.returncode, other.stderr
    assert (tmp_path / "found" / "drift-1.yaml").exists()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            ["http://127.0.0.1:1"],
            "drift needs what to play with: collections, by --setup COMMAND or --given FILE, or the --data FILE that both sell",
        ),
        (
            ["http://127.0.0.1:1", "--setup", "true"],
            "http://127.0.0.1:1 does not answer: [Errno 111] Connection refused",
        ),
        (["http://127.0.0.1:1", "--save", "/dev/null"], "--save /dev/null: is not a folder"),
        (["http://127.0.0.1:1", "--setup", "x", "--scenario", "bussy"], "no scenario 'bussy'; did you mean 'busy'?"),
    ],
)
def test_what_cannot_run_is_one_clear_line(arguments: list[str], line: str) -> None:
    """Exit 2, no traceback."""
    done = run("drift", *arguments)

    assert 2 == done.returncode
    assert done.stderr.startswith(f"mockserver: {line}")
    assert 1 == done.stderr.count("\n")


class Shops:
    """Two mocks that sell from the same file, the first of which stands for the real server."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.mock = Mock(Settings(data=path))

    def compared(self, breaks: broken.Break = lambda sent: sent, **said: Any) -> Drift:
        """Compare the first, broken in some way, with the other, over a socket."""
        options = Options(supply=None, data=self.path, exchanges=200, **said)
        with broken.serving(breaks, self.mock.app) as url:
            return drift(url, options)


@pytest.fixture
def shops() -> Shops:
    """Return the two of them."""
    return Shops(Path(__file__).parents[1] / "conformance" / "journeys" / "seed.json")


def test_two_shops_agree(shops: Shops) -> None:
    """Reads of the catalogue, right ones and wrong ones, need no collections; nothing differs where nothing does."""
    result = shops.compared()

    assert (200, 200, []) == (result.agreed, result.exchanges, result.found)


@pytest.mark.slow
def test_a_difference_in_the_catalogue_is_found_and_saved(shops: Shops, tmp_path: Path) -> None:
    """One request shows it; its recording has no state, and there is no scenario to start from."""

    def other_refusal(sent: broken.Sent) -> broken.Sent:
        if sent.document and sent.status == 400:
            sent.document["message"] = "No."
        return sent

    result = shops.compared(other_refusal)
    save(result, SHIPPED["default"], tmp_path)

    assert {"body.message"} == {one.difference.where for one in result.found}
    assert 1 == min(len(one.stage.history) for one in result.found)
    assert ["drift.jsonl"] == [path.name for path in tmp_path.iterdir()]
    assert {False} == {"state_before" in vector for vector in read(tmp_path / "drift.jsonl")}


def test_what_is_no_text_is_saved_as_it_came(shops: Shops, contract: Contract, tmp_path: Path) -> None:
    """Half a surrogate pair is in no file: it is written as JSON writes it."""
    operation, answered = contract.operation("regions.list"), Answered(400, "application/json", {"message": "\ud800"})
    played = Played(operation, "/store/regions", answered, answered, ())
    shelves = Shelves(contract, Target(Client("http://x")), shops.mock, "shelves", history=[played])
    found = Found(operation, Difference("body.message", 'real "\ud800"'), shelves)
    save(Drift("http://x", 1, 0, [found]), SHIPPED["default"], tmp_path)

    (saved,) = read(tmp_path / "drift.jsonl")
    assert {"message": "\ud800"} == saved["response"]["body"]


def test_a_server_that_shows_no_stock_is_named(shops: Shops) -> None:
    """Variants that nobody has counted, and ids that fit in no path, cannot be compared."""

    def spoiled(**said: Any) -> broken.Break:
        def spoil(sent: broken.Sent) -> broken.Sent:
            for one in (sent.document or {}).get("variants", []):
                one.update(said)
            return sent

        return spoil

    def uncounted(sent: broken.Sent) -> broken.Sent:
        for one in (sent.document or {}).get("variants", []):
            del one["inventory_quantity"]
        return sent

    for breaks in (
        uncounted,
        *(spoiled(**said) for said in ({"inventory_quantity": None}, {"id": 5}, {"id": "{variant}"})),
    ):
        with pytest.raises(MockServerError, match=r"does not sell what the file of --data says: GET /store/variants\?"):
            shops.compared(breaks)


def test_a_server_that_sells_something_else_is_named(shops: Shops) -> None:
    """Another shop, and a server that shows no products at all, cannot be compared."""

    def renamed(sent: broken.Sent) -> broken.Sent:
        for product in (sent.document or {}).get("products", []):
            product["title"] = "Another"
        return sent

    for breaks in (
        renamed,
        lambda sent: replace(sent, document={"products": 5}),
        lambda sent: replace(sent, document=[]),
    ):
        with pytest.raises(MockServerError, match=r"does not sell what the file of --data says: GET /store/products\?"):
            shops.compared(breaks)


def test_nothing_to_play_with_is_named() -> None:
    """Neither collections nor a file of data."""
    with pytest.raises(MockServerError, match="drift needs what to play with: collections"):
        drift("http://localhost:1", Options(supply=None))
