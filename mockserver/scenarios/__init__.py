"""Situations, written as YAML: what they may say, how they are loaded, what they are once loaded."""

from .compiler import Compiler
from .format import ScenarioFormat, json_schema
from .index import Stub
from .loader import load_file, load_scenarios
from .model import Scenario
from .reply import Reply, merge

__all__ = [
    "Compiler",
    "Reply",
    "Scenario",
    "ScenarioFormat",
    "Stub",
    "json_schema",
    "load_file",
    "load_scenarios",
    "merge",
]
