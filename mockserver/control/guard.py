"""Lets nobody in who should not be: other sites in a browser, other names for this machine, other machines without the token."""

import hmac
import ipaddress
from collections.abc import Mapping

from .calls import Refused

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
READING = ("GET", "HEAD", "OPTIONS")


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach what listens on a host."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Guard:
    """
    Decides who may call the control API.

    On a loopback address everybody on this machine may, under its own names; anywhere else only who has the token.
    """

    def __init__(self, host: str, token: str | None) -> None:
        self._names = LOOPBACK | {host.lower()}
        self._token = token
        self.is_open = token is not None or is_loopback(host)

    def check(self, method: str, headers: Mapping[str, str], *, is_page: bool) -> None:
        """Return if a call may be made; raise Refused. The page itself needs no token: it asks for it."""
        if not self.is_open:
            raise Refused(
                403,
                "the control API is off, as others than this machine can reach it; start with --control-token, "
                "or listen on 127.0.0.1",
            )
        host = headers.get("host", "")
        if self._token is None and _name(host) not in self._names:
            raise Refused(403, f"the Host {host!r} is not this server; use localhost or 127.0.0.1")
        if self._token is not None and not is_page:
            self._check_token(headers.get("authorization", ""))
        if method not in READING:
            _check_origin(host, headers)

    def _check_token(self, authorization: str) -> None:
        scheme, _, token = authorization.partition(" ")
        presented = (token if scheme.lower() == "bearer" else "").encode("latin-1", "replace")
        if not hmac.compare_digest(presented, (self._token or "").encode()):
            raise Refused(401, "this needs the header 'Authorization: Bearer TOKEN', with the token of --control-token")


def _check_origin(host: str, headers: Mapping[str, str]) -> None:
    """Raise Refused for a change that a page of another site wants."""
    origin = headers.get("origin")
    is_foreign = headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")
    if is_foreign or (
        origin is not None and origin.lower() not in (f"http://{host}".lower(), f"https://{host}".lower())
    ):
        raise Refused(
            403, f"the Origin {origin!r} is another site; only the console of this server may change anything"
        )


def _name(host: str) -> str:
    """Return a Host header without its port and brackets."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()
