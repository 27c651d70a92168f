"""Finds which scenario a request asked for, in one fixed order: prefix, header, Prefer, cookie, setting."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from .errors import MockServerError, unknown
from .express import cookies
from .messages import Request
from .scenarios import Scenario

_PREFIX = re.compile(r"/(?:@|%40)([^/]*)")
_CODE = re.compile(r'(?:^|[,;])\s*code\s*=\s*"?([^,;"\s]*)"?', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Choice:
    """A scenario, what chose it, and the request without its prefix; `status` when `Prefer` asked for one."""

    scenario: Scenario
    by: str
    request: Request
    status: int | None = None


class Choices:
    """The scenarios that can be chosen."""

    def __init__(self, scenarios: Mapping[str, Scenario], default: str) -> None:
        self._scenarios = scenarios
        self._default = self.scenario(default)
        self._by = "default" if default == "default" else "setting"

    def scenario(self, name: str) -> Scenario:
        """Return a scenario; raise MockServerError for an unknown name, with the nearest known one."""
        try:
            return self._scenarios[name]
        except KeyError:
            raise MockServerError(unknown("scenario", name, list(self._scenarios))) from None

    def choose(self, request: Request) -> Choice:
        """Return what a request chose; raise MockServerError for a scenario that is not there."""
        prefix = _PREFIX.match(request.path)
        if prefix:
            path = request.path[prefix.end() :] or "/"
            return Choice(self.scenario(prefix[1]), "prefix", replace(request, path=path))
        headers = request.headers
        if "x-mock-scenario" in headers:
            return Choice(self.scenario(headers["x-mock-scenario"].strip()), "header", request)
        if "prefer" in headers:
            code = _CODE.search(headers["prefer"])
            if code:
                return Choice(self._default, "prefer", request, _status(code[1]))
        if "mock_scenario" in headers.get("cookie", ""):
            name = cookies(headers).get("mock_scenario")
            if name:
                return Choice(self.scenario(name), "cookie", request)
        return Choice(self._default, self._by, request)


def _status(code: str) -> int:
    if not re.fullmatch("[1-5][0-9][0-9]", code):
        raise MockServerError(f"Prefer: code={code} is not a status such as 409")
    return int(code)
