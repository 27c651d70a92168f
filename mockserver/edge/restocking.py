"""Reads the file of data again when it is saved, while the server runs; what sandboxes changed stays above it."""

import asyncio
import logging

from ..errors import MockServerError
from ..state.catalogue import Shop
from ..state.sandboxes import Sandboxes

LOG = logging.getLogger("mockserver")
PAUSE = 0.3  # seconds between two looks; a file that changes meanwhile is still being written


async def restock(shop: Shop, sandboxes: Sandboxes) -> None:
    """Look for changes until cancelled; a broken file leaves the last good one in force, and the log says so once."""
    read = shop.stamp()
    while shop.path is not None:
        before = shop.stamp()
        await asyncio.sleep(PAUSE)
        found = shop.stamp()
        if found in (None, read) or found != before:
            continue
        read = found
        try:
            sandboxes.restock(await asyncio.to_thread(shop.load, sandboxes.clock.now()))
        except MockServerError as error:
            LOG.warning("%s; the data as it was stays in force", error)
        except Exception:
            LOG.exception("%s could not be read again; the data as it was stays in force", shop.path)
        else:
            LOG.warning("%s was read again", shop.path)
