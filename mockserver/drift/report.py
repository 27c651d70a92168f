"""What a drift run found, as people read it, and as files that replay it."""

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.text import Text

from ..scenarios import Scenario
from . import Drift, Found
from .asking import NOTHING
from .played import Played, State

PASSING = {
    "connection",
    "content-length",
    "date",
    "etag",
    "keep-alive",
    "set-cookie",
    "transfer-encoding",
    "x-powered-by",
}
RELATIONS = ("payment_sessions", "payments", "region")


def show(result: Drift, console: Console) -> None:
    """Print each difference once, with the shortest sequence that shows it as curl lines, and the figure last."""
    for found in result.found:
        known = f" (known: {found.known.id}; {found.known.why})" if found.known else ""
        console.print()
        console.print(Text(f"{found}{known}", style="dim" if found.known else "bold red"), soft_wrap=True)
        for line in curls(found, result.url):
            console.print(Text(f"  {line}"), soft_wrap=True)
    console.print(verdict(result))


def verdict(result: Drift) -> Text:
    """Return the last line: the figure."""
    share = f" ({100 * result.agreed / result.exchanges:.2f} %)" if result.exchanges else ""
    known = len(result.found) - len(result.failures)
    differences = f"differences {len(result.failures)}, known {known}"
    stopped = ", interrupted" if result.interrupted else ""
    text = f"agreed {result.agreed} of {result.exchanges} exchanges{share}: {differences}{stopped}"
    return Text(text, style="green" if result.conforms else "bold red")


def curls(found: Found, url: str) -> Iterator[str]:
    """Yield the sequence as curl lines, each with what the two servers answered."""
    for played in found.stage.history:
        headers = [part for name, value in played.headers.items() for part in ("-H", f"{name}: {value}")]
        body = [] if played.body is NOTHING else ["-H", "Content-Type: application/json", "-d", json.dumps(played.body)]
        line = shlex.join(["curl", "-X", played.operation.method, url + played.path, *headers, *body])
        yield f"{line}   # real {played.real.status}, mock {played.mock.status}"


def save(result: Drift, scenario: Scenario, folder: Path) -> None:
    """
    Write each sequence as recorded exchanges (`drift.jsonl`) and its start as a scenario (`drift-1.yaml`).

    An exchange also names the `providers` of the scenario that was on, since no recording can show what they would do.
    """
    folder.mkdir(parents=True, exist_ok=True)
    providers = yaml.safe_load(Path(scenario.path).read_text(encoding="utf-8")).get("providers", {})
    lines = []
    for number, found in enumerate(result.found, 1):
        if found.stage.start:
            _write_start(folder / f"drift-{number}.yaml", found, providers)
        for place, played in enumerate(found.stage.history, 1):
            lines.append(json.dumps(_vector(f"drift-{number}-{place}", played, providers), ensure_ascii=False))
    text = "".join(f"{line}\n" for line in lines)
    (folder / "drift.jsonl").write_text(text, encoding="utf-8", errors="backslashreplace")  # as JSON writes half a pair


def _write_start(path: Path, found: Found, providers: Any) -> None:
    """Write what a sequence began with as a scenario."""
    written = {
        "description": f"Where drift begins: {found}",
        "unknown_ids": "not_found",
        "given": {"payment_collections": [found.stage.start], "off_contract": True},
        **({"providers": providers} if providers else {}),
    }
    path.write_text(yaml.safe_dump(written, sort_keys=False, allow_unicode=True, width=120), encoding="utf-8")


def _vector(name: str, played: Played, providers: Any) -> dict[str, Any]:
    headers = {**played.headers, **({} if played.body is NOTHING else {"Content-Type": "application/json"})}
    body = None if played.body is NOTHING else played.body
    return {
        "name": name,
        "request": {"method": played.operation.method, "path": played.path, "headers": headers, "body": body},
        "response": {
            "status": played.real.status,
            "headers": {name: value for name, value in played.real.headers.items() if name.lower() not in PASSING},
            "body": played.real.document,
            "sets_cookie": "set-cookie" in map(str.lower, played.real.headers),
        },
        **({"state_before": [_stored(played.before)], "state_after": _stored(played.after)} if played.before else {}),
        "providers": providers,
    }


def _stored(state: State) -> dict[str, Any]:
    return {
        "collection": {key: value for key, value in state.items() if key not in RELATIONS},
        "sessions": state["payment_sessions"],
        "payments": state["payments"],
        "region": state["region"],
    }
