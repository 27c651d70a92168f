"""Recorded journeys through a real Medusa's Store API, replayed: a sandbox each, on the data that they were recorded with."""

import re
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from asking import Ask, ask_of
from conformance.journey import Document, Player, read
from conformance.tally import JourneyNote

from mockserver import Settings, create_app

HERE = Path(__file__).parent
LEDGER = yaml.safe_load((files("mockserver.contract") / "deviations.yaml").read_text("utf-8"))
SCENARIO = "lab"


@cache
def _ask() -> Ask:
    """Return what asks a mock with the data and the test providers of the server that was recorded; all journeys share it."""
    settings = Settings(
        data=HERE / "journeys" / "seed.json", scenarios=(HERE / "scenarios",), cors=("http://localhost:8000",)
    )
    return ask_of(create_app(settings))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a test of each journey, those of `--journeys FILE` where it is given."""
    chosen = metafunc.config.getoption("--journeys")
    paths = [Path(chosen)] if chosen else sorted((HERE / "journeys").glob("*.jsonl.gz"))
    journeys = [journey for path in paths for journey in read(path)]
    metafunc.parametrize("journey", journeys, ids=[journey["name"] for journey in journeys])


def test_journey(journey: Document, journeys: JourneyNote) -> None:
    """The mock answers each request of a journey as the real server did; or the ledger says why not, or no behaviour does yet."""
    player = Player(_ask(), re.sub(r"[^\w-]", "-", journey["name"]), SCENARIO)
    played = list(player.play(journey))
    journeys(journey["name"], [bool(found) for asked, found in played if asked != "given" or found])
    explained = {name for entry in LEDGER for name in entry.get("journeys", ())}
    wrong = [f"{asked}: {'; '.join(found)}" for asked, found in played if found]
    assert player.has_sampled or (journey["name"] in explained) == bool(wrong), "\n".join(wrong)
