"""Lets nothing be skipped where CI runs: what cannot run there has not been tested, so it fails."""

import os
from collections.abc import Generator

import pytest


def pytest_report_header() -> str | None:
    """Say so at the top of the run."""
    return "skips: are failures, as CI is set" if _is_ci() else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skipped test into a failed one; a test that is expected to fail stays as it is."""
    report = yield
    if _is_ci() and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"skipped, which CI does not allow: {_reason(report.longrepr)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn a module that skips itself into one that failed."""
    report = yield
    if _is_ci() and report.skipped:
        report.outcome, report.longrepr = "failed", f"skipped, which CI does not allow: {_reason(report.longrepr)}"
    return report


def _is_ci() -> bool:
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def _reason(longrepr: object) -> str:
    """Return why a test was skipped, without pytest's own words for it."""
    text = str(longrepr[2]) if isinstance(longrepr, tuple) else str(longrepr)
    return text.removeprefix("Skipped: ")
