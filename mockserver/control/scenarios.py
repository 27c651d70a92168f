"""Calls about scenarios: see them, add one, remove it, read the files again."""

import re
from typing import Any

from .. import scenarios
from ..express.javascript import dumps
from . import shapes
from .calls import Asked, Refused, World, call, read_json, refusing

TEXTS = ("application/json", "application/yaml", "text/yaml")


@call("GET", "/scenarios", gives=shapes.ScenarioList)
async def list_scenarios(asked: Asked) -> shapes.ScenarioList:
    """List the scenarios, and what is wrong with files that cannot be read."""
    return scenario_list(asked.world)


def scenario_list(world: World) -> shapes.ScenarioList:
    """Return the scenarios that can be chosen now."""
    return shapes.ScenarioList(
        scenarios=[shapes.Scenario(**_said(world, scenario)) for scenario in world.catalogue.values()],
        default=world.default,
        problems=[
            shapes.FileProblem(file=problem.path, line=problem.line, message=problem.message)
            for problem in world.catalogue.problems
        ],
    )


@call("GET", "/scenarios/{scenario}", gives=shapes.ScenarioDetail, refuses=(404,))
async def get_scenario(asked: Asked) -> shapes.ScenarioDetail:
    """Show a scenario with its stubs."""
    with refusing(404):
        scenario = asked.world.catalogue.scenario(asked.path["scenario"])
    return _detail(asked.world, scenario)


@call("PUT", "/scenarios/{scenario}", gives=shapes.ScenarioDetail, text=TEXTS, created=True, refuses=(400, 409))
async def put_scenario(asked: Asked) -> tuple[int, shapes.ScenarioDetail]:
    """Add a scenario, JSON or YAML as in a file, or put another in its place; it is gone when the server ends."""
    catalogue, name = asked.world.catalogue, asked.path["scenario"]
    if name in catalogue and not catalogue.is_inline(name):
        raise Refused(409, f"scenario {name!r} is a file, {catalogue[name].path}; change that, or take another name")
    text = asked.text
    if asked.request.headers["content-type"].startswith("application/json"):
        text = _yaml(read_json(text))
    with refusing(400):
        scenario, is_new = catalogue.add(name, text)
    _tell(asked.world)
    return 201 if is_new else 200, _detail(asked.world, scenario)


@call("DELETE", "/scenarios/{scenario}", refuses=(404, 409))
async def delete_scenario(asked: Asked) -> None:
    """Remove a scenario that was added."""
    name = asked.path["scenario"]
    with refusing(404):
        asked.world.catalogue.scenario(name)
    users = [sandbox.name for sandbox in asked.world.sandboxes if sandbox.scenario == name]
    if users:
        raise Refused(409, f"scenario {name!r} is chosen in {', '.join(users[:5])}; choose another there first")
    with refusing(409):
        asked.world.catalogue.remove(name)
    _tell(asked.world)


@call("POST", "/scenarios/reload", gives=shapes.ScenarioList, refuses=(409,))
async def reload_scenarios(asked: Asked) -> shapes.ScenarioList:
    """Read the files that changed now; it happens within a second by itself."""
    with refusing(409):
        asked.world.catalogue.reload()
    _tell(asked.world)
    return scenario_list(asked.world)


def _yaml(value: Any) -> str:
    """Return a value as YAML, which JSON is but for the characters that YAML wants escaped; every text is quoted."""
    text = dumps(value).decode()
    return re.sub("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]", lambda found: f"\\u{ord(found[0]):04x}", text)


def _tell(world: World) -> None:
    world.listeners.tell("scenarios", None)


def _said(world: World, scenario: scenarios.Scenario) -> shapes.Document:
    return {
        "name": scenario.name,
        "description": scenario.description,
        "origin": "inline" if world.catalogue.is_inline(scenario.name) else "file",
        "path": scenario.path,
        "statuses": scenario.statuses(),
        "faults": scenario.faults(),
    }


def _detail(world: World, scenario: scenarios.Scenario) -> shapes.ScenarioDetail:
    stubs = [
        shapes.Stub(stub=stub.name, where=stub.where, operation=stub.operation.name, replies=len(stub.replies))
        for stub in scenario
    ]
    return shapes.ScenarioDetail(**_said(world, scenario), stubs=stubs)
