"""The README's recipes for JavaScript, word for word, with the packages of their users."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from packages import OFFLINE, chromium, installed
from processes import Server, running
from serving import served

HERE = Path(__file__).parent
README = (HERE.parent.parent / "README.md").read_text("utf-8")
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
    return installed(HERE)


@pytest.fixture
def project(packages: Path, tmp_path: Path) -> Path:
    """Return a folder of a project that has the packages."""
    (tmp_path / "package.json").write_text(json.dumps({"type": "module"}))
    (tmp_path / "node_modules").symlink_to(packages)
    return tmp_path


def run(project: Path, server: Server, *command: str, **variables: str) -> str:
    """Run a command of a package; return what it says, and fail when it does."""
    done = tried(project, server, *command, **variables)
    assert not done.returncode, done.stdout + done.stderr
    return done.stdout


def tried(project: Path, server: Server, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command of a package to its end."""
    return subprocess.run(
        [f"node_modules/.bin/{command[0]}", *command[1:]],
        cwd=project,
        env={**os.environ, "MOCK_MEDUSA": server.url, "CI": "1", **variables},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def asked(server: Server, token: str = "") -> list[dict[str, Any]]:
    """Return what was asked of operations, oldest first."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    entries = server.ask("GET", "/__mock/journal?limit=1000", **headers).document["entries"]
    return [entry for entry in entries if entry["operation"]]


TOKEN = "0123456789abcdef"  # noqa: S105
WITH = pytest.mark.parametrize("token", ["", TOKEN], ids=["without a token", "with a token"])


def start(token: str) -> AbstractContextManager[Server]:
    """Start a mock that has a token, or none."""
    return running(*(("--control-token", token) if token else ()))


@WITH
@pytest.mark.node
@pytest.mark.slow
def test_vitest(project: Path, token: str) -> None:
    """Four files at once, each in its worker's sandbox, and all again: each sees two conflicts and then success."""
    for number in range(4):
        (project / f"shop{number}.test.js").write_text(recipe('"vitest"'))
    statuses: dict[str, list[int]] = {}
    with start(token) as server:
        for _ in range(2):
            variables = {"MOCKSERVER_CONTROL_TOKEN": token}
            run(project, server, "vitest", "run", "--environment", "node", "--maxWorkers", "2", **variables)
        for entry in asked(server, token):
            statuses.setdefault(entry["sandbox"], []).append(entry["status"])

    assert {"vitest-1": [409, 409, 200], "vitest-2": [409, 409, 200]} == statuses  # of each worker's last file


@pytest.mark.node
@pytest.mark.slow
def test_vitest_with_a_wrong_token(project: Path) -> None:
    """What could not be reset fails, and the mock's own sentence says what it wants."""
    (project / "shop.test.js").write_text(recipe('"vitest"'))
    with start(TOKEN) as server:
        done = tried(project, server, "vitest", "run", MOCKSERVER_CONTROL_TOKEN="")

    assert done.returncode
    assert "the mock was not reset: " in done.stdout + done.stderr
    assert "Authorization: Bearer TOKEN" in done.stdout + done.stderr


@pytest.fixture
def playwright(project: Path) -> dict[str, Any]:
    """Return the settings of a project whose only file is the recipe."""
    launch = {"executablePath": chromium(), "args": OFFLINE}
    (project / "shop.spec.js").write_text(recipe('"@playwright/test"'))
    return {"use": {"launchOptions": launch}, "reporter": "line"}


@WITH
@pytest.mark.browser
@pytest.mark.node
@pytest.mark.slow
def test_playwright(project: Path, playwright: dict[str, Any], token: str) -> None:
    """A shop whose address for Medusa is fixed is led into a sandbox; a second run finds nothing of the first."""
    spec = project / "shop.spec.js"
    spec.write_text(spec.read_text().replace("declined", "requires-more"))  # which remembers that it was tried
    with start(token) as server, shop(project, server) as url:
        playwright["use"]["baseURL"] = url
        (project / "playwright.config.js").write_text(f"export default {json.dumps(playwright)};")
        for _ in range(2):
            said = run(
                project, server, "playwright", "test", "--repeat-each=2", "--workers=1", MOCKSERVER_CONTROL_TOKEN=token
            )
            assert "2 passed" in said
        entries = asked(server, token)

    assert {(422, "requires-more", "prefix")} == {
        (entry["status"], entry["scenario"], entry["chosen_by"]) for entry in entries
    }
    assert 2 == len({entry["sandbox"] for entry in entries})  # of the second run, for which both were reset
    assert "shared" not in {entry["sandbox"] for entry in entries}


@pytest.mark.browser
@pytest.mark.node
@pytest.mark.slow
def test_playwright_tries_again(project: Path, playwright: dict[str, Any]) -> None:
    """The retry of a test that failed finds nothing of the first try; without the token it says what is wanted."""
    spec = project / "shop.spec.js"
    text = spec.read_text().replace("declined", "requires-more")
    last = 'toContainText("Failed to authorize");'
    spec.write_text(text.replace(last, last + "\n  expect(base.info().retry).toBe(1);"))
    with start(TOKEN) as server, shop(project, server) as url:
        playwright["use"]["baseURL"] = url
        (project / "playwright.config.js").write_text(f"export default {json.dumps(playwright)};")
        said = run(project, server, "playwright", "test", "--retries=1", MOCKSERVER_CONTROL_TOKEN=TOKEN)
        entries = asked(server, TOKEN)
        refused = tried(project, server, "playwright", "test", MOCKSERVER_CONTROL_TOKEN="")

    assert "1 flaky" in said
    assert [422, 422] == [entry["status"] for entry in entries]
    assert refused.returncode
    assert "the mock was not reset: " in refused.stdout


@contextmanager
def shop(project: Path, server: Server) -> Iterator[str]:
    """Serve a shop with one button, which knows one address for Medusa."""
    folder = project / "shop"
    folder.mkdir()
    (folder / "index.html").write_text(SHOP.replace("MEDUSA", server.url).replace("PATH", AUTHORIZE))
    with served(folder) as origin:
        yield origin
