"""The one HTTP client of verify and drift: nothing from the environment but SSL_CERT_FILE, no redirects, bounded answers."""

import base64
import re
import ssl
import threading
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from itertools import accumulate
from json import detect_encoding
from pathlib import Path
from socket import SHUT_RDWR, socket
from urllib.parse import unquote, urlsplit

from ..errors import MockServerError

PATIENCE = 30.0  # seconds until an answer is there to its last byte
LONGEST = 16 * 2**20  # bytes of a body, as sent and as unpacked
DEEPEST = 100  # levels of a JSON document; Medusa's have a dozen
SECRET = "[hidden]"  # noqa: S105
SECRETIVE = 6  # characters from which on a header's value is looked for in texts; a "1" is in all of them
_PACKED = ("gzip", "x-gzip", "deflate")
_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}  # of the depth, at each bracket
_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in _STEPS)
Pairs = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Incoming:
    """An answer that came whole: its status, its headers in their order, its body unpacked, and the seconds it took."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    seconds: float

    def header(self, name: str) -> str | None:
        """Return the first header of a name in small letters."""
        return next((value for one, value in self.headers if one.lower() == name), None)


@dataclass(frozen=True, slots=True)
class Client:
    """Asks the server at a URL, which holds no password; each request carries `headers`."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    trust: ssl.SSLContext | None = None

    def send(self, method: str, path: str, headers: Pairs = (), body: bytes | None = None) -> Incoming:
        """Send one request; raise MockServerError when no whole answer comes in time."""
        begin = time.perf_counter()
        with self._connection() as connection:
            late = threading.Event()
            alarm = threading.Timer(PATIENCE, _hang_up, (connection.sock, late))
            alarm.daemon = True
            alarm.start()
            try:
                _request(connection, method, urlsplit(self.url).path + path, [*headers, *self.headers.items()], body)
                answer = connection.getresponse()
                text = _unpacked(answer, _body(answer, method))
                if late.is_set():
                    raise TimeoutError  # it ends where we hung up
            except (OSError, HTTPException, ValueError, AttributeError) as error:  # the last two: a TLS socket hung up
                cause = (
                    f"not whole after {PATIENCE:g} s"
                    if late.is_set() or isinstance(error, TimeoutError)
                    else _why(error)
                )
                raise MockServerError(f"{self.url} gave no whole answer to {method} {path}: {cause}") from None
            finally:
                alarm.cancel()
        return Incoming(answer.status, tuple(answer.getheaders()), text, time.perf_counter() - begin)

    def hide(self, text: str) -> str:
        """Return a text without the values of headers that are long enough to be secrets."""
        for value in self.headers.values():
            for secret in (value, value.partition(" ")[2]):
                text = text.replace(secret, SECRET) if len(secret) >= SECRETIVE else text
        return text

    @contextmanager
    def _connection(self) -> Iterator[HTTPConnection]:
        parts = urlsplit(self.url)
        host = str(parts.hostname)
        connection = (
            HTTPSConnection(host, parts.port, timeout=PATIENCE, context=self.trust)
            if parts.scheme == "https"
            else HTTPConnection(host, parts.port, timeout=PATIENCE)
        )
        try:
            try:
                connection.connect()
            except (OSError, ValueError) as error:
                raise MockServerError(f"{self.url} does not answer: {_why(error)}") from None
            yield connection
        finally:
            connection.close()


def client(
    url: str,
    headers: Mapping[str, str],
    *,
    user: str | None = None,
    ca: Path | None = None,
    insecure: bool = False,
) -> Client:
    """
    Return a client for a URL, in which a user and a password may stand.

    Raises MockServerError for what is no URL, for two ways to log in, and for certificates that cannot be read.
    """
    parts = urlsplit(url)
    try:
        usable = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    netloc = parts.netloc.rpartition("@")[2]
    plain = f"{parts.scheme}://{netloc}{parts.path.rstrip('/')}" if parts.netloc else url.rpartition("@")[2]
    if not usable or parts.query or parts.fragment:
        raise MockServerError(f"{plain!r} is not a URL such as 'http://localhost:9000'")
    if user is None and parts.username is not None:
        user = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    if user is not None:
        if ":" not in user:
            raise MockServerError("--user: not of the form 'NAME:PASSWORD'")
        if "authorization" in {name.lower() for name in headers}:
            raise MockServerError("--header Authorization and a user with a password: a request can carry one of them")
        headers = {**headers, "Authorization": f"Basic {base64.b64encode(user.encode()).decode()}"}
    return Client(plain, headers, _trust(ca, insecure=insecure) if parts.scheme == "https" else None)


def _trust(ca: Path | None, *, insecure: bool) -> ssl.SSLContext:
    """Return whose certificates are believed: those of a file, or the system's (SSL_CERT_FILE names others), or all."""
    if ca and insecure:
        raise MockServerError("--ca and --insecure: certificates are checked or they are not")
    try:
        context = ssl.create_default_context(cafile=ca)
    except ssl.SSLError:
        raise MockServerError(f"--ca {ca}: holds no certificates in PEM") from None
    except OSError as error:
        raise MockServerError(f"--ca {ca}: cannot be read: {error.strerror}") from None
    if insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _request(connection: HTTPConnection, method: str, path: str, headers: Pairs, body: bytes | None) -> None:
    """Send a request with exactly these headers; of those that are there twice, the last."""
    last = {name.lower(): (name, value) for name, value in headers}
    connection.putrequest(method, path or "/", skip_accept_encoding=True, skip_host="host" in last)
    for name, value in last.values():
        connection.putheader(name, value)
    if body is not None and "content-length" not in last:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)


def _body(answer: HTTPResponse, method: str) -> bytes:
    """Return the body as it was sent; raise ValueError for one that is too long, or not whole."""
    parts, size = [], 0
    while part := answer.read(65536):
        parts.append(part)
        size += len(part)
        if size > LONGEST:
            raise ValueError(f"its body has more than {LONGEST} bytes")
    promised = answer.headers.get("Content-Length", "")
    bodiless = method == "HEAD" or answer.status in (204, 304)
    if promised.isdecimal() and not answer.chunked and size < int(promised) and not bodiless:
        raise ValueError(f"its body ends after {size} of {promised} bytes")
    return b"".join(parts)


def _unpacked(answer: HTTPResponse, body: bytes) -> bytes:
    """Return a body as it was before it was packed; raise ValueError for what cannot be unpacked, or be read at all."""
    if answer.headers.get("Content-Encoding", "").lower() in _PACKED and body:
        inflate = zlib.decompressobj(wbits=47)  # the head of zlib or of gzip
        try:
            body = inflate.decompress(body, LONGEST + 1)
        except zlib.error as error:
            raise ValueError(f"its body cannot be unpacked: {error}") from None
        if len(body) > LONGEST:
            raise ValueError(f"its body has more than {LONGEST} bytes when unpacked")
    if _depth(body) > DEEPEST:
        raise ValueError(f"its body is nested more than {DEEPEST} levels deep")
    return body


def _depth(body: bytes) -> int:
    """
    Return how many levels a body has as JSON, without building it; none has one that does not begin as what nests.

    What it calls itself is no matter: ids, and what provokes a deviation, are looked for in every answer.
    """
    text = body.decode(detect_encoding(body), "replace").encode()
    if not text.lstrip().startswith((b"[", b"{")):
        return 0
    brackets = _TEXT.sub(b"", text).translate(None, _NO_BRACKETS)
    return max(accumulate(map(_STEPS.__getitem__, brackets)), default=0)


def _hang_up(sock: socket, late: threading.Event) -> None:
    """End a connection by its socket, which a body without a length keeps and http.client's connection lets go."""
    late.set()
    with suppress(OSError):  # its end came by itself at this moment
        sock.shutdown(SHUT_RDWR)


def _why(error: Exception) -> str:
    """Return what an error says, or what kind it is, in one line."""
    if isinstance(error, HTTPException) and not isinstance(error, OSError):
        return f"it sent what is no HTTP ({type(error).__name__})"
    return " ".join(str(error).split()) or type(error).__name__
