"""Recorded exchanges of a real Medusa 1.20.11, replayed: the figure that says how true the mock is."""

from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from conformance.comparison import disagreements
from conformance.recordings import STORE_CORS, Asks, Vector, asks_of, read, replay
from conformance.tally import RECORDED, Note
from processes import running

AGREEMENT = 0.98


@pytest.fixture(scope="module")
def asks() -> Asks:
    """Return what asks in process."""
    return asks_of()


@pytest.fixture(scope="module")
def asks_over_the_wire() -> Iterator[Asks]:
    """Return what asks two running servers."""
    room = ("--sandboxes", "10000", *(word for origin in STORE_CORS for word in ("--cors", origin)))
    with running(*room) as plain, running(*room, "--compress") as compressing:
        yield {False: plain.ask, True: compressing.ask}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test of each recording in the file that `--vectors` names."""
    if "vector" in metafunc.fixturenames:
        vectors = read(metafunc.config.getoption("--vectors"))
        metafunc.parametrize("vector", vectors, ids=[vector["name"] for vector in vectors])


@lru_cache
def _ledger() -> Any:
    return yaml.safe_load((files("mockserver.contract") / "deviations.yaml").read_text("utf-8"))


def explained(vector: Vector) -> dict[str, Any] | None:
    """Return the ledger's entry that names a recording as one that the mock does not follow."""
    return next((entry for entry in _ledger() if vector["name"] in entry.get("recordings", ())), None)


def test_recording(asks: Asks, vector: Vector, tally: Note) -> None:
    """The mock answers as the real server did, and remembers the same; or the ledger says why not."""
    differences = list(disagreements(vector, replay(asks, vector)))
    tally(vector["name"], differences)
    if differences:
        assert explained(vector), differences
    else:
        assert not explained(vector), "the ledger explains a disagreement that is no longer there"


def test_recording_over_the_wire(asks_over_the_wire: Asks, vector: Vector) -> None:
    """What the mock answers in process is what goes over a connection."""
    if explained(vector) is None:
        assert [] == list(disagreements(vector, replay(asks_over_the_wire, vector)))


def test_agreement(request: pytest.FixtureRequest) -> None:
    """At least 98 in 100 recordings agree: the ledger explains no more than the rest."""
    vectors = read(request.config.getoption("--vectors"))
    agreeing = [vector for vector in vectors if not explained(vector)]

    assert AGREEMENT <= len(agreeing) / len(vectors)


def test_a_wrong_answer_disagrees(asks: Asks) -> None:
    """A recording with another status, value, key order, header or stored state than the mock's is a disagreement."""
    vector = next(one for one in read(RECORDED) if one["name"] == "auth-ok-manual")
    body = vector["response"]["body"]["payment_session"]
    broken = {
        "status": vector["response"] | {"status": 201},
        "value": vector["response"] | {"body": {"payment_session": body | {"amount": 1}}},
        "order": vector["response"] | {"body": {"payment_session": dict(reversed(body.items()))}},
        "header": vector["response"] | {"headers": {}},
        "cookie": vector["response"] | {"sets_cookie": False},
    }

    for response in broken.values():
        changed = vector | {"response": response}
        assert list(disagreements(changed, replay(asks, changed)))
    state = vector["state_after"] | {"payments": []}
    changed = vector | {"state_after": state}
    assert list(disagreements(changed, replay(asks, changed)))


def test_nothing_knows_a_recording_by_name() -> None:
    """No source of the package holds the id of a recorded entity."""
    recorded = {id for vector in read(RECORDED) for state in vector.get("state_before") or [] for id in _ids(state)}
    package = Path(str(files("mockserver")))
    sources = "".join(path.read_text("utf-8") for path in package.rglob("*") if path.suffix in (".py", ".yaml"))

    assert [] == [id for id in recorded if id in sources]


def _ids(state: Vector) -> list[str]:
    return [state["collection"]["id"], *(session["id"] for session in state["sessions"])]
