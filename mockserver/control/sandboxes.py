"""Calls about sandboxes: make, choose a scenario, set the clock, read and merge the state, snapshot, reset, delete."""

from ..clock import Clock, instant, isoformat, seconds_of
from ..state import sandboxes
from ..state.documents import document
from ..state.given import check
from ..state.sandboxes import NAMES, is_name
from . import shapes
from .calls import Asked, Refused, World, call, refusing


@call("GET", "/sandboxes", gives=shapes.SandboxList)
async def list_sandboxes(asked: Asked) -> shapes.SandboxList:
    """List the sandboxes that are kept."""
    return shapes.SandboxList(sandboxes=[_shape(sandbox) for sandbox in asked.world.sandboxes])


@call("POST", "/sandboxes", gives=shapes.Sandbox, body=shapes.NewSandbox, created=True, refuses=(400, 404, 409, 507))
async def create_sandbox(asked: Asked) -> tuple[int, shapes.Sandbox]:
    """Make a sandbox, with a scenario, a clock and a state; a request that names one makes it, too."""
    world, said = asked.world, asked.body
    name = said.name or next(free for number in world.numbers if (free := f"sandbox-{number}") not in world.sandboxes)
    if name in world.sandboxes:
        raise Refused(409, f"there is a sandbox {name!r} already")
    _check_scenario(world, said.scenario)
    _check_state(world, said.state)
    with refusing(400):
        clock = _changed(world.sandboxes.clock, said.clock)
    sandbox = world.sandboxes[name]
    sandbox.scenario = said.scenario
    sandbox.clock = clock
    try:
        _merge_state(world, sandbox, said.state)
    except Refused:
        world.sandboxes.delete(name)
        raise
    _tell(world, name)
    return 201, _shape(sandbox)


@call("GET", "/sandboxes/{sandbox}", gives=shapes.Sandbox, refuses=(404,))
async def get_sandbox(asked: Asked) -> shapes.Sandbox:
    """Show a sandbox."""
    return _shape(_known(asked))


@call("DELETE", "/sandboxes/{sandbox}", refuses=(404, 409))
async def delete_sandbox(asked: Asked) -> None:
    """Forget a sandbox with all it holds; the shared one can only be reset."""
    name = _known(asked).name
    with refusing(409):
        asked.world.sandboxes.delete(name)
    _tell(asked.world, name)


@call("POST", "/sandboxes/{sandbox}/reset", gives=shapes.Sandbox, refuses=(400,))
async def reset_sandbox(asked: Asked) -> shapes.Sandbox:
    """Make a sandbox as a new one is; only its snapshots stay."""
    sandbox = _named(asked)
    sandbox.reset()
    _tell(asked.world, sandbox.name)
    return _shape(sandbox)


@call("PUT", "/sandboxes/{sandbox}/scenario", gives=shapes.Sandbox, body=shapes.ScenarioChoice, refuses=(400, 404))
async def choose_scenario(asked: Asked) -> shapes.Sandbox:
    """Choose the scenario of requests in a sandbox that choose none themselves."""
    _check_scenario(asked.world, asked.body.scenario)
    sandbox = _named(asked)
    sandbox.scenario = asked.body.scenario
    _tell(asked.world, sandbox.name)
    return _shape(sandbox)


@call("PATCH", "/sandboxes/{sandbox}/clock", gives=shapes.Clock, body=shapes.ClockChange, refuses=(400,))
async def change_clock(asked: Asked) -> shapes.Clock:
    """Set, advance, freeze a sandbox' clock, or let it run; times in answers follow it."""
    sandboxes, name = asked.world.sandboxes, asked.path["sandbox"]
    with refusing(400):
        clock = _changed(sandboxes.known(name).clock if name in sandboxes else sandboxes.clock, asked.body)
    sandbox = _named(asked)
    sandbox.clock = clock
    _tell(asked.world, sandbox.name)
    return _clock(sandbox)


@call("GET", "/sandboxes/{sandbox}/state", gives=shapes.StateNow, refuses=(404,))
async def get_state(asked: Asked) -> shapes.StateNow:
    """Show what a sandbox holds, by table; what belongs to an entity is inside it."""
    return _state(_known(asked))


@call("PATCH", "/sandboxes/{sandbox}/state", gives=shapes.StateNow, body=shapes.State, refuses=(400, 507))
async def merge_state(asked: Asked) -> shapes.StateNow:
    """Merge entities by table, partly written, into what a sandbox holds; what is not said stays or is sampled."""
    _check_state(asked.world, asked.body)
    sandbox = _named(asked)
    _merge_state(asked.world, sandbox, asked.body)
    _tell(asked.world, sandbox.name)
    return _state(sandbox)


@call("PUT", "/sandboxes/{sandbox}/snapshots/{snapshot}", gives=shapes.Sandbox, refuses=(400, 409, 507))
async def take_snapshot(asked: Asked) -> shapes.Sandbox:
    """Keep a sandbox as it is now under a name."""
    name = asked.path["snapshot"]
    if not is_name(name):
        raise Refused(400, f"{name!r} is no name for a snapshot; {NAMES}")
    sandbox = _named(asked)
    with refusing(409):
        sandbox.take_snapshot(name)
    return _shape(sandbox)


@call("POST", "/sandboxes/{sandbox}/snapshots/{snapshot}/restore", gives=shapes.Sandbox, refuses=(404, 507))
async def restore_snapshot(asked: Asked) -> shapes.Sandbox:
    """Make a sandbox as it was; its journal goes on."""
    sandbox = _known(asked)
    with refusing(404):
        sandbox.restore(asked.path["snapshot"])
    _tell(asked.world, sandbox.name)
    return _shape(sandbox)


@call("DELETE", "/sandboxes/{sandbox}/snapshots/{snapshot}", refuses=(404,))
async def delete_snapshot(asked: Asked) -> None:
    """Forget a snapshot."""
    sandbox, name = _known(asked), asked.path["snapshot"]
    with refusing(404):
        sandbox.delete_snapshot(name)


def _tell(world: World, sandbox: str) -> None:
    world.listeners.tell("sandbox", sandbox, sandbox)


def _named(asked: Asked) -> sandboxes.Sandbox:
    """Return the sandbox of a path, made if it was not there: after all else was looked at, as a refused call makes none."""
    name = asked.path["sandbox"]
    if not is_name(name):
        raise Refused(400, f"{name!r} is no name for a sandbox; {NAMES}")
    return asked.world.sandboxes[name]


def _known(asked: Asked) -> sandboxes.Sandbox:
    """Return the sandbox of a path if it is there."""
    with refusing(404):
        return asked.world.sandboxes.known(asked.path["sandbox"])


def _check_scenario(world: World, name: str | None) -> None:
    with refusing(404):
        if name is not None:
            world.catalogue.scenario(name)


def _check_state(world: World, state: shapes.State) -> None:
    """Raise Refused for what the contract does not allow."""
    found = check(world.contract, world.sandboxes.relations, state.root)
    wrong = [f"{'.'.join(map(str, place))}: {text}" for place, text in found]
    if wrong:
        raise Refused(400, "; ".join(wrong))


def _merge_state(world: World, sandbox: sandboxes.Sandbox, state: shapes.State) -> None:
    with refusing(400):
        world.engine.give(sandbox, state.root)


def _changed(clock: Clock, change: shapes.ClockChange) -> Clock:
    """Return a clock as a change wants it; raise MockServerError for a time out of range."""
    clock = clock.copy()
    if change.now is not None:
        clock.set(instant(change.now))
    if change.advance is not None:
        clock.set(clock.now() + round(seconds_of(change.advance) * 1000))
    if change.frozen is True:
        clock.freeze()
    elif change.frozen is False:
        clock.run()
    return clock


def _clock(sandbox: sandboxes.Sandbox) -> shapes.Clock:
    return shapes.Clock(now=isoformat(sandbox.clock.now()), frozen=sandbox.clock.is_frozen)


def _state(sandbox: sandboxes.Sandbox) -> shapes.StateNow:
    return shapes.StateNow(document(sandbox.tables))


def _shape(sandbox: sandboxes.Sandbox) -> shapes.Sandbox:
    relations = sandbox.tables.relations
    return shapes.Sandbox(
        name=sandbox.name,
        prefix=f"/~{sandbox.name}",
        scenario=sandbox.scenario,
        clock=_clock(sandbox),
        rows={
            table.name: count for table in relations.entities() if (count := len(sandbox.tables.changed(table.name)))
        },
        bytes=sandbox.bytes,
        requests=len(sandbox.journal),
        snapshots=list(sandbox.snapshots),
    )
