"""Runs a command of the user's own: a line for a shell, within a time, after which nothing of it is left."""

import os
import shlex
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass

import psutil

from ..errors import MockServerError


@dataclass(frozen=True, slots=True)
class Printed:
    """What a command said that came to its end: its exit status, what it printed, and its complaints."""

    status: int
    out: bytes
    err: str


def run(command: str, patience: float) -> Printed:
    """Run a line for `sh` (on Windows one program with its arguments); raise MockServerError where it cannot, or takes longer."""
    is_windows = sys.platform == "win32"
    try:
        words = shlex.split(command) if is_windows else ["/bin/sh", "-c", command]
        process = subprocess.Popen(  # noqa: S603  (the user's own command)
            words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=not is_windows
        )
    except (OSError, ValueError) as error:
        raise MockServerError(f"{command!r}: {error}") from None
    try:
        out, err = process.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        _end(process)
        raise MockServerError(f"{command!r}: did not end within {patience} seconds, and was ended") from None
    except BaseException:  # Ctrl-C: it is in a group of its own, which the terminal does not tell
        _end(process)
        raise
    return Printed(process.returncode, out, err.decode(errors="replace"))


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and all that it has started: its group where there are groups, its children elsewhere."""
    with suppress(psutil.NoSuchProcess):
        for child in psutil.Process(process.pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                child.kill()
    if sys.platform != "win32":
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    with process:  # waits for it, and closes its pipes: somebody may hold the other ends, who left the group
        process.kill()
