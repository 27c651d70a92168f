"""A test's own hold on a running mock: one sandbox, steered over the control API."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from hashlib import sha256
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from ..errors import MockServerError
from .orders import MerchantOrder

__tracebackhide__ = True  # pytest shows the line of the test that was refused, and none of these
Document = dict[str, Any]
PATIENCE = 90  # seconds; longer than the longest wait
PROBLEM = 400


class MockMedusa:
    """
    One sandbox of a running mock.

    Give `url` to a client as its base URL. All methods raise MockServerError with the server's own sentence when
    something is refused.
    """

    def __init__(self, server: str, sandbox: str) -> None:
        """Use a sandbox of the server at a URL; it is made when first used."""
        self.server = server.rstrip("/")
        self.sandbox = sandbox
        self.url = f"{self.server}/~{sandbox}"
        self._added: dict[str, str] = {}  # by the name that the test gives it, the one that no other test has

    def scenario(self, name: str) -> AbstractContextManager["MockMedusa"]:
        """Choose a scenario from now on; in a `with` block only there, and what was on before comes back after it."""
        before = self._ask("GET", "", missing={"scenario": None})["scenario"]
        self._ask("PUT", "/scenario", {"scenario": self._added.get(name, name)})
        return self._until_left(before)

    @contextmanager
    def _until_left(self, before: str | None) -> Iterator["MockMedusa"]:
        try:
            yield self
        finally:
            self._ask("PUT", "/scenario", {"scenario": before})

    def add_scenario(self, name: str, scenario: Document) -> None:
        """
        Add a scenario of one's own, written as in a file, or put another in its place; then choose it with `scenario`.

        It needs no description: `{"stubs": [{"operation": "regions.list", "reply": {"status": 409}}]}` is one. Other tests
        may add another one of that name: on the server it is `name-` and a hash of the sandbox' name.
        """
        own = f"{name[:50]}-{sha256(self.sandbox.encode()).hexdigest()[:8]}"
        self._call("PUT", f"/scenarios/{quote(own, safe='')}", {"description": f"{name}, added by a test.", **scenario})
        self._added[name] = own

    def given(self, *payment_collections: Document, **tables: list[Document]) -> None:
        """
        Store entities by table, partly written as in a scenario's `given`; merged into what is there.

        `mock_medusa.given({"id": "paycol_1", "amount": 4000}, regions=[{"id": "reg_1", "name": "Norway"}])`: payment
        collections come first, all other tables by name. Amounts are minor units. What is not written is invented.
        """
        body = {"payment_collections": payment_collections} if payment_collections else {}
        self._ask("PATCH", "/state", {**body, **tables})

    @property
    def state(self) -> dict[str, list[Document]]:
        """What the sandbox holds, by table; what belongs to an entity is inside it, and tables without any are left out."""
        return self._ask("GET", "/state", missing={})

    def log_in(self, email: str) -> Document:
        """
        Log in the account of an address, without its password; return what stands for it: `cookie`, `token`, `customer_id`.

        The cookie is what a client sends as `Cookie`, the token what it sends behind `Authorization: Bearer`.
        """
        return self._ask("POST", "/sessions", {"email": email})

    def order(self, id: str) -> MerchantOrder:
        """Return a hold on an order, to do what only a merchant can: capture, ship, cancel, request an edit."""
        return MerchantOrder(id, lambda path, body: self._ask("POST", f"/orders/{quote(id, safe='')}{path}", body))

    @property
    def outbox(self) -> list[Document]:
        """
        What Medusa would have told the outside, oldest first: number, time, event and data of each.

        `[one] = mock_medusa.outbox` after asking for a new password, and `one["data"]["token"]` sets it.
        """
        query = urlencode({"sandbox": self.sandbox})
        return list(self._call("GET", f"/outbox?{query}", missing={"messages": []})["messages"])

    @property
    def journal(self) -> list[Document]:
        """The requests of the sandbox, oldest first: number, time, operation, method, path, status, stub and so on."""
        query = urlencode({"sandbox": self.sandbox, "limit": 10_000})
        return list(self._call("GET", f"/journal?{query}", missing={"entries": []})["entries"])

    def entry(self, number: int) -> Document:
        """Return a request of the journal with its answer, and why it was answered so."""
        return self._call("GET", f"/journal/{number}")

    def assert_called(self, operation: str | None = None, times: int | None = None, **wanted: Any) -> None:
        """
        Fail unless an operation was asked so often, or at least once; the failure names the near misses.

        `wanted` narrows what counts, as in `GET /__mock/journal`: status=409, path="/store/*", at_least=2 and so on.
        """
        filters = self._filter({"operation": operation, "times": times, **wanted})
        counted = self._call("POST", "/journal/count", filters)
        if not counted["met"]:
            raise AssertionError("\n".join([counted["text"], *map(_near, counted["near"])]))

    def wait_for(
        self, operation: str | None = None, count: int = 1, timeout: str | float = "5s", **wanted: Any
    ) -> list[Document]:
        """
        Wait until so many requests have come; return them, or raise AssertionError when the time is over.

        `timeout` is seconds, or a text such as "300ms".
        """
        timeout = timeout if isinstance(timeout, str) else f"{round(timeout * 1000)}ms"
        filters = self._filter({"operation": operation, "count": count, "timeout": timeout, **wanted})
        waited = self._call("POST", "/journal/wait", filters)
        if not waited["met"]:
            raise AssertionError(f"{len(waited['entries'])} of {count} requests came within {timeout}: {filters}")
        return list(waited["entries"])

    def clock(self, now: str | None = None, *, advance: str | None = None, frozen: bool | None = None) -> str:
        """Set, advance or freeze the sandbox' clock; return the time that it tells."""
        change = {"now": now, "advance": advance, "frozen": frozen}
        return str(self._ask("PATCH", "/clock", change)["now"])

    def reset(self) -> None:
        """Make the sandbox as a new one is."""
        self._ask("POST", "/reset")

    def close(self) -> None:
        """Forget the sandbox with all it holds, and the scenarios that were added."""
        self._ask("DELETE", "", missing={})
        while self._added:
            self._call("DELETE", f"/scenarios/{self._added.popitem()[1]}", missing={})

    def _filter(self, wanted: Document) -> Document:
        filters = {"sandbox": self.sandbox, **wanted}
        filters["scenario"] = self._added.get(filters.get("scenario", ""), filters.get("scenario"))
        return {key: value for key, value in filters.items() if value is not None}

    def _ask(
        self, method: str, path: str, body: Document | None = None, *, missing: Document | None = None
    ) -> Document:
        return self._call(method, f"/sandboxes/{quote(self.sandbox, safe='')}{path}", body, missing=missing)

    def _call(
        self, method: str, path: str, body: Document | None = None, *, missing: Document | None = None
    ) -> Document:
        """Return what a call gives; `missing` instead of a 404, where there is nothing yet."""
        where = urlsplit(self.server)
        connection = HTTPConnection(where.hostname or "", where.port, timeout=PATIENCE)
        try:
            headers = {} if body is None else {"Content-Type": "application/json"}
            connection.request(method, f"/__mock{path}", None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            text, status = answer.read(), answer.status
        finally:
            connection.close()
        if status == 404 and missing is not None:  # noqa: PLR2004
            return missing
        answered: Document = json.loads(text) if text else {}
        if status >= PROBLEM:
            raise MockServerError(answered["message"])
        return answered


def _near(near: Document) -> str:
    entry = near["entry"]
    return f"  near: {entry['method']} {entry['path']} -> {entry['status']} ({entry['scenario']}): " + "; ".join(
        near["differences"]
    )
