"""Recorded exchanges with a real Medusa: each as a scenario, a request, and what must come back."""

import gzip
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from mockserver.edge.app import Mock
from mockserver.engine.choose import Chooser
from mockserver.engine.serve import Engine
from mockserver.express.express import Express
from mockserver.messages import Headers, Request, Response
from mockserver.samples.sampler import Sampler
from mockserver.scenarios import Catalogue, Compiler
from mockserver.state.sandboxes import Sandbox

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
    """What the mock answered to a recorded request, and what it remembers afterwards."""

    response: Response
    sandbox: Sandbox


def engine_for(mock: Mock, said: Vector, *, compressed: bool = False) -> Engine:
    """Return an engine whose only scenario is the one that is said, in the sandboxes of a mock."""
    sampler = Sampler(mock.contract)
    compiler = Compiler(mock.contract, sampler)
    catalogue = Catalogue(compiler, [])
    catalogue.add("default", json.dumps(said))
    express = Express(STORE_CORS, "0", compress=compressed)
    return Engine(mock.contract, sampler, compiler, Chooser(catalogue, "default", mock.sandboxes), express)


Ask = Callable[[Engine, Request], Response]


def replay(mock: Mock, vector: Vector, ask: Ask = Engine.serve) -> Replay:
    """Play one exchange to a sandbox of its own, in a scenario made of the state that was recorded before it."""
    name = f"recorded-{next(_counter)}"
    compressed = "Accept-Encoding" in vector["response"]["headers"].get("Vary", "")
    engine = engine_for(mock, _scenario(vector), compressed=compressed)
    request = _request(vector, name)
    if "if-none-match" in request.headers:  # the recorded tag was that of the body a moment before
        others = [pair for pair in request.headers.pairs if pair[0] != "if-none-match"]
        tag = dict(ask(engine, request._replace(headers=Headers(others))).headers)["ETag"]
        request = request._replace(headers=Headers([*others, ("if-none-match", tag)]))
    return Replay(ask(engine, request), mock.sandboxes[name])


def _request(vector: Vector, sandbox: str) -> Request:
    said = vector["request"]
    path, _, query = said["path"].partition("?")
    headers = {name.lower(): value for name, value in said["headers"].items()} | {"x-mock-sandbox": sandbox}
    return Request(said["method"], path, query, Headers(headers), _body(said["body"], headers))


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
        "status": {"status": argument},
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
