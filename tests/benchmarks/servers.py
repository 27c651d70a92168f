"""Starts what is measured: the mock, the bare applications, and the peers; each is gone when its block ends."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from load import Load

HERE = Path(__file__).parent
INSTALLED = HERE / "node_modules" / ".package-lock.json"  # what npm writes last
AUTHORIZE = "/store/payment-collections/paycol_1/sessions/ps_1/authorize"
PATIENCE = 120  # seconds


@dataclass(frozen=True, slots=True)
class Running:
    """A server: its process and its port."""

    process: subprocess.Popen[str]
    port: int

    def memory(self) -> float:
        """Return the resident memory of the process and all below it, in MB."""
        return sum(map(_resident, [self.process.pid, *_below(self.process.pid)])) / 1024

    def cpu(self) -> float:
        """Return the seconds of processor time that the process has used, its own and the kernel's for it."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def cost(self, load: Load) -> float:
        """Return the processor time that it takes for one answer, in microseconds: what else the machine does hides none of it."""
        before = self.cpu()
        answers = load.run() * load.seconds
        return (self.cpu() - before) / answers * 1_000_000

    def ask(self, path: str = AUTHORIZE, method: str = "POST") -> tuple[int, list[tuple[str, str]], str]:
        """Return status, headers and body of an answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request(method, path, headers={"Accept": "application/json"})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, answer.getheaders(), text


class Missing(Exception):
    """A peer that cannot be run here, and why."""


@contextmanager
def mock(*arguments: str) -> Iterator[Running]:
    """Run the mock."""
    with started([sys.executable, "-m", "mockserver", "--port", "0", *arguments]) as running:
        yield running


@contextmanager
def bare(folder: Path, like: Running) -> Iterator[Running]:
    """Run the smallest ASGI application that sends the bytes that a mock sends to authorize."""
    status, headers, body = like.ask()
    headers = [pair for pair in headers if pair[0] not in ("connection", "keep-alive")]
    recorded = folder / "answer.json"
    recorded.write_text(json.dumps({"status": status, "headers": headers, "body": body}))
    with started([sys.executable, str(HERE / "bare.py"), "asgi", str(recorded)]) as running:
        yield running


@contextmanager
def prism(folder: Path) -> Iterator[Running]:
    """Run Prism 5 on the mock's own contract: on authorize alone, for with the whole of it it does not start."""
    command = [sys.executable, "-m", "mockserver", "openapi"]
    document = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    contract = folder / "authorize.json"
    contract.write_text(json.dumps(_authorize_alone(document)))
    port = _free_port()
    with waited([_peer("prism"), "mock", "-p", str(port), "-h", "127.0.0.1", str(contract)], port) as running:
        yield running


@contextmanager
def wiremock(folder: Path, like: Running) -> Iterator[Running]:
    """Run WireMock 3 with one stub that answers what a mock answers to authorize."""
    if not shutil.which("java"):
        raise Missing("there is no java")
    status, headers, body = like.ask()
    kept = {name: value for name, value in headers if name.lower() not in ("content-length", "date")}
    (folder / "mappings").mkdir(exist_ok=True)
    stub = {
        "request": {"method": "POST", "urlPathPattern": "/store/payment-collections/[^/]+/sessions/[^/]+/authorize"},
        "response": {"status": status, "headers": kept, "body": body},
    }
    (folder / "mappings" / "authorize.json").write_text(json.dumps(stub))
    port = _free_port()
    with waited(
        [_peer("wiremock"), "--port", str(port), "--root-dir", str(folder), "--disable-banner"], port
    ) as running:
        yield running


@contextmanager
def started(command: list[str]) -> Iterator[Running]:
    """Run a command that prints its URL; yield when it has."""
    with _process(command) as process:
        assert process.stdout
        line = process.stdout.readline()
        yield Running(process, int(line.strip().rpartition(":")[2]))


@contextmanager
def waited(command: list[str], port: int) -> Iterator[Running]:
    """Run a command that listens on a port; yield when it answers authorize with 200."""
    with _process(command, quiet=True) as process:
        running = Running(process, port)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with suppress(OSError):
                if running.ask()[0] == 200:
                    break
            time.sleep(0.1)
        else:
            raise Missing(f"{command[0]} never answered")
        yield running


@contextmanager
def _process(command: list[str], *, quiet: bool = False) -> Iterator[subprocess.Popen[str]]:
    out = subprocess.DEVNULL if quiet else subprocess.PIPE
    errors = subprocess.DEVNULL if quiet else None
    process = subprocess.Popen(command, stdout=out, stderr=errors, text=True, start_new_session=True)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def _authorize_alone(document: dict[str, Any]) -> dict[str, Any]:
    """Return a contract with one operation and without relations: in a cycle of them Prism 5 had not started after 100 s."""
    paths = {
        path: item for path, item in document["paths"].items() if path.endswith("/sessions/{session_id}/authorize")
    }
    schemas = document["components"]["schemas"]
    for name, schema in schemas.items():
        if "properties" in schema and not name.endswith("Res"):
            plain = {key: one for key, one in schema["properties"].items() if "$ref" not in json.dumps(one)}
            schemas[name] = {**schema, "properties": plain}
    return {**document, "paths": paths}


def _peer(name: str) -> str:
    """Return the command of a peer, installed on first use."""
    npm = shutil.which("npm")
    if not npm:
        raise Missing("there is no npm")
    if not INSTALLED.exists():
        command = [npm, "install", "--no-save", "--no-package-lock", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=HERE, check=False, capture_output=True, text=True, timeout=600)
        if done.returncode:
            raise Missing(f"npm cannot install it: {(done.stderr.strip().splitlines() or ['it does not say why'])[0]}")
    return str(HERE / "node_modules" / ".bin" / name)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _below(process: int) -> Iterator[int]:
    """Yield the processes that a process has started, and those below them."""
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield int(child)
            yield from _below(int(child))


def _resident(process: int) -> int:
    """Return the resident memory of a process in kB."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])
