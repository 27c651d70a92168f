"""Loads what no start waits for: while the server is idle, so that no request has to load it while others wait."""

import asyncio
from importlib import import_module

LATE = ("mockserver.control.table", "jwt")  # for the first control call, and the first log-in


async def load_ahead() -> None:
    """Load it, beside the event loop."""
    await asyncio.to_thread(_load)


def _load() -> None:
    for name in LATE:
        import_module(name)
    import_module("faker").Faker()  # for the first sample, with its words
