"""Express's own pages in HTML: for what no route takes, and for bodies that it refuses (tests/facts/server.md 3)."""

from html import escape
from http import HTTPStatus
from urllib.parse import quote

from ..messages import HTML, Answer, Pairs, Request

PHRASES = {413: "Payload Too Large"}  # Node's; Python's name for it changed between 3.11 and 3.13
_URL_SAFE = "/%!#$&'()*+,:;=?@[]~|"


def error_page(status: int, text: str | None = None, *, cors: bool = False, headers: Pairs = ()) -> Answer:
    """Return the page for an error in its production form: the status' name, never a stack trace."""
    message = escape(text or PHRASES.get(status) or HTTPStatus(status).phrase).replace("&#x27;", "&#39;")
    page = (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Error</title>\n</head>\n'
        f"<body>\n<pre>{message}</pre>\n</body>\n</html>\n"
    )
    return Answer(status, page, HTML, headers, cors)


def no_route(request: Request, *, cors: bool = False, headers: Pairs = ()) -> Answer:
    """Return the page for a path or a method that has no route: always 404, never 405."""
    text = f"Cannot {request.method} {quote(request.path, safe=_URL_SAFE)}"
    return error_page(404, text, cors=cors, headers=headers)
