"""Which tests a plain `pytest` runs, and that README and CI mean the same by it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MARKED = re.compile(r"\bmark\.(node|real|browser)\b")
NOTHING_COLLECTED = 5  # pytest's exit code


@pytest.mark.slow
def test_what_wants_more_than_python_is_slow() -> None:
    """No test that wants Node, a real Medusa or Chromium is left in a plain run."""
    marked = [str(path) for path in (ROOT / "tests").rglob("test_*.py") if MARKED.search(path.read_text("utf-8"))]
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *marked]
    chosen = ["-m", "(node or real or browser) and not slow"]
    done = subprocess.run([*command, *chosen], cwd=ROOT, capture_output=True, text=True, check=False)

    assert NOTHING_COLLECTED == done.returncode, done.stdout


def test_ci_runs_the_commands_of_the_readme() -> None:
    """Its first run of the tests is a newcomer's, its last has all of them."""
    contribute = (ROOT / "README.md").read_text("utf-8").partition("## Contribute")[2]
    newcomer, everything = re.findall(r"^(\S.*?)\s+# ", contribute, re.MULTILINE)[:2]
    script = (ROOT / ".ci" / "run").read_text("utf-8").replace(" --quiet", "")

    assert f"{newcomer}\n" in script
    assert everything.removeprefix(".venv/bin/") in script
