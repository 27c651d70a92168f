"""Recorded lists and retrieves of a real Medusa 1.20.11, replayed: a file for each resource, its data the built-in shop's."""

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from asking import Ask, ask_of, in_scenario
from conformance.comparison import compare
from conformance.recordings import Vector, read
from conftest import CLOCK

from mockserver import Settings, create_app

REGIONS = read(Path(__file__).parents[1] / "vectors" / "regions.jsonl")
PROVIDERS = {"lab-pay": {}, "lab-legacy": {}}  # of the server that was recorded
UNORDERED = ("countries", "fulfillment_providers", "payment_providers")
LEDGER = yaml.safe_load((files("mockserver.contract") / "deviations.yaml").read_text("utf-8"))


@cache
def shop() -> Ask:
    """Return what asks a mock with the recorded server's providers."""
    return in_scenario(ask_of(create_app(Settings(clock=CLOCK))), {"providers": PROVIDERS})


def ask(path: str) -> tuple[int, Any]:
    """Return what the mock answers."""
    answer = shop()("GET", path)
    return answer.status, answer.document


@cache
def ids() -> dict[str, str]:
    """Return which region of the mock each recorded one is, by their names."""
    ours = {region["name"]: region["id"] for region in ask("/store/regions")[1]["regions"]}
    return {region["id"]: ours[region["name"]] for region in REGIONS[0]["response"]["body"]["regions"]}


def here(vector: Vector) -> Vector:
    """Return a recording with the ids of the mock's regions."""
    text = json.dumps(vector)
    for theirs, ours in ids().items():
        text = text.replace(theirs, ours)
    return json.loads(text)  # type: ignore[no-any-return]


def settled(document: Any) -> Any:
    """Return a document whose countries and providers stand in the order of their ids: the database promises none."""
    if isinstance(document, dict):
        return {
            key: sorted(value, key=lambda one: str(one.get("id"))) if key in UNORDERED else settled(value)
            for key, value in document.items()
        }
    return [settled(item) for item in document] if isinstance(document, list) else document


def differences(vector: Vector) -> list[str]:
    """Return where the mock differs from a recording: status, keys in their order, values, ids of regions one to one."""
    recorded = here(vector)
    status, document = ask(recorded["request"]["path"])
    expected = recorded["response"]
    if expected["status"] != status:
        return [f"status: real {expected['status']}, mock {status} {document}"]
    return list(compare("body", settled(expected["body"]), settled(document)))


@pytest.mark.parametrize("vector", REGIONS, ids=[vector["name"] for vector in REGIONS])
def test_recording(vector: Vector) -> None:
    """The mock reads a query and answers as the real server did; or the ledger says why not."""
    is_explained = any(vector["name"] in entry.get("recordings", ()) for entry in LEDGER)

    assert is_explained == bool(found := differences(vector)), found


def test_a_wrong_answer_differs() -> None:
    """A recording with another status, message, key order or region than the mock's is found."""
    by_name = {vector["name"]: vector for vector in REGIONS}
    refused, found = by_name["regions-retrieve-unknown"], by_name["regions-retrieve"]
    region = found["response"]["body"]["region"]
    wrong = [
        refused | {"response": refused["response"] | {"status": 400}},
        refused | {"response": refused["response"] | {"body": {"type": "not_found", "message": "Nothing"}}},
        found | {"response": found["response"] | {"body": {"region": dict(reversed(region.items()))}}},
        found | {"response": found["response"] | {"body": {"region": region | {"name": "EU"}}}},
    ]

    assert all(map(differences, wrong))
    assert [] == differences(found)
