"""What becomes of an error inside Medusa: its kind decides status, code and message (tests/facts/server.md 3)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import VendorError

CONFLICT = "The request conflicted with another request. You may retry the request with the provided Idempotency-Key."
UNKNOWN = "An unknown error occurred."
_KEY = re.compile(r"Key \((?P<column>[^)]*)\)=\((?P<value>[^)]*)\)")

MEDUSA_TYPES: Mapping[str, int] = {
    "not_found": 404,
    "invalid_data": 400,
    "not_allowed": 400,
    "payment_authorization_error": 422,
    "duplicate_error": 422,
    "unauthorized": 401,
    "conflict": 409,
    "database_error": 500,
    "unexpected_state": 500,
    "invalid_argument": 500,
}
FIXED_CODES: Mapping[str, str] = {
    "duplicate_error": "invalid_request_error",
    "conflict": "invalid_state_error",
    "database_error": "api_error",
}
RELEASED = ("QueryRunnerAlreadyReleasedError", "TransactionAlreadyStartedError", "TransactionNotStartedError")


@dataclass(frozen=True, slots=True)
class Thrown:
    """
    An error as it is thrown inside the server.

    `kind` is one of Medusa's types (`conflict`), the name of a database driver's error
    (`QueryRunnerAlreadyReleasedError`), a PostgreSQL code (`23505`), or anything else, which ends as an unknown error.
    """

    kind: str
    message: str = ""
    code: str | None = None
    table: str = ""
    column: str = ""
    detail: str = ""

    def error(self) -> VendorError:
        """Return what the client is told."""
        if self.kind in MEDUSA_TYPES:
            message = CONFLICT if self.kind == "conflict" else self.message
            return VendorError(MEDUSA_TYPES[self.kind], self.kind, message, FIXED_CODES.get(self.kind, self.code))
        if self.kind in RELEASED:
            return VendorError(409, None, CONFLICT, "invalid_state_error")
        return self._database() or unknown_error()

    def _database(self) -> VendorError | None:
        """Return what Medusa makes of the four PostgreSQL codes that it knows."""
        found = _KEY.search(self.detail)
        key = f"{self.table.capitalize()} with {found['column']} {found['value']}" if found else None
        if self.kind == "23505":
            message = key and f"{key} already exists."
            return VendorError(422, "duplicate_error", message, "invalid_request_error")
        if self.kind == "23503":
            return VendorError(
                404, "not_found", f"{key} does not exist." if key else "null"
            )  # a text, as JSON.stringify
        if self.kind == "23502":
            message = f"Can't insert null value in field {self.column} on insert in table {self.table}"
            return VendorError(400, "invalid_data", message)
        return VendorError(409, "conflict", CONFLICT, "invalid_state_error") if self.kind == "40001" else None


def not_found(message: str) -> VendorError:
    """Return a 404 of type not_found."""
    return VendorError(404, "not_found", message)


def invalid_data(message: str, code: str | None = None) -> VendorError:
    """Return a 400 of type invalid_data."""
    return VendorError(400, "invalid_data", message, code)


def not_allowed(message: str) -> VendorError:
    """Return a 400 of type not_allowed."""
    return VendorError(400, "not_allowed", message)


def duplicate(message: str) -> VendorError:
    """Return the 422 for what there may be only one of."""
    return VendorError(422, "duplicate_error", message, "invalid_request_error")


def unknown_error() -> VendorError:
    """Return the 500 that hides every error Medusa has no word for."""
    return VendorError(500, "unknown_error", UNKNOWN, "unknown_error")
