"""Two families of errors that never mix: your set-up is wrong, and what a real Medusa would say."""

from difflib import get_close_matches
from typing import ClassVar


class MockServerError(Exception):
    """Something that was given to the mock is wrong: a file, a setting, a scenario's name."""


class VendorError(Exception):
    """An error that a real Medusa answers; subclasses carry the vendor's status, type and code (SERVER.md 3)."""

    status: ClassVar[int] = 500
    type: ClassVar[str | None] = "unknown_error"
    code: ClassVar[str | None] = "unknown_error"


def unknown(kind: str, name: str, known: list[str]) -> str:
    """Return the sentence that says a name is unknown, which one was probably meant, and which are known."""
    near = get_close_matches(name, known, n=1)
    meant = f"; did you mean {near[0]!r}?" if near else ";"
    return f"no {kind} {name!r}{meant} known: {', '.join(known)}"
