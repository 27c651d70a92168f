"""The evidence: whatever the package, scenarios and tests cite of it can be opened and read."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
FACTS = ROOT / "tests" / "facts"
VECTORS = ROOT / "tests" / "vectors"
WRITTEN = (".py", ".yaml", ".yml", ".js", ".mjs", ".md", ".html", ".css")
INSTALLED = "node_modules"

CITED = re.compile(
    r"tests/facts/(?P<file>[\w.-]*\w)"  # a file
    r"(?P<sections>(?:(?:,| and|, and)? \d+(?:\.\d+)?\b)*)"  # `4`, `1.3`, `2, 3 and 5`
    r"(?:, \"(?P<name>[^\"]+)\")?"  # a paragraph
)
UNOPENABLE = re.compile(r"\b[A-Z]{3,}\.md\b(?<!README\.md)(?<!CHANGELOG\.md)")
HEADING = re.compile(r"^#+ (?:(?P<number>\d+\.\d+|\d+(?=\. ))\.? )?(?P<title>.+)$")
LEAD = re.compile(r"^(?:\* )?\*\*(?P<title>[^*]+)\*\*")
CODE = re.compile(r"`([^`\s]+)`")
NAMED = re.compile(r"(?<![\w/.@{$-])[a-z]{2,12}(?:-[\w.]*\w\*?|-\*)+")


@dataclass(frozen=True)
class Citation:
    """Where a file of facts is cited, and what of it: sections by number, a paragraph by its name."""

    where: str
    file: str
    sections: tuple[str, ...]
    name: str | None

    def __str__(self) -> str:
        return f"{self.where}: {self.file} {', '.join(self.sections)} {self.name or ''}".rstrip()


def citations(where: str, text: str) -> Iterator[Citation]:
    """Yield each place of a text that cites a file of facts."""
    for number, line in enumerate(text.splitlines(), 1):
        for found in CITED.finditer(line):
            sections = tuple(re.findall(r"\d+(?:\.\d+)?", found["sections"]))
            yield Citation(f"{where}:{number}", found["file"], sections, found["name"])


def places(text: str) -> dict[str, set[str]]:
    """Return the numbered sections of a file of facts, each with the names of what it holds: headings, bold leads."""
    sections: dict[str, set[str]] = {"": set()}
    above = [""]  # the sections that a line is in, the outermost first
    for line in text.splitlines():
        heading = HEADING.match(line)
        if heading and heading["number"]:
            number = heading["number"]
            above = [one for one in above if not one or number.startswith(f"{one}.")] + [number]
            sections[number] = {heading["title"]}
        elif named := heading or LEAD.match(line):
            for one in above:
                sections[one].add(named["title"].rstrip(".:"))
    return sections


def broken(citation: Citation) -> Iterator[str]:
    """Yield what a citation names and nobody can open."""
    path = FACTS / citation.file
    if not path.is_file():
        yield f"there is no tests/facts/{citation.file}"
        return
    known = places(path.read_text("utf-8"))
    yield from (f"{citation.file} has no section {one}" for one in citation.sections if one not in known)
    if citation.name is not None and not any(citation.name in known.get(one, ()) for one in citation.sections or ("",)):
        yield f"{citation.file} has no paragraph {citation.name!r} there"


def sources() -> dict[str, str]:
    """Return the text of all that people wrote: package, scenarios, tests, README."""
    folders = [ROOT / "mockserver", ROOT / "scenarios", ROOT / "tests"]
    files = [file for folder in folders for file in sorted(folder.rglob("*")) if file.suffix in WRITTEN]
    return {
        str(file.relative_to(ROOT)): file.read_text("utf-8")
        for file in [*files, ROOT / "README.md"]
        if INSTALLED not in file.parts and file != Path(__file__)
    }


def recordings() -> set[str]:
    """Return the names of all recordings."""
    lines = [line for file in VECTORS.glob("*.jsonl") for line in file.read_text("utf-8").splitlines()]
    return {json.loads(line)["name"] for line in lines}


def recordings_named_in(text: str, names: set[str]) -> Iterator[str]:
    """Yield each recording that a text names, or seems to: its first word is that of a recording."""
    families = {name.partition("-")[0] for name in names}
    yield from (one for one in NAMED.findall(text) if one.partition("-")[0] in families)


def is_recorded(name: str, names: set[str]) -> bool:
    """Tell whether there is a recording of that name, or one that fits it where it ends in a star."""
    return any(fnmatchcase(one, name) for one in names)


SOURCES = sources()
RECORDED = recordings()


@pytest.mark.parametrize("file", [name for name, text in SOURCES.items() if list(citations(name, text))])
def test_citations_can_be_opened(file: str) -> None:
    """Each names a file of facts that exists, and sections and paragraphs that it has."""
    assert [] == [f"{one}: {what}" for one in citations(file, SOURCES[file]) for what in broken(one)]


def test_nothing_else_is_cited() -> None:
    """No file names a document that is not in the repository."""
    assert [] == [f"{file}: {found}" for file, text in SOURCES.items() for found in UNOPENABLE.findall(text)]


def test_recordings_that_are_cited_exist() -> None:
    """In comments and docstrings, in the ledger, and in the files of facts on this server's recordings."""
    ids = {entry["id"] for entry in yaml.safe_load(SOURCES["mockserver/contract/deviations.yaml"])}
    cited = {
        (file, name)
        for file, text in SOURCES.items()
        if not file.startswith("tests/facts/")
        for name in recordings_named_in(text, RECORDED)
    } | {
        ("tests/facts/server.md", code)
        for code in CODE.findall(SOURCES["tests/facts/server.md"])
        for code in recordings_named_in(code, RECORDED)
    }

    assert {("mockserver/operations/shared/validation.py", "own-query-js")} <= cited
    assert [] == sorted(
        f"{file}: {name}" for file, name in cited if name not in ids and not is_recorded(name, RECORDED)
    )


def test_evidence_of_the_ledger_can_be_opened() -> None:
    """Each piece of it is a place in a file of facts, or a recording."""
    ledger = yaml.safe_load(SOURCES["mockserver/contract/deviations.yaml"])
    evidence = [(entry["id"], one) for entry in ledger for one in entry["evidence"]]

    assert evidence
    assert [] == [said for said in evidence if not (CITED.fullmatch(said[1]) or is_recorded(said[1], RECORDED))]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("tests/facts/nothing.md 1", "there is no tests/facts/nothing.md"),
        ("tests/facts/server.md 3 and 94", "server.md has no section 94"),
        ("tests/facts/server.md 2, 9.1 and 5 say so", "server.md has no section 9.1"),
        ('tests/facts/server.md 2, "Validation messages"', "server.md has no paragraph 'Validation messages' there"),
    ],
)
def test_a_citation_of_nothing_is_named(line: str, complaint: str) -> None:
    """A file, a section or a paragraph that is not there is said to be missing."""
    assert [complaint] == [what for one in citations("here", line) for what in broken(one)]


@pytest.mark.parametrize(
    ("line", "sections", "name"),
    [
        ("tests/facts/payment_collections.json", (), None),
        ("tests/facts/clients.md 1.3", ("1.3",), None),
        ("(tests/facts/server.md 2, 3 and 5).", ("2", "3", "5"), None),
        ("[tests/facts/server.md 3, auth-body-null]", ("3",), None),
        ('(tests/facts/server.md 3, "Validation messages")', ("3",), "Validation messages"),
        ('(tests/facts/server.md 4, "409 and concurrency").', ("4",), "409 and concurrency"),
    ],
)
def test_a_citation_of_something_is_found(line: str, sections: tuple[str, ...], name: str | None) -> None:
    """However it is written: no section, several, a section of a section, a paragraph by its name."""
    (found,) = citations("here", line)

    assert (sections, name) == (found.sections, found.name)
    assert [] == list(broken(found))


def test_a_recording_of_nothing_is_named() -> None:
    """A name that begins as recordings do is taken for one, a star for any ending."""
    text = "as auth-no-session has it, and conc-*; neither auth nor self-made counts"

    assert ["auth-no-session", "conc-*"] == list(recordings_named_in(text, RECORDED))
    assert not is_recorded("auth-no-session", RECORDED)
    assert is_recorded("auth-no-sessions", RECORDED)
    assert is_recorded("conc-*", RECORDED)
