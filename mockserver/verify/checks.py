"""What Schemathesis cannot know from the contract: what an answer means, and that a browser may read it."""

from typing import Any
from urllib.parse import unquote

import schemathesis

from ..contract import told_of

YAML = ("application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml", "text/vnd.yaml")
ORIGIN = "http://localhost:8000"  # of a storefront, where Medusa's own starter serves it


@schemathesis.check
def answer_is_about_what_was_asked(_context: Any, response: Any, case: Any) -> None:
    """Raise AssertionError for a 200 that names another entity than its path, or says of it what the contract excludes."""
    if response.status_code != 200:  # noqa: PLR2004
        return
    answer, raw = _document(response), case.operation.definition.raw
    asked = {name: unquote(str(value)) for name, value in (case.path_parameters or {}).items()}
    for parameter in case.operation.path_parameters:
        entity = parameter.definition.get("x-entity", "")
        found = told_of(answer, entity)
        if found is not None and "id" in found:
            _check_id(found["id"], asked[parameter.name], is_new=raw.get("x-new-entity") == entity)
    for entity, means in raw.get("x-means", {}).items():
        told = answer.get(entity)
        got = (
            {key: told.get(key) for key in means} if isinstance(told, dict) else means
        )  # its schema is another check's
        assert got == means, f"200, though the {entity} is {got} and not {means}"  # noqa: S101


def _check_id(got: Any, asked: str, *, is_new: bool) -> None:
    """Raise AssertionError for an id that is another one, or for one that is no other where it must be."""
    if is_new:
        assert got != asked, f"the answer holds a new entity, which has the id {got!r} still"  # noqa: S101
    else:
        assert got == asked, f"asked for {asked!r}, was answered {got!r}"  # noqa: S101


@schemathesis.check
def browsers_may_read_the_answer(_context: Any, response: Any, case: Any) -> None:
    """Raise AssertionError for a JSON answer without the CORS headers of an origin that was sent along."""
    origin = (case.headers or {}).get("Origin")
    if origin is None or not _is_json(response):
        return
    allowed = response.headers.get("access-control-allow-origin", ["none"])[0]
    credentials = response.headers.get("access-control-allow-credentials", ["none"])[0]
    assert allowed == origin, f"Access-Control-Allow-Origin is {allowed}, not {origin}"  # noqa: S101
    assert credentials == "true", f"Access-Control-Allow-Credentials is {credentials}, not true"  # noqa: S101


@schemathesis.deserializer(*YAML)
def no_answer_is_yaml(_context: Any, _response: Any) -> Any:
    """Raise ValueError: the contract has no YAML, whose slips would end a thread of Schemathesis, and what it found with it."""
    raise ValueError("no answer of the contract is YAML")


def _document(response: Any) -> dict[str, Any]:
    try:
        found = response.json() if _is_json(response) else {}
    except ValueError:
        return {}  # response_schema_conformance says so
    return found if isinstance(found, dict) else {}


def _is_json(response: Any) -> bool:
    return str(response.headers.get("content-type", [""])[0]).startswith("application/json")
