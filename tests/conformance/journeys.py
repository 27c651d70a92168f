"""Journeys: sequences of requests to a real Medusa with its answers, as tests/facts/README.md says; one a line, packed."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("journeys")
METHODS = ("GET", "POST", "DELETE", "HEAD", "OPTIONS", "PUT", "PATCH")
Journey = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request of a journey and the answer to it; `number` is its place among the steps."""

    journey: str
    number: int
    method: str
    path: str
    status: int
    media_type: str | None
    body: Any


def journeys(*files: Path) -> Iterator[Journey]:
    """Yield the journeys of files, of all that are kept here where none is named; packed or not."""
    for file in files or sorted(FOLDER.glob("*.jsonl.gz")):
        text = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        yield from (json.loads(line) for line in text.splitlines() if line)


def exchanges(journey: Journey) -> Iterator[Exchange]:
    """Yield the requests of a journey with what was answered; what an admin made in between is none."""
    for number, step in enumerate(journey["steps"]):
        method = next((method for method in METHODS if method in step), None)
        if method is not None:
            answer = step["answer"]
            path = step[method].partition("?")[0]
            media_type = answer["headers"].get("content-type")
            yield Exchange(journey["name"], number, method, path, answer["status"], media_type, answer["body"])
