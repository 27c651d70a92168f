"""Waits until a server answers: in the scripts of CI, which start one in the background."""

import threading
import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from ..errors import MockServerError

PAUSE = 0.02  # seconds between two tries
LEAST = 0.1  # seconds for one try, or it is not begun: a busy machine needs them to say more than that time is over
ONCE = 2.0  # seconds that one try may take, from the look-up of the host's name to the last header
WELL = 200


def wait_for(url: str, seconds: float) -> None:
    """Return as soon as `/health` of the server at a URL is answered with 200; raise MockServerError when the time is over."""
    host, port = _address(url)
    end = time.monotonic() + seconds
    left = max(seconds, LEAST)
    while reason := _tried(host, port, min(left, ONCE)):
        time.sleep(PAUSE)
        left = end - time.monotonic()
        if left < LEAST:
            raise MockServerError(f"{url} is not there after {seconds:g} s: {reason}")


def _address(url: str) -> tuple[str, int]:
    with suppress(ValueError):  # a port that is none, brackets that are not closed
        where = urlsplit(url)
        if where.scheme == "http" and where.hostname:
            return where.hostname, where.port or 80
    raise MockServerError(f"{url!r} is not a URL such as 'http://localhost:9000'")


def _tried(host: str, port: int, seconds: float) -> str:
    """
    Return why a server does not answer within a time as a mock that is well, or nothing.

    A socket's own time is for each read, and a name's look-up has none: a try that is late is left alone, and ends with the process.
    """
    reasons = ["timed out"]
    trying = threading.Thread(target=lambda: reasons.append(_unwell(host, port)), daemon=True)
    trying.start()
    trying.join(seconds)
    return reasons[-1]


def _unwell(host: str, port: int) -> str:
    """Return why a server does not answer as a mock that is well, or nothing."""
    connection = HTTPConnection(host, port, timeout=ONCE)  # asks directly, whatever proxy the environment names
    try:
        connection.request("GET", "/health")
        status = connection.getresponse().status
    except (OSError, UnicodeError, HTTPException) as error:
        return str(error) or type(error).__name__
    finally:
        connection.close()
    return "" if status == WELL else f"/health answered {status}"
