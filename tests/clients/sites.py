"""The pages here: built for production as shops build theirs, to be served as static files from an origin of their own."""

import fcntl
import subprocess
from hashlib import sha256
from pathlib import Path

from packages import installed

PATIENCE = 120  # seconds that a build may take
SOURCES = ("client/*", "storefront/*", "storefront/src/*", "calling.js", "vite.config.js", "package-lock.json")


def built(folder: Path) -> Path:
    """Return where the built pages of a folder are; they are built anew when a source of theirs was changed."""
    packages = installed(folder)
    out = packages / ".cache" / f"site-{_digest(folder)}"
    with (folder / "vite.config.js").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests may run in several processes
        if not (out / "built").exists():
            command = [packages / ".bin" / "vite", "build", "--logLevel", "error", "--outDir", out, "--emptyOutDir"]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False)
            assert not done.returncode, done.stderr
            (out / "built").touch()
    return out


def _digest(folder: Path) -> str:
    """Return what is another one whenever a source is."""
    digest = sha256()
    for pattern in SOURCES:
        for path in sorted(folder.glob(pattern)):
            if path.is_file():
                digest.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
