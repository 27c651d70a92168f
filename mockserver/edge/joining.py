"""Sends together what is answered together: each write wakes a client, which takes longer than most answers."""

import asyncio


class Joining:
    """A transport that sends together what is written to it in one turn of the event loop, at its end."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._waiting: list[bytes] = []
        self._soon = asyncio.get_running_loop().call_soon
        self.is_closing, self.get_extra_info = transport.is_closing, transport.get_extra_info
        self.pause_reading, self.resume_reading = transport.pause_reading, transport.resume_reading
        self.get_write_buffer_size = transport.get_write_buffer_size

    def write(self, data: bytes) -> None:
        if not self._waiting:
            self._soon(self.flush)
        self._waiting.append(data)

    def flush(self) -> None:
        """Send what waits now; to who left in the same turn, nothing."""
        waiting, self._waiting = b"".join(self._waiting), []
        if waiting and not self._transport.is_closing():
            self._transport.write(waiting)

    def close(self) -> None:
        self.flush()
        self._transport.close()

    def abort(self) -> None:
        self.flush()
        self._transport.abort()
