"""The reports of verify: on the terminal, for CI servers, as a page; and the exit statuses of the command."""

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from subprocess import PIPE
from typing import Any
from xml.etree.ElementTree import parse

import pytest
from processes import COMMAND, environment, run
from rich.console import Console
from schemathesis.engine import events
from verify import broken

from mockserver.contract import Contract, Operation
from mockserver.realserver.client import Client
from mockserver.realserver.ledger import ledger
from mockserver.realserver.target import Target
from mockserver.verify import Report, html, junit, terminal
from mockserver.verify.command import exit_status
from mockserver.verify.findings import Case, Exchange, Finding, Remark
from mockserver.verify.fuzzing import Fuzzed, _take
from mockserver.verify.gateway import Gateway

pytestmark = pytest.mark.slow  # most start a process


def operation(name: str, *statuses: int) -> Operation:
    """Return an operation that answers with these statuses."""
    return replace(Contract().operation(name), responses={status: {} for status in statuses})


RETRIEVE, AUTHORIZE = operation("paymentCollections.retrieve", 200, 404), operation("authorizePaymentSession", 200, 422)
HOSTILE = "<script>alert('x')</script>\x00 [bold]not markup[/]"
CURL = f"curl -X POST http://127.0.0.1:1/{HOSTILE}"
QUICK = ("--max-examples", "2", "--case", "busy", "--operation", "paymentCollections.*")


@pytest.fixture
def report() -> Report:
    """Return a report in which something of every kind happened."""
    entry = next(entry for entry in ledger() if entry.id == "batch-faults")
    return Report(
        url="http://127.0.0.1:1",
        operations=[RETRIEVE, AUTHORIZE],
        exchanges=[
            Exchange(RETRIEVE, 200, 0.010),
            Exchange(RETRIEVE, 200, 0.030),
            Exchange(AUTHORIZE, 422, 0.002, forced=True),
        ],
        findings=[
            Finding(RETRIEVE, 200, "response_schema_conformance", HOSTILE, CURL),
            Finding(AUTHORIZE, 422, "not_a_server_error", "known", "curl x", entry),
        ],
        cases=[
            Case("busy", "x", "passed"),
            Case("declined", "x", "failed", HOSTILE),
            Case("slow", "x", "forced only", "no ids"),
        ],
        errors=["it fell over"],
        unseen=[(RETRIEVE, 404)],
        remarks=[Remark(f"PaymentSession.{HOSTILE}", 3, ("a 200", "b 200")), Remark("Region.x", 1, ("c 200",))],
        seconds=1.25,
    )


def test_the_terminal_shows_all(report: Report, capsys: pytest.CaptureFixture[str]) -> None:
    """Matrix, scenarios, failures with their curl line, what is known, and the verdict last."""
    terminal.show(report, Console(width=100))
    lines = capsys.readouterr().out.splitlines()

    assert ["operation", "200", "404", "422"] == lines[0].split()
    assert ["paymentCollections.retrieve", "✓", "·"] == lines[1].split()
    assert ["paymentCollections.authorizePaymentSession", "·", "f"] == lines[2].split()
    for part in (
        f"  {CURL}".replace("\x00", ""),
        "it fell over",
        "never seen: paymentCollections.retrieve 404",
        "batch-faults",
        f"  PaymentSession.{HOSTILE} in 3 answers: a 200, b 200".replace("\x00", ""),
        "  Region.x in one answer: c 200",
    ):
        assert any(part in line.replace("\x00", "") for line in lines), part
    figures = "exchanges 3, failures 2, statuses missed 1, 1.2 s"
    assert lines[-1] == f"http://127.0.0.1:1 does not conform, as far as it could be asked: {figures}"


def test_what_no_client_can_reach_is_marked(report: Report, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """With the reason and its count under the matrix; what came by itself all the same keeps its mark."""
    places = [(RETRIEVE.id, 200), (RETRIEVE.id, 404), (AUTHORIZE.id, 422)]
    report.unreachable = dict.fromkeys(places, "nobody <can>")
    terminal.show(report, Console(width=100))
    lines = capsys.readouterr().out.splitlines()
    html.write(report, tmp_path / "report.html")

    assert ["paymentCollections.retrieve", "✓", "u"] == lines[1].split()
    assert ["paymentCollections.authorizePaymentSession", "·", "u"] == lines[2].split()
    assert "u 2: nobody <can>" == lines[4]
    assert "2 unreachable: nobody &lt;can&gt;" in (tmp_path / "report.html").read_text("utf-8")


def test_narrow_logs_show_all_statuses(capsys: pytest.CaptureFixture[str]) -> None:
    """In the 80 columns of a CI's log a long name is broken, and no status is."""
    operations = Contract().operations
    terminal.show(Report("the mock itself", operations), Console(width=80))
    lines = capsys.readouterr().out.splitlines()

    assert {str(status) for one in operations for status in one.responses} == set(lines[0].split()[1:])
    assert all(len(line) <= 80 for line in lines[: len(operations)])
    assert any(line.startswith("customers.listPaymentMethods") for line in lines)


def test_junit(report: Report, tmp_path: Path) -> None:
    """Operations, scenarios and required statuses are cases; what is known or only forced is skipped with its reason."""
    junit.write(report, tmp_path / "report.xml")
    suites = {suite.get("name"): suite for suite in parse(tmp_path / "report.xml").getroot()}  # noqa: S314

    def counts(name: str) -> tuple[Any, ...]:
        return tuple(suites[name].get(key) for key in ("tests", "failures", "errors", "skipped"))

    assert [("3", "1", "1", "1"), ("3", "1", "0", "1"), ("1", "1", "0", "0")] == [
        counts(name) for name in ("contract", "scenarios", "coverage")
    ]
    failure = suites["contract"].find("testcase/failure")
    assert failure is not None
    assert failure.text == f"{HOSTILE}\n\n{CURL}".replace("\x00", "?")
    remarks = suites["contract"].findtext("system-out")
    assert remarks is not None
    assert f"PaymentSession.{HOSTILE} in 3 answers: a 200, b 200".replace("\x00", "?") in remarks.splitlines()
    assert suites["scenarios"].find("system-out") is None


@pytest.mark.parametrize("text", ["\x00", "\ufffe", "\uffff", "\ud800"])
def test_what_xml_cannot_hold_is_a_question_mark(text: str, tmp_path: Path) -> None:
    """Whatever a server sends, both files can be read."""
    failed = Report("http://x", [RETRIEVE], findings=[Finding(RETRIEVE, 200, "x", f"<{text}>", text)])
    junit.write(failed, tmp_path / "report.xml")
    html.write(failed, tmp_path / "report.html")

    failure = parse(tmp_path / "report.xml").find(".//failure")  # noqa: S314
    assert failure is not None
    assert "<?>" == failure.get("message")
    assert (tmp_path / "report.html").read_text("utf-8")


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
def test_reports_go_to_whatever_listens(encoding: str, tmp_path: Path) -> None:
    """Where a character cannot be written there is a mark of ASCII, and no traceback."""
    (tmp_path / "odd.yaml").write_text("description: ✓ schön 東京\nstubs: []\n", encoding="utf-8")
    done = run(
        "list",
        "--scenarios",
        str(tmp_path),
        environ={"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        encoding=encoding,
    )

    assert (0, "") == (done.returncode, done.stderr)
    assert ("東京" in done.stdout) == (encoding == "utf-8")


def test_a_full_disk_is_one_clear_line() -> None:
    """Exit status 2, no traceback, and never the 1 of what does not conform."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*COMMAND, "list"], env=environment(), stdout=full, stderr=PIPE, text=True, check=False)

    assert 2 == done.returncode
    assert "mockserver: what was to be said could not be written: No space left on device\n" == done.stderr


def test_who_stops_reading_changes_nothing(tmp_path: Path) -> None:
    """As `| head` does: the exit status is the run's own, and the reports that were asked for are written."""
    reading, writing = os.pipe()
    os.close(reading)
    asked = ["verify", *QUICK, "--junit", str(tmp_path / "report.xml")]
    done = subprocess.run([*COMMAND, *asked], env=environment(), stdout=writing, stderr=PIPE, text=True, check=False)
    os.close(writing)

    assert (0, "") == (done.returncode, done.stderr)
    assert (tmp_path / "report.xml").stat().st_size


def test_a_terminal_has_colours() -> None:
    """And what is no terminal has none."""
    ours, theirs = os.openpty()
    words = environment({"TERM": "xterm"})
    words.pop("NO_COLOR", None)
    assert 0 == subprocess.run([*COMMAND, "list"], env=words, stdout=theirs, check=False).returncode
    shown = os.read(ours, 100)
    os.close(ours)
    os.close(theirs)

    assert b"\x1b[1m" in shown
    assert "\x1b" not in run("list", environ={"TERM": "xterm"}).stdout


def test_whoever_draws_finds_the_terminal_itself() -> None:
    """Rich asks for its descriptor, where an old console of Windows wants calls in place of codes."""
    script = (
        "import sys; from mockserver.cli import output\nwith output.writing_to_anything(): print(sys.stdout.fileno())"
    )
    words = [sys.executable, "-c", script]
    done = subprocess.run(words, env=environment(), capture_output=True, text=True, check=True)

    assert "1\n" == done.stdout


def test_no_output_at_all_is_no_mistake() -> None:
    """A command whose output is closed does what it does."""
    line = shlex.join([*COMMAND, "list"])
    done = subprocess.run(["/bin/sh", "-c", f"{line} >&- 2>&-"], env=environment(), check=False, timeout=60)

    assert 0 == done.returncode


class _Page(HTMLParser):
    """Collects tags, addresses and text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str | None] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_is_whole_and_harmless(report: Report, tmp_path: Path) -> None:
    """It needs no other file, runs nothing, and shows matrix, timings, failures, scenarios and what is known."""
    html.write(report, tmp_path / "report.html")
    page = _Page()
    page.feed((tmp_path / "report.html").read_text("utf-8"))

    assert "script" not in page.tags
    assert [] == page.addresses
    for part in (
        "<script>alert('x')</script>",
        "20.0",
        "batch-faults",
        "never answered 404",
        "declined",
        "does not conform",
        "PaymentSession.<script>",
        "a 200, b 200",
    ):
        assert part in page.text


def test_a_clean_report_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing failed: the page and the terminal say it."""
    clean = Report("the mock itself", [RETRIEVE], [Exchange(RETRIEVE, 200, 0.01)], interrupted=True)
    html.write(clean, tmp_path / "report.html")
    junit.write(clean, tmp_path / "report.xml")
    terminal.show(clean, Console(width=200))

    assert "No failures" in (tmp_path / "report.html").read_text("utf-8")
    assert "Not in the contract" not in (tmp_path / "report.html").read_text("utf-8")
    assert "<system-out" not in (tmp_path / "report.xml").read_text("utf-8")
    assert "conforms, as far as it was asked before it was interrupted" in capsys.readouterr().out


def test_what_could_not_be_asked_is_no_verdict(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An error alone is exit status 2, an error of JUnit, and never said to be the server's fault."""
    report = Report("http://localhost:9", [RETRIEVE], [Exchange(RETRIEVE, 200, 0.01)], errors=["no socket is left"])
    junit.write(report, tmp_path / "report.xml")
    terminal.show(report, Console(width=200))
    out = capsys.readouterr().out

    assert exit_status(report) == 2
    assert out.splitlines()[-1].startswith("http://localhost:9 conforms, as far as it could be asked: ")
    assert "error: no socket is left" in out
    assert "<failure" not in (tmp_path / "report.xml").read_text("utf-8")
    assert '<error message="no socket is left"' in (tmp_path / "report.xml").read_text("utf-8")


def test_the_command_on_the_mock_itself(tmp_path: Path) -> None:
    """Exit 0, with the files that were asked for."""
    files = [tmp_path / "report.xml", tmp_path / "report.html"]
    done = run(
        "verify",
        *QUICK,
        "--header",
        "X-Shop: 1",
        "--require",
        "200, 404",
        "--junit",
        str(files[0]),
        "--html",
        str(files[1]),
    )

    assert 0 == done.returncode, done.stdout + done.stderr
    assert "the mock itself conforms" in done.stdout
    assert all(file.stat().st_size for file in files)


def test_the_command_on_a_broken_server() -> None:
    """Exit 1, with a curl line that shows it."""
    with broken.serving(broken.drops_a_required_field) as url:
        done = run("verify", url, *QUICK)

    assert 1 == done.returncode
    assert re.search(rf"curl .*{url}", done.stdout)
    assert "does not conform" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["http://127.0.0.1:1"], "http://127.0.0.1:1 does not answer: .*refused.*"),
        (["--header", "secret"], "--header: not of the form 'Name: value'"),
        (["--given", "/nowhere"], "--given /nowhere: cannot be read: No such file or directory"),
        (["--given", "/nowhere", "--setup", "x"], "--given and --setup: real ids come from one of them"),
        (["--case", "bussy"], "no scenario 'bussy'; did you mean 'busy'.*"),
        ([*QUICK, "--html", "/nowhere/x.html"], "/nowhere/x.html: cannot be written: No such file or directory"),
    ],
)
def test_what_cannot_run_is_one_clear_line(arguments: list[str], line: str) -> None:
    """Exit 2, no traceback."""
    done = run("verify", *arguments)

    assert 2 == done.returncode
    assert re.fullmatch(f"mockserver: {line}\n", done.stderr), done.stderr


def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    """On a machine without Schemathesis, one line says how to get it."""
    (tmp_path / "schemathesis.py").write_text("raise ModuleNotFoundError(name='schemathesis')\n")
    path = f"{tmp_path}{os.pathsep}{environment()['PYTHONPATH']}"
    done = run("verify", environ={"PYTHONPATH": path})

    assert (2, "mockserver: schemathesis is not there; pip install 'medusa-mockserver[verify]'\n") == (
        done.returncode,
        done.stderr,
    )


def test_an_interruption_is_kept() -> None:
    """What Schemathesis says of Ctrl-C is not lost, wherever it comes."""
    fuzzed = Fuzzed()
    _take(events.Interrupted(phase=None), Contract(), Gateway(Target(Client("http://localhost:9"))), fuzzed)

    assert fuzzed.interrupted


def test_ctrl_c_still_reports(tmp_path: Path) -> None:
    """An interrupted run ends within seconds, shows what it has seen, and is no success."""
    begun = tmp_path / "begun"
    script = f'import pathlib; pathlib.Path({str(begun)!r}).touch(); print(\'[{{"id": "paycol_1"}}]\')'
    setup = shlex.join([sys.executable, "-c", script])
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell's job ignores its children ignore
    with subprocess.Popen(
        [*COMMAND, "verify", "--max-examples", "100000", "--case", "busy", "--setup", setup],
        env=environment({"COLUMNS": "120"}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        signal.signal(signal.SIGINT, before)
        while not begun.exists():  # ids are first wanted when the questions begin
            time.sleep(0.05)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)

    assert 2 == process.returncode, err
    assert "before it was interrupted" in out
    assert "Traceback" not in err


def test_ctrl_c_while_a_text_is_executed_is_like_any_other(tmp_path: Path) -> None:
    """The exit status is the command's own, not that of a process which a signal ended."""
    (tmp_path / "schemathesis.py").write_text('exec("raise KeyboardInterrupt")\n')
    done = run("verify", environ={"PYTHONPATH": f"{tmp_path}{os.pathsep}{environment()['PYTHONPATH']}"})

    assert (1, "\nAborted!\n") == (done.returncode, done.stderr)
