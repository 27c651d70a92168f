"""A mock and a small server of Node's own, side by side, and a client that sends bytes as they are."""

import asyncio
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from processes import Server, running

QUIET = 1.0  # seconds without a byte after which nothing more is expected
PROBE = b"GET /health HTTP/1.1\r\nHost: probe\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a connection: the statuses that were answered, and whether it then took another request."""

    statuses: tuple[int, ...]
    is_kept: bool


@pytest.fixture(scope="session")
def mock() -> Iterator[Server]:
    """Return a running mock."""
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def node() -> Iterator[int]:
    """Return the port of Node's server."""
    command = shutil.which("node")
    if not command:
        pytest.skip("there is no node to compare with")
    process = subprocess.Popen([command, str(Path(__file__).parent / "node.mjs")], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


async def fate(port: int, *parts: bytes) -> Fate:
    """Send the parts of one or more requests, one after the other; return what became of the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts[:-1]:
            writer.write(part)
            await asyncio.sleep(0.1)
        answers, is_open = await _answers(reader, writer, parts[-1])
        probed, _ = await _answers(reader, writer, PROBE) if is_open else (b"", False)
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
    return Fate(statuses(answers), 200 in statuses(probed))


async def _answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sent: bytes) -> tuple[bytes, bool]:
    """Send something; return all that comes until it is quiet, and whether the connection is still open."""
    found = b""
    with suppress(ConnectionError):
        writer.write(sent)
        while True:
            try:
                part = await asyncio.wait_for(reader.read(65_536), QUIET)
            except TimeoutError:
                return found, True
            if not part:
                break
            found += part
    return found, False


def statuses(answers: bytes) -> tuple[int, ...]:
    """Return the statuses of answers, in order."""
    return tuple(map(int, re.findall(rb"HTTP/1\.1 (\d{3}) ", answers)))
