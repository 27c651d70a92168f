"""The scenarios that come with the package, those of other folders read without a server, and what reads them."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ..contract import Contract, packaged
from ..samples.sampler import Sampler
from ..state.relations import Relations
from .catalogue import Catalogue, Files
from .compiler import Compiler
from .loader import load_scenarios
from .model import Scenario


class Prepared(NamedTuple):
    """What follows from the package alone: nothing changes it, so all mocks of a process share it."""

    contract: Contract
    sampler: Sampler
    relations: Relations
    compiler: Compiler
    shipped: Files


@cache
def prepared() -> Prepared:
    """Return what follows from the package alone, with its scenarios as they are read first."""
    contract = packaged()
    compiler = Compiler(contract, sampler := Sampler(contract))
    shipped = Catalogue(compiler, [shipped_scenarios()]).files
    return Prepared(contract, sampler, compiler.relations, compiler, shipped)


def scenarios_of(places: Sequence[Path]) -> Mapping[str, Scenario]:
    """Return the scenarios of some folders and files, the shipped ones where none is named; raise MockServerError."""
    return load_scenarios(prepared().compiler, places or [shipped_scenarios()])


def shipped_scenarios() -> Path:
    """Return the folder of the scenarios that come with the package: inside the wheel, or at the top of a checkout."""
    package = Path(__file__).parents[1]
    inside = package / "shipped"
    return inside if inside.is_dir() else package.parent / "scenarios"
