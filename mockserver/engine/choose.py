"""Finds which scenario and which sandbox a request asked for: by prefix, header, cookie, sandbox, setting, in this order."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from ..errors import LONGEST_NAME, MockServerError
from ..express.cookies import cookies_of
from ..messages import Headers, Request
from ..scenarios import Catalogue, Scenario
from ..state.sandboxes import NAMES, SHARED, Sandbox, Sandboxes, is_name

FOREIGN = "a page of another site makes none; make it before, or allow its origin by --cors"
FOREIGN_WRITE = "a page of another site asks, which changes nothing here; allow its origin by --cors"
_PREFIX = re.compile(r"/(@|%40|~|%7[Ee])([^/]*)")
_PREFIXES = frozenset("@~%")  # with which a prefix begins
_CHOOSING = frozenset(("x-mock-scenario", "x-mock-sandbox", "prefer", "cookie", "sec-fetch-site"))
_SAFE = frozenset(("GET", "HEAD", "OPTIONS"))
_CODE = re.compile(r'(?:^|[,;])\s*code\s*=\s*"?([^,;"\s]*)"?', re.IGNORECASE)


class Choice(NamedTuple):
    """
    A scenario, what chose it, the sandbox, and the request without its prefixes.

    `status` is what `Prefer: code=409` asked for; `problem` says why nothing could be chosen. `prefix` is the path's, as it
    was sent, and `sandbox_by` what chose the sandbox: `prefix`, `header`, `cookie`, or `default`.
    """

    scenario: Scenario
    by: str
    sandbox: Sandbox
    request: Request
    status: int | None = None
    problem: str = ""
    prefix: str = ""
    sandbox_by: str = "default"


class Chooser:
    """The scenarios and the sandboxes that can be chosen."""

    def __init__(
        self, catalogue: Catalogue, default: str, sandboxes: Sandboxes, allows: Callable[[str | None], bool]
    ) -> None:
        """Prepare to choose; `allows` tells whether CORS allows an origin."""
        self._catalogue = catalogue
        self._sandboxes = sandboxes
        self._allows = allows
        self._default = default
        self._by = "default" if default == "default" else "setting"
        self._fallback = catalogue.scenario(default)

    @property
    def default(self) -> Scenario:
        """The scenario of requests that choose none; as it was, when its file is gone."""
        chosen: Scenario = self._catalogue.get(self._default, self._fallback)
        return chosen

    def unchosen(self, request: Request, problem: str = "", prefix: str = "") -> Choice:
        """Return the choice of a request for which nothing could be chosen: the default, in the shared sandbox."""
        return Choice(self.default, "nobody", self._sandboxes[SHARED], request, None, problem, prefix, "nobody")

    def choose(self, request: Request) -> Choice:
        """Return what a request chose, or the default with the problem that it names a scenario or sandbox which cannot be."""
        headers = request.headers
        prefixed = request.path[1:2] in _PREFIXES
        if not prefixed and _CHOOSING.isdisjoint(headers):
            shared = self._sandboxes[SHARED]
            if shared.scenario is None:
                return Choice(self.default, self._by, shared, request)
        cookie = headers.get("cookie", "")
        carried = cookies_of(cookie) if "mock_" in cookie else {}
        scenario, name, path, prefix = _prefixes(request.path) if prefixed else (None, None, request.path, "")
        if path is not request.path:
            request = _at(request, path)
        name, sandbox_by = (name, "prefix") if name is not None else _sandbox(headers, carried)
        if name not in self._sandboxes and not is_name(name):
            return self.unchosen(request, f"{name[:LONGEST_NAME]!r} is no name for a sandbox; {NAMES}", prefix)
        is_foreign = self._is_foreign(headers)
        if is_foreign and name not in self._sandboxes:
            return self.unchosen(request, f"sandbox {name!r} is not there, and {FOREIGN}", prefix)
        if is_foreign and request.method not in _SAFE:
            return self.unchosen(request, FOREIGN_WRITE, prefix)
        sandbox = self._sandboxes[name]
        try:
            wanted, by, status = self._wanted(scenario, headers, carried, sandbox)
            chosen = self.default if wanted is None else self._catalogue.scenario(wanted)
        except MockServerError as error:
            return Choice(self.default, "nobody", sandbox, request, None, str(error), prefix, sandbox_by)
        chosen = replace(chosen, creates=False) if is_foreign else chosen  # what is invented takes room from others
        return Choice(chosen, by, sandbox, request, status, "", prefix, sandbox_by)

    def _is_foreign(self, headers: Headers) -> bool:
        """Tell whether a page of another site asks, in a browser, which is none of those that CORS allows."""
        return headers.get("sec-fetch-site") == "cross-site" and not self._allows(headers.get("origin"))

    def _wanted(
        self, prefix: str | None, headers: Headers, carried: Mapping[str, str], sandbox: Sandbox
    ) -> tuple[str | None, str, int | None]:
        """Return the name of a scenario, what chose it, and the status that `Prefer` wants; raise MockServerError."""
        if prefix is not None:
            return prefix, "prefix", None
        if "x-mock-scenario" in headers:
            return headers["x-mock-scenario"].strip(), "header", None
        code = _CODE.search(headers["prefer"]) if "prefer" in headers else None
        if code:
            return None, "prefer", _status(code[1])
        if carried.get("mock_scenario"):
            return carried["mock_scenario"], "cookie", None
        if sandbox.scenario is not None:
            return sandbox.scenario, "sandbox", None
        return None, self._by, None


@lru_cache(maxsize=1024)  # as many as the router remembers
def _prefixes(path: str) -> tuple[str | None, str | None, str, str]:
    """Return the scenario and the sandbox that a path starts with, in either order, the path without them, and what they are."""
    scenario, sandbox, end = None, None, 0
    while found := _PREFIX.match(path, end):
        if found[1] in ("@", "%40"):
            scenario = found[2]
        else:
            sandbox = found[2]
        end = found.end()
    return scenario, sandbox, path[end:] or "/", path[:end]


def _sandbox(headers: Headers, carried: Mapping[str, str]) -> tuple[str, str]:
    """Return the sandbox that a header or a cookie names, or the one that all others share, and what chose it."""
    named = headers.get("x-mock-sandbox", "").strip()
    if named:
        return named, "header"
    named = carried.get("mock_sandbox", "")
    return (named, "cookie") if named else (SHARED, "default")


def _at(request: Request, path: str) -> Request:
    return Request(request.method, path, request.query, request.headers, request.body)


def _status(code: str) -> int:
    if not re.fullmatch("[1-5][0-9][0-9]", code):
        raise MockServerError(f"Prefer: code={code} is not a status such as 409")
    return int(code)
