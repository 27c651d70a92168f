"""Keeps what Schemathesis asks to the gateway: its checks and probes send on their own, past the hooks of a call."""

from collections.abc import Iterator
from contextlib import contextmanager

import requests


@contextmanager
def closed_sessions() -> Iterator[None]:
    """Until it ends, let each new session of requests take no proxy and no .netrc from the environment, nor follow a redirect."""
    make = requests.Session.__init__

    def make_closed(self: requests.Session) -> None:
        make(self)
        self.trust_env = False
        self.get_redirect_target = lambda resp: None  # type: ignore[method-assign]  # noqa: ARG005

    requests.Session.__init__ = make_closed  # type: ignore[method-assign]
    try:
        yield
    finally:
        requests.Session.__init__ = make  # type: ignore[method-assign]
