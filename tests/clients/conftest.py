"""The official clients of Medusa v1, installed from npm as shops install them, in Node and in a browser."""

import json
import subprocess
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
from browsing import browsing
from clients.recorder import Recorder, recording
from clients.shopping import Call, Document, Shop
from clients.sites import built
from packages import installed
from playwright.sync_api import Browser, Page
from processes import Server, running
from serving import served

HERE = Path(__file__).parent
PATIENCE = 120
NUMBERS = count()

PaymentCall = Callable[..., dict[str, Any]]
Shops = Callable[[str], Shop]


@pytest.fixture(scope="session")
def in_node() -> Iterator[Call]:
    """Return what calls the client in one Node process, with the versions that package-lock.json names."""
    installed(HERE)
    with subprocess.Popen(
        ["node", "call.mjs"], cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:

        def call(wanted: Document) -> Document:
            assert process.stdin
            assert process.stdout
            watchdog = Timer(PATIENCE, process.kill)
            watchdog.start()
            process.stdin.write(f"{json.dumps(wanted)}\n")
            process.stdin.flush()
            line = process.stdout.readline()
            watchdog.cancel()
            return dict(json.loads(line))

        yield call


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Return a running mock."""
    with running() as server:
        yield server


@pytest.fixture
def wire(server: Server) -> Iterator[Recorder]:
    """Return a proxy in front of the mock."""
    with recording(server.port) as recorder:
        yield recorder


@pytest.fixture
def call(in_node: Call) -> PaymentCall:
    """Return what makes one call, about payment collections unless it names others, and says what came of it."""

    def made(base_url: str, method: str, *arguments: Any, seconds: float | None = None) -> Document:
        config = {"baseUrl": base_url}
        method = method if "." in method else f"paymentCollections.{method}"
        return in_node({"config": config, "method": method, "arguments": arguments, "seconds": seconds})

    return made


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """Return the origin of the pages here, built as they are for production; no other origin is the mock's."""
    with served(built(HERE)) as origin:
        yield origin


@pytest.fixture(scope="module")  # no longer: while it is open, its thread has a running event loop
def browser() -> Iterator[Browser]:
    """Return the browser."""
    with browsing() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a page of a browser that knows no cookies yet."""
    with browser.new_context() as context:
        context.set_default_timeout(10_000)
        yield context.new_page()


@pytest.fixture
def in_browser(page: Page, site: str) -> Call:
    """Return what calls the client in a page of another origin than the mock's."""
    page.goto(f"{site}/client/")
    page.wait_for_function("!!window.call")
    return lambda wanted: dict(page.evaluate("wanted => call(wanted)", wanted))


@pytest.fixture(params=["in_node", pytest.param("in_browser", marks=pytest.mark.browser)])
def client(request: pytest.FixtureRequest) -> Call:
    """Return what calls the client, in Node and in a browser."""
    made: Call = request.getfixturevalue(request.param)
    return made


@pytest.fixture
def shops(client: Call, server: Server) -> Shops:
    """Return what opens a shop in a scenario, by its base URL alone, in a sandbox that no other has."""
    return lambda scenario: Shop(client, f"{server.url}/~shop-{next(NUMBERS)}/@{scenario}")
