"""Recorded exchanges with a real Medusa: each as a scenario, a request, and what must come back."""

import gzip
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from asking import Ask, ask_of, header, in_scenario

from mockserver import Settings, create_app
from mockserver.messages import Response

Vector = dict[str, Any]
ID = re.compile(r"^[a-z]+_[0-9A-Z]{26}$")
TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
HEADERS = (
    "Vary",
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Headers",
    "Content-Type",
    "Content-Encoding",
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Cache-Control",
    "Location",
    "Allow",
)
STORE_CORS = ("http://localhost:8000", "http://a.example", "http://b.example")  # of the servers that were recorded
_counter = count()
DECLINED = {"error": "Your card was declined."}
LAB = "lab medusa error"


def read(path: Path) -> list[Vector]:
    """Return the exchanges of a file, one JSON object a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


@dataclass(frozen=True)
class Replay:
    """What the mock answered to a recorded request, and the collections that it remembers afterwards, by id."""

    response: Response
    stored: dict[str, Vector]


Asks = Mapping[bool, Ask]


def replay(asks: Asks, vector: Vector) -> Replay:
    """
    Play one exchange to a sandbox of its own, in a scenario made of the state that was recorded before it.

    It asks a mock that compresses its answers (`asks[True]`) where the server that was recorded did, else one that does not.
    """
    ask = asks["Accept-Encoding" in vector["response"]["headers"].get("Vary", "")]
    name = f"recorded-{next(_counter)}"
    in_scenario(ask, _scenario(vector), name)
    method, path, body, pairs = _request(vector, name)
    if "if-none-match" in dict(pairs):  # the recorded tag was that of the body a moment before
        pairs = [pair for pair in pairs if pair[0] != "if-none-match"]
        tag = header(ask(method, path, body, pairs=pairs), "etag")
        pairs.append(("if-none-match", tag))
    response = ask(method, path, body, pairs=pairs)
    stored = ask("GET", f"/__mock/sandboxes/{name}/state").document
    return Replay(response, {one["id"]: one for one in stored.get("payment_collections", [])})


def asks_of() -> Asks:
    """Return what asks two mocks in process as the recorded servers were asked, with room for a sandbox per recording."""
    settings = [Settings(sandboxes=10_000, cors=STORE_CORS, compress=compress) for compress in (False, True)]
    return {one.compress: ask_of(create_app(one)) for one in settings}


def _request(vector: Vector, name: str) -> tuple[str, str, bytes, list[tuple[str, str]]]:
    """Return method, target, body and headers of what was asked; `name` is that of its sandbox and its scenario."""
    said = vector["request"]
    headers = {name.lower(): value for name, value in said["headers"].items()}
    chosen = {"x-mock-sandbox": name, "x-mock-scenario": name}
    return said["method"], said["path"], _body(said["body"], headers), list({**headers, **chosen}.items())


def _body(said: Any, headers: dict[str, str]) -> bytes:
    """Return the bytes that were sent: a value as JSON, a text as it is, `<...>` as what it describes."""
    if said is None:
        return b""
    if headers.get("content-encoding") == "gzip":
        return gzip.compress(b"{}")  # the recording holds unreadable bytes: an empty object, compressed
    if not isinstance(said, str):
        return json.dumps(said).encode()
    described = re.fullmatch(r'<\{"(\w+)": "(\w)" \* (\d+)\}>', said)
    if described:
        return json.dumps({described[1]: described[2] * int(described[3])}).encode()
    return said.encode()


def _scenario(vector: Vector) -> Vector:
    before = vector.get("state_before") or []
    return {
        "description": vector["name"],
        "unknown_ids": "not_found",
        "given": {"payment_collections": [_given(state) for state in before], "off_contract": True},
        "providers": vector.get("providers")
        or _providers(before, vector["request"]["headers"].get("X-Forwarded-For", "::ffff:127.0.0.1")),
    }


def _given(state: Vector) -> Vector:
    """Return a stored collection as `given` wants it, with the providers that the recorded server's regions had."""
    providers = [{"id": id, "is_installed": True} for id in ("manual", "lab-pay", "lab-legacy")]
    return {
        **state["collection"],
        "payment_sessions": state["sessions"],
        "payments": state["payments"],
        "region": {"payment_providers": providers, **(state["region"] or {})},
    }


def _providers(before: list[Vector], ip_address: str) -> Vector:
    """Return what the recorded server's test providers answer, by the session's mode and the collection's amount."""
    datas = [session["data"] or {} for state in before for session in state["sessions"]]
    data: Vector = next((data for data in datas if set(data) & {"mode", "delete", "retrieve"}), {})
    ends = {str(state["collection"]["amount"])[-3:]: state["collection"] for state in before}
    lab: Vector = {
        "authorize": _authorize(str(data.get("mode", "ok")), data, ip_address),
        "initiate": {"data": {"mode": "ok"}},
        "update": {"data": None},
    }
    lab |= {"delete": _failing(data["delete"], "delete")} if "delete" in data else {}
    lab |= {"retrieve": {"error": "Lab retrieve failed", "code": "lab_retrieve_code"}} if "retrieve" in data else {}
    for end, collection in ends.items():
        lab |= _by_amount(end, collection)
    return {"manual": {}, "lab-pay": lab, "lab-legacy": lab}


def _by_amount(end: str, collection: Vector) -> Vector:
    context = {
        "amount": collection["amount"],
        "currency_code": collection["currency_code"],
        "resource_id": collection["id"],
        "email": "",
        "customer": "<undefined>",
        "context": {},
        "billing_address": "<undefined>",
        "paymentSessionData": {},
    }
    names = "amount context currency_code customer email billing_address resource_id paymentSessionData"
    context = {"keys": names.split()} | context
    said: dict[str, Vector] = {
        "900": {"initiate": {"data": context}},
        "901": {"initiate": _failing("error", "init", "initiate")},
        "902": {"initiate": {"throws": "Error"}},
        "903": {"update": _failing("error", "update")},
        "906": {"update": {"data": {"mode": "ok", "updated": True}}},
    }
    return said.get(end, {})


def _failing(how: str, code: str, name: str | None = None) -> Vector:
    name = name or code
    if how == "throw":
        return {"throws": "Error"}
    return {"error": f"Lab {name} failed", "code": f"lab_{code}_code", "detail": f"{name} detail"}


def _authorize(mode: str, data: Vector, ip_address: str) -> Vector:
    """Return the outcome of a mode (the table in the recordings' README)."""
    kind, _, argument = mode.partition(":")
    outcomes: dict[str, Vector] = {
        "echo": {"data": {**data, "context": {"ip_address": ip_address}}},
        "newdata": {"data": {"replaced": True}},
        "nodata": {"data": None},
        "order": {"data": {"zebra": 1, "a": 2, "mode": "ok", "bb": {"y": 1, "x": 2}}},
        "status": {"status": argument, "off_contract": True},  # a provider may say what no database takes
        "error_full": DECLINED | {"code": "card_declined", "detail": "insufficient_funds"},
        "error_bare": DECLINED,
        "throw": {"throws": "Error"},
        "throw_string": {"throws": "Error"},
        "throw_type": {"throws": argument, "message": f"{LAB} {argument}"},
        "throw_type_code": {"throws": argument, "message": f"{LAB} {argument}", "code": "lab_code"},
        "throw_name": {"throws": argument},
        "throw_pg": {
            "throws": argument,
            "table": "payment_session",
            "column": "amount",
            "detail": "Key (id)=(x) already exists.",
        },
    }
    return outcomes.get(kind, {})
