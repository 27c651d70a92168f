"""The control API under `/__mock`: what people and tests do to the mock, apart from what they ask of Medusa."""

import logging
from urllib.parse import unquote

from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from ..console.page import PAGES, PICTURES, page, picture
from .calls import Call, Controlled, Received, Refused, encoded, read_json, shaped
from .guard import Guard
from .listeners import Listeners
from .waiters import Waiters

__all__ = ["Control", "Controlled", "Guard", "Listeners", "Waiters", "waits"]
MOUNT = "/__mock"
MOST_BYTES = 1_000_000  # of a body
LOG = logging.getLogger("mockserver")


class Control:
    """An ASGI application; every answer but the page's parts is JSON, and every refusal says what was wrong."""

    def __init__(self, controlled: Controlled, guard: Guard) -> None:
        self._controlled = controlled
        self._guard = guard

    @property
    def is_open(self) -> bool:
        """Whether anybody may call it at all."""
        return self._guard.is_open

    def tell_scenarios(self) -> None:
        """Tell whoever listens that there are other scenarios."""
        if not self._controlled.listeners:
            return
        from .scenarios import tell  # noqa: PLC0415  (as in table.py)

        tell(self._controlled)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except Refused as refused:
            response = _refusal(refused)
        except ClientDisconnect:
            return
        except Exception:
            LOG.exception("%s %s could not be answered", request.method, request.url.path)
            response = _refusal(Refused(500, "an error of the mock itself, which its log shows"))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        """Let the guard look, find the call, read what it takes, and do it."""
        path = unquote(request.scope["raw_path"].decode("latin-1"))[len(MOUNT) :]
        is_read = request.method in ("GET", "HEAD")
        if path in PICTURES and is_read:
            return picture(path)  # which the pages of shops show, whoever may call the rest
        is_page = path in PAGES and is_read
        self._guard.check(request.method, request.headers, is_page=is_page)
        if is_page:
            return RedirectResponse(f"{MOUNT}/") if not path else page(path)
        found = _find(request.method, path)
        values = (found.pattern.match(path) or {}).groupdict()  # type: ignore[union-attr]
        query = shaped(found.query, _query(request), "query") if found.query else None
        text = await _text(request, found) if found.body or found.text else ""
        body = shaped(found.body, read_json(text), "body") if found.body else None
        given = await found.handler(Received(self._controlled, values, request, query, body, text))
        if isinstance(given, Response):
            return given
        if given is None:
            return Response(status_code=204)
        status, shape = given if isinstance(given, tuple) else (200, given)
        return encoded(shape, status)


def waits(path: str) -> bool:
    """Tell whether a call's answer goes on until something happens, which may be never."""
    return path.endswith(("/events", "/wait"))


def _find(method: str, path: str) -> Call:
    """Return the call of a method and a path; raise Refused where there is none."""
    from .table import CALLS  # noqa: PLC0415  (it says why)

    wanted = "GET" if method == "HEAD" else method
    alike = [one for one in CALLS if one.pattern.match(path)]
    for one in sorted(alike, key=lambda one: one.pattern.groups):  # `/journal/wait` is never an entry
        if one.method == wanted:
            return one
    if alike:
        raise Refused(405, f"{path} takes {', '.join(sorted({one.method for one in alike}))}, not {method}")
    known = ", ".join(sorted({one.path.split("/")[1] for one in CALLS}))
    raise Refused(404, f"no {MOUNT}{path}; known below {MOUNT}: {known}; {MOUNT}/openapi.json describes all")


def _query(request: Request) -> dict[str, str]:
    return {name: value for name, value in request.query_params.multi_items() if value != ""}


async def _text(request: Request, found: Call) -> str:
    """Return the body as text; raise Refused for one too large, of another type, or no UTF-8."""
    types = found.text or ("application/json",)
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in types and not found.is_optional:
        raise _of_another_type(types, media_type)
    body = await _bytes(request)
    if found.is_optional and not body:
        return "{}"
    if media_type not in types:
        raise _of_another_type(types, media_type)
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise Refused(400, f"the body is not UTF-8 (byte {error.start})") from None


async def _bytes(request: Request) -> bytes:
    """Return the body; raise Refused for one too large."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            raise Refused(413, f"the body has more than {MOST_BYTES} bytes")
        parts.append(part)
    return b"".join(parts)


def _of_another_type(types: tuple[str, ...], media_type: str) -> Refused:
    return Refused(415, f"the body is to be {' or '.join(types)}; say so in Content-Type, which is {media_type!r}")


def _refusal(refused: Refused) -> Response:
    from .shapes import Problem  # noqa: PLC0415

    return encoded(Problem(message=str(refused)), refused.status)
