"""The README's recipes for JavaScript, word for word, with the packages of their users."""

import fcntl
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from processes import Server, running

HERE = Path(__file__).parent
README = (HERE.parent.parent / "README.md").read_text("utf-8")
INSTALLED = HERE / "node_modules" / ".package-lock.json"  # what npm writes last
PATIENCE = 180  # seconds
AUTHORIZE = "/store/payment-collections/paycol_1/sessions/ps_1/authorize"
SHOP = """<!doctype html><title>Shop</title><button>Pay</button><p role="alert"></p>
<script>
  document.querySelector("button").onclick = async () => {
    const answer = await fetch("MEDUSA" + "PATH", { method: "POST" });
    document.querySelector("p").textContent = (await answer.json()).message ?? "Paid";
  };
</script>"""


def recipe(of: str) -> str:
    """Return the README's block that imports a package."""
    (block,) = [block for block in re.findall(r"^```js\n(.*?)^```$", README, re.MULTILINE | re.DOTALL) if of in block]
    return str(block)


@pytest.fixture(scope="session")
def packages() -> Path:
    """Return the folder with the packages, installed."""
    npm = shutil.which("npm")
    if not npm:
        pytest.skip("there is no npm, with which the recipes are run")
    with (HERE / "package.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests may run in several processes
        if not INSTALLED.exists():
            command = [npm, "install", "--no-save", "--no-package-lock", "--no-audit", "--no-fund"]
            subprocess.run(command, cwd=HERE, check=True, capture_output=True, timeout=PATIENCE)
    return HERE / "node_modules"


@pytest.fixture
def project(packages: Path, tmp_path: Path) -> Path:
    """Return a folder of a project that has the packages."""
    (tmp_path / "package.json").write_text(json.dumps({"type": "module"}))
    (tmp_path / "node_modules").symlink_to(packages)
    return tmp_path


def run(project: Path, server: Server, *command: str, **variables: str) -> str:
    """Run a command of a package; return what it says, and fail when it does."""
    done = subprocess.run(
        [f"node_modules/.bin/{command[0]}", *command[1:]],
        cwd=project,
        env={**os.environ, "MOCK_MEDUSA": server.url, "CI": "1", **variables},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert not done.returncode, done.stdout + done.stderr
    return done.stdout


@pytest.mark.node
@pytest.mark.slow
def test_vitest(project: Path) -> None:
    """Four files at once, each in its worker's sandbox: every one of them sees two conflicts and then success."""
    for number in range(4):
        (project / f"shop{number}.test.js").write_text(recipe('"vitest"'))
    with running() as server:
        run(project, server, "vitest", "run", "--environment", "node", "--maxWorkers", "2")
        asked = [entry for entry in server.json("GET", "/__mock/journal?limit=1000")["entries"] if entry["operation"]]
    statuses: dict[str, list[int]] = {}
    for entry in asked:
        statuses.setdefault(entry["sandbox"], []).append(entry["status"])

    assert {"vitest-1": [409, 409, 200], "vitest-2": [409, 409, 200]} == statuses  # of each worker's last file


@pytest.mark.browser
@pytest.mark.node
@pytest.mark.slow
def test_playwright(project: Path) -> None:
    """A shop whose address for Medusa is fixed is led into a sandbox, and its shopper is told."""
    chromium = shutil.which("chromium")
    if not chromium:
        pytest.skip("there is no chromium, in which the shop is tried")
    launch = {"executablePath": chromium, "args": ["--no-sandbox", "--disable-gpu"]}
    with running() as server, shop(project, server) as url:
        (project / "shop.spec.js").write_text(recipe('"@playwright/test"'))
        use = {"baseURL": url, "launchOptions": launch}
        (project / "playwright.config.js").write_text(f"export default {{ use: {json.dumps(use)}, reporter: 'line' }};")
        assert "1 passed" in run(project, server, "playwright", "test")
        (entry,) = server.json("GET", "/__mock/journal")["entries"]

    assert (422, "declined", "prefix") == (entry["status"], entry["scenario"], entry["chosen_by"])
    assert "shared" != entry["sandbox"]


@contextmanager
def shop(project: Path, server: Server) -> Iterator[str]:
    """Serve a shop with one button, which knows one address for Medusa."""
    folder = project / "shop"
    folder.mkdir()
    (folder / "index.html").write_text(SHOP.replace("MEDUSA", server.url).replace("PATH", AUTHORIZE))
    serving = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://localhost:{serving.server_port}"
    finally:
        serving.shutdown()
        thread.join()
        serving.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Say nothing on standard error."""
