"""What attackers ask: requests to Medusa's paths, scenarios, calls of the control API; nearly right ones, and wild ones."""

from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

from hostile.words import header, json_text, number, replaced, segment, text, value

JSON = "application/json"


class Asked(NamedTuple):
    """A request: method, path, query, body, headers."""

    method: str
    path: str
    query: str = ""
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def curl(self) -> str:
        """Return what a failure shows."""
        return f"{self.method} {self.path}?{self.query} {self.headers} {self.body[:300]!r} ({len(self.body)} bytes)"


Ask = Callable[[Random], Asked]

COLLECTION = "/store/payment-collections"
BODIES: dict[str, Any] = {
    f"{COLLECTION}/{{id}}/sessions": {"provider_id": "manual"},
    f"{COLLECTION}/{{id}}/sessions/batch": {
        "sessions": [
            {"provider_id": "manual", "amount": 1},
            {"provider_id": "manual", "amount": 10, "session_id": "ps_1"},
        ]
    },
    f"{COLLECTION}/{{id}}/sessions/batch/authorize": {"session_ids": ["ps_1", "ps_2"]},
    f"{COLLECTION}/{{id}}/sessions/{{session_id}}": None,
    f"{COLLECTION}/{{id}}/sessions/{{session_id}}/authorize": None,
}
READS = (f"{COLLECTION}/{{id}}", "/store/regions", "/store/regions/{id}", "/health", "/store", "/store/carts", "/")
QUERIES = (
    "fields",
    "expand",
    "limit",
    "offset",
    "order",
    "q",
    "created_at[gt]",
    "created_at[lt]",
    "id[]",
    "name",
    "currency_code",
)
HEADERS = (
    *(
        "X-Mock-Scenario",
        "X-Mock-Sandbox",
        "Prefer",
        "Cookie",
        "Origin",
        "Idempotency-Key",
        "If-None-Match",
        "Accept-Encoding",
    ),
    *("Content-Encoding", "Authorization", "Sec-Fetch-Site", "Access-Control-Request-Method", "Expect", "X-Odd"),
)
TYPES = (
    JSON,
    JSON,
    JSON,
    JSON,
    f"{JSON}; charset=utf-16",
    f"{JSON}; charset*0*=x'",
    "application/x-www-form-urlencoded",
    "text/plain",
    "",
)
PREFIXES = (
    "",
    "",
    "",
    "/~me",
    "/@declined",
    "/~{odd}",
    "/@{odd}",
    "/@busy/~you",
    "/%7Eme",
    "/%40busy",
    "/~me/~you/@default",
)


def store(draw: Random) -> Asked:
    """Return a request to one of Medusa's paths."""
    pattern = draw.choice((*BODIES, *READS))
    path = pattern.replace("{id}", _id(draw, "paycol_1")).replace("{session_id}", _id(draw, "ps_1"))
    if draw.random() < 0.05:
        path += draw.choice(("/", "//", "/x", "/" + segment(draw)))
    path = draw.choice(PREFIXES).replace("{odd}", segment(draw)[:200]) + path
    sound = BODIES.get(pattern)
    method = (
        draw.choice(("GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH", "FOO")) if draw.random() < 0.1 else ""
    )
    body = json_text(draw, sound or {}) if sound is not None or draw.random() < 0.1 else b""
    headers = [(draw.choice(HEADERS), header_of(draw)) for _ in range(draw.choice((0, 0, 0, 1, 2)))]
    headers += [("Content-Type", draw.choice(TYPES))] if body else []
    query = "&".join(_parameter(draw) for _ in range(draw.choice((0, 0, 1, 2, 3))))
    return Asked(method or ("POST" if pattern in BODIES else "GET"), path, query, body, tuple(headers))


def _id(draw: Random, sound: str) -> str:
    kind = draw.random()
    if kind < 0.5:
        return f"{sound[:-1]}{draw.randrange(200)}"
    return sound if kind < 0.6 else segment(draw)[:15_000]


def header_of(draw: Random) -> str:
    return draw.choice(
        (
            "busy",
            "declined",
            "me",
            "code=409",
            "mock_sandbox=me; mock_scenario=busy",
            "gzip",
            header(draw),
            header(draw),
        )
    )


def _parameter(draw: Random) -> str:
    name = draw.choice(QUERIES) if draw.random() < 0.8 else segment(draw)[:100]
    return f"{name}={draw.choice((number(draw), segment(draw)[:5000], 'id', '5', 'payment_sessions,region'))}"


STUB: dict[str, Any] = {
    "operation": "authorizePaymentSession",
    "per": "session_id",
    "loop": True,
    "when": {
        "path": {"session_id": "ps_*"},
        "query": {"limit": {"gt": 1}},
        "header": {"X-Card": {"matches": "^4"}},
        "body": {"amount": {"in": [1, 2]}, "sessions": {"contains": {"amount": {"gt": 1}}}},
        "state": {"status": {"not": "authorized"}, "payments": {"contains": {"amount": {"gt": 1}}}},
    },
    "replies": [
        {"status": 409, "repeat": 2, "headers": {"Retry-After": "1", "X-Ids": ["{id}", "b"]}},
        {"fault": "drip", "chance": 0.5, "delay": "1ms"},
        {"status": 200, "body": {"payment_session": {"amount": 1}}, "off_contract": True},
        {"provider": {"status": "error", "data": {"a": 1}}},
        {"delay": {"min": "1ms", "max": "2ms"}},
    ],
}
PROVIDERS: dict[str, Any] = {
    "stripe": {
        "initiate": {"data": {"client_secret": "x"}},
        "authorize": [
            {"status": "requires_more", "when": {"amount": {"gt": 1}}},
            {"status": "authorized", "wait": "1ms"},
        ],
    },
    "*": {
        "authorize": {"error": "no", "code": "card_declined", "detail": "x"},
        "retrieve": {"data": {"a": 1}},
        "update": {"data": None},
    },
}
STATE: dict[str, Any] = {
    "payment_collections": [
        {
            "id": "paycol_1",
            "amount": 300,
            "currency_code": "usd",
            "payment_sessions": [{"id": "ps_1", "amount": 100, "provider_id": "manual", "status": "authorized"}, {"id": "ps_2"}],
            "region": {"id": "reg_1", "name": "A", "currency_code": "usd", "countries": [{"iso_2": "de"}], "payment_providers": [{"id": "manual"}]},
            "payments": [{"amount": 1}],
            "metadata": {"a": [1]},
        }
    ],
    "regions": [{"id": "reg_2", "currency": {"code": "eur"}, "countries": [{}], "payment_providers": [{"is_installed": True}]}],
    "customers": [{"email": "a@b.c", "billing_address": {"city": "x"}, "orders": [{"items": [{"title": "x"}]}]}],
    "payment_providers": [{"id": "stripe"}],
}  # fmt: skip
SCENARIO: dict[str, Any] = {
    "description": "A scenario.",
    "unknown_ids": "create",
    "given": STATE,
    "providers": PROVIDERS,
    "stubs": [STUB, {"operation": "paymentCollections.*", "reply": {"delay": "1ms"}}, {"operation": "*", "reply": {}}],
}


def scenario(draw: Random) -> Asked:
    """Return the call that adds a scenario, or checks one."""
    some = {key: part for key, part in SCENARIO.items() if key == "description" or draw.random() < 0.5}
    for table in list(some.get("given", ())):
        if draw.random() < 0.6:
            some = {**some, "given": {key: rows for key, rows in some["given"].items() if key != table}}
    is_yaml = draw.random() < 0.1
    body = json_text(draw, some)
    name = draw.choice(("odd-1", "odd-2", "odd-3", segment(draw)[:300]))
    path = draw.choice((f"/__mock/scenarios/{name}", f"/__mock/scenarios/{name}", "/__mock/scenarios/check"))
    method = "POST" if path.endswith("/check") else "PUT"
    return Asked(method, path, "", body, (("Content-Type", "application/yaml" if is_yaml else JSON),))


FILTER = {
    "sandbox": "me",
    "operation": "authorizePaymentSession",
    "path": "/store/*",
    "status": 200,
    "method": "POST",
    "after": 1,
}
CONTROLS: tuple[tuple[str, str, Any], ...] = (
    ("GET", "/health", None), ("GET", "/openapi.json", None), ("HEAD", "/events", None), ("GET", "/journal", None),
    ("GET", "/journal/{n}", None), ("DELETE", "/journal", None), ("GET", "/matrix", None),
    ("POST", "/journal/wait", {**FILTER, "timeout": "1ms", "count": 1}), ("POST", "/journal/count", {**FILTER, "times": 1}),
    ("GET", "/sandboxes", None), ("POST", "/sandboxes", {"name": "you", "scenario": "busy", "clock": {"now": "2030-01-01T00:00:00Z"}, "state": STATE}),
    ("GET", "/sandboxes/{s}", None), ("DELETE", "/sandboxes/{s}", None), ("POST", "/sandboxes/{s}/reset", None),
    ("PUT", "/sandboxes/{s}/scenario", {"scenario": "busy"}),
    ("PATCH", "/sandboxes/{s}/clock", {"now": "2030-01-01T00:00:00Z", "advance": "10m", "frozen": True}),
    ("GET", "/sandboxes/{s}/state", None), ("GET", "/sandboxes/{s}/state/scenario", None), ("PATCH", "/sandboxes/{s}/state", STATE),
    ("PATCH", "/sandboxes/{s}/state", STATE), ("PUT", "/sandboxes/{s}/snapshots/{p}", None), ("POST", "/sandboxes/{s}/snapshots/{p}/restore", None),
    ("DELETE", "/sandboxes/{s}/snapshots/{p}", None), ("GET", "/scenarios", None), ("GET", "/scenarios/{c}", None), ("GET", "/scenarios/{c}/text", None),
    ("DELETE", "/scenarios/{c}", None), ("POST", "/scenarios/reload", None), ("GET", "/", None), ("GET", "/nowhere", None),
)  # fmt: skip


def control(draw: Random) -> Asked:
    """Return a call of the control API."""
    method, path, sound = draw.choice(CONTROLS)
    path = path.replace("{s}", _name(draw, ("me", "you", "shared"))).replace("{p}", _name(draw, ("before", "after")))
    path = path.replace("{c}", _name(draw, ("odd-1", "odd-2", "busy"))).replace(
        "{n}", draw.choice(("1", "5", number(draw)))
    )
    if draw.random() < 0.05:
        method = draw.choice(("GET", "POST", "PUT", "PATCH", "DELETE", "FOO"))
    body = b"" if sound is None else json_text(draw, sound)
    headers = [("Content-Type", JSON)] if body and draw.random() < 0.97 else []
    headers += (
        [(draw.choice(("Origin", "Host", "Sec-Fetch-Site", "Authorization")), header(draw))]
        if draw.random() < 0.05
        else []
    )
    query = ""
    if draw.random() < 0.3:
        names = (*FILTER, "limit", "unmatched", "source", "fault", "odd")
        query = "&".join(
            f"{draw.choice(names)}={draw.choice((number(draw), segment(draw)[:3000], 'me'))}"
            for _ in range(draw.randint(1, 3))
        )
    return Asked(method, f"/__mock{path}", query, body, tuple(headers))


def _name(draw: Random, known: tuple[str, ...]) -> str:
    return draw.choice(known) if draw.random() < 0.7 else segment(draw)[:1000]


def state(draw: Random) -> Asked:
    """Return the call that writes a state, of some tables."""
    tables = draw.sample(sorted(STATE), draw.randint(1, 2))
    part = {table: STATE[table] for table in tables}
    return Asked(
        "PATCH", "/__mock/sandboxes/me/state", "", json_text(draw, replaced(draw, part)), (("Content-Type", JSON),)
    )


ALL: tuple[Ask, ...] = (store, store, store, scenario, control, state)
__all__ = ["ALL", "Ask", "Asked", "control", "scenario", "state", "store", "text", "value"]
