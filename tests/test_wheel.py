"""The wheel: built from a checkout that holds a stale contract, it has a fresh one, and starts without any YAML."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
PARTS = ("mockserver", "mock_medusa.py", "scenarios", "pyproject.toml", "hatch_build.py", "README.md", "LICENSE")
COMPILED = "mockserver/contract/compiled.json"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that the wheel of a copied checkout was unpacked into."""
    checkout, unpacked = tmp_path_factory.mktemp("checkout"), tmp_path_factory.mktemp("unpacked")
    for name in PARTS:
        if (TOP / name).is_dir():
            shutil.copytree(TOP / name, checkout / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif (TOP / name).exists():
            shutil.copy(TOP / name, checkout)
    (checkout / COMPILED).write_text("stale\n{}")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", unpacked, checkout]
    subprocess.run(pip, check=True, capture_output=True)
    (wheel,) = unpacked.glob("*.whl")
    with zipfile.ZipFile(wheel) as files:
        names = files.namelist()
        files.extractall(unpacked)
    assert len(names) == len(set(names))
    assert "mock_medusa.py" in names  # what pytest loads
    assert "stale\n{}" == (checkout / COMPILED).read_text()
    return unpacked


def _run(installed: Path, code: str) -> str:
    command = [sys.executable, "-P", "-c", f"import sys; sys.path.insert(0, {str(installed)!r}); {code}"]
    return subprocess.run(command, cwd=installed, check=True, capture_output=True, text=True).stdout.strip()


def test_the_wheel_holds_the_contract_compiled(installed: Path) -> None:
    """It is there, it is not stale, and nothing is parsed or written at the first start."""
    before = (installed / COMPILED).stat().st_mtime_ns
    code = (
        "from mockserver.contract import Contract, parts; parts.join = None; c = Contract();"
        "print(parts.__file__, len(c.operations))"
    )

    assert _run(installed, code).startswith(f"{installed}/mockserver/contract/parts.py ")
    assert before == (installed / COMPILED).stat().st_mtime_ns


def test_the_wheel_serves(installed: Path) -> None:
    """Scenarios, behaviours and errors are all in it."""
    code = (
        f"sys.path.append({str(TOP / 'tests')!r}); from asking import ask_of; from mockserver.edge.mock import Mock; m = Mock();"
        "print(ask_of(m.app)('GET', '/store/payment-collections/a').status, 'busy' in m.scenarios)"
    )

    assert "200 True" == _run(installed, code)
