"""Real ids: from a file in turn, from a command as often as they are needed."""

import shlex
import sys
from pathlib import Path

import pytest

from mockserver import MockServerError
from mockserver.realserver.supply import Supply, from_command, from_file

SHAPE = r'expected \[{"id": "paycol_1", "session_id": "ps_1"}, \.\.\.\]'


def test_sets_of_a_file_come_in_turn_again_and_again(tmp_path: Path) -> None:
    """YAML or JSON; one that names a scenario serves for it alone, once."""
    given = tmp_path / "given.yaml"
    given.write_text("- {id: a}\n- {id: b}\n- {id: c, scenario: declined}\n")
    supply = from_file(given)

    assert ["a", "b", "a", "b", "a"] == [supply.next()["id"] for _ in range(5)]
    labelled = supply.labelled("declined")
    assert labelled is not None
    assert "c" == labelled["id"]
    assert supply.labelled("busy") is None


def test_one_set_needs_no_list(tmp_path: Path) -> None:
    """A mapping alone is one set."""
    given = tmp_path / "given.json"
    given.write_text('{"id": "a"}')

    assert ["a", "a"] == [from_file(given).next()["id"] for _ in range(2)]


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
        ("[]", "holds no values"),
        ("- 5", "5 is not a set of values per path parameter"),
        ("- {}", "{} is not a set of values per path parameter"),
        ("- {id: 5}", r"{'id': 5} is not a set of values per path parameter"),
        ("a: [", "is neither YAML nor JSON"),
        ("a: \\xff", "is neither YAML nor JSON"),
    ],
)
def test_a_file_of_something_else_is_named(tmp_path: Path, text: str, problem: str) -> None:
    """What is wrong, and the shape that is expected."""
    given = tmp_path / "given.yaml"
    given.write_bytes(text.encode().replace(b"\\xff", b"\xff"))

    with pytest.raises(MockServerError, match=f"--given {given}: {problem}"):
        from_file(given)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """The path is named."""
    with pytest.raises(MockServerError, match=r"nowhere\.yaml: cannot be read: No such file or directory"):
        from_file(tmp_path / "nowhere.yaml")


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("import sys; sys.exit('no database')", "ended with status 1: no database"),
        ("import sys; sys.exit(3)", "ended with status 3: it said nothing"),
        ("print('hello')", "did not print JSON: "),
        ("print('[1]')", "1 is not a set of values per path parameter"),
    ],
)
def test_a_command_that_fails_is_named(code: str, problem: str) -> None:
    """Its status and its last words, or what it printed."""
    with pytest.raises(MockServerError, match=problem):
        from_command(f"{shlex.quote(sys.executable)} -c {shlex.quote(code)}").next()


@pytest.mark.parametrize("command", ["no-such-command", "an 'open quote"])
def test_a_command_that_cannot_be_run(command: str) -> None:
    """It is named as it was written."""
    with pytest.raises(MockServerError, match=f"--setup .*{command[:8]}"):
        from_command(command).next()


def test_only_labelled_sets(tmp_path: Path) -> None:
    """A file in which every set names a scenario has none for anything else."""
    given = tmp_path / "given.yaml"
    given.write_text("- {id: c, scenario: declined}\n")

    with pytest.raises(MockServerError, match="no set of values is left"):
        from_file(given).next()
