"""What attackers write into JSON, paths, queries and headers: drawn from a seed, so that a find can be played again."""

import json
from random import Random
from typing import Any
from urllib.parse import quote

TEXTS = (
    "", ".", "..", "%", "%2", "%00", "%0d%0aX-A: b", "%2e%2e", "%C0%AF", "%ED%A0%80", "%FF", "%2F", "/", "//", "\\", "~", "@", "*", "?",
    "[", "[!]", "[[:", "null", "undefined", "NaN", "Infinity", "-0", "1e999", "__proto__", "constructor", "toString", "hasOwnProperty",
    "\0", "\x7f", "\x85", "\u2028", "\ufeff", "\uffff", "\ud800", "\udfff\ud800", "\U0001f600", "e\u0301", "\u202etxt", "\r\nX-A: b",
    "<script>", "{{7*7}}", "${7*7}", "' or 1=1", "(a+)+$", "paycol_1", "ps_1", "manual", "stripe", "usd", "xxx", "authorized",
    "2024-01-06T03:57:20Z", "1969-12-31T00:00:00Z", "300ms", "true", "on", "id", "shared", "default",
)  # fmt: skip
NUMBERS = (
    *(
        "0",
        "-0",
        "1",
        "-1",
        "0.5",
        "1.0",
        "1e2",
        "1e-400",
        "1e999",
        "-1e999",
        "2147483647",
        "2147483648",
        "9007199254740993",
    ),
    *(
        "NaN",
        "Infinity",
        "-Infinity",
        "01",
        "1.",
        ".5",
        "0x10",
        "0x" + "f" * 300,
        "1_000",
        "1" + "0" * 400,
        "9" * 5000,
        "0." + "1" * 400,
        "1e308",
    ),
)
LONG = (64, 65, 255, 256, 1000, 8000, 15_000, 60_000)


def text(draw: Random) -> str:
    """Return a text: a short odd one, some of them in a row, or a very long one."""
    kind = draw.random()
    if kind < 0.03:
        unit = draw.choice(("a", "1", " ", "\u00e4", "\ud800", "*", "*a", "?", "_", "%41", "[", "/", "ey-"))
        return unit * draw.choice(LONG) + draw.choice(("", "x", "!"))
    return "".join(draw.choice(TEXTS) for _ in range(1 if kind < 0.7 else draw.randint(2, 4)))


def number(draw: Random) -> str:
    """Return a number as JSON would have it, or as nobody has."""
    return draw.choice(NUMBERS)


def value(draw: Random, depth: int = 3) -> Any:
    """Return a value of JSON, any shape; numbers are those that Python's `json` writes, with `NaN` and its like."""
    kind = draw.randrange(8 if depth else 5)
    if kind == 0:
        return draw.choice((None, True, False))
    if kind == 1:
        return draw.choice(
            (0, -1, 1, 0.5, -0.0, 1e308, float("inf"), float("nan"), 2**31, 2**53 + 1, 10**400, -(10**400))
        )
    if kind <= 4:
        return text(draw)
    size = draw.choice((0, 1, 1, 2, 3))
    if kind == 5:
        return [value(draw, depth - 1) for _ in range(size)]
    return {text(draw)[:40]: value(draw, depth - 1) for _ in range(size)}


def json_text(draw: Random, sound: Any) -> bytes:
    """Return what is sent in place of sound JSON: it itself, with one part of it replaced, or nothing like it."""
    kind = draw.randrange(12)
    if kind == 0:
        return draw.randbytes(draw.randrange(40))
    if kind == 1:
        opening, closing = draw.choice((("[", "]"), ('{"a":', "}")))
        depth = draw.choice((30, 59, 60, 61, 99, 200, 5000))
        return (opening * depth + "1" + closing * (depth if draw.random() < 0.8 else 0)).encode()
    if kind == 2:
        names = draw.choice((10, 1001, 8000))
        return json.dumps({f"{text(draw)[:3]}{index}": index for index in range(names)}).encode()
    whole = sound if kind > 6 and draw.random() < 0.2 else replaced(draw, sound) if kind > 3 else value(draw)
    raw = dumped(whole)
    if draw.random() < 0.15:
        for _ in range(draw.choice((1, 2, 3))):
            before, digit, behind = raw.partition(draw.choice((b"1", b"0", b"2")))
            raw = before + (number(draw).encode() if digit else b"") + behind
    if draw.random() < 0.1 and raw:
        place = draw.randrange(len(raw))
        raw = raw[:place] + draw.randbytes(draw.randrange(3)) + raw[place + draw.randrange(3) :]
    return raw


def dumped(whole: Any) -> bytes:
    """Return a value as JSON; lone surrogates are escaped, or the three bytes that UTF-8 does not have."""
    return json.dumps(whole, ensure_ascii=True).encode()


def replaced(draw: Random, sound: Any) -> Any:
    """Return a value with one or two of its parts replaced, doubled, taken away or renamed."""
    whole = json.loads(json.dumps(sound))
    for _ in range(draw.choice((1, 1, 2))):
        places = list(_places(whole))
        if not places:
            return value(draw)
        holder, key = draw.choice(places)
        kind = draw.randrange(6)
        if kind == 0 and isinstance(holder, dict):
            del holder[key]
        elif kind == 1 and isinstance(holder, dict):
            holder[text(draw)[:100]] = holder[key]
        elif kind == 1:
            holder.insert(key, holder[key])
        elif kind == 2 and isinstance(holder, list):
            holder[:] = holder * draw.choice((2, 40, 400))
        else:
            holder[key] = value(draw)
    return whole


def _places(whole: Any) -> Any:
    """Yield container and key of each part."""
    for key, item in whole.items() if isinstance(whole, dict) else enumerate(whole) if isinstance(whole, list) else ():
        yield whole, key
        yield from _places(item)


def segment(draw: Random) -> str:
    """Return a part of a path as it may stand on the wire: escaped in its own way, or not at all."""
    raw = text(draw)
    kind = draw.random()
    if kind < 0.5:
        return quote(raw.encode(errors="surrogatepass"), safe="")
    if kind < 0.8:
        return wire(quote(raw.encode(errors="surrogatepass"), safe="%~@*[]:\\"))
    return wire(raw.encode(errors="surrogatepass").decode("latin-1"))


def wire(raw: str) -> str:
    """Return a text without what ends a request line or cannot stand in it, in bytes of one character each."""
    kept = raw.encode("latin-1", "replace").decode("latin-1")
    return "".join(character for character in kept if character > " " and character not in "?#\x7f")


def header(draw: Random) -> str:
    """Return a header's value without line breaks and NUL, which no server lets pass."""
    raw = text(draw).encode(errors="surrogatepass").decode("latin-1")
    return "".join(character for character in raw if character >= " " and character != "\x7f")[:3000]
