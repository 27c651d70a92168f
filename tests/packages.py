"""What tests use that is not Python: packages from npm, and Debian's Chromium."""

import fcntl
import shutil
import subprocess
from pathlib import Path

import pytest

PATIENCE = 180  # seconds for all packages of a folder
OFFLINE = [  # it asks nobody but the server under test
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def installed(folder: Path) -> Path:
    """
    Return `node_modules` of a folder: what its lock file names, else what its package.json does.

    It is installed once, and anew when that was changed.
    """
    npm = shutil.which("npm")
    if not npm or not shutil.which("node"):
        pytest.skip("there is no node, or no npm with which its packages are installed")
    packages = folder / "node_modules"
    names = folder / "package.json"
    command = [npm, "install", "--no-save", "--no-package-lock", "--no-audit", "--no-fund"]
    if (folder / "package-lock.json").exists():
        names, command = folder / "package-lock.json", [npm, "ci"]
    last = packages / ".package-lock.json"  # what npm writes last
    with (folder / "package.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests may run in several processes
        if not last.exists() or last.stat().st_mtime < names.stat().st_mtime:
            subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=PATIENCE)
            last.touch()
    return packages


def chromium() -> str:
    """Return the command that starts the browser, to be given OFFLINE."""
    found = shutil.which("chromium")
    return found or pytest.skip("there is no chromium, in which pages are looked at")
