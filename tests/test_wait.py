"""`mockserver wait`: what a script of CI waits with for the mock that it has started."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from processes import COMMAND, environment, free_port, run, running
from verify import hostile_server

from mockserver.realserver import waiting

pytestmark = pytest.mark.slow  # most start a process

PROXY = dict.fromkeys(("HTTP_PROXY", "http_proxy", "ALL_PROXY"), "http://127.0.0.1:9")


def test_a_mock_that_answers() -> None:
    """Exit status 0 and no word, whatever path the URL has and whatever proxy the environment names."""
    with running() as server:
        done = run("wait", f"{server.url}/~me/@busy", environ=PROXY)

    assert (0, "", "") == (done.returncode, done.stdout, done.stderr)


def test_a_mock_that_starts_meanwhile() -> None:
    """It is waited for."""
    port = free_port()
    process = subprocess.Popen([*COMMAND, "wait", f"http://localhost:{port}"], env=environment(), text=True)
    time.sleep(0.5)
    assert process.poll() is None
    with running("--port", str(port)):
        assert 0 == process.wait(30)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("localhost:9000", "'localhost:9000' is not a URL such as 'http://localhost:9000'"),
        ("https://localhost", "'https://localhost' is not a URL such as 'http://localhost:9000'"),
        ("http://localhost:x", "'http://localhost:x' is not a URL such as 'http://localhost:9000'"),
        ("http://[::1", "'http://[::1' is not a URL such as 'http://localhost:9000'"),
    ],
)
def test_what_is_no_url(url: str, sentence: str) -> None:
    """One sentence at once, exit status 2."""
    done = run("wait", url)

    assert (2, f"mockserver: {sentence}\n") == (done.returncode, done.stderr)


def test_a_mock_that_is_not_there() -> None:
    """When the time is over: one sentence that says why, exit status 2."""
    url = f"http://127.0.0.1:{free_port()}"
    done = run("wait", url, "--timeout", "100ms")

    assert 2 == done.returncode
    assert done.stderr.startswith(f"mockserver: {url} is not there after 0.1 s: ")
    assert done.stderr.endswith("Connection refused\n")


def test_a_name_that_nobody_has() -> None:
    """A label of a host's name has 63 characters at most."""
    with pytest.raises(waiting.MockServerError, match="is not there after 0 s: "):
        waiting.wait_for(f"http://{'x' * 64}.test", 0)


class _Ill(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """Answer that something is wrong."""
        self.send_error(503)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing on standard error."""


@pytest.fixture
def ill() -> Iterator[str]:
    """Return the URL of a server that is not well."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Ill)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_server_that_is_not_well(ill: str) -> None:
    """Something answers, yet not as it should."""
    with pytest.raises(waiting.MockServerError, match=r"is not there after 0\.05 s: /health answered 503"):
        waiting.wait_for(ill, 0.05)


def test_a_server_that_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that is taken and never answered is given up."""
    monkeypatch.setattr(waiting, "ONCE", 0.05)
    with (
        closing(socket.create_server(("127.0.0.1", 0))) as silent,
        pytest.raises(waiting.MockServerError, match="is not there after 0 s: timed out"),
    ):
        waiting.wait_for(f"http://127.0.0.1:{silent.getsockname()[1]}", 0)


@pytest.mark.parametrize(
    "mode", ["waits forever", "drips its head", "goes on forever before it answers", "has no status"]
)
@pytest.mark.parametrize("once", [0.1, 30])
def test_a_server_that_never_comes_to_an_end(mode: str, once: float) -> None:
    """However it drips what it says, the time is over when it is over: that of each try, and that of all."""
    code = (
        "import sys\n"
        "from mockserver.realserver import waiting\n"
        "waiting.ONCE = float(sys.argv[2])\n"
        "try: waiting.wait_for(sys.argv[1], 0.5)\n"
        "except waiting.MockServerError as error: print(error)"
    )
    with hostile_server.serving(mode) as url:
        begin = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-c", code, url, str(once)],
            env=environment(),
            capture_output=True,
            text=True,
            check=True,
            timeout=20,
        )

    assert done.stdout.startswith(f"{url} is not there after 0.5 s: ")
    assert "" == done.stderr
    assert time.monotonic() - begin < 10


def test_a_name_whose_look_up_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is part of the try."""
    ended = threading.Event()

    def look_up(*_arguments: object, **_said: object) -> list[object]:
        ended.wait(20)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    begin = time.monotonic()
    with pytest.raises(waiting.MockServerError, match=r"is not there after 0\.1 s: timed out"):
        waiting.wait_for("http://far.test", 0.1)
    ended.set()

    assert time.monotonic() - begin < 10


def test_it_loads_no_server() -> None:
    """Waiting for the mock takes no longer than its start."""
    code = (
        "import sys; sys.argv = ['mockserver', 'wait', 'http://127.0.0.1:1', '--timeout', '0ms']\n"
        "from mockserver.cli import main\n"
        "try: main()\n"
        "except SystemExit: print({'uvicorn', 'starlette', 'yaml', 'jsonschema_rs', 'faker', 'rich'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True)

    assert "set()" == done.stdout.strip()
