"""The command `mockserver`: serve, check, list, openapi, schema, verify, drift, wait."""

import gc
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from pydantic import ValidationError

from ..errors import MockServerError
from ..settings import Settings
from .log import to_standard_error
from .options import FOLDER, Port, real_server, setting
from .output import fail, keep_standard_streams, name_passed_over, writing_to_anything

if TYPE_CHECKING:
    from ..edge.mock import Mock


class _Commands(click.Group):
    """A group that serves when no command is named: `mockserver --port 9100` is `mockserver serve --port 9100`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in ("--help", "-h", "--version")):
            args = ["serve", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="medusa-mockserver", prog_name="mockserver")
def cli() -> None:
    """Mock and contract-test Medusa v1's Store API. Without a command: serve."""


@cli.command()
@setting("host")
@setting("port", cls=Port, type=click.IntRange(0, 65535))
@setting("scenario", metavar="NAME")
@setting("scenarios", metavar="DIR", type=FOLDER, multiple=True)
@setting("data", metavar="FILE", type=FOLDER)
@setting("seed")
@setting("clock", metavar="TIME")
@setting("sandboxes", metavar="N")
@setting("state", metavar="MB")
@setting("journal", metavar="N")
@setting("control_token", metavar="SECRET")
@setting("compress", is_flag=True)
@setting("cors", metavar="ORIGIN", multiple=True)
@click.option("--parent", type=int, metavar="PID", help="End when this process is gone: for test runners.")
def serve(parent: int | None, **options: Any) -> None:
    """Answer as Medusa would, until stopped with Ctrl-C."""
    from ..edge.mock import Mock  # noqa: PLC0415  (`mockserver --help` need not load a server)
    from ..edge.server import listen, run  # noqa: PLC0415

    to_standard_error()
    settings = Settings(**{name: value for name, value in options.items() if value not in ((), None)})
    name_passed_over(settings.scenarios)
    listeners = listen(settings.host, settings.port)
    address, port = listeners[0].getsockname()[:2]
    with _uncollected():
        mock = Mock(settings.model_copy(update={"port": port}))
    host = "localhost" if settings.host == "localhost" else f"[{address}]" if ":" in address else address
    click.echo(_welcome(f"http://{host}:{port}", settings, mock))
    run(mock.app, listeners, parent)


def _welcome(url: str, settings: Settings, mock: "Mock") -> str:
    here = f"{url}/store/payment-collections/paycol_1/sessions/ps_1/authorize"
    names = list(mock.scenarios)
    console = (
        f"{url}/__mock/" if mock.control.is_open else "off: others can reach this; --control-token SECRET opens it"
    )
    return "\n".join(
        [
            f"mockserver answers as Medusa 1.20.11 on {url}",
            f"  scenarios  {', '.join(names)} (now: {settings.scenario})",
            f"  choose     {url}/@NAME as base URL, X-Mock-Scenario: NAME, Prefer: code=409,",
            "             cookie mock_scenario=NAME, or --scenario NAME",
            f"  console    {console}",
            f"  try        curl -X POST {here}",
        ]
    )


@cli.command()
@click.argument("places", type=FOLDER, nargs=-1, metavar="[PATH]...")
def check(places: tuple[Path, ...]) -> None:
    """Check scenario files, folders of them, or the shipped ones."""
    from ..scenarios import (  # noqa: PLC0415
        Mistakes,
        files_of,
        scenario_name,
        scenarios_of,
        shipped_scenarios,
    )

    shipped = shipped_scenarios()
    name_passed_over(places)
    names = dict.fromkeys(map(scenario_name, files_of(places or [shipped])))
    try:
        with _uncollected():  # beside the shipped ones, as they will be served: two cannot have one name
            every = scenarios_of([shipped, *places])
    except Mistakes as mistakes:
        fail(str(mistakes))
        sys.exit(1)
    if not names:
        raise MockServerError(f"{', '.join(map(str, places))}: holds no scenario files (*.yaml, *.yml, *.json)")
    found = {name: every[name] for name in names}
    stubs = sum(1 for scenario in found.values() for _ in scenario)
    counted = f"{len(found)} scenario{'s' * (len(found) != 1)}, {stubs} stub{'s' * (stubs != 1)}"
    click.echo(f"{counted}: every reply keeps the contract, or says that it does not")


@cli.command("list")
@setting("scenarios", metavar="DIR", type=FOLDER, multiple=True)
def list_(scenarios: tuple[Path, ...]) -> None:
    """List the scenarios that can be chosen, and what each is for."""
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    from ..scenarios import scenarios_of, shipped_scenarios  # noqa: PLC0415

    table = Table("scenario", "what happens", "answers", box=None, pad_edge=False)
    for scenario in scenarios_of([shipped_scenarios(), *scenarios]).values():
        table.add_row(scenario.name, scenario.description, " ".join(map(str, scenario.statuses())))
    Console().print(table)


@cli.command()
@click.option("--format", "format_", type=click.Choice(["json", "yaml"]), default="json", show_default=True)
def openapi(format_: str) -> None:
    """Print the contract, an OpenAPI 3.1 document."""
    from ..contract import packaged  # noqa: PLC0415

    document = packaged().document
    if format_ == "json":
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))
        return
    import yaml  # noqa: PLC0415

    click.echo(yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120), nl=False)


@cli.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors that complete and check YAML."""
    from ..contract import packaged  # noqa: PLC0415
    from ..scenarios import json_schema  # noqa: PLC0415

    click.echo(json.dumps(json_schema(packaged()), indent=2))


@cli.command()
@click.argument("url", required=False, metavar="[URL]")
@click.option("--given", metavar="FILE", type=FOLDER, help="Real ids: YAML or JSON, a list of {id, session_id}.")
@real_server
@click.option("--case", "cases", metavar="SCENARIO", multiple=True, help="Play these scenarios only, not all.")
@click.option(
    "--operation", "operations", metavar="NAME", multiple=True, help="Only these: carts.create, carts.*; repeatable."
)
@click.option("--max-examples", type=click.IntRange(1), default=25, show_default=True, help="Per operation and phase.")
@click.option("--require", metavar="STATUSES", help="Documented statuses that must be seen: 200,404 or all.")
@click.option("--strict", is_flag=True, help="Excuse no deviation that is known.")
@click.option("--junit", metavar="FILE", type=FOLDER, help="Write a report for CI servers.")
@click.option("--html", metavar="FILE", type=FOLDER, help="Write a report as one page.")
def verify(url: str | None, **options: Any) -> None:
    """Check a server, or the mock itself, against contract and scenarios."""
    with _extra("verify"):
        from ..verify.command import run  # noqa: PLC0415  (Schemathesis: an extra, and slow to load)

    sys.exit(run(url, **options))


@cli.command()
@click.argument("url")
@click.option("--given", metavar="FILE", type=FOLDER, help="Collections to play with: YAML or JSON, a list of {id}.")
@real_server
@setting("data", metavar="FILE", type=FOLDER)
@setting("scenario", metavar="NAME")
@click.option(
    "--play",
    "kinds",
    type=click.Choice(["collections", "catalogue", "checkout", "store"]),
    multiple=True,
    help="Kinds of sequences, in turn; what only reads, and what is set up, if not said. checkout and store want --data and order goods.",
)
@click.option("--exchanges", type=click.IntRange(1), default=1000, show_default=True, help="How many to compare.")
@click.option(
    "--longest", type=click.IntRange(1), default=8, show_default=True, help="Requests in a sequence, at most."
)
@click.option("--strict", is_flag=True, help="Excuse no deviation that is known.")
@click.option("--save", metavar="DIR", type=FOLDER, help="Write what differs as recordings and scenarios.")
def drift(url: str, **options: Any) -> None:
    """Play random sequences to a server and to the mock; compare."""
    with _extra("verify"):
        from ..drift.command import run  # noqa: PLC0415

    sys.exit(run(url, **options))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no garbage while scenarios are loaded: all of it stays."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def _extra(name: str) -> Iterator[None]:
    """Say what to install when something is not there; raises MockServerError."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise MockServerError(f"{error.name} is not there; pip install 'medusa-mockserver[{name}]'") from None


@cli.command()
@click.argument("url", default="http://localhost:9000", metavar="[URL]")
@click.option("--timeout", default="30s", show_default=True, metavar="TIME", help="How long to wait: 500ms, 30s, 2m.")
def wait(url: str, timeout: str) -> None:
    """Wait until a server answers at a URL; exit status 2 when it does not."""
    from ..clock import seconds_of  # noqa: PLC0415
    from ..realserver.waiting import wait_for  # noqa: PLC0415

    wait_for(url, seconds_of(timeout))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; what is wrong with a setting or a file is one clear line and exit status 2, no traceback."""
    keep_standard_streams()
    with writing_to_anything():
        try:
            cli.main(arguments, prog_name="mockserver")
        except MockServerError as error:
            sys.exit(fail(str(error)))
        except ValidationError as error:
            sys.exit(fail("; ".join(f"{problem['loc'][0]}: {problem['msg']}" for problem in error.errors())))
