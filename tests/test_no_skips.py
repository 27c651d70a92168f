"""The plugin that lets nothing be skipped where CI runs."""

import pytest

pytest_plugins = ["pytester"]

SKIPPING = """
import pytest

@pytest.mark.skipif(True, reason="no moon")
def test_by_mark(): ...

def test_by_itself(): pytest.skip("no sun")

@pytest.mark.xfail(strict=True)
def test_expected_to_fail(): assert False

def test_that_runs(): ...
"""


@pytest.fixture
def pytester(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """Return a pytester in an environment that is no CI."""
    monkeypatch.delenv("CI", raising=False)
    return pytester


def results(pytester: pytest.Pytester) -> tuple[pytest.RunResult, dict[str, int]]:
    """Run pytest with the plugin; return what it printed, and its counts."""
    result = pytester.runpytest("-p", "no_skips", "-p", "no:schemathesis", "-p", "no:randomly", "-rs")
    return result, result.parseoutcomes()


def test_skips_are_allowed_at_home(pytester: pytest.Pytester) -> None:
    """Where CI is not set, a skipped test is a skipped test."""
    pytester.makepyfile(SKIPPING)

    assert {"skipped": 2, "xfailed": 1, "passed": 1} == results(pytester)[1]


@pytest.mark.parametrize("value", ["true", "1"])
def test_skips_fail_in_ci(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """Where CI is set, a test skipped by a mark or by itself fails with its reason; expected failures stay."""
    monkeypatch.setenv("CI", value)
    pytester.makepyfile(SKIPPING)
    result, counts = results(pytester)

    assert {"failed": 1, "errors": 1, "xfailed": 1, "passed": 1} == counts
    result.stdout.fnmatch_lines(["*CI does not allow: no moon", "*CI does not allow: no sun"])


def test_a_module_that_skips_itself_fails_in_ci(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where CI is set, a module that cannot be imported for want of something is an error."""
    monkeypatch.setenv("CI", "true")
    pytester.makepyfile('import pytest; pytest.importorskip("no_such_module")')
    result, counts = results(pytester)

    assert {"errors": 1} == counts
    result.stdout.fnmatch_lines(["*CI does not allow: could not import 'no_such_module'*"])


@pytest.mark.parametrize("value", ["", "false", "0"])
def test_ci_switched_off_is_no_ci(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """CI=false is not CI."""
    monkeypatch.setenv("CI", value)
    pytester.makepyfile('import pytest\ndef test_it(): pytest.skip("no sun")')

    assert {"skipped": 1} == results(pytester)[1]
