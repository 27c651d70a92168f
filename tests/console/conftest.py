"""The console, opened in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import browsing
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page
from processes import Server, running

PATIENCE = 10_000  # milliseconds
AUTHORIZE = "/store/payment-collections/paycol_1/sessions/ps_1/authorize"


def scenario(page: Page) -> Locator:
    """Return the choice of the scenario."""
    return page.get_by_role("combobox", name="Scenario", exact=True)


def view(page: Page, name: str) -> None:
    """Go to a view."""
    page.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()


@pytest.fixture(scope="module")  # no longer: while it is open, its thread has a running event loop
def browser() -> Iterator[Browser]:
    """Return the browser."""
    with browsing() as browser:
        yield browser


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder for scenarios of one's own, watched by the server."""
    return tmp_path


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    """Return a running mock."""
    with running("--scenarios", str(folder)) as server:
        yield server


@pytest.fixture
def complaints() -> list[str]:
    """Return what the page wrote to its console, errors of its scripts, and all that its policy refused."""
    return []


@pytest.fixture
def page(browser: Browser, server: Server, complaints: list[str]) -> Iterator[Page]:
    """Return the console, connected."""
    with browser.new_context() as context:
        context.set_default_timeout(PATIENCE)
        page = context.new_page()

        def said(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning") and "status of 404" not in message.text:
                complaints.append(message.text)

        page.on("console", said)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{server.url}/__mock/#me")
        page.wait_for_selector("#live.on")
        page.wait_for_selector("#seen tbody tr", state="attached")
        yield page
