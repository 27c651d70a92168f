"""Calls about scenarios: see them and their texts, check one, add it, remove it, read the files again."""

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from starlette.responses import Response

from .. import scenarios
from ..engine.preparing import at_leisure
from ..errors import MockServerError
from ..express.javascript import dumps
from ..scenarios.catalogue import INLINE
from ..state.sandboxes import SHARED
from . import shapes
from .calls import Controlled, Received, Refused, call, listing, read_json, refusing

_COMPILING = ThreadPoolExecutor(1, "scenarios")
Made = TypeVar("Made")
TEXTS = ("application/json", "application/yaml", "text/yaml")


@call("GET", "/scenarios", gives=shapes.ScenarioList)
async def list_scenarios(received: Received) -> shapes.ScenarioList:
    """List the scenarios, and what is wrong with files that cannot be read."""
    return scenario_list(received.controlled)


def scenario_list(controlled: Controlled) -> shapes.ScenarioList:
    """Return the scenarios that can be chosen now."""
    return shapes.ScenarioList(
        scenarios=[shapes.Scenario(**_said(controlled, scenario)) for scenario in controlled.catalogue.values()],
        default=controlled.default,
        problems=list(map(_problem, controlled.catalogue.problems)),
    )


@call("GET", "/scenarios/{scenario}", gives=shapes.ScenarioDetail, refuses=(404,))
async def get_scenario(received: Received) -> Response:
    """Show a scenario with its stubs."""
    with refusing(404):
        scenario = received.controlled.catalogue.scenario(received.path["scenario"])
    return await at_leisure(_detail, received.controlled, scenario)


@call("GET", "/scenarios/{scenario}/text", gives=shapes.ScenarioText, refuses=(404,))
async def get_scenario_text(received: Received) -> shapes.ScenarioText:
    """Show the YAML of a scenario, as its file has it now or as it was added."""
    with refusing(404):
        return shapes.ScenarioText(text=received.controlled.catalogue.text(received.path["scenario"]))


@call("POST", "/scenarios/check", gives=shapes.Checked, query=shapes.Checking, text=TEXTS)
async def check_scenario(received: Received) -> shapes.Checked:
    """List what is wrong with a scenario, JSON or YAML as in a file, and add nothing."""
    asked = received.controlled, received.query.name, _text(received)
    found = await _apart(_checked, *asked)
    return shapes.Checked(problems=list(map(_problem, found)))


@call("PUT", "/scenarios/{scenario}", gives=shapes.ScenarioDetail, text=TEXTS, created=True, refuses=(400, 409))
async def put_scenario(received: Received) -> Response:
    """Add a scenario, JSON or YAML as in a file, or put another in its place; it is gone when the server ends."""
    catalogue, name = received.controlled.catalogue, received.path["scenario"]
    if name in catalogue and not catalogue.is_inline(name):
        raise Refused(409, f"scenario {name!r} is a file, {catalogue[name].path}; change that, or take another name")
    text = _text(received)
    with refusing(400):
        prepared = await _apart(_prepared, received.controlled, name, text)
        scenario, is_new = catalogue.put(prepared, text)
    _let_go(received.controlled, name)
    tell(received.controlled)
    return await at_leisure(_detail, received.controlled, scenario, 201 if is_new else 200)


@call("DELETE", "/scenarios/{scenario}", refuses=(404, 409))
async def delete_scenario(received: Received) -> None:
    """Remove a scenario that was added."""
    name = received.path["scenario"]
    with refusing(404):
        received.controlled.catalogue.scenario(name)
    users = [sandbox.name for sandbox in received.controlled.sandboxes if sandbox.scenario == name]
    if users:
        raise Refused(409, f"scenario {name!r} is chosen in {', '.join(users[:5])}; choose another there first")
    with refusing(409):
        received.controlled.catalogue.remove(name)
    _let_go(received.controlled, name)
    tell(received.controlled)


async def _apart(function: Callable[..., Made], *arguments: Any) -> Made:
    """Return what a function returns that reads scenarios, called in a thread for that: what is written at leisure does not wait behind it."""
    return await asyncio.get_running_loop().run_in_executor(_COMPILING, function, *arguments)


def _let_go(controlled: Controlled, name: str) -> None:
    """Keep nothing of a scenario as it was before: journals would, for their reasons."""
    known = {operation.id for operation in controlled.operations()}
    controlled.sandboxes.journals.put_into_words(name, known)


@call("POST", "/scenarios/reload", gives=shapes.ScenarioList, refuses=(409,))
async def reload_scenarios(received: Received) -> shapes.ScenarioList:
    """Read the files that changed now; it happens within a second by itself."""
    catalogue = received.controlled.catalogue
    with refusing(409):
        catalogue.take(await _apart(catalogue.read))
    tell(received.controlled)
    return scenario_list(received.controlled)


def _prepared(controlled: Controlled, name: str, text: str) -> scenarios.Scenario:
    """Return the scenario of a text, which can be brought into a sandbox; raise MockServerError for all that is wrong with it."""
    scenario = controlled.catalogue.prepared(name, text)
    controlled.engine.rehearse(scenario, controlled.sandboxes[SHARED])
    return scenario


def _checked(controlled: Controlled, name: str, text: str) -> list[scenarios.FileProblem]:
    """Return all that would be wrong with the scenario of a text."""
    found = controlled.catalogue.check(name, text)
    if not found:
        try:
            _prepared(controlled, name, text)
        except MockServerError as error:
            found = [scenarios.FileProblem(INLINE, 0, str(error))]
    return found


def _text(received: Received) -> str:
    """Return the body as YAML."""
    is_json = received.request.headers["content-type"].lower().startswith("application/json")
    return _yaml(read_json(received.text)) if is_json else received.text


def _yaml(value: Any) -> str:
    """Return a value as YAML, which JSON is but for the characters that YAML wants escaped; every text is quoted."""
    text = dumps(value).decode()
    return re.sub("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]", lambda found: f"\\u{ord(found[0]):04x}", text)


def tell(controlled: Controlled) -> None:
    """Tell whoever listens that there are other scenarios."""
    controlled.listeners.tell("scenarios", lambda: scenario_list(controlled).model_dump())


def _problem(problem: scenarios.FileProblem) -> shapes.FileProblem:
    return shapes.FileProblem(file=problem.path, line=problem.line, message=problem.message)


def _said(controlled: Controlled, scenario: scenarios.Scenario) -> shapes.Document:
    return {
        "name": scenario.name,
        "description": scenario.description,
        "origin": "inline" if controlled.catalogue.is_inline(scenario.name) else "file",
        "path": scenario.path,
        "statuses": scenario.statuses(),
        "faults": scenario.faults(),
    }


def _detail(controlled: Controlled, scenario: scenarios.Scenario, status: int = 200) -> Response:
    stubs = (
        shapes.Stub(stub=stub.name, where=stub.where, operation=stub.operation.name, replies=len(stub.replies))
        for stub in scenario
    )
    return listing("stubs", stubs, status, **_said(controlled, scenario))
