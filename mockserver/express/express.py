"""The outermost coat of a Medusa server: makes the response of an answer, its headers in the order of tests/facts/server.md 2."""

from collections.abc import Iterable
from http import HTTPStatus

from ..messages import HTML, JSON, Answer, Fault, Pairs, Request, Response
from .compression import compressed
from .cookies import SESSION, SessionCookie
from .cors import Cors
from .freshness import is_fresh, tagged
from .javascript import dumps

_POWERED = ("X-Powered-By", "Express")
_PAGE: Pairs = (("Content-Security-Policy", "default-src 'none'"), ("X-Content-Type-Options", "nosniff"))


class Express:
    """Adds what Express and Medusa's outer layers add to every answer; `origins` are those that CORS allows."""

    def __init__(self, origins: Iterable[str], seed: str, *, compress: bool = False) -> None:
        self.cors = Cors(origins)
        self._session = SessionCookie(seed)
        self._compress = compress

    def respond(  # noqa: PLR0913, PLR0917  (all that a response is made of, once)
        self,
        request: Request,
        answer: Answer,
        now: int,
        chosen: Pairs = (),
        delay: float = 0.0,
        fault: Fault | None = None,
        *,
        has_ended: bool = False,
    ) -> Response:
        """
        Return the response to a request: as an empty 304, say, where the client holds the body already.

        `now` is the time of its headers, in milliseconds since 1970; `chosen` are headers that tell of the mock itself;
        `has_ended` tells that a session is brought which was over already.
        """
        status, body, media_type = answer.status, _body(answer), answer.media_type
        described: Pairs
        if not media_type:
            described = (("Content-Length", str(len(body))),)
        elif media_type == HTML and status >= HTTPStatus.BAD_REQUEST:
            described = (*_PAGE, ("Content-Type", media_type), ("Content-Length", str(len(body))))
        else:
            described = tagged(body, media_type)
            if is_fresh(request, status, described[-1][1]):
                status, body, described = 304, b"", described[-1:]
        headers: Pairs = (
            _POWERED,
            *(self.cors.headers(request) if answer.cors else ()),
            *answer.headers,
            *chosen,
            *described,
            *self._session.headers(request.headers.get("cookie", ""), now, has_ended=has_ended),
        )
        if answer.headers:
            headers = _without_doubles(headers, answer.headers)
        if request.method == "HEAD":
            body = b""
        response = Response(status, headers, body, delay, fault)
        return compressed(request, response) if self._compress and media_type else response


def _body(answer: Answer) -> bytes:
    document = answer.document
    if answer.media_type == JSON:
        return dumps(document)
    if document is None:
        return b""
    return document.encode(errors="replace") if isinstance(document, str) else dumps(document)


def _without_doubles(headers: Pairs, own: Pairs) -> Pairs:
    """Return headers in which an answer's own stand in place of ours; a cookie beside ours, unless it is the session's too."""
    names = {name.lower() for name, _ in own} - {"set-cookie"}
    kept = [pair for pair in headers if pair in own or pair[0].lower() not in names]
    if not any(name.lower() == "set-cookie" and value.startswith(SESSION) for name, value in own):
        return tuple(kept)
    return tuple([pair for pair in kept if pair in own or not pair[1].startswith(SESSION)])
