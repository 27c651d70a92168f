"""Cookies: those of a request by name, and the one with which Express remembers a session (tests/facts/server.md 2)."""

import base64
import hashlib
import hmac
import re
import time
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import quote, unquote

from ..messages import Pairs

SECRET = b"supersecret"  # Medusa's documented cookie_secret for development; guards nothing here
SESSION_HOURS = 10
SESSION = "connect.sid="  # how its cookie begins
_SESSION = re.compile(r"(?:^|;\s*)connect\.sid=([^;]+)")


class SessionCookie:
    """
    The cookie that every answer sets until it is brought back; its value depends on the seed alone.

    When it ends is told by the machine's own clock, as clients measure it: they keep it however the clock of a sandbox is set.
    """

    def __init__(self, seed: str) -> None:
        self._begin = _begin(named_session(seed))

    def headers(self, cookies: str, now: int, *, has_ended: bool = False) -> Pairs:
        """
        Return the cookie, none for a visitor who brings a signed one back, and the date; `now` is in milliseconds.

        It is set anew where the session that was brought `has_ended`.
        """
        date = ("Date", _http_date(now // 1000))
        if cookies and not has_ended and session_of(cookies) is not None:
            return (date,)
        return _set_cookie(self._begin, int(time.time())), date


def named_session(name: str) -> str:
    """Return the id of a session, which depends on a name alone."""
    return base64.urlsafe_b64encode(hashlib.sha256(f"session {name}".encode(errors="replace")).digest()[:24]).decode()


@lru_cache(maxsize=1024)
def session_of(cookies: str) -> str | None:
    """Return the id of the session whose signed cookie a visitor brings; None for none, and for one that is forged."""
    found = _SESSION.search(cookies)
    if not found:
        return None
    session, _, signature = unquote(found[1]).removeprefix("s:").rpartition(".")
    is_signed = hmac.compare_digest(signature.encode(errors="replace"), _signature(session).encode(errors="replace"))
    return session if is_signed else None


def session_cookie(session: str) -> tuple[str, str]:
    """Return the header that hands out the cookie of a session."""
    return _set_cookie(_begin(session), int(time.time()))


def cookies_of(header: str) -> dict[str, str]:
    """Return the cookies of a request's header by name."""
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return {name: unquote(value) for name, equals, value in pairs if equals}


def _begin(session: str) -> str:
    return f"connect.sid={quote(f's:{session}.{_signature(session)}', safe='-_.~()')}; Path=/; Expires="


def _signature(session: str) -> str:
    signed = hmac.digest(SECRET, session.encode(errors="replace"), "sha256")
    return base64.b64encode(signed).decode().rstrip("=")


@lru_cache(maxsize=16)  # of requests in the same second
def _set_cookie(begin: str, seconds: int) -> tuple[str, str]:
    return "Set-Cookie", f"{begin}{_http_date(seconds + SESSION_HOURS * 3600)}; HttpOnly"


@lru_cache(maxsize=16)
def _http_date(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%a, %d %b %Y %H:%M:%S} GMT"
