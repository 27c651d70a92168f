"""
Sends requests over keep-alive connections as fast as a server answers them, from a process of its own.

    python load.py '{"port": 9000, "path": "/store/...", "seconds": 3}'

prints `{"answers": ..., "seconds": ...}`. An answer that is not the expected one ends it with an error, so that a broken
server is never taken for a fast one.
"""

import asyncio
import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

CONNECTIONS = 16


@dataclass(frozen=True, slots=True)
class Load:
    """What is sent: for some seconds, or so many requests; `{n}` in the path counts them, `{s}` counts to `sandboxes`."""

    port: int
    path: str
    seconds: float = 3600.0
    requests: int = 10**12
    sandboxes: int = 1
    method: str = "POST"
    headers: str = ""
    expected: int = 200

    def run(self) -> float:
        """Send it from another process; return the answers per second."""
        done = subprocess.run(
            [sys.executable, str(Path(__file__)), json.dumps(asdict(self))], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{self}: {done.stderr}")
        said = json.loads(done.stdout)
        return float(said["answers"] / said["seconds"])


class Sender:
    """What all connections share: how much was sent and answered, and when it ends."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._sent = 0
        self.answers = 0
        self.open = 0
        self.over = asyncio.Event()
        self._end = time.perf_counter() + load.seconds
        self._is_fixed = "{" not in load.path
        self._fixed = self._bytes(0)

    def next(self) -> bytes | None:
        """Return the next request, or None when it is over."""
        if self._sent >= self._load.requests or time.perf_counter() >= self._end:
            return None
        self._sent += 1
        return self._fixed if self._is_fixed else self._bytes(self._sent)

    def _bytes(self, number: int) -> bytes:
        path = self._load.path.replace("{n}", str(number)).replace("{s}", str(number % self._load.sandboxes))
        head = f"{self._load.method} {path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n"
        return f"{head}Content-Length: 0\r\n{self._load.headers}\r\n".encode()


class Connection(asyncio.Protocol):
    """One connection: a request, its answer, the next request."""

    def __init__(self, sender: Sender, expected: int) -> None:
        self._sender = sender
        self._expected = str(expected).encode()
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._sender.open += 1
        self._send()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if not found or not _is_whole(head.lower(), body):
            return
        if head[9:12] != self._expected:
            sys.exit(f"not the expected answer: {self._buffer[:500]!r}")
        self._buffer = b""
        self._sender.answers += 1
        self._send()

    def connection_lost(self, _error: Exception | None) -> None:
        self._sender.open -= 1
        if not self._sender.open:
            self._sender.over.set()

    def _send(self) -> None:
        request = self._sender.next()
        if request is None:
            self._transport.close()
        else:
            self._transport.write(request)


def _is_whole(head: bytes, body: bytes) -> bool:
    """Tell whether the body has all its bytes."""
    length = head.partition(b"content-length:")[2]
    if length:
        return len(body) >= int(length.partition(b"\r\n")[0])
    return body.endswith(b"0\r\n\r\n")


async def _run(load: Load) -> dict[str, float]:
    sender = Sender(load)
    loop = asyncio.get_running_loop()
    begin = time.perf_counter()
    for _ in range(CONNECTIONS):
        await loop.create_connection(lambda: Connection(sender, load.expected), "127.0.0.1", load.port)
    await sender.over.wait()
    return {"answers": sender.answers, "seconds": time.perf_counter() - begin}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_run(Load(**json.loads(sys.argv[1]))))))
