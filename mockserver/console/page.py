"""Hands out the console, one page with its styles and its scripts, and the pictures of the built-in shop; all read once."""

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
    *(
        "elements.js",
        "known.js",
        "matrix.js",
        "merchant.js",
        "outbox.js",
        "requests.js",
        "sending.js",
        "session.js",
        "snapshots.js",
        "state.js",
        "token.js",
    ),
)
PAGES = {
    "": "index.html",
    "/": "index.html",
    **{f"/{name}": name for name in (*STYLES, *SCRIPTS, "icon.svg")},
}
PICTURES = {
    f"/pictures/{one.name}": one.name for one in (files("mockserver") / "state" / "shop" / "pictures").iterdir()
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
    return Response(_read(f"console/{name}"), headers=headers, media_type=_TYPES[name.rpartition(".")[2]])


def picture(path: str) -> Response:
    """Return a picture by its path below `/__mock`, for any page of any site."""
    headers = {
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "max-age=86400",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Access-Control-Allow-Origin": "*",
    }
    return Response(_read(f"state/shop/pictures/{PICTURES[path]}"), headers=headers, media_type=_TYPES["svg"])


@lru_cache(maxsize=len(PAGES) + len(PICTURES))
def _read(name: str) -> bytes:
    return files("mockserver").joinpath(*name.split("/")).read_bytes()
