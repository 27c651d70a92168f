"""Windows, where we have never run it: what can be seen of it from here."""

import ast
import json
import os
import socket
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mockserver.edge.server import listen
from mockserver.testing import plugin

TOP = Path(__file__).parent.parent
SOURCES = [*(TOP / "mockserver").rglob("*.py"), TOP / "mock_medusa.py", TOP / "hatch_build.py"]
TEXTUAL = {"open", "fdopen", "read_text", "write_text"}


def text_calls(source: Path) -> list[ast.Call]:
    """Return the calls that open, read or write a file as text."""
    found = []
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, (ast.Attribute, ast.Name)):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            modes = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            if name in TEXTUAL and "os.open" not in ast.unparse(node.func) and not any("b" in one for one in modes):
                found.append(node)
    return found


def test_no_file_is_read_or_written_in_a_code_page() -> None:
    """Every text has its encoding said; one file is opened only to see whether that can be done, and the `open` of journals and listeners is no file's."""
    unsaid = [
        f"{source.relative_to(TOP)}: {ast.unparse(call)}"
        for source in SOURCES
        for call in text_calls(source)
        if "encoding" not in {one.arg for one in call.keywords}
    ]

    assert sum(len(text_calls(source)) for source in SOURCES) > 10
    assert [
        "mockserver/control/events.py: listeners.open(received.query.sandbox)",
        "mockserver/state/sandboxes.py: self.journals.open()",
        "mockserver/verify/command.py: path.open('a')",
    ] == sorted(unsaid)


def test_a_port_is_nobody_elses(monkeypatch: pytest.MonkeyPatch) -> None:
    """There SO_REUSEADDR gives one port to two servers; where the option against it exists, it is the one that is set."""
    monkeypatch.setattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_KEEPALIVE, raising=False)  # any that can be asked for
    (listener,) = listen("127.0.0.1", 0)
    with closing(listener):
        assert 1 == listener.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert 0 == listener.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR)


def test_workers_are_told_who_controls_them(tmp_path: Path) -> None:
    """Python in a virtual environment starts through a launcher there, which is the parent that a worker sees."""
    node: Any = SimpleNamespace(config=SimpleNamespace(stash=pytest.Stash()), workerinput={"testrunuid": tmp_path.name})
    plugin.pytest_configure_node(node)

    assert os.getpid() == node.workerinput[plugin.CONTROLLER]


def test_a_shared_server_that_has_gone_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows says of an id that nobody has that the parameter is wrong, which is no ProcessLookupError."""

    def refuse(pid: int, number: int) -> None:
        raise OSError(22, f"the parameter is wrong: {pid} {number}")

    shared = tmp_path / "shared"
    shared.write_text(json.dumps({"pid": 5, "url": "http://127.0.0.1:1"}), encoding="utf-8")
    config: Any = SimpleNamespace(stash=pytest.Stash())
    config.stash[plugin.SHARED] = shared
    monkeypatch.setattr(os, "kill", refuse)
    plugin.pytest_unconfigure(config)

    assert not shared.exists()
