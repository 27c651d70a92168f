"""What is answered beside the store: whether the server is well."""

from ..messages import HTML, Answer, Request


def is_in_store(path: str) -> bool:
    """Tell whether Medusa's store router gets a path: `/store` or anything below, in any case."""
    return path[:6].lower() == "/store" and path[6:7] in ("", "/")


def health(request: Request) -> Answer | None:
    """Answer whether the server is well, and which methods may ask; None for any other path or method."""
    if request.path.lower().removesuffix("/") != "/health":
        return None
    if request.method == "OPTIONS":
        return Answer(200, "GET,HEAD", HTML, (("Allow", "GET,HEAD"),), cors=False)
    return Answer(200, "OK", HTML, cors=False) if request.method in ("GET", "HEAD") else None
