"""Which tests a plain `pytest` runs, and that README and CI mean the same by it."""

import re
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MARKED = re.compile(r"\bmark\.(node|real|browser|volume)\b")
NOTHING_COLLECTED = 5  # pytest's exit code


@pytest.mark.slow
def test_what_wants_more_than_python_is_slow() -> None:
    """No test that wants Node, a real Medusa or Chromium, or asks thousands of times, is left in a plain run."""
    marked = [str(path) for path in (ROOT / "tests").rglob("test_*.py") if MARKED.search(path.read_text("utf-8"))]
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *marked]
    chosen = ["-m", "(volume or node or real or browser) and not slow"]
    done = subprocess.run([*command, *chosen], cwd=ROOT, capture_output=True, text=True, check=False)

    assert NOTHING_COLLECTED == done.returncode, done.stdout


def test_ci_runs_the_commands_of_the_readme() -> None:
    """Its first run of the tests is a newcomer's; of all of them none is left out that is left out there."""
    contribute = (ROOT / "README.md").read_text("utf-8").partition("## Contribute")[2]
    newcomer = re.findall(r"^(\S.*?)\s+# ", contribute, re.MULTILINE)[0]
    script = (ROOT / ".ci" / "run").read_text("utf-8").replace(" --quiet", "")
    chosen = [f"({one})" for one in re.findall(r'pytest -m "(.*?)"', script)]

    assert f"{newcomer}\n" in script
    for names in product((True, False), repeat=5):
        marks = dict(zip(("slow", "volume", "node", "browser", "real"), names, strict=True))
        assert eval(" or ".join(chosen), {}, marks), marks  # noqa: S307  (our own file)
