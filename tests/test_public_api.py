"""The public API: what can be imported from `mockserver`, and nothing else is promised."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import mockserver

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
HEAVY = {"starlette", "uvicorn", "pydantic", "yaml", "faker", "jsonschema_rs", "click", "rich"}


def test_the_list() -> None:
    """Five names are public: a server, its settings, its errors, and what a test holds of it and of its orders."""
    assert ["MerchantOrder", "MockMedusa", "MockServerError", "Settings", "create_app"] == mockserver.__all__


@pytest.mark.parametrize("name", mockserver.__all__)
def test_a_public_name(name: str) -> None:
    """Each can be imported, explains itself, is shown by `dir`, and is mentioned in the README."""
    namespace: dict[str, Any] = {}
    exec(f"from mockserver import {name}", namespace)  # noqa: S102

    assert namespace[name].__name__ == name
    assert namespace[name].__doc__
    assert name in dir(mockserver)
    assert name in README


def test_a_name_that_does_not_exist() -> None:
    """It is an ordinary AttributeError, so that `hasattr` works and Python adds what was probably meant."""
    with pytest.raises(AttributeError, match="module 'mockserver' has no attribute 'Setings'"):
        _ = mockserver.Setings
    assert not hasattr(mockserver, "Setings")


@pytest.mark.parametrize(
    "line", ["import mockserver", "from mockserver import MerchantOrder, MockMedusa, MockServerError"]
)
def test_importing_it_is_light(line: str) -> None:
    """Neither the package nor what tests are annotated with loads a server's dependencies."""
    done = subprocess.run(
        [sys.executable, "-c", f"{line}; import sys; print(*{HEAVY!r} & set(sys.modules))"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert "\n" == done.stdout
