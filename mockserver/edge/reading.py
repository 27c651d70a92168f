"""
HTTP as Node reads it: what is whole, what is too much, what cannot be read.

A Reader stands behind uvicorn's own protocol, in place of its parser, and leaves all else to it.
"""

from collections import deque
from collections.abc import Callable

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

MOST_HEAD = 16_384  # bytes of target, names and values: Node's own limit
MOST_WAITING = 16  # requests on one connection behind one that is not yet answered
_UNREADABLE = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"  # all that Node says (tests/facts/server.md 3)
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n\r\n"


class Reader:
    """
    Reads the requests of one connection.

    `cycles` are those that are under way, the oldest first; `is_receiving` tells whether the rest of one is waited for
    (or the first), for `waited` seconds so far.
    """

    def __init__(self, http: HttpToolsProtocol, refuse: Callable[[bytes], None]) -> None:
        """Read for a protocol of uvicorn; `refuse` ends the connection with a line, where something cannot be read."""
        self._http = http
        self._refuse = refuse
        self.on_url, self.on_header, self.on_body = http.on_url, http.on_header, http.on_body
        self._parser = HttpRequestParser(self)
        self.cycles: deque[RequestResponseCycle] = deque()
        self.is_receiving = True
        self.waited = 0
        self._is_in_head = False
        self._received = 0  # bytes in which the head is, at most
        self._line = 0  # bytes of the head's last line, which is not yet whole
        self._offers: list[tuple[bytes, bytes]] = []

    def feed_data(self, data: bytes) -> None:
        """Parse what came; what Node cannot read is answered by a bare line, and an offer to upgrade is passed over."""
        self._received = len(data) + (self._received if self._is_in_head else 0)
        rest = data
        try:
            while rest:
                rest = self._fed(rest)
        except HttpParserError as error:
            self._refuse(_TOO_LARGE if isinstance(error.__context__, OverflowError) else _UNREADABLE)
        if self._is_in_head or self._http.headers:  # of a head that never ends, or of trailers
            self._line = len(data) - data.rindex(b"\n") - 1 if b"\n" in data else self._line + len(data)
            if self._size() >= MOST_HEAD:
                self._refuse(_TOO_LARGE)

    def _fed(self, data: bytes) -> bytes:
        """Parse; return what is left to be parsed behind an offer: the same request again, without it."""
        try:
            self._parser.feed_data(data)
        except HttpParserUpgrade as offer:
            if self._parser.get_method() == b"CONNECT":
                self._http.transport.close()  # without a word, as Node does
                return b""
            head, self._offers = self._http.headers, [pair for pair in self._http.headers if pair[0] == b"upgrade"]
            lines = [b"%s: %s\r\n" % pair for pair in head if pair[0] != b"upgrade"]
            target = b"%s %s HTTP/1.1\r\n" % (self._parser.get_method(), self._http.url)
            return target + b"".join(lines) + b"\r\n" + data[offer.args[0] :]
        return b""

    def _size(self) -> int:
        names = sum(len(name) + len(value) for name, value in self._http.headers)
        return names + (len(self._http.url) + self._line if names else max(len(self._http.url), self._line))

    def close(self) -> None:
        """Let go of what holds this reader in its turn; nothing more will be read."""
        del self._parser, self._refuse

    def get_method(self) -> bytes:
        return self._parser.get_method()

    def get_http_version(self) -> str:
        """Return the version by which uvicorn decides whether to keep the connection: HTTP/1.0 may ask for that too."""
        return "1.1" if self._parser.should_keep_alive() else self._parser.get_http_version()

    def should_keep_alive(self) -> bool:
        return self._parser.should_keep_alive()

    def should_upgrade(self) -> bool:
        return False

    @property
    def unanswered(self) -> list[RequestResponseCycle]:
        """Return the requests that wait for their answer, or for the rest of it."""
        return [cycle for cycle in self.cycles if not cycle.response_complete]

    @property
    def has_head(self) -> bool:
        """Tell whether it is a body that is waited for."""
        return bool(self.cycles) and self.cycles[-1].more_body and not self._is_in_head

    def on_message_begin(self) -> None:
        self._is_in_head, self._line, self.is_receiving, self.waited = True, 0, True, 0
        self._http.on_message_begin()

    def on_headers_complete(self) -> None:
        """Begin a request, or raise what makes the parser raise."""
        http, self._is_in_head, self._line = self._http, False, 0
        if self._parser.should_upgrade():
            return
        if self._received >= MOST_HEAD and self._size() >= MOST_HEAD:
            raise OverflowError
        if b"host" not in dict(http.headers) and self._parser.get_http_version() == "1.1":
            raise ValueError
        http.headers += self._offers
        self._offers = []
        http.on_headers_complete()
        http.headers = []  # trailers, which mean nothing
        while self.cycles and self.cycles[0].response_complete:
            self.cycles.popleft()
        self.cycles.append(http.cycle)
        if 0 < len(http.pipeline) < MOST_WAITING:
            http.transport.resume_reading()  # else nobody would notice that the client leaves

    def on_message_complete(self) -> None:
        if not self._parser.should_upgrade():
            self.is_receiving = False
            self._http.on_message_complete()
