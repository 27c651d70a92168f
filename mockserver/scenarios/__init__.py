"""Situations, written as YAML: what they may say, how they are loaded, what they are once loaded."""

from .catalogue import Catalogue
from .compiler import Compiler, Origin
from .files import files_of, passed_over, scenario_name
from .format import ScenarioFormat, json_schema
from .loader import FileProblem, Mistakes, load_scenarios
from .model import Scenario
from .reply import NO_DELAY, Reply, merge
from .shipped import prepared, scenarios_of, shipped_scenarios
from .stubs import Stub

__all__ = [
    "NO_DELAY",
    "Catalogue",
    "Compiler",
    "FileProblem",
    "Mistakes",
    "Origin",
    "Reply",
    "Scenario",
    "ScenarioFormat",
    "Stub",
    "files_of",
    "json_schema",
    "load_scenarios",
    "merge",
    "passed_over",
    "prepared",
    "scenario_name",
    "scenarios_of",
    "shipped_scenarios",
]
