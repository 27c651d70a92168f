"""What the commands `verify` and `drift` do with the arguments of the command line."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from ..errors import MockServerError
from ..realserver.supply import Supply, from_command, from_file
from ..realserver.target import Access
from ..scenarios import scenarios_of, shipped_scenarios
from . import Options, html, junit, terminal, verify

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")  # what a header can hold


def run(url: str | None, **arguments: Any) -> int:
    """
    Verify, report, and return the exit status: 0 conforms, 1 does not, 2 was not asked to its end.

    Raises MockServerError when it cannot run.
    """
    options = Options(
        access=access_of(arguments),
        supply=supply_of(arguments["given"], arguments["setup"], arguments["scenarios"]),
        scenarios=arguments["scenarios"],
        cases=arguments["cases"],
        operations=arguments["operations"],
        seed=arguments["seed"],
        max_examples=arguments["max_examples"],
        require=[status.strip() for status in arguments["require"].split(",")] if arguments["require"] else (),
        strict=arguments["strict"],
    )
    files = {
        arguments[name]: write for name, write in (("junit", junit.write), ("html", html.write)) if arguments[name]
    }
    for path in files:
        _check_it_can_be_written(path)
    with counting("requests") as progress:
        report = verify(url, options, progress)
    terminal.show(report, Console())
    for path, write in files.items():
        write(report, path)
    return exit_status(report)


class Result(Protocol):
    """What a run came to."""

    @property
    def conforms(self) -> bool: ...

    @property
    def incomplete(self) -> bool: ...


def exit_status(result: Result) -> int:
    """Return 0 where all is well, 1 where it is not, and 2 for a run that did not get to its end."""
    if result.incomplete:
        return 2
    return 0 if result.conforms else 1


def supply_of(given: Path | None, setup: str | None, folders: Sequence[Path]) -> Supply:
    """Return where real ids come from; raise MockServerError when two places are named."""
    if given and setup:
        raise MockServerError("--given and --setup: real ids come from one of them")
    if given:
        return from_file(given, lambda: list(scenarios_of([shipped_scenarios(), *folders])))
    return from_command(setup) if setup else Supply()


def access_of(arguments: Mapping[str, Any]) -> Access:
    """Return how the server is to be reached; raise MockServerError for what is no header."""
    return Access(
        parse_headers(arguments["headers"]), arguments["user"], arguments["ca"], insecure=arguments["insecure"]
    )


def parse_headers(lines: Sequence[str]) -> Mapping[str, str]:
    """Return headers by name; raise MockServerError for what is none."""
    headers = {}
    for one in lines:
        name, colon, value = one.partition(":")
        if not colon or not _NAME.fullmatch(name.strip()) or not _VALUE.fullmatch(value.strip()):
            raise MockServerError("--header: not of the form 'Name: value'")  # without it: it may be a secret
        headers[name.strip()] = value.strip()
    return headers


@contextmanager
def counting(what: str) -> Iterator[Callable[[int], None]]:
    """Show how far a run is while it runs, where somebody looks."""
    columns = (SpinnerColumn(), TextColumn("{task.completed:.0f} {task.description}"), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=None)
        yield lambda count: progress.update(task, completed=count)


def _check_it_can_be_written(path: Path) -> None:
    """Raise MockServerError before a long run rather than after it."""
    try:
        path.open("a").close()
    except OSError as error:
        raise MockServerError(f"{path}: cannot be written: {error.strerror}") from None
