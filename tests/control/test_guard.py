"""Who may call the control API: the rows of the README's threat table."""

from typing import Any

import pytest
from asking import ask_of, header
from conftest import AUTHORIZE, CLOCK
from control.conftest import message

from mockserver import Settings
from mockserver.control.guard import is_loopback
from mockserver.edge.mock import Mock
from mockserver.messages import Response

TOKEN = "0123456789abcdef-ü"  # noqa: S105
RESET = "/__mock/sandboxes/shared/reset"


def ask(method: str, path: str, settings: dict[str, Any] | None = None, **headers: str) -> Response:
    """Ask a mock of its own."""
    mock = Mock(Settings(clock=CLOCK, **(settings or {})))
    return ask_of(mock.app)(method, path, **{name: value.encode() for name, value in headers.items()})


@pytest.mark.parametrize("host", ["localhost", "localhost:9000", "LOCALHOST", "127.0.0.1:1", "[::1]:9000", "[::1]"])
def test_names_of_this_machine(host: str) -> None:
    """They are let in, with any port: a container's may be another one outside."""
    assert 200 == ask("GET", "/__mock/health", Host=host).status


@pytest.mark.parametrize(
    "host", ["evil.test", "evil.test:9000", "localhost.evil.test", "", "192.168.1.5", "[::2]:9000"]
)
def test_any_other_host_is_refused(host: str) -> None:
    """A name that an attacker lets point here (DNS rebinding) is not ours; even for reading."""
    said = message(ask("GET", "/__mock/health", Host=host), 403)

    assert f"the Host {host!r} is not this server; use localhost or 127.0.0.1" == said


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.test"},
        {"Origin": "null"},
        {"Origin": "http://localhost:3000"},
        {"Origin": "http://localhost"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_another_site_changes_nothing(headers: dict[str, str]) -> None:
    """Not from another port of this machine either."""
    assert "is another site" in message(ask("POST", RESET, **headers), 403)


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "http://localhost:9000"}, {"Sec_Fetch_Site": "same-origin"}, {"Sec_Fetch_Site": "none"}]
)
def test_the_console_and_programs_may_change(headers: dict[str, str]) -> None:
    """The page that came from here, and whatever is no browser."""
    assert 200 == ask("POST", RESET, **headers).status


def test_no_other_site_may_read() -> None:
    """No answer of the control API has a CORS header, whatever origin asks and whatever the store allows."""
    for method in ("GET", "OPTIONS"):
        answer = ask(method, "/__mock/health", {"cors": ("/.*/",)}, Origin="http://localhost:3000")
        assert [] == [name for name, _ in answer.headers if name.startswith("access-control")]


def test_elsewhere_it_is_off_without_a_token() -> None:
    """What others can reach is not controlled by them; the store answers as ever."""
    settings = {"host": "0.0.0.0"}  # noqa: S104

    assert "start with --control-token" in message(ask("GET", "/__mock/health", settings), 403)
    assert "start with --control-token" in message(ask("GET", "/__mock/", settings), 403)
    assert 200 == ask("POST", AUTHORIZE, settings).status


@pytest.mark.parametrize("host", ["0.0.0.0", "127.0.0.1"])  # noqa: S104
def test_a_token_is_asked_for(host: str) -> None:
    """Whoever has it is let in under any name; the page itself is open, for it asks for the token."""
    settings = {"host": host, "control_token": TOKEN}
    for authorization in ("", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN[:-1]}"):
        assert "Authorization: Bearer TOKEN" in message(
            ask("GET", "/__mock/health", settings, Authorization=authorization), 401
        )

    assert 200 == ask("GET", "/__mock/health", settings, Authorization=f"Bearer {TOKEN}", Host="mock.test").status
    assert 200 == ask("GET", "/__mock/", settings).status
    assert 401 == ask("POST", "/__mock/", settings).status


def test_a_short_token_is_refused() -> None:
    """It could be guessed."""
    with pytest.raises(ValueError, match="at least 16 characters"):
        Settings(control_token="short")  # noqa: S106


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("127.8.9.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("shop", False)],  # noqa: S104
)
def test_what_only_this_machine_reaches(host: str, expected: bool) -> None:  # noqa: FBT001
    """Loopback addresses, and the name of one; any other name may be anybody's."""
    assert expected == is_loopback(host)


@pytest.mark.parametrize(
    "path", ["/__mock/../store", "/__mock/%2e%2e/etc/passwd", "/__mock/console.js%00", "/__mock//", "/__mock/%00"]
)
def test_paths_lead_nowhere_else(path: str) -> None:
    """What is not in the table of calls and pages is not found."""
    assert 404 == ask("GET", path).status
    assert "root:" not in ask("GET", path).body.decode()


@pytest.mark.parametrize(
    ("method", "path", "status", "said"),
    [
        ("GET", "/__mock/helth", 404, "no /__mock/helth; known below /__mock: events, health, journal, matrix"),
        ("POST", "/__mock/health", 405, "/health takes GET, not POST"),
        ("PATCH", "/__mock/scenarios/busy", 405, "/scenarios/busy takes DELETE, GET, PUT, not PATCH"),
    ],
)
def test_what_is_not_there(method: str, path: str, status: int, said: str) -> None:
    """The refusal says what is."""
    assert message(ask(method, path), status).startswith(said)


def test_paths_that_only_begin_alike_are_medusas() -> None:
    """`/__mockery` is a path like any other."""
    assert "Cannot GET /__mockery" in ask("GET", "/__mockery").body.decode()


def test_the_mount_leads_to_the_page() -> None:
    """Without its slash."""
    answer = ask("GET", "/__mock")

    assert (307, "/__mock/") == (answer.status, header(answer, "location"))


def test_the_page_lets_nothing_in() -> None:
    """Its policy allows what came from here and nothing else: no inline script, no frame, no form."""
    answer = ask("GET", "/__mock/")
    policy = header(answer, "content-security-policy")

    assert 200 == answer.status
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert ("nosniff", "no-referrer") == (
        header(answer, "x-content-type-options"),
        header(answer, "referrer-policy"),
    )


def test_head_is_get_without_a_body() -> None:
    """Of calls and pages."""
    for path in ("/__mock/health", "/__mock/"):
        answer = ask("HEAD", path)
        assert (200, b"") == (answer.status, answer.body)
