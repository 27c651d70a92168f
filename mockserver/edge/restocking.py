"""Reads the file of data again when it is saved, while the server runs; what sandboxes changed stays above it."""

import asyncio
import logging

from ..errors import MockServerError
from ..state.catalogue import Shop
from ..state.sandboxes import Sandboxes

LOG = logging.getLogger("mockserver")
PAUSE = 0.3  # seconds between two looks, as for scenarios


async def restock(shop: Shop, sandboxes: Sandboxes) -> None:
    """Look for changes until cancelled; a broken file leaves the last good one in force, and the log says so once."""
    stamp = shop.stamp()
    while shop.path is not None:
        await asyncio.sleep(PAUSE)
        found = shop.stamp()
        if found == stamp:
            continue
        await asyncio.sleep(PAUSE)  # for whoever writes it to end doing so
        if shop.stamp() != found:
            continue
        stamp = found
        try:
            catalogue = await asyncio.to_thread(shop.load, sandboxes.clock.now())
        except MockServerError as error:
            LOG.warning("%s; the data as it was stays in force", error)
            continue
        sandboxes.restock(catalogue)
        LOG.warning("%s was read again", shop.path)
