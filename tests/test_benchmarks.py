"""The benchmark runs, and says what it could not measure; what it measures is no matter of these tests."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from processes import environment

RUN = Path(__file__).parent / "benchmarks" / "run.py"


def measured(only: str, **variables: str) -> list[dict[str, Any]]:
    """Return the rows of a short run."""
    done = subprocess.run(
        [sys.executable, str(RUN), "--quick", "--json", "--only", only],
        env=environment(variables),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr  # 1: something is slower than it must be
    return list(json.loads(done.stdout))


@pytest.mark.slow
@pytest.mark.parametrize(("only", "count"), [("start", 2), ("throughput", 1)])
def test_a_figure_comes_with_what_is_wanted(only: str, count: int) -> None:
    """Each row has both, whether the one meets the other, and the numbers behind it."""
    rows = measured(only)

    assert count == len(rows)
    for row in rows:
        assert row["figure"] > 0
        assert row["is_met"] is (row["figure"] >= row["wanted"] if row["at_least"] else row["figure"] <= row["wanted"])
        assert "beside" in row["detail"]


def test_a_peer_that_is_not_there_is_said(tmp_path: Path) -> None:
    """Its row has no figure but the reason."""
    (row,) = measured("prism", PATH=str(tmp_path))

    assert (None, False, "there is no npm") == (row["figure"], row["is_met"], row["detail"])
