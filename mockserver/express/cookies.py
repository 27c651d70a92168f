"""Cookies: those of a request by name, and the one with which Express remembers a session (tests/facts/server.md 2)."""

import base64
import hashlib
import hmac
import re
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import quote, unquote

from ..messages import Pairs

SECRET = b"supersecret"  # Medusa's documented cookie_secret for development; guards nothing here
SESSION_HOURS = 10
_SESSION = re.compile(r"(?:^|;\s*)connect\.sid=([^;]+)")


class SessionCookie:
    """The cookie that every answer sets until it is brought back; its value depends on the seed alone."""

    def __init__(self, seed: str) -> None:
        session = base64.urlsafe_b64encode(hashlib.sha256(f"session {seed}".encode()).digest()[:24]).decode()
        self._begin = f"connect.sid={quote(f's:{session}.{_signature(session)}', safe='-_.~()')}; Path=/; Expires="

    def headers(self, cookies: str, now: int) -> Pairs:
        """Return the cookie, none for a visitor who brings a signed one back, and the date; `now` is in milliseconds."""
        if cookies and _is_signed(cookies):
            return (("Date", _http_date(now // 1000)),)
        return _both(self._begin, now // 1000)


def cookies_of(header: str) -> dict[str, str]:
    """Return the cookies of a request's header by name."""
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return {name: unquote(value) for name, equals, value in pairs if equals}


def _signature(session: str) -> str:
    return base64.b64encode(hmac.digest(SECRET, session.encode(), "sha256")).decode().rstrip("=")


def _is_signed(cookies: str) -> bool:
    found = _SESSION.search(cookies)
    if not found:
        return False
    session, _, signature = unquote(found[1]).removeprefix("s:").rpartition(".")
    return hmac.compare_digest(signature.encode(errors="replace"), _signature(session).encode())


@lru_cache(maxsize=16)  # of requests in the same second
def _both(begin: str, seconds: int) -> Pairs:
    expires = _http_date(seconds + SESSION_HOURS * 3600)
    return ("Set-Cookie", f"{begin}{expires}; HttpOnly"), ("Date", _http_date(seconds))


@lru_cache(maxsize=16)
def _http_date(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%a, %d %b %Y %H:%M:%S} GMT"
