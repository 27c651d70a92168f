"""The contract as it is kept compiled: never stale, never in the way, and quick however large it grows."""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from contracts import copied

from mockserver.contract import Contract, parts
from mockserver.contract.compiled import COMPILED, load

TIMES = -(-65 // len(Contract().operations))  # copies of what is served that are as much as all that Medusa publishes


def test_a_contract_is_compiled_beside_its_yaml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first start keeps it, the second reads no YAML; both have the same."""
    first = load(copied(tmp_path))
    packaged = Contract().document
    monkeypatch.setattr(parts, "join", lambda _folder: pytest.fail("the YAML was parsed again"))

    assert first == load(tmp_path)
    assert first["document"]["paths"].keys() == packaged["paths"].keys()
    assert 0o644 == (tmp_path / COMPILED).stat().st_mode & 0o777


@pytest.mark.parametrize("part", ["openapi/openapi.yaml", "openapi/resources/new.yaml", "openapi/schemas/taxes.yaml"])
def test_a_stale_one_is_compiled_anew(tmp_path: Path, part: str) -> None:
    """A part that is changed or added is in force at the next start, whatever its time says."""
    load(copied(tmp_path))
    before = (tmp_path / COMPILED).read_text()
    with (tmp_path / part).open("a") as file:
        file.write("\ntag: {name: New}\npaths: {}\n" if part.endswith("new.yaml") else "# more\n")
    load(tmp_path)

    assert before.partition("\n")[0] != (tmp_path / COMPILED).read_text().partition("\n")[0]


@pytest.mark.parametrize("broken", ["", "half", "{stamp}\n{"])
def test_a_broken_one_is_compiled_anew(tmp_path: Path, broken: str) -> None:
    """Whatever is in its place, the contract is the one that the YAML says."""
    whole = load(copied(tmp_path))
    stamp = (tmp_path / COMPILED).read_text().partition("\n")[0]
    (tmp_path / COMPILED).write_text(broken.replace("{stamp}", stamp))

    assert whole == load(tmp_path)
    assert whole == json.loads((tmp_path / COMPILED).read_text().partition("\n")[2])


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The contract is parsed at each start then, and no half-written file is left."""
    copied(tmp_path)

    def full(_path: Path, _target: Path) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert load(tmp_path)["document"]
    assert {"openapi", "errors"} == {path.name for path in tmp_path.iterdir()}


def _grown(folder: Path) -> Path:
    """Write the contract so many times into a folder, each copy under names of its own."""
    copied(folder)
    for number in range(1, TIMES):
        for path in [*folder.glob("openapi/*/*.yaml"), *folder.glob("errors/pay*.yaml")]:
            if re.search(r"\d\.yaml$", path.name):
                continue
            text = path.read_text()
            text = re.sub(r"(?m)^( *)((?:Get|Post)\w+|[A-Z]\w+)(?=:$|: \{(?:400|401))", rf"\1\g<2>{number}", text)
            own = "|".join(yaml.safe_load(text).get("parameters", ["-"]))  # those that all share stay as they are
            text = re.sub(rf"(operationId: \w+|/schemas/\w+|/parameters/(?:{own})\b)", rf"\g<1>{number}", text)
            text = re.sub(rf"(?m)^  ({own}):$", rf"  \g<1>{number}:", text)
            text = re.sub(r"/store/[\w-]+", rf"\g<0>{number}", text)
            text = re.sub(r"{name: [\w ]+(?=,.*description)", rf"\g<0> {number}", text)
            path.with_name(f"{path.stem}{number}.yaml").write_text(text)
    return folder


def _quickest(*runs: Callable[[], object]) -> list[float]:
    """Return the seconds of processor time that each takes at its best; in turn, so that a busy moment is everybody's."""
    times: list[list[float]] = [[] for _ in runs]
    for _ in range(7):
        for run, taken in zip(runs, times, strict=True):
            begin = time.process_time()
            run()
            taken.append(time.process_time() - begin)
    return list(map(min, times))


@pytest.mark.slow
def test_a_contract_of_all_operations_is_ready_before_todays_yaml_is_parsed(tmp_path: Path) -> None:
    """All 65 operations with their schemas start no slower than today's did when they were parsed at each start."""
    large = Contract(_grown(tmp_path))
    today = Contract()

    assert TIMES * len(today.operations) == len(large.operations)
    assert TIMES * len(today.document["components"]["schemas"]) == len(large.document["components"]["schemas"])
    starting, parsing = _quickest(lambda: Contract(tmp_path), lambda: parts.join(parts.source()))
    assert starting < parsing
