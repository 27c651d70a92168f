"""What was asked, what was answered, and why: kept as it was, put into words only when somebody reads it."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ..clock import isoformat
from ..contract import Operation
from ..messages import Pairs, Request, Response
from .secrets import MASK, masked, masked_text

Document = dict[str, Any]
LONGEST = 16_384  # bytes of a request's body that are kept
SECRET_HEADERS = (
    "authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
    "x-medusa-access-token",
    "x-api-key",
)
MAX_DEPTH = 100  # of a body that is shown as JSON; what writes it goes 255 levels deep


class Entry(NamedTuple):
    """
    One request and the response that went out.

    `number` counts all requests of the server from 1, `time` is milliseconds since 1970 of the machine's own clock,
    `seconds` is what the mock took, without delays. `stub` names the stub that answered, `why` puts it into words.
    `by` is what chose the scenario, `sandbox_by` what chose the sandbox, and `prefix` what stood before the path.
    `bytes` is about what all this takes. `aborted_after` is the seconds after which the client left, before its answer was whole; None where it stayed.
    """

    number: int
    time: int
    seconds: float
    sandbox: str
    scenario: str
    by: str
    operation: Operation | None
    request: Request
    response: Response
    source: str
    stub: str | None
    why: Callable[[], Document]
    bytes: int
    prefix: str = ""
    sandbox_by: str = "default"
    aborted_after: float | None = None

    def summary(self) -> Document:
        """Return what a list shows."""
        return {
            "number": self.number,
            "time": isoformat(self.time),
            "sandbox": self.sandbox,
            "scenario": self.scenario,
            "chosen_by": self.by,
            "sandbox_chosen_by": self.sandbox_by,
            "operation": self.operation and self.operation.name,
            "method": self.request.method,
            "prefix": self.prefix,
            "path": self.request.path,
            "status": self.response.status,
            "fault": self.response.fault,
            "source": self.source,
            "stub": self.stub,
            "milliseconds": round((self.seconds + self.response.delay) * 1000, 3),
            "mock_milliseconds": round(self.seconds * 1000, 3),
            "aborted_after": None if self.aborted_after is None else round(self.aborted_after * 1000, 3),
        }

    def document(self) -> Document:
        """Return all, secrets masked."""
        request, response = self.request, self.response
        return {
            **self.summary(),
            "request": {
                "method": request.method,
                "path": request.path,
                "query": request.query,
                "headers": _masked(request.headers),
                "body": _body(request.body),
            },
            "answer": {
                "status": response.status,
                "headers": _masked(_by_name(response.headers)),
                "body": masked(response.document),
                "delay": response.delay,
                "fault": response.fault,
            },
            "why": self.why(),
        }


def _masked(headers: Mapping[str, Any]) -> Document:
    """Return headers without what nobody else may read."""
    return {name: MASK if name.lower() in SECRET_HEADERS else value for name, value in headers.items()}


def _by_name(headers: Pairs) -> Document:
    """Return headers by name; a list for one that came several times."""
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


def _body(body: bytes) -> Any:
    """Return a body as JSON where it is JSON, else as text; None for none."""
    if not body:
        return None
    text = body.decode(errors="replace")
    if deepest(text) > MAX_DEPTH:
        return masked_text(text)
    try:
        value = json.loads(text)
        json.dumps(value, allow_nan=False)  # infinity cannot be written
    except ValueError:
        return masked_text(text)
    return masked(value)


def deepest(text: str) -> int:
    """Return how deep a JSON text is nested, at most: brackets inside its strings count as well."""
    depth = found = 0
    for bracket in re.findall(r"[\[{\]}]", text):
        depth += 1 if bracket in "[{" else -1
        found = max(found, depth)
    return found
