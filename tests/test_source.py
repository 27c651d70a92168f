"""Reading YAML: every value has its line, and what a scenario never needs is refused."""

from pathlib import Path

import pytest

from mockserver.scenarios.source import MAX_BYTES, Unreadable, parse, read

PATH = Path("x.yaml")


def test_plain_values_are_json() -> None:
    """Numbers, booleans and null are JSON's; `no`, dates and quoted numbers stay texts."""
    text = 'a: 1\nb: -1.5e1\nc: true\nd: null\ne: no\nf: 2024-01-06\ng: "1"\nh: 0x10\ni: ~\nj:\nk: 1e999\nl: !!str 5\n'
    text += f"m: {'9' * 400}\nn: 010\n"

    assert {
        "a": 1, "b": -15.0, "c": True, "d": None, "e": "no", "f": "2024-01-06", "g": "1", "h": "0x10",
        "i": None, "j": None, "k": "1e999", "l": "5", "m": "9" * 400, "n": "010",
    } == parse(text, PATH).value  # fmt: skip


def test_every_value_has_its_line() -> None:
    """Keys, items, aliases and flow mappings are found by their place; an unwritten index is passed over."""
    source = parse("a:\n  - x\n  - {b: 1,\n     c: 2}\nd: &anchor\n  e: 1\nf: *anchor\n", PATH)

    assert {"a": ["x", {"b": 1, "c": 2}], "d": {"e": 1}, "f": {"e": 1}} == source.value
    assert [1, 2, 3, 4, 6, 7] == [
        source.line(where) for where in [("a",), ("a", 0), ("a", 1, "b"), ("a", 1, "c"), ("d", "e"), ("f", "e")]
    ]
    assert 6 == source.line(("d", 0, "e"))
    assert 1 == source.line(("nowhere",))


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: [1", 2, "is not YAML"),
        ("a:\n\tb: 1", 2, "is not YAML"),
        ("a: \x07", 1, "is not YAML"),
        ("a: 1\na: 2", 2, "says 'a' twice; first in line 1"),
        ("a: 1\n---\nb: 2", 2, "holds more than one YAML document"),
        ("a: !!python/object:os.system x", 1, "uses the tag"),
        ("a: !!set {b}", 1, "uses the tag"),
        ("!!binary a: 1", 1, "uses the tag"),
        ("a:\n  ? !!int 1\n  : 2", 2, "uses the tag"),
        ("a: {!mine b: 1}", 1, "uses the tag"),
        ("a: *nobody", 1, "uses the alias *nobody before it is set"),
        ("a: &b [*b]", 1, "uses the alias *b inside itself"),
        ("a: &b x\n*b : 1", 2, "uses the alias *b as a key"),
        ("? [a]\n: 1", 1, "has a key that is not text"),
        ("a: &b {c: 1}\nd:\n  <<: *b", 3, "merges with '<<'"),
        ("[" * 100 + "]" * 100, 1, "is nested more than 60 levels deep"),
    ],
)
def test_what_is_no_scenario_is_refused(text: str, line: int, message: str) -> None:
    """Broken YAML, doubled keys, tags, self-holding aliases and their like are named with their line."""
    with pytest.raises(Unreadable, match=r".") as refused:
        parse(text, PATH)

    assert line == refused.value.line
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("text", "line", "cure"),
    [
        ("a:\n\tb: 1", 2, "it is indented with a tab; use spaces"),
        ("a:\n  - b\n\t- c", 3, "it is indented with a tab; use spaces"),
        ("a: *", 1, "a text that begins with '*' is to be put in quotes: \"*\""),
        ("a: {b: *.x}", 1, "a text that begins with '*' is to be put in quotes: \"*.x\""),
        ("a: *x", 1, "a text that begins with '*' is to be put in quotes"),
        ("a: [@x, y]", 1, "a text that begins with '@' is to be put in quotes: \"@x\""),
        ("a: `x", 1, "a text that begins with '`' is to be put in quotes: \"`x\""),
        ("a: 1\nb: %x", 2, "a text that begins with '%' is to be put in quotes: \"%x\""),
        ("a: &", 1, "a text that begins with '&' is to be put in quotes: \"&\""),
        ("- a: So it is: late", 1, "a text with a colon in it is to be put in quotes"),
        ("a: 1\n  b: 2", 2, "it is indented deeper than the line before it"),
        ("a:\n  b: 1\n c: 2", 3, "it is indented otherwise than what it belongs to, or lacks its '- '"),
        ("- a: 1\nb: 2", 2, "it is indented otherwise than what it belongs to, or lacks its '- '"),
        ("a: - b", 1, "the first '- ' of a list stands in a line of its own, below the key"),
        ("a: {b: 1", 2, "a bracket, opened in line 1, lacks a comma or its end"),
        ("a: 1\nb: [1, 2\nc: 3", 3, "a bracket, opened in line 2, lacks a comma or its end"),
        ("a: 1\nb: 'x\nc: 1\n", 4, "a quote, opened in line 2, never ends"),
        ('a: "x" y', 1, "something follows a closing quote; put all of the text in one pair of quotes"),
        ("a: 'it's'", 1, "something follows a closing quote; put all of the text in one pair of quotes"),
        ('a: "\\d"', 1, "a backslash in double quotes begins an escape; write two, or use single quotes"),
        ("a: > x", 1, "is not YAML: did not find expected comment or line break"),
    ],
)
def test_a_slip_is_said_in_plain_words(text: str, line: int, cure: str) -> None:
    """With the line, and how it is mended."""
    with pytest.raises(Unreadable) as refused:
        parse(text, PATH)

    assert line == refused.value.line
    assert cure in str(refused.value)


def test_depth_is_counted_through_aliases() -> None:
    """Thirty aliases of fifty levels, each inside the one before, are 1,500 levels; sixty in all is the most."""
    text = "a0: x\n" + "".join(
        f"a{n}: &a{n} {'[' * 50}{f'*a{n - 1}' if n > 1 else 'x'}{']' * 50}\n" for n in range(1, 30)
    )
    with pytest.raises(Unreadable, match="is nested more than 60 levels deep once its aliases are written out") as bomb:
        parse(text, PATH)
    assert 3 == bomb.value.line

    inner = f"- &a {'[' * 29}x{']' * 29}\n"
    assert 2 == len(parse(f"{inner}- {'[' * 30}*a{']' * 30}\n", PATH).value)
    with pytest.raises(Unreadable, match="is nested more than 60 levels"):
        parse(f"{inner}- {'[' * 31}*a{']' * 31}\n", PATH)
    assert 60 == str(parse(f"- &a x\n- {'[' * 59}*a{']' * 59}\n", PATH).value).count("[")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("stubs:\n" + "  - {}\n" * 1001, 1002, "'stubs' holds more than 1000 entries; make two scenarios of it"),
        ("- x\n" * 1001, 1001, "holds more than 1000 entries"),
        ("a:\n" + "".join(f"  k{number}: 1\n" for number in range(1001)), 1002, "'a' holds more than 1000 entries"),
    ],
)
def test_lists_and_mappings_have_a_bound(text: str, line: int, message: str) -> None:
    """A thousand stubs, replies, entities or keys are accepted, one more is named with its line."""
    with pytest.raises(Unreadable, match=message) as refused:
        parse(text, PATH)

    assert line == refused.value.line
    parse("\n".join(text.splitlines()[:-1]), PATH)


def test_an_alias_bomb_is_refused() -> None:
    """Aliases that would grow beyond all bounds stop at 100,000 values."""
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
    )

    with pytest.raises(Unreadable, match="holds more than 100000 values"):
        parse(bomb, PATH)


def test_files_that_are_no_text(tmp_path: Path) -> None:
    """Bytes that are not UTF-8, and a file too large to be a scenario, are refused."""
    (tmp_path / "bytes.yaml").write_bytes(b"a: \xff")
    (tmp_path / "large.yaml").write_text("a: " + "x" * MAX_BYTES)

    with pytest.raises(Unreadable, match=r"is not UTF-8 text \(byte 3\)"):
        read(tmp_path / "bytes.yaml")
    with pytest.raises(Unreadable, match="is larger than"):
        parse(read(tmp_path / "large.yaml"), PATH)


def test_a_text_that_is_one_value() -> None:
    """A document may be a single value, or nothing at all."""
    assert "x" == parse("x", PATH).value
    assert parse("", PATH).value is None
    assert ["a", "a"] == parse("- &b a\n- *b", PATH).value
