"""Keeps the contract compiled: joined and as JSON, which loads far faster than the YAML that people write."""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from . import parts

COMPILED = "compiled.json"


def load(folder: Traversable | None = None) -> dict[str, Any]:
    """
    Return what `parts.join` makes of a folder's YAML, from its compiled form where that is not stale.

    A stale one, or none, is compiled anew and kept beside the YAML; where that folder cannot be written, nothing is kept.
    """
    folder = folder or parts.source()
    stamp = _stamp(folder)
    with suppress(OSError, ValueError):
        first, _, text = (folder / COMPILED).read_text(encoding="utf-8").partition("\n")
        if first == stamp:
            return json.loads(text)  # type: ignore[no-any-return]
    compiled = compile(folder)
    with suppress(OSError):
        _write(Path(str(folder), COMPILED), compiled)
    return json.loads(compiled.partition("\n")[2])  # type: ignore[no-any-return]


def compile(folder: Traversable) -> str:
    """Return the compiled form: a line that changes with the YAML, and one that holds all of it as JSON."""
    return f"{_stamp(folder)}\n{json.dumps(parts.join(folder), ensure_ascii=False, separators=(',', ':'))}\n"


def _stamp(folder: Traversable) -> str:
    """Return a hash of the YAML and of the code that joins it: times of files do not survive a wheel."""
    found = sha256((files(__package__) / "parts.py").read_bytes())
    for part in _sources(folder):
        text = part.read_bytes()
        found.update(f"{part.name} {len(text)} ".encode() + text)
    return found.hexdigest()


def _sources(folder: Traversable) -> Iterator[Traversable]:
    yield folder / "openapi" / "openapi.yaml"
    for name in ("resources", "schemas"):
        yield from parts.parts_of(folder / "openapi" / name)
    yield from parts.parts_of(folder / "errors")


def _write(path: Path, text: str) -> None:
    """Put a file in place whole, whoever else does the same or reads it meanwhile."""
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).chmod(0o644)  # mkstemp's is for its user alone
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
