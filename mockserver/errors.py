"""Two families of errors that never mix: your set-up is wrong, and what a real Medusa would say."""

from typing import Any

from .likeness import nearest

LONGEST_NAME = 200  # characters of what somebody wrote that a sentence repeats
MOST_KNOWN = 20  # names that a sentence lists


class MockServerError(Exception):
    """Something that was given to the mock is wrong: a file, a setting, a scenario's name; an HTTP answer has this status."""

    status = 400


class StateFull(MockServerError):
    """There is no room for what is to be stored."""

    status = 507


class TooMuch(MockServerError):
    """More of a request is to be looked at than may be."""


class VendorError(Exception):
    """An error that a real Medusa answers: a status and a body of `code`, `type` and `message` (tests/facts/server.md 3)."""

    def __init__(self, status: int, type: str | None, message: str | None, code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.type = type
        self.code = code
        self.message = message

    def document(self) -> dict[str, Any]:
        """Return the body: keys in Medusa's order, those without a value left out."""
        return {
            **({"code": self.code} if self.code is not None else {}),
            **({"type": self.type} if self.type is not None else {}),
            "message": self.message,
        }


def unknown(kind: str, name: str, known: list[str]) -> str:
    """Return the sentence that says a name is unknown, which one was probably meant, and which are known."""
    name = name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}..."
    near = nearest(name, known)
    meant = ";" if near is None else f"; did you mean {near!r}?"
    more = f" and {len(known) - MOST_KNOWN} more" if len(known) > MOST_KNOWN else ""
    return f"no {kind} {name!r}{meant} known: {', '.join(known[:MOST_KNOWN]) or 'none'}{more}"
