"""Dresses an answer as Express does: headers and their order, CORS, ETag, session cookie, error pages."""

import base64
import hashlib
import hmac
import json
import re
from binascii import b2a_base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from html import escape
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, unquote

from pydantic_core import PydanticSerializationError, to_json

from ..errors import MockServerError
from ..messages import HTML, JSON, Answer, Request
from .compression import ENCODERS, THRESHOLD, encoding

METHODS = "GET,HEAD,PUT,PATCH,POST,DELETE"
SECRET = b"supersecret"  # Medusa's documented cookie_secret for development; guards nothing here
SESSION_HOURS = 10
OURS = 2  # headers that tell of the mock itself: scenario and source
PHRASES = {413: "Payload Too Large"}  # Node's; Python's name for it changed between 3.11 and 3.13
Headers = list[tuple[str, str]]


@dataclass(slots=True)
class Wire:
    """An answer as it goes out: status, headers in order, body bytes."""

    status: int
    headers: Headers
    body: bytes


class Express:
    """
    The outermost coat of a Medusa server.

    `origins` are the allowed ones: texts, or regular expressions between slashes as in Medusa's STORE_CORS.
    """

    def __init__(self, origins: Iterable[str], seed: str, now: Callable[[], int], *, compress: bool = False) -> None:
        self._compress = compress
        self._exact, self._patterns = _origins(origins)
        self._now = now
        session = base64.urlsafe_b64encode(hashlib.sha256(f"session {seed}".encode()).digest()[:24]).decode()
        self._cookie = f"connect.sid={quote(f's:{session}.{_signature(session)}', safe='-_.~()')}; Path=/; Expires="

    def dress(self, request: Request, answer: Answer) -> Wire:
        """Return an answer's wire form, in the header order that SERVER.md 2 gives."""
        headers: Headers = [("X-Powered-By", "Express")]
        if answer.cors:
            headers += self._cors(request)
        body, status = _body(answer), answer.status
        headers += answer.headers
        if answer.media_type == HTML and status >= HTTPStatus.BAD_REQUEST:
            headers += [("Content-Security-Policy", "default-src 'none'"), ("X-Content-Type-Options", "nosniff")]
        if answer.media_type:
            headers.append(("Content-Type", answer.media_type))
        headers.append(("Content-Length", str(len(body))))
        if answer.media_type and not (answer.media_type == HTML and status >= HTTPStatus.BAD_REQUEST):
            tag = etag(body)
            headers.append(("ETag", tag))
            if _is_fresh(request, status, tag):
                status, body = 304, b""
                headers = [(name, value) for name, value in headers if name not in ("Content-Type", "Content-Length")]
        headers += self._session(request, self._now() if answer.now is None else answer.now)
        if len(answer.headers) > OURS:
            headers = _without_doubles(headers, answer.headers)
        if self._compress and answer.media_type and "x-no-compression" not in request.headers:
            headers, body = _compressed(request, headers, body)
        return Wire(status, headers, b"" if request.method == "HEAD" else body)

    def _cors(self, request: Request) -> Headers:
        """Return the CORS headers: the origin echoed where it is allowed, credentials always (SERVER.md 5)."""
        origin = request.headers.get("origin", "")
        preflight = request.method == "OPTIONS"
        headers = [("Access-Control-Allow-Origin", origin)] if self._allows(origin) else []
        headers.append(("Vary", "Origin, Access-Control-Request-Headers" if preflight else "Origin"))
        headers.append(("Access-Control-Allow-Credentials", "true"))
        if preflight:
            headers.append(("Access-Control-Allow-Methods", METHODS))
            asked = request.headers.get("access-control-request-headers")
            headers += [("Access-Control-Allow-Headers", asked)] if asked else []
        return headers

    def _allows(self, origin: str) -> bool:
        return bool(origin) and (origin in self._exact or any(pattern.search(origin) for pattern in self._patterns))

    def _session(self, request: Request, milliseconds: int) -> Headers:
        """Return the session cookie and the date; no cookie for a visitor who brings a signed one back."""
        now = milliseconds // 1000
        date = ("Date", _http_date(now))
        if _is_signed(request.headers.get("cookie", "")):
            return [date]
        expires = _http_date(now + SESSION_HOURS * 3600)
        return [("Set-Cookie", f"{self._cookie}{expires}; HttpOnly"), date]


def _without_doubles(headers: Headers, said: Iterable[tuple[str, str]]) -> Headers:
    """Return headers in which those that a scenario says stand in place of ours; a cookie stands beside ours."""
    own = {name.lower() for name, _ in said} - {"set-cookie"}
    return [pair for pair in headers if pair in said or pair[0].lower() not in own]


def _compressed(request: Request, headers: Headers, body: bytes) -> tuple[Headers, bytes]:
    """Return an answer compressed where it is long enough and the client can read it; the ETag stays as it was."""
    vary = dict(headers).get("Vary")
    headers = [pair for pair in headers if pair[0] != "Vary"]
    headers.insert(1, ("Vary", f"{vary}, Accept-Encoding" if vary else "Accept-Encoding"))
    chosen = encoding(request.headers.get("accept-encoding", ""))
    if chosen is None or len(body) < THRESHOLD or request.method == "HEAD":
        return headers, body
    headers = [pair for pair in headers if pair[0] != "Content-Length"]  # sent in chunks
    return [*headers, ("Content-Encoding", chosen)], ENCODERS[chosen](body)


def error_page(status: int, text: str | None = None) -> Answer:
    """Return Express's page for an error in its production form: the status' name, never a stack trace."""
    message = escape(text or PHRASES.get(status) or HTTPStatus(status).phrase).replace("&#x27;", "&#39;")
    page = (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Error</title>\n</head>\n'
        f"<body>\n<pre>{message}</pre>\n</body>\n</html>\n"
    )
    return Answer(status, page, HTML)


def no_route(request: Request) -> Answer:
    """Return the page for a path or a method that has no route: always 404, never 405 (SERVER.md 3)."""
    return error_page(404, f"Cannot {request.method} {quote(request.path, safe=_URL_SAFE)}")


_URL_SAFE = "/%!#$&'()*+,:;=?@[]~|"


def etag(body: bytes) -> str:
    """Return the weak tag that Express gives a body: its length in hexadecimal and 27 characters of its SHA-1."""
    digest = b2a_base64(hashlib.sha1(body, usedforsecurity=False).digest(), newline=False)[:27].decode()
    return f'W/"{len(body):x}-{digest}"'


def dumps(document: Any) -> bytes:
    """Return a document as JavaScript writes it: compact, UTF-8, infinity as null, lone surrogates escaped."""
    try:
        return to_json(document, inf_nan_mode="null")  # a third of the time of the standard library's
    except PydanticSerializationError:
        return json.dumps(document, separators=(",", ":")).encode()


def _body(answer: Answer) -> bytes:
    if answer.document is None and answer.media_type != JSON:
        return b""
    if isinstance(answer.document, str) and answer.media_type != JSON:
        return answer.document.encode(errors="replace")
    return dumps(answer.document)


def _is_fresh(request: Request, status: int, tag: str) -> bool:
    """Tell whether the client already holds this body: GET or HEAD, a 2xx, and a tag it names."""
    wanted = request.headers.get("if-none-match")
    if wanted is None or status != HTTPStatus.OK or request.method not in ("GET", "HEAD"):
        return False
    if "no-cache" in request.headers.get("cache-control", ""):
        return False
    tags = {one.strip().removeprefix("W/") for one in wanted.split(",")}
    return "*" in tags or tag.removeprefix("W/") in tags


def _origins(origins: Iterable[str]) -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    patterns = [origin for origin in origins if len(origin) > 1 and origin[0] == origin[-1] == "/"]
    return frozenset(origins) - frozenset(patterns), tuple(map(_pattern, patterns))


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text[1:-1])
    except re.error as error:
        raise MockServerError(f"cors: {text!r} is not a regular expression: {error}") from None


def _signature(session: str) -> str:
    return base64.b64encode(hmac.digest(SECRET, session.encode(), "sha256")).decode().rstrip("=")


def _is_signed(cookies: str) -> bool:
    if not cookies:
        return False
    found = re.search(r"(?:^|;\s*)connect\.sid=([^;]+)", cookies)
    if not found:
        return False
    session, _, signature = unquote(found[1]).removeprefix("s:").rpartition(".")
    return hmac.compare_digest(signature.encode(errors="replace"), _signature(session).encode())


@lru_cache(maxsize=4)
def _http_date(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%a, %d %b %Y %H:%M:%S} GMT"


def cookies(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the cookies of a request by name."""
    pairs = (part.strip().partition("=") for part in headers.get("cookie", "").split(";"))
    return {name: unquote(value) for name, equals, value in pairs if equals}
