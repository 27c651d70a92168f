"""Finds which scenario and which sandbox a request asked for, in one fixed order: prefix, header, cookie, setting."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from .errors import MockServerError, unknown
from .express import cookies
from .messages import Request
from .sandboxes import SHARED
from .scenarios import Scenario

_PREFIX = re.compile(r"/(@|%40|~|%7[Ee])([^/]*)")
_CODE = re.compile(r'(?:^|[,;])\s*code\s*=\s*"?([^,;"\s]*)"?', re.IGNORECASE)
_SANDBOX = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(frozen=True, slots=True)
class Choice:
    """
    A scenario, what chose it, the sandbox' name, and the request without its prefixes.

    `status` is what `Prefer: code=409` asked for.
    """

    scenario: Scenario
    by: str
    sandbox: str
    request: Request
    status: int | None = None


class Choices:
    """The scenarios that can be chosen."""

    def __init__(self, scenarios: Mapping[str, Scenario], default: str) -> None:
        self._scenarios = scenarios
        self.default = self.scenario(default)
        self._by = "default" if default == "default" else "setting"

    def scenario(self, name: str) -> Scenario:
        """Return a scenario; raise MockServerError for an unknown name, with the nearest known one."""
        try:
            return self._scenarios[name]
        except KeyError:
            raise MockServerError(unknown("scenario", name, list(self._scenarios))) from None

    def choose(self, request: Request) -> Choice:
        """Return what a request chose; raise MockServerError for a scenario that is not there, or a bad name."""
        headers = request.headers
        carried = cookies(headers) if "mock_" in headers.get("cookie", "") else {}
        scenario, sandbox, request = _prefixes(request)
        sandbox = sandbox or headers.get("x-mock-sandbox", "").strip() or carried.get("mock_sandbox", "")
        if sandbox != SHARED and not _SANDBOX.fullmatch(sandbox):
            raise MockServerError(f"{sandbox!r} is no name for a sandbox; use up to 64 of A-Z a-z 0-9 . _ -")
        if scenario is not None:
            return Choice(self.scenario(scenario), "prefix", sandbox, request)
        if "x-mock-scenario" in headers:
            return Choice(self.scenario(headers["x-mock-scenario"].strip()), "header", sandbox, request)
        code = _CODE.search(headers["prefer"]) if "prefer" in headers else None
        if code:
            return Choice(self.default, "prefer", sandbox, request, _status(code[1]))
        if carried.get("mock_scenario"):
            return Choice(self.scenario(carried["mock_scenario"]), "cookie", sandbox, request)
        return Choice(self.default, self._by, sandbox, request)


def _prefixes(request: Request) -> tuple[str | None, str, Request]:
    """Return the scenario and the sandbox that the path starts with, in either order, and the request without them."""
    scenario, sandbox, path = None, SHARED, request.path
    while found := _PREFIX.match(path):
        if found[1] in ("@", "%40"):
            scenario = found[2]
        else:
            sandbox = found[2]
        path = path[found.end() :] or "/"
    return scenario, sandbox, request if path is request.path else replace(request, path=path)


def _status(code: str) -> int:
    if not re.fullmatch("[1-5][0-9][0-9]", code):
        raise MockServerError(f"Prefer: code={code} is not a status such as 409")
    return int(code)
