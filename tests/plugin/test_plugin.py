"""The fixture `mock_medusa`, as a project's own tests use it: in a run of pytest of their own."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from processes import environment, listens
from uvicorn import Config

from mockserver.edge.server import _Server
from mockserver.testing import plugin as pytest_plugin

POST = """
import urllib.error
import urllib.request

import pytest

PATH = "/store/payment-collections/paycol_1/sessions/ps_1/authorize"

def post(mock, path=PATH):
    request = urllib.request.Request(mock.url + path, method="POST")
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code
"""


def pytest_in(
    folder: Path, tests: str, *arguments: str, python: Sequence[str] = (), **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run pytest on these tests in a process of its own, warnings as errors; `python` are arguments of Python itself."""
    (folder / "test_shop.py").write_text(POST + tests)
    command = [sys.executable, *python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error", *arguments]
    return subprocess.run(
        command,
        cwd=folder,
        env=environment({"CI": "", **variables}),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.slow
def test_a_scenario_in_three_ways(tmp_path: Path) -> None:
    """By a call, for a block, by a mark."""
    done = pytest_in(
        tmp_path,
        """
def test_by_call(mock_medusa):
    mock_medusa.scenario("busy")
    assert [409, 409, 200] == [post(mock_medusa) for _ in range(3)]

def test_for_a_block(mock_medusa):
    mock_medusa.scenario("missing")
    with mock_medusa.scenario("declined"):
        assert 422 == post(mock_medusa)
    assert 404 == post(mock_medusa)

@pytest.mark.scenario("outage")
def test_by_mark(mock_medusa):
    assert 500 == post(mock_medusa)

def test_without(mock_medusa):
    assert 200 == post(mock_medusa)
""",
        "--strict-markers",
    )

    assert "4 passed" in done.stdout, done.stdout


@pytest.mark.slow
def test_all_that_a_test_can_hold_on_to(tmp_path: Path) -> None:
    """State, journal, clock, scenarios of its own, waiting, resetting."""
    done = pytest_in(
        tmp_path,
        """
import threading

def test_it(mock_medusa):
    assert {} == mock_medusa.state
    mock_medusa.given({"id": "paycol_1", "payment_sessions": [{"id": "ps_1", "amount": 700}]})
    assert "2030-01-01T00:00:00.000Z" == mock_medusa.clock("2030-01-01T00:00:00Z", frozen=True)
    assert 200 == post(mock_medusa)
    (collection,) = mock_medusa.state["payment_collections"]
    assert (700, "authorized") == (collection["authorized_amount"], collection["status"])
    assert "2030-01-01T00:00:00.000Z" == collection["payment_sessions"][0]["payment_authorized_at"]
    (asked,) = mock_medusa.journal
    assert ("paymentCollections.authorizePaymentSession", 200) == (asked["operation"], asked["status"])
    assert "the operation itself answered" in mock_medusa.entry(asked["number"])["why"]["text"]
    mock_medusa.assert_called("authorizePaymentSession", times=1, status=200)
    mock_medusa.assert_called(at_least=1)
    mock_medusa.add_scenario("mine", {"description": "x", "stubs": [
        {"operation": "authorizePaymentSession", "reply": {"status": 409}}]})
    with mock_medusa.scenario("mine") as same:
        assert same is mock_medusa
        threading.Timer(0.2, post, [mock_medusa]).start()
        assert 409 == mock_medusa.wait_for("authorizePaymentSession", status=409)[0]["status"]
    mock_medusa.reset()
    assert ([], {}) == (mock_medusa.journal, mock_medusa.state)
    with pytest.raises(AssertionError, match="0 of 1 requests came within 10ms"):
        mock_medusa.wait_for(timeout="10ms")

def test_a_customer_forgets_her_password(mock_medusa):
    assert [] == mock_medusa.outbox
    mock_medusa.given(customers=[{"email": "ada@example.com", "password": "secret"}])
    session = mock_medusa.log_in("ada@example.com")
    for headers in ({"Cookie": session["cookie"]}, {"Authorization": "Bearer " + session["token"]}):
        request = urllib.request.Request(mock_medusa.url + "/store/auth", headers=headers)
        with urllib.request.urlopen(request) as answer:
            assert session["customer_id"].encode() in answer.read()
    request = urllib.request.Request(
        mock_medusa.url + "/store/customers/password-token", b'{"email": "ada@example.com"}', {"Content-Type": "application/json"})
    urllib.request.urlopen(request).close()
    (told,) = mock_medusa.outbox
    assert ("customer.password_reset", "ada@example.com") == (told["event"], told["data"]["email"])

def test_a_typing_mistake(mock_medusa):
    from mockserver import MockServerError
    with pytest.raises(MockServerError, match="no scenario 'bussy'; did you mean 'busy'"):
        mock_medusa.scenario("bussy")
    mock_medusa.close()
""",
    )

    assert "3 passed" in done.stdout, done.stdout


@pytest.mark.slow
def test_a_test_does_the_merchants_part(tmp_path: Path) -> None:
    """It captures, ships, edits and cancels orders, and is told what cannot be."""
    done = pytest_in(
        tmp_path,
        """
ITEMS = [{"id": "item_1", "title": "Mug", "unit_price": 1000, "quantity": 2}]
METHOD = {"id": "sm_1", "price": 0, "shipping_option": {"id": "so_1", "provider_id": "manual", "name": "Post"}}
ORDER = {"email": "ada@example.com", "payment_status": "awaiting", "items": ITEMS, "shipping_methods": [METHOD]}

@pytest.fixture
def order(mock_medusa):
    mock_medusa.given(orders=[{"id": "order_1", **ORDER}])
    return mock_medusa.order("order_1")

def test_a_life(order):
    assert "captured" == order.capture()["payment_status"]
    part = order.ship([{"item_id": "item_1", "quantity": 1}], tracking_numbers=["T-1"])
    assert "partially_shipped" == part["fulfillment_status"]
    assert "shipped" == order.ship()["fulfillment_status"]

def test_an_edit(order):
    wanted = [{"original_item_id": "item_1", "quantity": 3}]
    edit = order.request_edit(wanted, id="oe_1", payment_collection={"id": "paycol_1"})
    assert ("oe_1", "paycol_1", 1000) == (edit["id"], edit["payment_collection"]["id"], edit["difference_due"])

def test_an_end(order, mock_medusa):
    from mockserver import MockServerError
    assert "requested" == order.request_edit()["status"]
    assert "canceled" == order.cancel()["status"]
    with pytest.raises(MockServerError, match="order 'order_1' is canceled already"):
        order.cancel()
    assert "order.canceled" == mock_medusa.outbox[-1]["event"]
""",
    )

    assert "3 passed" in done.stdout, done.stdout


@pytest.mark.slow
def test_a_failure_shows_the_near_misses(tmp_path: Path) -> None:
    """What was asked instead, and what the mock was asked at all."""
    done = pytest_in(
        tmp_path,
        """
@pytest.mark.scenario("conflict")
def test_it(mock_medusa):
    post(mock_medusa)
    mock_medusa.assert_called("authorizePaymentSession", times=1, status=200)

def test_nothing(mock_medusa):
    assert False
""",
    )

    assert 1 == done.returncode
    assert "0 requests matched" in done.stdout
    assert re.search(r"near: POST /store/\S+ -> 409 \(conflict\): status: wanted 200, got 409", done.stdout)
    assert re.search(r"Captured mock_medusa call -+\nPOST /store/\S+ -> 409 \(conflict\)", done.stdout)
    assert "nothing was asked" in done.stdout


@pytest.mark.slow
def test_what_is_refused_is_shown_in_one_line(tmp_path: Path) -> None:
    """The line of the test, and the server's sentence: no line of ours between them."""
    done = pytest_in(
        tmp_path,
        """
def test_it(mock_medusa):
    mock_medusa.scenario("bussy")
""",
    )

    assert "test_shop.py:19: MockServerError" in done.stdout, done.stdout
    assert ["E       mockserver.errors.MockServerError: no scenario 'bussy'; did you mean 'busy'?"] == [
        line.partition(" known:")[0] for line in done.stdout.splitlines() if line.startswith("E ")
    ]
    assert "client.py" not in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("own", ["mockserver.py", "mockserver/__init__.py"])
@pytest.mark.parametrize("python", [[], ["-P"]], ids=["python -m pytest", "pytest"])
def test_a_project_may_have_a_mockserver_of_its_own(own: str, python: list[str], tmp_path: Path) -> None:
    """Its tests find their own, and the fixture is ours."""
    (tmp_path / own).parent.mkdir(exist_ok=True)
    (tmp_path / own).write_text("OWN = True\n")
    tests = "import mockserver\n\ndef test_it(mock_medusa):\n    assert mockserver.OWN and 200 == post(mock_medusa)\n"
    done = pytest_in(tmp_path, tests, python=python, PYTHONPATH="")

    assert "1 passed" in done.stdout, done.stdout + done.stderr


@pytest.mark.slow
def test_a_project_says_how_its_server_is_started(tmp_path: Path) -> None:
    """`mock_medusa_arguments` are arguments of `mockserver serve`; what is wrong with them stops the run."""
    (tmp_path / "pytest.ini").write_text("[pytest]\nmock_medusa_arguments = --scenario declined\n")
    tests = "def test_it(mock_medusa):\n    assert 422 == post(mock_medusa)\n"
    assert "1 passed" in pytest_in(tmp_path, tests).stdout
    (tmp_path / "pytest.ini").write_text("[pytest]\nmock_medusa_arguments = --scenario declind\n")
    done = pytest_in(tmp_path, tests)

    assert 0 != done.returncode
    assert "did not start" in done.stdout
    assert "no scenario 'declind'; did you mean 'declined'?" in done.stdout + done.stderr


@pytest.mark.slow
def test_the_environment_of_another_server_is_not_this_ones(tmp_path: Path) -> None:
    """A token, a host or a scenario that is set for a server in a container changes nothing here."""
    tests = "def test_it(mock_medusa):\n    assert 200 == post(mock_medusa)\n"
    settings = {"MOCKSERVER_CONTROL_TOKEN": "0123456789abcdef", "MOCKSERVER_SCENARIO": "declined"}
    done = pytest_in(tmp_path, tests, **settings)

    assert "1 passed" in done.stdout, done.stdout


@pytest.mark.slow
def test_scenarios_of_ones_own_are_nobody_elses(tmp_path: Path) -> None:
    """Two tests may call theirs alike; with the test its scenario is gone."""
    done = pytest_in(
        tmp_path,
        """
import json
from mockserver.testing.client import MockMedusa

def stub(status):
    return {"description": "x", "stubs": [{"operation": "authorizePaymentSession", "reply": {"status": status}}]}

def test_both(mock_medusa, mock_medusa_server):
    other = MockMedusa(mock_medusa_server, "other")
    for mock, status in ((mock_medusa, 409), (other, 422)):
        mock.add_scenario("mine", stub(status))
        mock.scenario("mine")
    assert [409, 422] == [post(mock_medusa), post(other)]
    mock_medusa.assert_called(scenario="mine", times=1)
    other.close()
    assert 409 == post(mock_medusa)

def test_gone(mock_medusa_server):
    with urllib.request.urlopen(mock_medusa_server + "/__mock/scenarios") as answer:
        assert not [one for one in json.load(answer)["scenarios"] if one["origin"] == "inline"]
""",
    )

    assert "2 passed" in done.stdout, done.stdout


@pytest.mark.slow
def test_a_dead_server_hides_no_failure(tmp_path: Path) -> None:
    """The test's own failure is shown, and that the mock could not be asked."""
    done = pytest_in(
        tmp_path,
        """
import os, signal
def test_it(mock_medusa):
    pid = int(os.popen(f"pgrep -P {os.getpid()} -f mockserver").read().split()[0])
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert "this" == "that"
""",
    )

    assert "INTERNALERROR" not in done.stdout + done.stderr
    assert "the mock could not be asked: " in done.stdout
    assert 'assert "this" == "that"' in done.stdout


@pytest.mark.slow
def test_a_mark_without_a_name_says_what_it_takes(tmp_path: Path) -> None:
    """It names a scenario."""
    done = pytest_in(tmp_path, "@pytest.mark.scenario\ndef test_it(mock_medusa):\n    pass\n")

    assert "takes the name of one scenario" in done.stdout


def test_all_workers_say_why_their_server_does_not_start(tmp_path: Path) -> None:
    """Not only the one that starts it; the others do not wait in vain."""
    shared = tmp_path / "shared"
    for _ in range(2):
        with pytest.raises(pytest.UsageError, match="did not start"):
            pytest_plugin._share(shared, ["--scenario", "nobody"], os.getpid())  # noqa: SLF001


@pytest.mark.parametrize(
    "many", [pytest.param(10, marks=pytest.mark.slow), pytest.param(1000, marks=pytest.mark.volume)]
)
def test_many_tests_in_parallel_on_one_server(tmp_path: Path, many: int) -> None:
    """Each with its own sandbox, scenario and sequence: none disturbs another, and no server is left."""
    done = pytest_in(
        tmp_path,
        f"MANY = {many}"
        """
SCENARIOS = {"busy": [409, 409, 200], "declined": [422, 422], "requires-more": [422, 200], "missing": [404], "default": [200, 200]}

@pytest.mark.parametrize("number", range(MANY))
def test_it(mock_medusa, mock_medusa_server, number, tmp_path_factory):
    name = list(SCENARIOS)[number % len(SCENARIOS)]
    mock_medusa.scenario(name)
    path = PATH.replace("paycol_1", f"paycol_{number % 7}")
    assert SCENARIOS[name] == [post(mock_medusa, path) for _ in SCENARIOS[name]]
    mock_medusa.assert_called(times=len(SCENARIOS[name]), path=path)
    mock_medusa.assert_called(times=len(SCENARIOS[name]))
    mock_medusa.reset()
    status = (409, 422)[number % 2]
    stub = {"operation": "authorizePaymentSession", "replies": [{"status": status}, {}]}
    mock_medusa.add_scenario("mine", {"description": "x", "stubs": [stub]})
    mock_medusa.scenario("mine")
    mock_medusa.given({"id": "paycol_1", "payment_sessions": [{"id": "ps_1", "amount": number + 1}]})
    assert [status, 200] == [post(mock_medusa), post(mock_medusa)]
    assert [(number + 1, "authorized")] == [(one["amount"], one["status"]) for one in mock_medusa.state["payment_collections"]]
    (tmp_path_factory.getbasetemp().parent / f"url-{mock_medusa_server.rpartition(':')[2]}").touch()
""",
        "-n",
        "4",
        f"--basetemp={tmp_path}/base",
    )
    ports = [int(path.name.partition("-")[2]) for path in (tmp_path / "base").rglob("url-*")]

    assert f"{many} passed" in done.stdout, done.stdout
    assert 1 == len(set(ports))
    assert _ends(ports[0])


@pytest.mark.slow
def test_a_run_that_is_killed_leaves_no_server(tmp_path: Path) -> None:
    """The server ends when the process is gone for which it was started."""
    (tmp_path / "test_shop.py").write_text(
        "import time\ndef test_it(mock_medusa_server):\n"
        "    open('url', 'w').write(mock_medusa_server + ' ')\n    time.sleep(60)\n"
    )
    process = subprocess.Popen([sys.executable, "-m", "pytest", "-q"], cwd=tmp_path, stdout=subprocess.DEVNULL)
    url = tmp_path / "url"
    end = time.monotonic() + 30
    while not (url.exists() and url.read_text().endswith(" ")) and time.monotonic() < end:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()

    assert _ends(int(url.read_text().strip().rpartition(":")[2]))


def test_a_server_outlives_nobody() -> None:
    """When the process for which it was started is gone it ends; without one it never does by itself."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()

    config = Config(app=None)  # type: ignore[arg-type]
    assert [False, True, False] == [
        asyncio.run(_Server(config, parent).on_tick(0)) for parent in (os.getpid(), gone.pid, None)
    ]


def test_a_server_that_no_worker_starts_is_not_waited_for_in_vain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run stops and says so."""
    monkeypatch.setattr(pytest_plugin, "PATIENCE", 0.05)
    (tmp_path / "shared").touch()

    with pytest.raises(pytest.UsageError, match="no worker has started a mock within"):
        pytest_plugin._share(tmp_path / "shared", [], os.getpid())  # noqa: SLF001


def test_nothing_is_loaded_before_it_is_wanted() -> None:
    """A run of pytest that does not use the fixture pays for no server, and no pydantic."""
    code = "import mockserver.testing.plugin, sys; print({'starlette', 'pydantic', 'yaml', 'faker'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True)

    assert "set()" == done.stdout.strip()


def _ends(port: int) -> bool:
    """Tell whether nothing listens on a port before long."""
    end = time.monotonic() + 10
    while listens(port) and time.monotonic() < end:
        time.sleep(0.1)
    return not listens(port)
