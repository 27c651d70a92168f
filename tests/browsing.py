"""A real browser: Debian's Chromium, headless, driven by Playwright."""

from collections.abc import Iterator
from contextlib import contextmanager

from packages import OFFLINE, chromium
from playwright.sync_api import Browser, sync_playwright


@contextmanager
def browsing() -> Iterator[Browser]:
    """Run the browser until the block ends; while it runs, its thread has a running event loop."""
    command = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=command, args=OFFLINE)
        yield browser
        browser.close()
