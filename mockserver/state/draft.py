"""What is to become of a sandbox' tables, written beside them, where it takes longer than others should wait."""

from typing import Any

from .rows import ABSENT, NONE
from .tables import Changes, Tables


class Draft:
    """
    Tables of their own, which begin as those of a sandbox and may be written to in another thread.

    They take the place of the sandbox' tables where nobody wrote to those meanwhile; else what became another row is
    brought in.
    """

    def __init__(self, tables: Tables) -> None:
        self._origin, self._writes = tables, tables.writes
        self._before, places = tables.copy()
        self.tables = Tables(tables.relations, tables.catalogue)
        self.tables.put_back((self._before, places))

    def bring_in(self) -> bool:
        """
        Store in the sandbox what was written, and return True; nothing and False where others wrote the same rows meanwhile.

        Raises StateFull, and then stores nothing, where there is no room.
        """
        if self._origin.writes == self._writes:
            self._origin.become(self.tables)
            return True
        changed: Changes = {}
        for table, rows in self.tables.copy()[0].items():
            before = self._before.get(table, NONE)
            for key in {**rows, **before}:  # of those before, some may be gone
                stored: Any = rows.get(key, ABSENT)
                if before.get(key, ABSENT) is not stored:
                    if self._origin.own(table, key) is not before.get(key, ABSENT):
                        return False
                    changed.setdefault(table, {})[key] = stored
        self._origin.take(changed)
        return True
