"""The pages here: built for production as shops build theirs, and served as static files from an origin of their own."""

import fcntl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from packages import installed

PATIENCE = 120  # seconds that a build may take
SOURCES = ("client/*", "storefront/*", "storefront/src/*", "calling.js", "vite.config.js", "package-lock.json")


def built(folder: Path) -> Path:
    """Return where the built pages of a folder are; they are built anew when a source of theirs was changed."""
    packages = installed(folder)
    out = packages / ".cache" / f"site-{_digest(folder)}"
    with (folder / "vite.config.js").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests may run in several processes
        if not (out / "built").exists():
            command = [packages / ".bin" / "vite", "build", "--logLevel", "error", "--outDir", out, "--emptyOutDir"]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False)
            assert not done.returncode, done.stderr
            (out / "built").touch()
    return out


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the files of a folder until the block ends; yield the origin."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=str(folder)))
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _digest(folder: Path) -> str:
    """Return what is another one whenever a source is."""
    digest = sha256()
    for pattern in SOURCES:
        for path in sorted(folder.glob(pattern)):
            if path.is_file():
                digest.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


class _Files(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: Any) -> None:
        """Say nothing on standard error."""
