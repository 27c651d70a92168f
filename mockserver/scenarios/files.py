"""Which files hold scenarios, what each is called, and which are passed over."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..errors import MockServerError

SUFFIXES = (".yaml", ".yml", ".json")
SCHEMA = ".schema.json"  # `mockserver schema > scenario.schema.json` lies beside the scenarios that name it
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
MOST_NAMES = 20


def files_of(places: Iterable[Path]) -> Iterator[Path]:
    """Yield the scenario files of some folders, in order, and single files; raise MockServerError for what cannot be read."""
    for place in places:
        if place.is_file():
            if not is_scenario_file(place.name):
                raise MockServerError(
                    f"{place}: is no scenario file ({', '.join(f'*{suffix}' for suffix in SUFFIXES)})"
                )
            yield place
            continue
        try:
            found = sorted(path for path in place.iterdir() if is_scenario_file(path.name))
        except OSError as error:
            raise MockServerError(f"{place}: cannot be read as a folder of scenarios: {error.strerror}") from None
        yield from found


def is_scenario_file(name: str) -> bool:
    """Tell by its name whether a file holds a scenario; a hidden one, which editors leave behind, does not."""
    lower = name.lower()
    return lower.endswith(SUFFIXES) and not lower.endswith(SCHEMA) and not name.startswith(".")


def scenario_name(path: Path) -> str:
    """Return what the scenario of a file is called: `THREE.YAML` holds `three`."""
    lower = path.stem.lower()
    return lower if NAME.fullmatch(lower) else path.stem


def passed_over(places: Iterable[Path]) -> Iterator[str]:
    """Yield a sentence for each folder that holds what might be taken for scenarios, and is not read."""
    for place in places:
        inner = sorted(path for path in place.iterdir() if not path.name.startswith(".")) if place.is_dir() else []
        folders = [path.name for path in inner if path.is_dir() and not is_scenario_file(path.name)]
        schemas = [path.name for path in inner if path.name.lower().endswith(SCHEMA)]
        if folders:
            yield f"{place}: folders inside it are passed over, name each by itself: {_listed(folders)}"
        if schemas:
            yield f"{place}: is passed over, as a JSON Schema: {_listed(schemas)}"


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more
