"""One function for each row of the table: what is compared with what, and what must be reached."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

from load import Load
from servers import AUTHORIZE, HERE, Missing, Running, bare, mock, prism, wiremock

STUBS = 20
MATCHED = """description: A stub with a matcher, as scenarios have them.
stubs:
  - operation: authorizePaymentSession
    when: {path: {session_id: "ps_*"}, header: {accept: "application/*"}}
    reply: {headers: {X-Bench: "{id}"}}
"""
STUB = """  - operation: authorizePaymentSession
    when: {{path: {{session_id: "ps_{scenario}_{stub}"}}, header: {{x-card: "visa*"}}}}
    replies:
      - {{status: 409}}
      - {{status: 422, headers: {{X-Shop: "{{id}}"}}}}
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A figure and what it must be: at least `wanted`, or at most; `figure` is None where it could not be measured."""

    name: str
    figure: float | None
    wanted: float
    detail: str
    at_least: bool = True

    @property
    def is_met(self) -> bool:
        """Whether it was measured and is as it must be."""
        if self.figure is None:
            return False
        return self.figure >= self.wanted if self.at_least else self.figure <= self.wanted


@dataclass(frozen=True, slots=True)
class Bench:
    """How long a round is, how many there are, how much ages a server, and a folder for files."""

    folder: Path
    seconds: float
    rounds: int
    aging: int

    def ratio(self, limit: Load, own: Load) -> tuple[float, str]:
        """Return the median of own to limit, taken in turn, with the rates of the last round."""
        for load in (limit, own):
            self._round(load, 0.3)  # warmed up
        rates = [(self._round(limit), self._round(own)) for _ in range(self.rounds)]
        return median(own / limit for limit, own in rates), f"{rates[-1][1]:.0f}/s beside {rates[-1][0]:.0f}/s"

    def _round(self, load: Load, part: float = 1.0) -> float:
        return Load(load.port, load.path, seconds=self.seconds * part).run()

    def cost(self, running: Running, part: float = 1.0) -> float:
        """Return the processor time that a server takes for one authorization, in microseconds."""
        return running.cost(Load(running.port, AUTHORIZE, seconds=self.seconds * part))

    def own_folder(self, name: str) -> Path:
        """Return a folder with nothing in it."""
        folder = self.folder / name
        folder.mkdir()
        return folder


def throughput(bench: Bench) -> Row:
    """Processor time of an authorization, beside the smallest ASGI application that sends the same bytes on the same server."""
    with mock() as own, bare(bench.folder, own) as limit:
        for running in (own, limit):
            bench.cost(running, 0.3)  # warmed up
        costs = [(bench.cost(limit), bench.cost(own)) for _ in range(bench.rounds)]
    figure = median(limit / own for limit, own in costs)
    detail = f"{median(own for _, own in costs):.0f} µs beside {median(limit for limit, _ in costs):.0f} µs a request"
    return Row("requests per processor time, beside the smallest ASGI application", figure, 0.45, detail)


def sandbox(bench: Bench) -> Row:
    """Authorize in a named sandbox, by prefixes, with a stub that matches, beside the plain case."""
    folder = bench.own_folder("matched")
    (folder / "matched.yaml").write_text(MATCHED)
    with mock("--scenarios", str(folder)) as own:
        figure, detail = bench.ratio(Load(own.port, AUTHORIZE), Load(own.port, f"/~bench/@matched{AUTHORIZE}"))
    return Row("sandbox, prefix and matcher, beside the plain case", figure, 0.85, detail)


def scenarios(bench: Bench) -> Row:
    """Authorize with 1,000 scenarios of 20 stubs each, beside the shipped ones alone."""
    folder = _many(bench.own_folder("many"), 1000)
    with mock("--scenarios", str(folder)) as own, mock() as fresh:
        figure, detail = bench.ratio(Load(fresh.port, AUTHORIZE), Load(own.port, AUTHORIZE))
    return Row("1,000 scenarios of 20 stubs, beside the shipped ones", figure, 0.95, detail)


def aged(bench: Bench) -> Iterator[Row]:
    """Authorize, and memory, after many requests with distinct ids in 10,000 sandboxes, beside a fresh server."""
    path = "/~s{s}/store/payment-collections/paycol_{n}/sessions/ps_{n}/authorize"
    with mock() as own, mock() as fresh:
        Load(fresh.port, AUTHORIZE, requests=1000).run()
        Load(own.port, path, requests=bench.aging, sandboxes=10_000).run()
        old, new = own.memory(), fresh.memory()
        figure, detail = bench.ratio(Load(fresh.port, AUTHORIZE), Load(own.port, AUTHORIZE))
    yield Row(f"after {bench.aging:,} requests, beside a fresh server", figure, 0.95, detail)
    yield Row("memory then, beside a fresh server", old / new, 3, f"{old:.0f} MB beside {new:.0f} MB", at_least=False)


def start(bench: Bench) -> Iterator[Row]:
    """From the command to the first 200, beside a bare Starlette application on the same server."""
    own = [sys.executable, "-m", "mockserver", "--port", "0"]
    limit = [sys.executable, str(HERE / "bare.py"), "starlette"]
    times = [(_first_answer(own), _first_answer(limit)) for _ in range(bench.rounds + 2)]
    seconds = median(own for own, _ in times)
    ratio = median(own / limit for own, limit in times)
    detail = f"{seconds:.2f} s beside {median(limit for _, limit in times):.2f} s"
    yield Row("first answer after start, beside a bare Starlette application", ratio, 3, detail, at_least=False)
    yield Row("first answer after start, seconds", seconds, 0.6, detail, at_least=False)


def prism_memory(bench: Bench) -> Row:
    """Resident memory after start and 10,000 requests, beside Prism on the same contract."""
    name = "memory, beside Prism 5"
    try:
        with mock() as own, prism(bench.folder) as peer:
            for running in (own, peer):
                Load(running.port, AUTHORIZE, requests=10_000).run()
            used, theirs = own.memory(), peer.memory()
    except Missing as missing:
        return Row(name, None, 0.4, str(missing), at_least=False)
    return Row(name, used / theirs, 0.4, f"{used:.0f} MB beside {theirs:.0f} MB", at_least=False)


def peers(bench: Bench) -> Iterator[Row]:
    """Authorize, beside Prism 5 and WireMock 3 with the same answer, warmed up."""
    with ExitStack() as stack:
        own = stack.enter_context(mock())
        starts: list[tuple[str, float, Callable[[], Running]]] = [
            ("Prism 5", 3, lambda: stack.enter_context(prism(bench.folder))),
            ("WireMock 3", 1, lambda: stack.enter_context(wiremock(bench.own_folder("wiremock"), own))),
        ]
        for name, wanted, begin in starts:
            try:
                peer = begin()
            except Missing as missing:
                yield Row(f"throughput, beside {name}", None, wanted, str(missing))
                continue
            Load(peer.port, AUTHORIZE, seconds=bench.seconds * 2).run()  # Java compiles what is hot
            figure, detail = bench.ratio(Load(peer.port, AUTHORIZE), Load(own.port, AUTHORIZE))
            yield Row(f"throughput, beside {name}", figure, wanted, detail)


def check(bench: Bench) -> Row:
    """`mockserver check` on 1,000 files, beside reading them with the YAML parser alone; both without their starts."""
    many, one = _many(bench.own_folder("check"), 1000), _many(bench.own_folder("one"), 1)
    read = "import sys, yaml, pathlib\nfor path in pathlib.Path(sys.argv[1]).iterdir(): yaml.load(path.read_text(), yaml.CSafeLoader)"
    own = [sys.executable, "-m", "mockserver", "check"]
    limit = [sys.executable, "-c", read]

    def seconds(command: list[str]) -> float:
        return _seconds([*command, str(many)]) - _seconds([*command, str(one)])

    times = [(seconds(own), seconds(limit)) for _ in range(bench.rounds)]
    detail = f"{times[-1][0]:.2f} ms a file beside {times[-1][1]:.2f} ms"
    return Row(
        "check, beside the YAML parser alone", median(own / limit for own, limit in times), 3, detail, at_least=False
    )


def _many(folder: Path, count: int) -> Path:
    """Write so many scenarios of 20 stubs each."""
    for scenario in range(count):
        stubs = "".join(STUB.format(scenario=scenario, stub=stub) for stub in range(STUBS))
        (folder / f"scenario-{scenario}.yaml").write_text(f"description: The {scenario}th.\nstubs:\n{stubs}")
    return folder


def _seconds(command: list[str]) -> float:
    begin = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begin


def _first_answer(command: list[str]) -> float:
    """Return the seconds from starting a command, which prints its URL, to its first 200."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    port = int(process.stdout.readline().strip().rpartition(":")[2])
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/health")
    assert connection.getresponse().status == 200
    took = time.perf_counter() - begin
    connection.close()
    process.kill()
    process.communicate()
    return took
