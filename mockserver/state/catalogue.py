"""What every sandbox begins with: the rows of the built-in shop, or of a file in the format of Medusa's own `medusa seed`."""

import logging
from collections.abc import Mapping
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from ..contract import Contract
from ..errors import MockServerError
from ..samples.sampler import Sampler
from .check import check
from .given import Writer
from .relations import Relations
from .rows import Catalogue
from .shop.file import Data, read
from .shop.stock import STOCKED, Stock
from .tables import Tables

LOG = logging.getLogger("mockserver")


class Shop:
    """Makes a catalogue of a file of data, the built-in shop's where none is named; `server` is where its pictures are."""

    def __init__(  # noqa: PLR0913  (what a catalogue is made of)
        self, contract: Contract, relations: Relations, sampler: Sampler, *, seed: str, path: Path | None, server: str
    ) -> None:
        self.path = path
        self._contract = contract
        self._relations = relations
        self._sampler = sampler
        self._seed = seed
        self._server = server

    def stamp(self) -> tuple[int, int, int] | None:
        """Return what is another after each change of the file; None where there is none, or it is gone."""
        try:
            found = None if self.path is None else self.path.stat()
        except OSError:
            return None
        return found and (found.st_mtime_ns, found.st_size, found.st_ino)

    def load(self, now: int) -> Catalogue:
        """
        Return the rows, made at `now` (milliseconds).

        Raises MockServerError for what is wrong in the file, with each line; what it holds beyond is named in the log.
        """
        if self.path is None:
            with as_file(files(__package__) / "shop" / "shop.yaml") as path:
                data = self._read(path)
        else:
            data = self._read(self.path)
            if data.ignored:
                LOG.warning(
                    "%s: passed over, as the Store API shows nothing of it: %s", self.path, ", ".join(data.ignored)
                )
        rows = Stock(self._contract.document, self._relations, self._seed, now, self._server).fill(data.seed)
        if not data.given:
            return Catalogue(rows)
        tables = Tables(self._relations, Catalogue(rows))
        try:
            Writer(tables, self._sampler, self._seed, min(now, STOCKED)).give(data.given)
        except MockServerError as error:
            raise MockServerError(f"{self.path}: {error}") from None
        return tables.frozen()

    def _read(self, path: Path) -> Data:
        def mistakes(given: Mapping[str, Any]) -> Any:
            return check(self._contract, self._relations, given)

        return read(path, self._relations, mistakes)
