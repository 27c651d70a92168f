"""Reads a request's body as Express does, and refuses what Express refuses, before any route is looked at."""

import json
import re
import zlib
from decimal import Decimal
from email.message import Message
from typing import Any, NoReturn

from ..messages import Headers, Request

LIMIT = 102_400  # bytes after inflating: body-parser's default of 100 kB (tests/facts/server.md 3)
# stands for what is nested deeper than `DEEPEST`: the real server reads thousands of levels, and falls over it where a body matters
TOO_DEEP = "(nested too deep)"
DEEPEST = 400  # levels: a real server breaks at some thousands, Python 3.11 at 480
SAFE_DIGITS = 16  # of whole numbers that JavaScript may round
EXPONENT = 1e21  # from which on it writes one
_INFLATE = {"gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}


class RefusedBody(Exception):
    """A body that never reaches a route: 400, 413 or 415, as a page in HTML."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def parse(request: Request) -> Any:
    """
    Return the JSON value of a body: an object or an array (or TOO_DEEP), `{}` for no body and for any other content type.

    Only the exact type `application/json` is parsed, with any parameters (tests/facts/server.md 4, "Common").
    Raises RefusedBody for broken JSON, a size over LIMIT, a charset that is not UTF, an unknown content encoding.
    """
    if not request.body:
        return {}
    content_type = request.headers.get("content-type", "")
    if content_type.partition(";")[0].strip().lower() != "application/json":
        return {}
    charset = _charset(content_type)
    body = _inflated(request.body, request.headers)
    if len(body) > LIMIT:
        raise RefusedBody(413)
    return _json(body.decode(charset, errors="replace")) if body else {}


def is_too_big(length: int) -> bool:
    """Tell whether an edge may stop keeping a body: nothing that long is ever parsed."""
    return length > LIMIT


def _charset(content_type: str) -> str:
    if ";" not in content_type:
        return "utf-8"
    message = Message()
    message["content-type"] = content_type
    try:
        charset = str(message.get_param("charset") or "utf-8").lower()
    except ValueError:  # a part with a number of thousands of digits
        raise RefusedBody(415) from None
    if charset not in ("utf-8", "utf-16", "utf-16le", "utf-16be", "utf-32", "utf-7"):
        raise RefusedBody(415)  # measured: latin1 and unknown names are "unsupported charset"
    return charset


def _inflated(body: bytes, headers: Headers) -> bytes:
    encoding = headers.get("content-encoding", "identity").lower()
    if encoding == "identity":
        return body
    if encoding not in _INFLATE:
        raise RefusedBody(415)
    stream = zlib.decompressobj(_INFLATE[encoding])
    try:
        inflated = stream.decompress(body, LIMIT + 1)  # bounded: a bomb stops here
    except zlib.error:
        raise RefusedBody(400) from None
    if len(inflated) <= LIMIT and not stream.eof:
        raise RefusedBody(400)
    return inflated


_FIRST = re.compile(r"[ \t\n\r]*([\[{])")
_NESTING = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[{\]}]', re.DOTALL)  # a text, which may hold any bracket, or a bracket


def _json(text: str) -> Any:
    text = text.removeprefix("\ufeff")
    if not _FIRST.match(text):
        raise RefusedBody(400)
    if _is_too_deep(text):
        return TOO_DEEP
    try:
        return json.loads(text, parse_constant=_refuse, parse_float=_number, parse_int=_integer)
    except ValueError:
        raise RefusedBody(400) from None


def _is_too_deep(text: str) -> bool:
    """Tell whether a text nests deeper than any Python of ours can follow; only one with as many brackets is looked at."""
    if text.count("[") + text.count("{") <= DEEPEST:
        return False
    depth = 0
    for found in _NESTING.finditer(text):
        bracket = found[0]
        if bracket in "[{":
            depth += 1
            if depth > DEEPEST:
                return True
        elif bracket in "]}":
            depth -= 1
    return False


def _refuse(_constant: str) -> NoReturn:
    raise ValueError  # NaN and Infinity are not JSON, though Python reads them


def _integer(text: str) -> int | float:
    """Return a whole number as JavaScript keeps it: rounded where it has many digits, infinite where it has hundreds."""
    return int(text) if len(text) < SAFE_DIGITS else _number(text)


def _number(text: str) -> int | float:
    """Return a number as JavaScript keeps it, where 1.0 is 1; what it writes with an exponent stays a fraction in Python."""
    number = float(text)
    return int(Decimal(repr(number))) if abs(number) < EXPONENT and number.is_integer() else number
