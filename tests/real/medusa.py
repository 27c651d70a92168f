"""
A real Medusa 1.20.11 on free loopback ports, with a PostgreSQL of its own in a folder that goes when it ends.

`python tests/real/medusa.py` runs one until Ctrl-C, and prints its URL and a set-up command for verify and drift.
"""

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

APP = Path(__file__).parent / "app"
SHOP = APP.parent / "shop.json"  # what it sells; the mock sells it, too
INSTALLED = APP / "node_modules" / ".package-lock.json"  # what npm writes last
PATIENCE = 120  # seconds, for each step
_ENDING_WITH_US = ("setpriv", "--pdeathsig", "INT") if shutil.which("setpriv") else ()  # even when we are killed


@dataclass(frozen=True, slots=True)
class Medusa:
    """A server that runs: its URL, its database's, and the folder of all that it keeps."""

    url: str
    database: str
    folder: Path

    def setup(self, **said: Any) -> str:
        """Return a command that makes fresh collections and prints their ids, as `--setup` wants it."""
        query = "&".join(f"{name}={value}" for name, value in said.items())
        return f"curl -sf -X POST {self.url}/lab/collections?{query}"

    def collections(self, **said: Any) -> list[dict[str, str]]:
        """Make fresh collections; return the ids of each with its first session."""
        done = subprocess.run(self.setup(**said).split(), capture_output=True, text=True, check=True)
        return list(json.loads(done.stdout))


def missing() -> str | None:
    """Return what this machine lacks to run a Medusa, or None."""
    if not shutil.which("node") or not shutil.which("npm"):
        return "there is no node, in which Medusa runs"
    return None if _postgres() else "there is no PostgreSQL (apt-get install postgresql)"


def install() -> None:
    """Install the packages that package-lock.json names, once."""
    with (APP / "package-lock.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests may run in several processes
        if not INSTALLED.exists():
            # not `npm ci`, which refuses a lock file without the packages for other systems, and no registry had them
            command = ["npm", "install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"]
            subprocess.run(command, cwd=APP, check=True, timeout=5 * PATIENCE)


@contextmanager
def real_medusa() -> Iterator[Medusa]:
    """Run PostgreSQL and Medusa until the block ends; nothing of either is left."""
    install()
    folder = Path(tempfile.mkdtemp(prefix="medusa-"))
    try:
        with _database(folder) as url:
            environ = {**os.environ, "DATABASE_URL": url, "MEDUSA_DISABLE_TELEMETRY": "true", "SHOP": str(SHOP)}
            _prepare(environ, folder, "migrations", "run")
            _prepare(environ, folder, "seed", "-f", str(SHOP))
            with _server(environ, folder) as medusa:
                yield medusa
    finally:
        shutil.rmtree(folder)


@contextmanager
def _database(folder: Path) -> Iterator[str]:
    """Run a PostgreSQL in a folder; yield its URL. It refuses to run as root, so root lends it another user."""
    binaries, data = _postgres(), folder / "pg"
    assert binaries
    user: dict[str, Any] = {}
    if os.geteuid() == 0:
        user = {"user": "postgres", "group": "postgres", "extra_groups": []}
        folder.chmod(0o711)
        data.mkdir()
        shutil.chown(data, "postgres", "postgres")
    initdb = [binaries / "initdb", "-D", data, "-U", "medusa", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
    subprocess.run([*initdb, "--no-sync"], check=True, capture_output=True, cwd="/", **user)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "", "fsync": "off"}
    said = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    with (folder / "pg.log").open("w") as log:
        process = subprocess.Popen(
            [*_ENDING_WITH_US, binaries / "postgres", "-D", data, *said],
            stdout=log,
            stderr=log,
            cwd="/",
            start_new_session=True,
            **user,
        )
    try:
        _wait_until_it_listens(port, process, folder / "pg.log")
        yield f"postgres://medusa@127.0.0.1:{port}/postgres"
    finally:
        process.send_signal(signal.SIGINT)  # fast shutdown: clients are cut off
        process.wait(PATIENCE)


def _wait_until_it_listens(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start: {log.read_text()[-2000:]}")


def _prepare(environ: dict[str, str], folder: Path, *arguments: str) -> None:
    """Run one of Medusa's own commands."""
    log = folder / f"{arguments[0]}.log"
    with log.open("w") as text:
        command = [APP / "node_modules" / ".bin" / "medusa", *arguments]
        done = subprocess.run(command, cwd=APP, env=environ, stdout=text, stderr=text, timeout=PATIENCE, check=False)
    if done.returncode:
        raise RuntimeError(f"medusa {' '.join(arguments)} failed: {log.read_text()[-2000:]}")


@contextmanager
def _server(environ: dict[str, str], folder: Path) -> Iterator[Medusa]:
    """Run Medusa; it ends with its standard input, even when this process is killed."""
    log = folder / "medusa.log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            ["node", "server.js"],
            cwd=APP,
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    assert process.stdout
    assert process.stdin
    try:
        line = next((line for line in process.stdout if line.startswith('{"port"')), None)
        if line is None:
            raise RuntimeError(f"Medusa did not start: {log.read_text()[-2000:]}")
        url = f"http://127.0.0.1:{json.loads(line)['port']}"
        urllib.request.urlopen(f"{url}/health", timeout=PATIENCE).close()  # noqa: S310  (our own URL)
        yield Medusa(url, environ["DATABASE_URL"], folder)
    finally:
        process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
        process.kill()
        process.stdout.close()


def _postgres() -> Path | None:
    """Return the folder of PostgreSQL's programs: Debian keeps them out of the PATH."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return folders[-1].parent if folders else None


def main() -> None:
    """Run one until Ctrl-C."""
    lacking = missing()
    if lacking:
        sys.exit(lacking)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: nothing is left running
    with suppress(KeyboardInterrupt), real_medusa() as medusa:
        setup = medusa.setup(count=100, providers="manual,stepwise,declining")
        print(f"{medusa.url}\n{setup}", flush=True)
        signal.pause()


if __name__ == "__main__":
    main()
