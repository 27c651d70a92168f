"""The image: what its Dockerfile and constraints.txt promise, as far as that shows without an engine that builds it."""

import json
import re
import socket
import subprocess
import threading
import tomllib
from collections.abc import Iterator
from importlib.metadata import requires
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from processes import Server, environment, free_port, run

from mockserver.settings import Settings

TOP = Path(__file__).parent.parent
README = (TOP / "README.md").read_text("utf-8")
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))
LINES = re.sub(r"^#.*\n", "", (TOP / "Dockerfile").read_text("utf-8"), flags=re.MULTILINE).replace("\\\n", "")
STEPS = [tuple(line.split(maxsplit=1)) for line in LINES.splitlines() if line]
FINAL = STEPS[max(index for index, (name, _) in enumerate(STEPS) if name == "FROM") :]
IMAGE = {  # the Python that constraints.txt is for
    "implementation_name": "cpython",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "platform_system": "Linux",
    "python_full_version": "3.13.7",
    "python_version": "3.13",
    "sys_platform": "linux",
    "os_name": "posix",
    "extra": "",
}
BUILDS = {"hatchling", "packaging", "pathspec", "pluggy", "tomlkit", "trove-classifiers"}  # hatchling and what it needs


def said(name: str, steps: list[Any] = FINAL) -> list[str]:
    """Return what the steps of a name say, those of the image that is kept."""
    return [text for step, text in steps if step == name]


def constraints() -> dict[str, str]:
    """Return each version that constraints.txt holds, by name."""
    lines = (TOP / "constraints.txt").read_text("utf-8").splitlines()
    held = [line.split("==") for line in lines if not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in held}


def wanted(lines: list[str], seen: set[str]) -> Iterator[Requirement]:
    """Yield what the image needs for these requirements, and what that needs in turn, as this machine's copies say."""
    for requirement in map(Requirement, lines):
        if requirement.marker and not requirement.marker.evaluate(IMAGE):
            continue
        yield requirement
        if requirement.name not in seen:
            seen.add(requirement.name)
            yield from wanted(requires(requirement.name) or [], seen)


def test_the_base_is_an_exact_release() -> None:
    """Both stages are one Python, named to the patch and the Debian, which the label repeats."""
    (argument,) = said("ARG", STEPS)
    base = argument.removeprefix("PYTHON=")

    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-[a-z]+(@sha256:[0-9a-f]{64})?", base)
    assert ["${PYTHON} AS build", "${PYTHON}"] == said("FROM", STEPS)
    assert f'org.opencontainers.image.base.name="docker.io/library/{base}"' in said("LABEL")[0]
    assert f"`{base}`" in README
    assert IMAGE["python_full_version"] in base


def test_dependencies_have_a_layer_before_the_source() -> None:
    """They are installed when only the project's table and the constraints are there: a change of the source costs no download."""
    names = [name for name, _ in STEPS]
    first, second = (index for index, (name, text) in enumerate(STEPS) if name == "COPY" and "--from" not in text)
    (installs,) = [text for name, text in STEPS[first:second] if name == "RUN"]

    assert ("COPY", "pyproject.toml constraints.txt ./") == STEPS[first]
    assert ("COPY", ". .") == STEPS[second]
    assert installs.count("-c constraints.txt") == installs.count(" install ") == 2
    for text in said("RUN", STEPS[second:]):
        assert "install" not in text.replace("uninstall", "") or "--no-deps" in text
    assert "FROM" in names[second:]


def test_what_is_kept_has_no_pip_and_no_rights() -> None:
    """Neither the environment nor Python itself brings pip; the user is a number, which Kubernetes can tell from root."""
    (runs,) = said("RUN")

    assert "venv --without-pip" in said("RUN", STEPS)[0]
    assert "pip uninstall --yes" in runs
    assert "ensurepip" in runs
    assert ["10001:10001"] == said("USER")
    assert [name for name, _ in FINAL].index("USER") > [name for name, _ in FINAL].index("RUN")


@pytest.mark.slow
def test_a_start_that_ends_at_once_compiles_what_the_server_needs() -> None:
    """The user of the image may not write it: the standard library is compiled by the step before, from the copy that is kept."""
    (runs,) = said("RUN")
    start = runs.rpartition("&&")[2].split()
    names = [name for name, _ in FINAL]

    assert names.index("COPY") < names.index("RUN")
    assert "/opt/mockserver/bin/mockserver" == start.pop(0)
    assert 0 == run("serve", *start).returncode


def test_the_image_says_what_it_is() -> None:
    """Its labels are the project's own words."""
    (text,) = said("LABEL")
    labels = dict(re.findall(r'org\.opencontainers\.image\.([\w.]+)="([^"]*)"', text))
    project = PROJECT["project"]

    assert project["description"] == labels["description"]
    assert project["version"] == labels["version"]
    assert project["license"] == labels["licenses"]


def test_the_image_is_used_as_the_readme_says() -> None:
    """Its port, its folder, and the setting that opens the console; published for this machine alone."""
    (line,) = [line for line in README.splitlines() if line.startswith("docker run")]
    (variables,) = said("ENV")

    assert "-p 127.0.0.1:9000:9000 " in line
    assert f"-v ./my-scenarios:{said('VOLUME')[0]}:ro" in line
    assert ["9000"] == said("EXPOSE")
    assert "MOCKSERVER_SCENARIOS=/scenarios" in variables
    for variable in re.findall(r"MOCKSERVER_(\w+)=", f"{line} {variables}"):
        assert variable.lower() in Settings.model_fields


def test_constraints_hold_all_that_an_installation_takes() -> None:
    """Each dependency and what it needs in turn, in a version that they want; besides, only what builds the wheel."""
    held = constraints()
    found = list(wanted(PROJECT["project"]["dependencies"], set()))
    builds = [Requirement(line) for line in PROJECT["build-system"]["requires"]]

    assert {canonicalize_name(one.name) for one in found} == held.keys() - BUILDS
    assert held.keys() >= BUILDS
    for one in (*found, *builds):
        version = held[canonicalize_name(one.name)]
        assert one.specifier.contains(version, prereleases=True), (str(one), version)


def test_what_is_copied_is_not_ignored() -> None:
    """The build sees the constraints and the project's table."""
    ignored = (TOP / ".dockerignore").read_text("utf-8").splitlines()

    assert {"!pyproject.toml", "!constraints.txt"} <= set(ignored)


def health(port: str) -> int:
    """Run the image's health check here; return its exit status."""
    (check,) = said("HEALTHCHECK")
    command = json.loads(check.partition("CMD ")[2])
    return subprocess.run(
        command, env=environment({"MOCKSERVER_PORT": port}), capture_output=True, check=False, timeout=20
    ).returncode


@pytest.mark.slow
def test_the_health_check_asks_without_python(plain: Server) -> None:
    """A mock that answers is well, one that is not there is not; bash asks, which the base has."""
    (check,) = said("HEALTHCHECK")

    assert 0 == health(str(plain.port))
    assert 1 == health(str(free_port()))
    assert "python" not in check
    assert "mockserver" not in check


@pytest.mark.slow
@pytest.mark.parametrize("answer", [b"HTTP/1.1 503 Service Unavailable\r\n\r\n", b"", b"220 mail\r\n"])
def test_what_answers_otherwise_is_not_well(answer: bytes) -> None:
    """Another status, nothing, or another protocol."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_answer_once, args=(listener, answer))
        thread.start()
        assert 1 == health(str(listener.getsockname()[1]))
        thread.join()


def _answer_once(listener: socket.socket, answer: bytes) -> None:
    connection, _ = listener.accept()
    with connection:
        asked = b""
        while not asked.endswith(b"\r\n\r\n"):
            asked += connection.recv(1000)
        connection.sendall(answer)


@pytest.mark.slow
def test_a_port_that_kubernetes_sets_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """As `serve` takes its own default then."""
    monkeypatch.setitem(globals(), "FINAL", [(name, text.replace("=9000", "=1")) for name, text in FINAL])

    assert 1 == health("tcp://10.0.0.1:9000")
