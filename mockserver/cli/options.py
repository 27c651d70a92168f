"""Options that several commands have."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from ..settings import Settings
from .output import fail

FOLDER = click.Path(path_type=Path)


class Port(click.Option):
    """The port, for which Kubernetes' address of a service that is called `mockserver` is not taken."""

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        value = super().resolve_envvar_value(ctx)
        if value is not None and "://" in value:
            fail(f"MOCKSERVER_PORT={value} is an address that Kubernetes sets, no port; passed over")
            return None
        return value


def setting(name: str, **attributes: Any) -> Callable[..., Any]:
    """Return the option of a setting, which the environment variable MOCKSERVER_NAME sets too."""
    field = Settings.model_fields[name]
    return click.option(
        f"--{name.replace('_', '-')}",
        envvar=f"MOCKSERVER_{name.upper()}",
        show_envvar=True,
        help=field.description,
        **({"default": field.default, "show_default": True} if not attributes.get("multiple") else {}),
        **attributes,
    )


def real_server(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what `verify` and `drift` share: how a server is reached, and what is asked of it."""
    for option in (
        click.option("--header", "headers", metavar="'NAME: VALUE'", multiple=True, help="Sent along; never reported."),
        click.option(
            "--user", metavar="NAME:PASSWORD", help="Log in (Basic); never reported. The URL may say it, too."
        ),
        click.option("--ca", metavar="FILE", type=FOLDER, help="Believe these certificates (PEM) and no others."),
        click.option("--insecure", is_flag=True, help="Believe every certificate."),
        click.option(
            "--setup", metavar="COMMAND", help="Prints real ids as JSON; a line for sh, run whenever more are needed."
        ),
        click.option("--seed", type=int, default=0, show_default=True, help="The same seed asks the same questions."),
        setting("scenarios", metavar="DIR", type=FOLDER, multiple=True),
    ):
        command = option(command)
    return command
