"""What the command `drift` does with what was said on the command line."""

from typing import Any

from rich.console import Console

from ..errors import MockServerError
from ..scenarios import scenarios_of, shipped_scenarios
from ..verify.command import counting, exit_status, parse_headers, supply_of
from . import Options, drift
from .report import save, show


def run(url: str, **said: Any) -> int:
    """
    Compare, report, and return the exit status: 0 agrees, 1 differs, 2 was interrupted.

    Raises MockServerError when it cannot run.
    """
    folder = said["save"]
    if folder and folder.exists() and not folder.is_dir():
        raise MockServerError(f"--save {folder}: is not a folder")
    options = Options(
        supply=supply_of(said["given"], said["setup"]),
        headers=parse_headers(said["headers"]),
        scenario=said["scenario"],
        scenarios=said["scenarios"],
        seed=said["seed"],
        exchanges=said["exchanges"],
        longest=said["longest"],
        strict=said["strict"],
    )
    with counting("exchanges") as progress:
        result = drift(url, options, progress)
    show(result, Console())
    if folder:
        save(result, scenarios_of([shipped_scenarios(), *options.scenarios])[options.scenario], folder)
    return exit_status(result)
