"""The scenarios that come with the package, and those of other folders read without a server."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from ..contract import Contract
from ..samples.sampler import Sampler
from .compiler import Compiler
from .loader import load_scenarios
from .model import Scenario


def scenarios_of(places: Sequence[Path]) -> Mapping[str, Scenario]:
    """Return the scenarios of some folders and files, the shipped ones where none is named; raise MockServerError."""
    contract = Contract()
    return load_scenarios(Compiler(contract, Sampler(contract)), places or [shipped_scenarios()])


def shipped_scenarios() -> Path:
    """Return the folder of the scenarios that come with the package: inside the wheel, or at the top of a checkout."""
    package = Path(__file__).parents[1]
    inside = package / "shipped"
    return inside if inside.is_dir() else package.parent / "scenarios"
