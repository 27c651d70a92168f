"""What a verification is asked to do."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..realserver.supply import Supply
from ..realserver.target import Access


@dataclass(frozen=True, slots=True)
class Options:
    """
    How the server is reached, where real ids come from, how much is asked, and what is excused.

    `scenarios` are folders beside the shipped ones, `cases` the names of those that are played (all, where none is named).
    `operations` are named as a stub names them, `carts.*` too; all, where none is named.
    `require` holds statuses that must be seen, or `all` of the documented ones; `strict` excuses no known deviation.
    """

    access: Access = field(default_factory=Access)
    supply: Supply = field(default_factory=Supply)
    scenarios: Sequence[Path] = ()
    cases: Sequence[str] = ()
    operations: Sequence[str] = ()
    seed: int = 0
    max_examples: int = 25
    require: Sequence[str] = ()
    strict: bool = False
