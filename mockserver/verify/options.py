"""What a verification is asked to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..realserver.supply import Supply


@dataclass(frozen=True, slots=True)
class Options:
    """
    Where real ids come from, what is sent along, how much is asked, and what is excused.

    `scenarios` are folders beside the shipped ones, `cases` the names of those that are played (all, where none is named).
    `require` holds statuses that must be seen, or `all` of the documented ones; `strict` excuses no known deviation.
    """

    headers: Mapping[str, str] = field(default_factory=dict)
    supply: Supply = field(default_factory=Supply)
    scenarios: Sequence[Path] = ()
    cases: Sequence[str] = ()
    seed: int = 0
    max_examples: int = 50
    require: Sequence[str] = ()
    strict: bool = False
