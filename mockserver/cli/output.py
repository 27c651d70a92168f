"""What commands write to, whatever that is, and how they say what is wrong."""

import codecs
import errno
import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

ASCII = {"✓": "x", "·": ".", "…": "..."}
STOPPED_READING = (errno.EPIPE, errno.EINVAL)  # the latter on Windows


def keep_standard_streams() -> None:
    """Open what was closed of the first three descriptors, or the first connection becomes standard output."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:  # noqa: PLR2004
        pass
    os.close(descriptor)


class _Taking(io.BufferedIOBase):
    """Takes all that is written to a stream; what follows the first that the stream cannot have goes nowhere, `lost` says why."""

    def __init__(self, stream: io.TextIOWrapper) -> None:
        self._stream = stream.buffer
        self.lost: OSError | None = None

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return self._stream.isatty()

    def fileno(self) -> int:
        return self._stream.fileno()

    def write(self, data: Any) -> int:
        try:
            self._stream.write(data)
            self._stream.flush()
        except OSError as error:
            self.lost = error
            with open(os.devnull, "wb") as nowhere:  # noqa: PTH123  (it is no path of anybody's)
                os.dup2(nowhere.fileno(), self._stream.fileno())
        return len(data)


@contextmanager
def writing_to_anything() -> Iterator[None]:
    """
    Let a command write to what cannot hold all characters, with marks of ASCII for others, and to what takes nothing more.

    It goes on to its end then, with its own exit status where somebody stopped reading (`| head`); a full disk is told.
    """

    def spelled(error: UnicodeError) -> tuple[str, int]:
        assert isinstance(error, UnicodeEncodeError)  # noqa: S101  (nothing is read)
        text = error.object[error.start : error.end]
        return "".join(ASCII.get(one, "?") for one in text), error.end

    codecs.register_error("mockserver", spelled)
    taking = []
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):  # it is None where whoever started us closed it
            taking.append(_Taking(stream))
            buffer: Any = taking[-1]
            setattr(sys, name, io.TextIOWrapper(buffer, stream.encoding, "mockserver", write_through=True))
    try:
        yield
    finally:
        lost = next((one.lost for one in taking if one.lost), None)
        if lost is not None and lost.errno not in STOPPED_READING:
            sys.exit(fail(f"what was to be said could not be written: {lost.strerror}"))


def name_passed_over(places: Sequence[Path]) -> None:
    """Say what lies beside scenarios and is not read: what somebody wrote never goes without a word."""
    from ..scenarios import passed_over  # noqa: PLC0415

    for sentence in passed_over(places):
        fail(sentence)


def fail(message: str) -> int:
    """Say what is wrong on standard error; return the exit status of what could not run."""
    click.echo("\n".join(f"mockserver: {line}" for line in message.splitlines()), err=True)
    return 2
