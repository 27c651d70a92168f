"""
Sends a running mock many requests, hostile ones among them, and prints what came of them: `python tests/hostile/soak.py`.

Bare 500s and tracebacks must be none, memory stays within its bounds, and the event loop is asked all the time how long it was
held: by a request for /health on a connection of its own, which is never due for longer than others take.
"""

import argparse
import asyncio
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from random import Random

import psutil

sys.path.insert(0, str(Path(__file__).parents[1]))

from hostile import asked, shopping
from hostile.asked import Asked
from hostile.streams import stream

CLIENTS = 8
ALL = (*asked.ALL, *shopping.ALL)
PATIENCE = 20.0  # seconds for one answer
HEALTH = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
HELD = b"held longest, seen"  # what the mock's stacks of its longest hold begin with
GOOD = Asked("POST", "/~good/store/payment-collections/paycol_1/sessions/ps_1/authorize")
Figures = dict[str, float]


def raw(one: Asked) -> bytes:
    """Return a request as it goes over the wire."""
    target = one.path.encode("latin-1") + (b"?" + one.query.encode("latin-1") if one.query else b"")
    lines = [f"{name}: {value}".encode("latin-1", "replace") for name, value in one.headers if name.lower() != "host"]
    head = [one.method.encode() + b" " + target + b" HTTP/1.1", b"Host: localhost", *lines]
    return b"\r\n".join([*head, b"Content-Length: %d" % len(one.body), b"", b""]) + one.body


class Soak:
    """A mock under way, and what came of it so far."""

    def __init__(self, port: int, process: psutil.Process, total: int, seed: str) -> None:
        self._port = port
        self._process = process
        self._left = total
        self._seed = seed
        self.statuses: Counter[int] = Counter()
        self.bare: list[bytes] = []
        self.peak = 0.0
        self.waits: list[float] = []

    async def run(self) -> None:
        """Ask from several clients at once, until all was asked."""
        watching = asyncio.create_task(self._watch())
        await asyncio.gather(*[self._client(Random(f"{self._seed} {number}")) for number in range(CLIENTS)])
        watching.cancel()

    async def _client(self, draw: Random) -> None:
        while self._left > 0:
            self._left -= 1
            kind = draw.random()
            if kind < 0.5:
                await self._ask(draw, [raw(GOOD)])
            elif kind < 0.95:
                await self._ask(draw, [raw(draw.choice(ALL)(draw))])
            else:
                await self._ask(draw, stream(draw))

    async def _ask(self, draw: Random, parts: Sequence[bytes]) -> None:
        """Send something on a connection, and look at the answer; one in ten does not wait for it."""
        with suppress(OSError, TimeoutError, asyncio.IncompleteReadError, ValueError):
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port, limit=2**24)
            try:
                for part in parts:
                    writer.write(part)
                writer.write_eof()
                if draw.random() < 0.9:
                    self._look(await asyncio.wait_for(reader.read(), PATIENCE), parts)
            finally:
                writer.close()

    def _look(self, answer: bytes, parts: Sequence[bytes]) -> None:
        head, _, body = answer.partition(b"\r\n\r\n")
        if head.startswith(b"HTTP/1.1 "):
            status = int(head[9:12])
            self.statuses[status] += 1
            if status == 500 and (
                body.startswith((b"Internal", b"HTTP/1.1")) or not (body or parts[0].startswith(b"HEAD"))
            ):
                self.bare.append(b"".join(parts)[:1000])

    async def _watch(self) -> None:
        """Ask for /health again and again, and note how long each took, and how much memory the mock has."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        while True:
            began = time.perf_counter()
            writer.write(HEALTH)
            await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(2)
            self.waits.append(time.perf_counter() - began)
            self.peak = max(self.peak, self._process.memory_info().rss / 1e6)
            await asyncio.sleep(0.02)


async def soak(total: int, seed: str) -> Figures:
    """Start a mock, ask it so often, and return the figures."""
    with tempfile.TemporaryFile() as errors:
        command = [sys.executable, "-u", str(Path(__file__).with_name("probed.py"))]
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, stderr=errors)
        assert process.stdout is not None
        port = int((await process.stdout.readline()).split()[-1])
        soaking, began = Soak(port, psutil.Process(process.pid), total, seed), time.monotonic()
        await soaking.run()
        took = time.monotonic() - began
        process.send_signal(signal.SIGINT)
        said, _ = await process.communicate()
        errors.seek(0)
        log = errors.read()
    held = dict(zip(("held", "collected"), map(float, said.split()[-2:]), strict=True))
    for one in soaking.bare[:5]:
        print("a bare 500:", one, file=sys.stderr)
    if HELD in log:
        print(log[log.index(HELD) :].decode(errors="replace"), file=sys.stderr)
    if b"Traceback" in log:
        print(log[max(log.index(b"Traceback") - 500, 0) :].decode(errors="replace")[:5000], file=sys.stderr)
    waits = sorted(soaking.waits)
    return {
        "requests": total,
        "answers": sum(soaking.statuses.values()),
        "seconds": round(took, 1),
        "bare 500s": len(soaking.bare),
        "tracebacks": log.count(b"Traceback"),
        "memory peak, MB": round(soaking.peak, 1),
        "longest hold of the loop, ms of its own time": round(held["held"] * 1000, 1),
        "longest collection of garbage, ms": round(held["collected"] * 1000, 1),
        "a request beside all this, ms at the median": round(waits[len(waits) // 2] * 1000, 1),
    }


def main() -> None:
    """Print the figures; exit with 1 where something is there that must not be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--seed", default="15")
    options = parser.parse_args()
    figures = asyncio.run(soak(options.requests, options.seed))
    for name, value in figures.items():
        print(f"{name}: {value:,}")
    sys.exit(bool(figures["bare 500s"] or figures["tracebacks"]))


if __name__ == "__main__":
    main()
