"""What commands write to, whatever that is, and how they say what is wrong."""

import codecs
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

ASCII = {"✓": "x", "·": ".", "…": "..."}


def keep_standard_streams() -> None:
    """Open what was closed of the first three descriptors, or the first connection becomes standard output."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:  # noqa: PLR2004
        pass
    os.close(descriptor)


def write_to_anything() -> None:
    """Let every command write to what cannot hold all characters, with marks of ASCII for others."""

    def spelled(error: UnicodeError) -> tuple[str, int]:
        assert isinstance(error, UnicodeEncodeError)  # noqa: S101  (nothing is read)
        text = error.object[error.start : error.end]
        return "".join(ASCII.get(one, "?") for one in text), error.end

    codecs.register_error("mockserver", spelled)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):  # it is None where whoever started us closed it
            stream.reconfigure(errors="mockserver")


def name_passed_over(places: Sequence[Path]) -> None:
    """Say what lies beside scenarios and is not read: what somebody wrote never goes without a word."""
    from ..scenarios import passed_over  # noqa: PLC0415

    for sentence in passed_over(places):
        fail(sentence)


def fail(message: str) -> int:
    """Say what is wrong on standard error; return the exit status of what could not run."""
    click.echo("\n".join(f"mockserver: {line}" for line in message.splitlines()), err=True)
    return 2
