"""The product as a process: how it starts, what it says when it cannot, and how it ends."""

import errno
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
from asking import header, undated
from processes import Server, environment, free_port, listens, run, running

from mockserver import MockServerError
from mockserver.edge import server as server_module
from mockserver.edge.server import listen
from mockserver.realserver.waiting import wait_for
from mockserver.scenarios.watch import PAUSE, SETTLED

AUTHORIZE = "/store/payment-collections/paycol_1/sessions/ps_1/authorize"
POST = f"POST {AUTHORIZE} HTTP/1.1\r\nHost: localhost\r\n\r\n"
STOP = 2.0  # seconds


def test_one_command_serves() -> None:
    """It listens, says where and how to choose a scenario, and answers what its own last line proposes."""
    with running() as server:
        answer = server.ask("POST", AUTHORIZE)

    assert (200, "default;by=default") == (answer.status, header(answer, "x-mock-scenario"))
    assert "authorized" == answer.document["payment_session"]["status"]
    for word in ("busy", "declined", "/@NAME", "X-Mock-Scenario: NAME", "Prefer: code=409", "--scenario NAME"):
        assert word in server.welcome
    assert f"curl -X POST {server.url}{AUTHORIZE}" in server.welcome


def test_settings_by_flag_and_by_variable() -> None:
    """A flag of `serve`, and the variable of the same name, change what is served."""
    with running("--scenario", "declined") as server:
        assert 422 == server.ask("POST", AUTHORIZE).status
    with running(environ={"MOCKSERVER_SCENARIO": "declined"}) as server:
        assert 422 == server.ask("POST", AUTHORIZE).status


def test_two_processes_answer_byte_for_byte_alike() -> None:
    """The same seed, clock and ids give the same bytes in any process."""
    answers = []
    for _ in range(2):
        with running("--clock", "2024-01-06T03:57:20Z", "--seed", "shop") as server:
            answers.append(undated(server.ask("POST", AUTHORIZE)))

    assert answers[0] == answers[1]


def is_taken(host: str, port: int) -> bool:
    """Tell whether somebody listens on an address."""
    try:
        socket.create_connection((host, port), timeout=5).close()
    except OSError:
        return False
    return True


@pytest.mark.parametrize(
    ("arguments", "url", "listens_on"),
    [
        ([], "http://localhost:", {"127.0.0.1", "::1"}),
        (["--host", "127.0.0.1"], "http://127.0.0.1:", {"127.0.0.1"}),
        (["--host", "::1"], "http://[::1]:", {"::1"}),
    ],
    ids=["by itself", "IPv4", "IPv6"],
)
def test_where_it_listens(arguments: list[str], url: str, listens_on: set[str]) -> None:
    """On whatever a client takes localhost for, with one free port and the console open; on one address that is named."""
    with running(*arguments) as server:
        assert url == server.url.removesuffix(str(server.port))
        assert listens_on == {host for host in ("127.0.0.1", "::1") if is_taken(host, server.port)}
        for host in listens_on:
            with closing(HTTPConnection(host, server.port, timeout=10)) as connection:
                connection.request("GET", "/__mock/health")
                assert 200 == connection.getresponse().status


def test_a_port_that_is_taken_on_one_of_two_addresses() -> None:
    """A free one is one that is free on both; one that was wanted is refused, and no half of it kept."""
    with closing(socket.create_server(("::1", 0), family=socket.AF_INET6)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(
            MockServerError, match=f"cannot listen on localhost:{port}: Address already in use; --port 0"
        ):
            listen("localhost", port)
        assert not is_taken("127.0.0.1", port)


def test_a_free_port_is_looked_for_until_both_addresses_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next one is tried, and after some tries it is given up with a sentence."""
    bound, refused = server_module._bound, iter([True, False])  # noqa: SLF001

    def crowded(host: str, port: int) -> socket.socket:
        if host == "::1" and next(refused, True):
            raise OSError(errno.EADDRINUSE, "taken")
        return bound(host, port)

    monkeypatch.setattr(server_module, "_bound", crowded)
    first, second = listen("localhost", 0)
    with closing(first), closing(second):
        assert first.getsockname()[1] == second.getsockname()[1]
    with pytest.raises(
        MockServerError, match=r"cannot listen on localhost: no port is free on 127\.0\.0\.1 and on ::1"
    ):
        listen("localhost", 0)


def test_a_machine_without_ipv6(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has no ::1 is served on 127.0.0.1 without a word."""
    bound = server_module._bound  # noqa: SLF001

    def old(host: str, port: int) -> socket.socket:
        if host == "::1":
            raise OSError(errno.EADDRNOTAVAIL, "Cannot assign requested address")
        return bound(host, port)

    monkeypatch.setattr(server_module, "_bound", old)
    (only,) = listen("localhost", 0)
    with closing(only):
        assert "127.0.0.1" == only.getsockname()[0]


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-", ">/dev/full"])
def test_it_serves_without_standard_streams(closed: str) -> None:
    """As a service, a daemon or `pythonw` starts it, or beside a full disk; the requests of clients are no output of it."""
    port = free_port()
    command = f'exec "{sys.executable}" -m mockserver --port {port} {closed}'
    process = subprocess.Popen(["sh", "-c", command], env=environment(), stdout=subprocess.DEVNULL)
    try:
        wait_for(f"http://localhost:{port}", 30)
        with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
            for path, status in ((AUTHORIZE + "z", 404), (AUTHORIZE, 200)):  # a wrong path is worth a line in the log
                connection.request("POST", path)
                answer = connection.getresponse()
                assert answer.read()
                assert status == answer.status
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def test_a_taken_port_is_one_clear_line() -> None:
    """Exit status 2, no traceback, and a way out."""
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        done = run("--port", str(port))

    said = f"mockserver: cannot listen on localhost:{port}: Address already in use; --port 0 takes a free one\n"
    assert (2, "", said) == (done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--host", "no.such.host.invalid"], r"cannot listen on no\.such\.host\.invalid:\d+: .+"),
        (["--host", "x" * 70], r"cannot listen on x+:\d+: no such name"),
        (["--host", "192.0.2.1"], r"cannot listen on 192\.0\.2\.1:\d+: Cannot assign requested address"),
        (["--scenario", "bussy"], r"no scenario 'bussy'; did you mean 'busy'\? known: .+"),
        (["--clock", "soon"], r"clock: 'soon' is not a time such as '2024-01-06T03:57:20Z'"),
        (["--sandboxes", "0"], r"sandboxes: Input should be greater than or equal to 1"),
        (["--cors", "/(/"], r"cors: '/\(/' is not a regular expression: .+"),
        (["--cors", "*"], r"cors: '\*' matches no origin, in Medusa neither; '/\.\*/' matches all"),
        (["--control-token", "short"], r"control_token: at least 16 characters, and this has 5; .+"),
        (["--scenarios", "/nowhere"], r"/nowhere: cannot be read as a folder of scenarios: No such file or directory"),
    ],
)
def test_a_setting_that_cannot_be_is_one_clear_line(arguments: list[str], line: str) -> None:
    """Exit status 2, nothing on standard output, one line that names what is wrong."""
    done = run("--port", str(free_port()), *arguments)

    assert (2, "") == (done.returncode, done.stdout)
    assert re.fullmatch(f"mockserver: {line}\n", done.stderr), done.stderr


def test_a_broken_file_is_named_with_its_line(tmp_path: Path) -> None:
    """A scenario file that cannot be loaded stops the start with `file:line`."""
    (tmp_path / "mine.yaml").write_text("description: x\nstub: []\n")
    done = run("--port", str(free_port()), "--scenarios", str(tmp_path))

    assert 2 == done.returncode
    assert done.stderr.startswith(f"mockserver: {tmp_path}/mine.yaml:2: no key 'stub'; did you mean 'stubs'?")
    assert 1 == done.stderr.count("\n")


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    """A file without the right to be read is one line (root reads everything, so a folder stands in for it there)."""
    unreadable = tmp_path / "mine.yaml"
    if os.geteuid():
        unreadable.write_text("description: x\n")
        unreadable.chmod(stat.S_IWUSR)
    else:
        unreadable.mkdir()
    done = run("check", str(tmp_path))

    assert 1 == done.returncode
    assert re.fullmatch(rf"mockserver: {unreadable}:1: cannot be read: .+\n", done.stderr), done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_cuts_off_whoever_still_waits(stop: signal.Signals) -> None:
    """A signal ends it within two seconds, while a client waits for `slow`, without a traceback."""
    with running("--scenario", "slow") as server:
        with closing(server.open(POST)), closing(server.open()):
            time.sleep(0.3)
            begin = time.monotonic()
            server.process.send_signal(stop)
            _, errors = server.process.communicate(timeout=10)
            took = time.monotonic() - begin
        port = server.port

    assert took < STOP
    assert "" == errors
    assert server.process.returncode in (0, -stop)
    assert not listens(port)


@pytest.mark.slow
def test_a_stop_ends_connections_that_hang_drip_and_listen(tmp_path: Path) -> None:
    """Also those of the control API: within two seconds, without a traceback."""
    drip = "description: x\nstubs:\n  - operation: authorizePaymentSession\n    reply: {fault: drip, delay: 60s}\n"
    (tmp_path / "drip.yaml").write_text(drip)
    wait = 'Host: localhost\r\nContent-Type: application/json\r\nContent-Length: 18\r\n\r\n{"timeout": "50s"}'
    with (
        running("--scenario", "timeout", "--scenarios", str(tmp_path)) as server,
        closing(server.open(POST)),
        closing(server.open(POST.replace(AUTHORIZE, f"/@drip{AUTHORIZE}"))) as dripping,
        closing(server.open("GET /__mock/events HTTP/1.1\r\nHost: localhost\r\n\r\n")) as listening,
        closing(server.open(f"POST /__mock/journal/wait HTTP/1.1\r\n{wait}")),
    ):
        assert b"HTTP/1.1 200 OK\r\n" == dripping.makefile("rb").readline()  # the head is out, the body on its way
        assert b"event: scenarios\n" in listening.makefile("rb")
        time.sleep(0.3)
        begin = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        _, errors = server.process.communicate(timeout=10)
        took = time.monotonic() - begin

    assert took < STOP
    assert "" == errors


def await_(get: Callable[[], int], expected: int) -> bool:
    """Return whether something is what it should be before long."""
    end = time.monotonic() + 10
    while get() != expected and time.monotonic() < end:
        time.sleep(0.05)
    return get() == expected


def test_a_saved_file_is_live_within_a_second(tmp_path: Path) -> None:
    """No restart, sandboxes kept; a broken one leaves the last good set in force, and the log names file and line."""
    scenario = tmp_path / "mine.yaml"
    text = "description: x\nstubs:\n  - operation: authorizePaymentSession\n    reply: {status: %s}\n"
    with running("--scenarios", str(tmp_path)) as server:
        server.ask("POST", f"/~mine{AUTHORIZE}")
        for saved, status in ((text % 409, 409), (text % 422, 422)):
            scenario.write_text(saved)
            assert await_(lambda: server.ask("POST", f"/@mine{AUTHORIZE}").status, status)
        scenario.write_text("description: x\nstub: []\n")
        assert await_(lambda: len(server.ask("GET", "/__mock/scenarios").document["problems"]), 1)
        assert 422 == server.ask("POST", f"/@mine{AUTHORIZE}").status
        (problem,) = server.ask("GET", "/__mock/scenarios").document["problems"]
        scenario.write_text(text % 404)
        assert await_(lambda: server.ask("POST", f"/@mine{AUTHORIZE}").status, 404)
        state = server.ask("GET", "/__mock/sandboxes/mine/state").document["payment_collections"]
        server.process.send_signal(signal.SIGINT)
        _, errors = server.process.communicate(timeout=10)

    assert 2 * PAUSE + SETTLED < 1  # second: saved a moment after one look, it is read at the second next
    assert (str(scenario), 2) == (problem["file"], problem["line"])
    assert "authorized" == state[0]["status"]
    assert errors.startswith(f"mockserver: {scenario}:2: no key 'stub'; did you mean 'stubs'?")
    assert errors.endswith("its last good version stays in force\nmockserver: all scenario files are right again\n")


def test_what_serves_loads_nothing_that_it_does_not_need() -> None:
    """Neither Schemathesis nor rich, nor Faker before somebody wants a name: they would double the start."""
    code = (
        "import sys; from mockserver.edge.mock import Mock; from mockserver.edge.server import run; import mockserver.cli; Mock();"
        "print(sorted({'schemathesis', 'hypothesis', 'rich', 'faker', 'pytest', 'httpx', 'statistics', 'brotli'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True)

    assert "[]" == done.stdout.strip()


LIVE = """
import asyncio, sys
from mockserver import create_app

LATE = {"faker.providers.person.en_US", "jwt", "mockserver.control.table"}
there = []

async def told():
    there.append(LATE <= set(sys.modules))
    if len(there) == 2:
        while not LATE <= set(sys.modules):
            await asyncio.sleep(0.01)
    return {"type": "lifespan"}

async def send(_):
    pass

asyncio.run(create_app()({"type": "lifespan"}, told, send))
print(*there, LATE <= set(sys.modules))
"""


def test_what_a_start_does_not_need_is_loaded_once_it_serves() -> None:
    """So that the first control call, or log-in, does not let others wait."""
    done = subprocess.run(
        [sys.executable, "-c", LIVE], env=environment(), capture_output=True, text=True, check=True, timeout=30
    )

    assert "False False True" == done.stdout.strip()


def test_a_killed_server_frees_its_port() -> None:
    """After a kill in the middle of an answer the next start can take the same port at once."""
    with running("--scenario", "slow") as server, closing(server.open(POST)):
        port = server.port
        time.sleep(0.2)
        server.process.kill()
        server.process.wait()
    with running("--port", str(port)) as again:
        assert 200 == again.ask("POST", AUTHORIZE).status
        assert port == again.port


def test_the_environment_of_these_tests_has_no_setting() -> None:
    """What the machine has set does not change what is tested."""
    assert [] == [name for name in environment() if name.startswith("MOCKSERVER_")]


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /" + b"x" * 16_384 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"431 Request Header Fields Too Large"),
        (b"GARBAGE\r\n\r\n", b"400 Bad Request"),
        (b"GET /health HTTP/1.1\r\n\r\n", b"400 Bad Request"),
        (b"GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n", b"400 Bad Request"),
        (b"FOO /health HTTP/1.1\r\nHost: x\r\n\r\n", b"400 Bad Request"),
        (b"GET /\xfc HTTP/1.1\r\nHost: x\r\n\r\n", b"400 Bad Request"),
        (
            b"GET /health HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 16_384 + b"\r\n\r\n",
            b"431 Request Header Fields Too Large",
        ),
    ],
    ids=["large URL", "garbage", "no host", "no length", "no method", "no path", "large headers"],
)
def test_what_node_cannot_read_is_a_bare_line(plain: Server, request_: bytes, status: bytes) -> None:
    """Garbage, no Host, a bad length, an unknown method, headers over 16 kB: no body, and the connection is closed."""
    answer = plain.send(request_)

    assert 200 == plain.ask("POST", AUTHORIZE).status
    assert b"HTTP/1.1 " + status + b"\r\nConnection: close\r\n\r\n" == answer


def test_http_1_0_needs_no_host(plain: Server) -> None:
    """As Node has it."""
    assert plain.send(b"GET /health HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 200 OK")
