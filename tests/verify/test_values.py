"""Real ids: from a file in turn, from a command as often as they are needed."""

import re
import shlex
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from mockserver import MockServerError
from mockserver.realserver import commands
from mockserver.realserver import supply as module
from mockserver.realserver.supply import Supply, from_command, from_file

SHAPE = r'expected \[{"id": "paycol_1", "session_id": "ps_1"}, \.\.\.\]'


def test_sets_of_a_file_come_in_turn_again_and_again(tmp_path: Path) -> None:
    """YAML or JSON; one that names a scenario serves for it alone, once."""
    given = tmp_path / "given.yaml"
    given.write_text("- {id: a}\n- {id: b}\n- {id: c, scenario: declined}\n")
    supply = from_file(given, lambda: ["declined", "busy"])

    assert ["a", "b", "a", "b", "a"] == [supply.next()["id"] for _ in range(5)]
    labelled = supply.labelled("declined")
    assert labelled is not None
    assert "c" == labelled["id"]
    assert supply.labelled("busy") is None


def test_a_command_is_run_whenever_more_are_needed(tmp_path: Path) -> None:
    """Each run makes fresh ids; a set is handed out once."""
    count = tmp_path / "count"
    script = f"""
import json, pathlib
path = pathlib.Path({str(count)!r})
number = int(path.read_text()) if path.exists() else 0
path.write_text(str(number + 1))
print(json.dumps([{{"id": f"run{{number}}-{{place}}"}} for place in range(2)]))
"""
    supply = from_command(f"{shlex.quote(sys.executable)} -c {shlex.quote(script)}")

    assert ["run0-0", "run0-1", "run1-0"] == [supply.next()["id"] for _ in range(3)]
    assert "2" == count.read_text()


def test_no_supply_is_false() -> None:
    """Without a file or a command there are no real ids, and none for any scenario."""
    assert not Supply()
    assert Supply().labelled("declined") is None
    with pytest.raises(MockServerError, match=f"no set of values is left that names no scenario; {SHAPE}"):
        Supply().next()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[]", "1: is empty, where a list of sets is expected"),
        ("id: paycol_1", "1: is a mapping, where a list of sets is expected"),
        ("hello", "1: is 'hello', where a list of sets is expected"),
        ("- {id: a}\n- 5", "2: 5 is not a set of values per path parameter"),
        ("- session_id: ps_1", "1: a set has no `id`"),
        ("- id: a\n  sesion_id: b", "2: no key 'sesion_id'; did you mean 'session_id'?"),
        ("- id: a\n  scenario: declind", "2: no scenario 'declind'; did you mean 'declined'?"),
        ("- {id: 5}", "1: id is 5, where a text is expected"),
        ("- {id: ''}", "1: id is '', where a text is expected"),
        ("a: [", "2: is not YAML"),
        ("a: \\xff", "1: is not UTF-8 text"),
    ],
)
def test_a_file_of_something_else_is_named(tmp_path: Path, text: str, problem: str) -> None:
    """What is wrong, in which line, and what was probably meant."""
    given = tmp_path / "given.yaml"
    given.write_bytes(text.encode().replace(b"\\xff", b"\xff"))

    with pytest.raises(MockServerError, match=re.escape(f"--given {given}:{problem}")):
        from_file(given, lambda: ["declined", "busy"])


def test_all_mistakes_of_a_file_are_named_at_once(tmp_path: Path) -> None:
    """One line for each, twenty at most."""
    given = tmp_path / "given.yaml"
    given.write_text("- {ids: a}\n" * 30)

    with pytest.raises(MockServerError) as caught:
        from_file(given, list)
    assert 20 == len(str(caught.value).splitlines())


def test_a_command_is_a_line_for_the_shell() -> None:
    """Pipes, quotes and && mean what they mean there."""
    line = """true && printf '%s' '[{"id": "xaycol_1"}]' | tr x p"""

    assert "paycol_1" == from_command(line).next()["id"]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """The path is named."""
    with pytest.raises(MockServerError, match=r"nowhere\.yaml: cannot be read: No such file or directory"):
        from_file(tmp_path / "nowhere.yaml", list)


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("import sys; sys.exit('no database')", "ended with status 1: no database"),
        ("import sys; sys.exit(3)", "ended with status 3: it said nothing"),
        ("print('hello')", "did not print JSON: "),
        ("print('[1]')", "1 is not a set of values per path parameter"),
        ("print('[]')", f"holds no values; {SHAPE}"),
        ("import sys; sys.stdout.buffer.write(b'\\xff')", "can't decode byte 0xff"),
    ],
)
def test_a_command_that_fails_is_named(code: str, problem: str) -> None:
    """Its status and its last words, or what it printed."""
    with pytest.raises(MockServerError, match=problem):
        from_command(f"{shlex.quote(sys.executable)} -c {shlex.quote(code)}").next()


@pytest.mark.parametrize("system", ["linux", "win32"])
@pytest.mark.parametrize("command", ["no-such-command", "an 'open quote"])
def test_a_command_that_cannot_be_run(command: str, system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is named as it was written, by a shell and where there is none."""
    monkeypatch.setattr(commands, "sys", SimpleNamespace(platform=system))
    with pytest.raises(MockServerError, match=f"--setup .*{command[:8]}"):
        from_command(command).next()


def alive(pid: int) -> bool:
    """Tell whether a process runs, and is not only waited for."""
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


def names_itself_and_stays(started: Path) -> str:
    """Return a program that writes its id into a file, and then sleeps."""
    return f"import os, time; open({str(started)!r}, 'w').write(str(os.getpid())); time.sleep(60)"


def is_gone(started: Path) -> bool:
    """Tell whether the process that wrote its id into a file has ended, or does so in a moment."""
    pid = int(started.read_text())
    deadline = time.monotonic() + 5
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not alive(pid)


@pytest.mark.slow
@pytest.mark.parametrize("line", ["{child}; true", "{child} | cat", "{child} & wait", "({child} &); sleep 60"])
def test_a_command_that_does_not_end_is_ended_with_all_that_it_started(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After five minutes it is given up: the shell, what it waits for, what stands in the background, whatever holds its pipes."""
    monkeypatch.setattr(module, "PATIENCE", 1.5)
    started = tmp_path / "pid"
    child = shlex.join([sys.executable, "-c", names_itself_and_stays(started)])
    with pytest.raises(MockServerError, match=r"--setup .*: did not end within 1\.5 seconds, and was ended"):
        from_command(line.format(child=child)).next()

    assert is_gone(started)


@pytest.mark.slow
def test_where_there_are_no_groups_the_children_are_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows, where a program is started without a shell."""
    monkeypatch.setattr(module, "PATIENCE", 1.5)
    monkeypatch.setattr(commands, "sys", SimpleNamespace(platform="win32"))
    started = tmp_path / "pid"
    child = [sys.executable, "-c", names_itself_and_stays(started)]
    parent = [sys.executable, "-c", f"import subprocess; subprocess.run({child!r})"]
    with pytest.raises(MockServerError, match="did not end within"):
        from_command(shlex.join(parent)).next()

    assert is_gone(started)


def test_a_process_that_leaves_its_group_holds_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has a group of its own and the pipes as well is not waited for."""
    monkeypatch.setattr(module, "PATIENCE", 0.2)
    with pytest.raises(MockServerError, match="did not end within"):
        from_command("(setsid sleep 3 &); sleep 60").next()


@pytest.mark.slow
def test_ctrl_c_ends_the_command_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The terminal tells only our group of it, which a command is not in."""
    started = tmp_path / "pid"

    def interrupted(*_arguments: Any, **_named: Any) -> Any:
        while not (started.exists() and started.read_text()):
            time.sleep(0.01)
        monkeypatch.undo()
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess.Popen, "communicate", interrupted)
    with pytest.raises(KeyboardInterrupt):
        from_command(shlex.join([sys.executable, "-c", names_itself_and_stays(started)])).next()

    assert is_gone(started)


def test_only_labelled_sets(tmp_path: Path) -> None:
    """A file in which every set names a scenario has none for anything else."""
    given = tmp_path / "given.yaml"
    given.write_text("- {id: c, scenario: declined}\n")

    with pytest.raises(MockServerError, match="no set of values is left"):
        from_file(given, lambda: ["declined", "busy"]).next()
