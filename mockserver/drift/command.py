"""What the command `drift` does with the arguments of the command line."""

from typing import Any

from rich.console import Console

from ..errors import MockServerError
from ..scenarios import scenarios_of, shipped_scenarios
from ..verify.command import access_of, counting, exit_status, supply_of
from . import Options, drift
from .report import save, show


def run(url: str, **arguments: Any) -> int:
    """
    Compare, report, and return the exit status: 0 agrees, 1 differs, 2 was interrupted.

    Raises MockServerError when it cannot run.
    """
    folder = arguments["save"]
    if folder and folder.exists() and not folder.is_dir():
        raise MockServerError(f"--save {folder}: is not a folder")
    options = Options(
        supply=supply_of(arguments["given"], arguments["setup"], arguments["scenarios"]),
        access=access_of(arguments),
        scenario=arguments["scenario"],
        scenarios=arguments["scenarios"],
        seed=arguments["seed"],
        exchanges=arguments["exchanges"],
        longest=arguments["longest"],
        strict=arguments["strict"],
        data=arguments["data"],
        kinds=arguments["kinds"],
    )
    with counting("exchanges") as progress:
        result = drift(url, options, progress)
    show(result, Console())
    if folder:
        save(result, scenarios_of([shipped_scenarios(), *options.scenarios])[options.scenario], folder)
    return exit_status(result)
