"""Hands out the console: one page, its styles and its scripts, read once."""

from functools import lru_cache
from importlib.resources import files

from starlette.responses import Response

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
STYLES = ("theme.css", "console.css")
SCRIPTS = (
    *("api.js", "attempt.js", "chosen.js", "clock.js", "console.js", "copying.js", "detail.js", "editor.js"),
    *("elements.js", "matrix.js", "requests.js", "sending.js", "snapshots.js", "state.js", "token.js"),
)
PAGES = {
    "": "index.html",
    "/": "index.html",
    **{f"/{name}": name for name in (*STYLES, *SCRIPTS, "icon.svg")},
}


def page(path: str) -> Response:
    """Return a part of the console by its path below `/__mock`, with a policy that lets nothing else in."""
    name = PAGES[path]
    headers = {
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-cache",
    }
    return Response(_read(name), headers=headers, media_type=_TYPES[name.rpartition(".")[2]])


@lru_cache(maxsize=len(PAGES))
def _read(name: str) -> bytes:
    return (files("mockserver") / "console" / name).read_bytes()
