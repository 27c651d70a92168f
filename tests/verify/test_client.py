"""The one client of verify and drift: what it sends, whom it trusts, and what it takes for an answer."""

import gzip
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import requests
from verify import broken, hostile_server

from mockserver import MockServerError, Settings
from mockserver.drift import Options as DriftOptions
from mockserver.drift import drift
from mockserver.edge.mock import Mock
from mockserver.realserver import client as module
from mockserver.realserver.client import Client, client
from mockserver.realserver.supply import Supply
from mockserver.realserver.target import Access
from mockserver.verify import Options, verify
from mockserver.verify.sessions import closed_sessions

FEW = ("paymentCollections.*",)
SHOP = Path(__file__).parents[1] / "conformance" / "journeys" / "seed.json"
COULD_NOT_RUN = "gave no whole answer to|does not answer: "


@contextmanager
def echoing(
    status: int = 404,
    headers: tuple[tuple[str, str], ...] = (),
    body: bytes = b"{}",
    context: Any = None,
    type: str = "application/json",
) -> Iterator[tuple[str, list[Any]]]:
    """Answer all with the same; yield the URL, and the headers of all requests."""
    seen: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.headers)
            self.rfile.read(int(self.headers.get("content-length", 0)))
            self.send_response_only(status)
            for name, value in (("Content-Type", type), ("Content-Length", str(len(body))), *headers):
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *_arguments: Any) -> None:
            """Say nothing."""

    for method in ("POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "QUERY"):
        setattr(Handler, f"do_{method}", Handler.do_GET)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"{'https' if context else 'http'}://localhost:{server.server_port}", seen
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("mode", hostile_server.MODES)
def test_what_is_no_answer_could_not_be_asked(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a server does, verify and drift end soon with one sentence, and hold little of what it sends."""
    monkeypatch.setattr(module, "PATIENCE", 0.5)
    monkeypatch.setattr(module, "LONGEST", 2**21)
    supply = Supply(lambda: [{"id": "paycol_1"}], again=True)
    with hostile_server.serving(mode) as url, pytest.raises(MockServerError, match=COULD_NOT_RUN):
        verify(url, Options(max_examples=1, cases=["default"], operations=FEW))
    for said in ({"supply": supply}, {"supply": None, "data": SHOP}):
        with hostile_server.serving(mode, healthy=1) as url, pytest.raises(MockServerError, match=COULD_NOT_RUN):
            drift(url, DriftOptions(**said))


@pytest.mark.slow
@pytest.mark.parametrize("mode", hostile_server.MODES)
def test_a_shop_that_turns_hostile_could_not_be_compared(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is no answer to a shopper is no difference, however much was answered before."""
    monkeypatch.setattr(module, "PATIENCE", 0.5)
    monkeypatch.setattr(module, "LONGEST", 2**21)
    with (
        broken.serving(app=Mock(Settings(data=SHOP)).app) as url,
        hostile_server.serving(mode) as hostile,
        broken.hanging_up(url, after=20, then=hostile) as turning,
        pytest.raises(MockServerError, match=COULD_NOT_RUN),
    ):
        drift(turning, DriftOptions(None, data=SHOP, kinds=["checkout"]))


@pytest.mark.parametrize(
    ("type", "body"),
    [
        ("text/plain", b"["),
        ("text/plain; charset=utf-16", "[[1], [2], {}]".encode("utf-16")),
        ("text/html", b"<p>" + hostile_server.DEEP),
        ("application/json", b'{"a": "' + b"[" * 1000 + b'"}'),
    ],
)
def test_what_nests_little_is_an_answer(type: str, body: bytes) -> None:
    """So is a page, whatever brackets are in it: it cannot be read as JSON."""
    with echoing(200, body=body, type=type) as (url, _):
        assert body == Client(url).send("GET", "/").body


@pytest.mark.slow
def test_a_server_that_turns_hostile_under_the_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes to Schemathesis' requests is bounded in the same way."""
    monkeypatch.setattr(module, "PATIENCE", 0.5)
    with (
        hostile_server.serving("drips its head", healthy=20) as url,
        pytest.raises(MockServerError, match=COULD_NOT_RUN),
    ):
        verify(url, Options(max_examples=1, cases=["default"], operations=FEW))


@pytest.mark.slow
def test_a_supply_that_fails_under_the_questions(tmp_path: Path) -> None:
    """Where no more data can be made, one sentence gives the set-up command's own words; it is not tried again."""
    supply = broken.supply_that_ends(tmp_path, [{"id": f"paycol_{number}"} for number in range(3)])
    with (
        echoing() as (url, seen),
        pytest.raises(MockServerError, match=r"--setup .* ended with status 1: mkdir: "),
    ):
        verify(url, Options(supply=supply, max_examples=1, cases=["default"], operations=FEW))

    assert "\n\n" == (tmp_path / "runs").read_text()
    assert 40 <= len(seen) < 80  # of more than 200; bodies that nobody reads come first, thirty of them


@pytest.mark.slow
def test_nothing_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy, no password of .netrc: each request, Schemathesis' too, carries what was asked for."""
    (tmp_path / ".netrc").write_text(
        "machine localhost login alice password example\nmachine 127.0.0.1 login alice password example\n"
    )
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    with echoing() as (url, seen), echoing() as (proxy, seen_by_proxy):
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy)
        report = verify(
            url,
            Options(
                access=Access({"Authorization": "Bearer customer-token"}),
                max_examples=1,
                cases=["default"],
                operations=FEW,
            ),
        )

    assert [] == seen_by_proxy
    assert {"Bearer customer-token"} == {headers["Authorization"] for headers in seen}
    assert len(seen) > 50
    assert "customer-token" not in str(report)
    assert any("-H 'Authorization: [hidden]'" in finding.curl for finding in report.failures)
    assert all(url in finding.curl for finding in report.failures)


def test_what_schemathesis_asks_on_its_own_goes_nowhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its checks make sessions that no hook sees: they take nothing from the environment either, and follow no redirect."""
    (tmp_path / "netrc").write_text("default login alice password example\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with (
        echoing() as (other, seen_by_other),
        echoing(302, (("Location", other),)) as (url, seen),
        echoing() as (proxy, seen_by_proxy),
    ):
        monkeypatch.setenv("http_proxy", proxy)
        with closed_sessions():
            answer = requests.get(url, timeout=10)
        requests.get(url, timeout=10)  # everybody else's are what they were

    assert ([302], [[None]]) == ([answer.status_code], [[one["Authorization"] for one in seen]])
    assert ([], 1) == (seen_by_other, len(seen_by_proxy))


@pytest.mark.slow
def test_a_user_in_the_url_logs_in_and_is_not_shown() -> None:
    """`user:password@` is what `--user` is; neither is in the report."""
    with echoing() as (url, seen):
        there = url.replace("//", "//user:p%40ssw0rd@")
        report = verify(there, Options(max_examples=1, cases=["default"], operations=FEW))

    assert {"Basic dXNlcjpwQHNzdzByZA=="} == {headers["Authorization"] for headers in seen}
    assert url == report.url
    assert not any(secret in str(report) for secret in ("p%40ssw0rd", "p@ssw0rd", "dXNlcjpwQHNzdzByZA"))


def test_no_redirect_is_followed() -> None:
    """What is sent along is for one server; the sentence says where it would have gone."""
    with (
        echoing() as (other, seen),
        echoing(302, (("Location", other),)) as (url, _),
        pytest.raises(MockServerError, match=f"{url} answers GET /health with a redirect to {other}; none is followed"),
    ):
        verify(url, Options())

    assert [] == seen


@pytest.mark.parametrize(
    ("url", "access", "message"),
    [
        ("http://a:secret@/x", Access(), "'http:///x' is not a URL such as"),
        ("http://localhost:99999", Access(), "'http://localhost:99999' is not a URL such as"),
        ("http://localhost:9000?x=1", Access(), "is not a URL such as"),
        ("http://localhost:9000", Access(user="alice"), "--user: not of the form 'NAME:PASSWORD'"),
        ("http://localhost:9000", Access({"authorization": "x"}, user="a:b"), "a request can carry one of them"),
        ("https://localhost:9000", Access(ca=Path("/nowhere")), "--ca /nowhere: cannot be read: No such file"),
        ("https://localhost:9000", Access(ca=Path(__file__)), "--ca .*test_client.py: holds no certificates in PEM"),
        ("https://localhost:9000", Access(ca=Path("x"), insecure=True), "--ca and --insecure: "),
    ],
)
def test_what_cannot_be_meant_is_refused(url: str, access: Access, message: str) -> None:
    """One clear sentence, without the password."""
    with pytest.raises(MockServerError, match=message) as caught:
        client(url, access.headers, user=access.user, ca=access.ca, insecure=access.insecure)

    assert "secret" not in str(caught.value)


@pytest.mark.slow
def test_whose_certificates_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of `--ca`, or of SSL_CERT_FILE, or all with `--insecure`; any other server does not answer."""
    certificate, key = tmp_path / "c.pem", tmp_path / "k.pem"
    line = f"openssl req -x509 -newkey rsa:2048 -nodes -keyout {key} -out {certificate} -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    subprocess.run(line.split(), check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with echoing(context=context) as (url, seen):
        assert 404 == client(url, {}, ca=certificate).send("GET", "/health").status
        assert 404 == client(url, {}, insecure=True).send("GET", "/health").status
        with pytest.raises(MockServerError, match=r"does not answer: .*self.signed"):
            client(url, {}).send("GET", "/health")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        verify(url, Options(max_examples=1, cases=["default"], operations=FEW))

    assert len(seen) > 50


def test_what_is_packed_is_unpacked() -> None:
    """A body in gzip is read as what it was, and an empty one as nothing."""
    with echoing(200, (("Content-Encoding", "gzip"),), gzip.compress(b'{"a": 1}')) as (url, _):
        assert b'{"a": 1}' == Client(url).send("GET", "/").body
        assert b"" == Client(url).send("HEAD", "/").body


@pytest.mark.slow
def test_runs_repeat_on_one_mock() -> None:
    """Each run has sandboxes of its own and leaves none: the second finds what the first found."""
    with broken.serving() as url:
        mock = Client(url)
        before = mock.send("GET", "/__mock/sandboxes").body
        results = [
            [
                (case.scenario, case.result)
                for case in verify(url, Options(max_examples=1, cases=["busy", "default"], operations=FEW)).cases
            ]
            for _ in range(2)
        ]
        after = mock.send("GET", "/__mock/sandboxes").body

    assert [("busy", "passed"), ("default", "passed")] == results[0] == results[1]
    assert before.count(b'"name"') == after.count(b'"name"')
