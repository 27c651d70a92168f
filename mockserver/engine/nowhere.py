"""Answers a path without a route as Medusa does, and says which was probably meant."""

import logging
from collections.abc import Sequence
from http import HTTPStatus

from ..contract import Contract, Operation, nearest
from ..errors import LONGEST_NAME
from ..express.pages import no_route
from ..messages import Answer, Pairs, Request
from .own import own_error

LOG = logging.getLogger("mockserver")
MOST_TOLD = 200  # paths that the log speaks of; who asks for more is not somebody who mistyped
FEW = 10  # of which each has its line, however fast they come
NO_ADMINS = "is Medusa's Admin API, which this mock does not have; what a merchant does to orders are calls of /__mock"


class Nowhere:
    """Answers, and tells whoever looks what was probably meant: in a header each time, in the log once for each path."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._told: set[str] = set()

    def no_route(self, request: Request, own: Sequence[Operation] = (), *, cors: bool = True) -> Answer:
        """
        Return Medusa's own 404 page, or say as the mock itself that it does not have what Medusa has there.

        `cors` is true where the store's router sends the page, `own` are paths that are known as well.
        """
        if f"{request.path.lower()}/".startswith("/admin/"):
            self._tell(request, NO_ADMINS)
            return own_error(HTTPStatus.NOT_FOUND, f"{request.method} {request.path} {NO_ADMINS}")
        headers: Pairs = ()
        meant = self._contract.nearest(request.method, request.path) or nearest(own, request.method, request.path)
        if meant is not None:
            hint = "did you mean {} {}".format(*meant)
            self._tell(request, f"has no route; {hint}?")
            headers = (("X-Mock-Hint", _printable(hint)),)
        return no_route(request, cors=cors, headers=headers)

    def _tell(self, request: Request, text: str) -> None:
        asked = f"{request.method} {request.path}"
        if asked not in self._told and len(self._told) < MOST_TOLD:
            self._told.add(asked)
            LOG.warning(
                "%s %s", asked[:LONGEST_NAME], text, extra={"cause": "nowhere"} if len(self._told) > FEW else None
            )


def _printable(text: str) -> str:
    """Return a text that can stand in a header, whatever was asked for in the path."""
    return "".join(character if " " <= character <= "~" else "?" for character in text)
