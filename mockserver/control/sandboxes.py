"""Calls about sandboxes: make, choose a scenario, set the clock, read and merge the state, snapshot, reset, delete."""

from functools import partial
from itertools import islice

from starlette.responses import Response

from ..clock import Clock, instant, isoformat, seconds_of
from ..engine.preparing import at_leisure, write
from ..express.javascript import dumps
from ..operations.shared import shopper
from ..scenarios.written import scenario_text
from ..state import sandboxes
from ..state.check import check
from ..state.documents import document
from ..state.draft import Draft
from ..state.sandboxes import NAMES, is_name
from . import shapes
from .calls import MOST_PROBLEMS, Controlled, Received, Refused, call, refusing, response

LONGEST_PLACE = 200  # characters of a place that a refusal names


@call("GET", "/sandboxes", gives=shapes.SandboxList)
async def list_sandboxes(received: Received) -> shapes.SandboxList:
    """List the sandboxes that are kept."""
    return shapes.SandboxList(sandboxes=[_shape(sandbox) for sandbox in received.controlled.sandboxes])


@call("POST", "/sandboxes", gives=shapes.Sandbox, body=shapes.NewSandbox, created=True, refuses=(400, 404, 409, 507))
async def create_sandbox(received: Received) -> tuple[int, shapes.Sandbox]:
    """Make a sandbox, with a scenario, a clock and a state; a request that names one makes it, too."""
    controlled, wanted = received.controlled, received.body
    name = wanted.name or next(
        free for number in controlled.numbers if (free := f"sandbox-{number}") not in controlled.sandboxes
    )
    if name in controlled.sandboxes:
        raise Refused(409, f"there is a sandbox {name!r} already")
    _check_scenario(controlled, wanted.scenario)
    await at_leisure(_check_state, controlled, wanted.state)
    with refusing(400):
        clock = _changed(controlled.sandboxes.clock, wanted.clock)
    sandbox = controlled.sandboxes.unlisted(name)
    sandbox.scenario = wanted.scenario
    sandbox.clock = clock
    await _merge_state(controlled, sandbox, wanted.state)
    if name in controlled.sandboxes:  # while its state was completed
        sandbox.forget()
        raise Refused(409, f"there is a sandbox {name!r} already")
    controlled.sandboxes.enlist(sandbox)
    tell(controlled, name)
    return 201, _shape(sandbox)


@call("GET", "/sandboxes/{sandbox}", gives=shapes.Sandbox, refuses=(404,))
async def get_sandbox(received: Received) -> shapes.Sandbox:
    """Show a sandbox."""
    return _shape(_known(received))


@call("DELETE", "/sandboxes/{sandbox}", refuses=(404, 409))
async def delete_sandbox(received: Received) -> None:
    """Forget a sandbox with all it holds; the shared one can only be reset."""
    name = _known(received).name
    with refusing(409):
        received.controlled.sandboxes.delete(name)
    tell(received.controlled, name)


@call("POST", "/sandboxes/{sandbox}/reset", gives=shapes.Sandbox, refuses=(400,))
async def reset_sandbox(received: Received) -> shapes.Sandbox:
    """Make a sandbox as a new one is; only its snapshots stay."""
    sandbox = named(received)
    sandbox.reset()
    tell(received.controlled, sandbox.name)
    return _shape(sandbox)


@call("PUT", "/sandboxes/{sandbox}/scenario", gives=shapes.Sandbox, body=shapes.ScenarioChoice, refuses=(400, 404))
async def choose_scenario(received: Received) -> shapes.Sandbox:
    """Choose the scenario of requests in a sandbox that choose none themselves."""
    _check_scenario(received.controlled, received.body.scenario)
    sandbox = named(received)
    sandbox.scenario = received.body.scenario
    tell(received.controlled, sandbox.name)
    return _shape(sandbox)


@call("PATCH", "/sandboxes/{sandbox}/clock", gives=shapes.Clock, body=shapes.ClockChange, refuses=(400,))
async def change_clock(received: Received) -> shapes.Clock:
    """Set, advance, freeze a sandbox' clock, or let it run; times in answers follow it."""
    sandboxes, name = received.controlled.sandboxes, received.path["sandbox"]
    with refusing(400):
        clock = _changed(sandboxes.known(name).clock if name in sandboxes else sandboxes.clock, received.body)
    sandbox = named(received)
    sandbox.clock = clock
    tell(received.controlled, sandbox.name)
    return _clock(sandbox)


@call("POST", "/sandboxes/{sandbox}/sessions", gives=shapes.Session, body=shapes.LogIn, refuses=(400, 404, 507))
async def create_session(received: Received) -> shapes.Session:
    """Log an account in without its password, and hand out the cookie and the token that stand for it."""
    sandbox, email = named(received), received.body.email
    with refusing(404):
        received.controlled.engine.begin(sandbox)
        cookie, customer, token = shopper.admit(sandbox, email)
    tell(received.controlled, sandbox.name)
    return shapes.Session(customer_id=customer, cookie=cookie, token=token)


@call("GET", "/sandboxes/{sandbox}/state", gives=shapes.StateNow, refuses=(404,))
async def get_state(received: Received) -> Response:
    """Show what a sandbox holds, by table; what belongs to an entity is inside it."""
    return await at_leisure(_state, Draft(_known(received).tables))


@call("GET", "/sandboxes/{sandbox}/state/scenario", gives=shapes.ScenarioText, refuses=(404, 409))
async def get_state_as_scenario(received: Received) -> shapes.ScenarioText:
    """Show what a sandbox holds as a scenario, in whose `given` it stands."""
    sandbox = _known(received)
    with refusing(409):
        return await at_leisure(_state_as_scenario, f"As sandbox {sandbox.name} was.", Draft(sandbox.tables))


@call("PATCH", "/sandboxes/{sandbox}/state", gives=shapes.StateNow, body=shapes.State, refuses=(400, 507))
async def merge_state(received: Received) -> Response:
    """Merge entities by table, partly written, into what a sandbox holds; missing fields stay as they are, or are filled in with samples."""
    await at_leisure(_check_state, received.controlled, received.body)
    sandbox = named(received)
    await _merge_state(received.controlled, sandbox, received.body)
    tell(received.controlled, sandbox.name)
    return await at_leisure(_state, Draft(sandbox.tables))


@call("PUT", "/sandboxes/{sandbox}/snapshots/{snapshot}", gives=shapes.Sandbox, refuses=(400, 409, 507))
async def take_snapshot(received: Received) -> shapes.Sandbox:
    """Keep a sandbox as it is now under a name."""
    name = received.path["snapshot"]
    if not is_name(name):
        raise Refused(400, f"{name!r} is no name for a snapshot; {NAMES}")
    sandbox = named(received)
    with refusing(409):
        sandbox.take_snapshot(name)
    return _shape(sandbox)


@call("POST", "/sandboxes/{sandbox}/snapshots/{snapshot}/restore", gives=shapes.Sandbox, refuses=(404, 507))
async def restore_snapshot(received: Received) -> shapes.Sandbox:
    """Make a sandbox as it was; its journal goes on."""
    sandbox = _known(received)
    with refusing(404):
        sandbox.restore(received.path["snapshot"])
    tell(received.controlled, sandbox.name)
    return _shape(sandbox)


@call("DELETE", "/sandboxes/{sandbox}/snapshots/{snapshot}", refuses=(404,))
async def delete_snapshot(received: Received) -> None:
    """Forget a snapshot."""
    sandbox, name = _known(received), received.path["snapshot"]
    with refusing(404):
        sandbox.delete_snapshot(name)


def tell(controlled: Controlled, sandbox: str) -> None:
    """Tell whoever listens that something of a sandbox is another."""
    controlled.listeners.tell("sandbox", lambda: {"sandbox": sandbox}, sandbox)


def named(received: Received) -> sandboxes.Sandbox:
    """Return the sandbox of a path, made if it was not there: after all else was looked at, as a refused call makes none."""
    name = received.path["sandbox"]
    if not is_name(name):
        raise Refused(400, f"{name!r} is no name for a sandbox; {NAMES}")
    return received.controlled.sandboxes[name]


def _known(received: Received) -> sandboxes.Sandbox:
    """Return the sandbox of a path if it is there."""
    with refusing(404):
        return received.controlled.sandboxes.known(received.path["sandbox"])


def _check_scenario(controlled: Controlled, name: str | None) -> None:
    with refusing(404):
        if name is not None:
            controlled.catalogue.scenario(name)


def _check_state(controlled: Controlled, state: shapes.State) -> None:
    """Raise Refused for what the contract does not allow."""
    found = check(controlled.contract, controlled.sandboxes.relations, state.root)
    wrong = [f"{'.'.join(map(str, place))[:LONGEST_PLACE]}: {text}" for place, text in islice(found, MOST_PROBLEMS + 1)]
    if len(wrong) > MOST_PROBLEMS:
        wrong[-1] = "and perhaps more"
    if wrong:
        raise Refused(400, "; ".join(wrong))


async def _merge_state(controlled: Controlled, sandbox: sandboxes.Sandbox, state: shapes.State) -> None:
    with refusing(400):
        await write(sandbox, partial(controlled.engine.give, sandbox, state.root))


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


def _state(draft: Draft) -> Response:
    """Return what tables hold, written entity by entity: nothing else runs while one is written."""
    tables = [
        dumps(name) + b":[" + b",".join(map(dumps, entities)) + b"]"
        for name, entities in document(draft.tables).items()
    ]
    return response(b"{" + b",".join(tables) + b"}")


def _state_as_scenario(description: str, draft: Draft) -> shapes.ScenarioText:
    return shapes.ScenarioText(text=scenario_text(description, document(draft.tables)))


def _shape(sandbox: sandboxes.Sandbox) -> shapes.Sandbox:
    relations, counts = sandbox.tables.relations, sandbox.tables.counts()
    return shapes.Sandbox(
        name=sandbox.name,
        prefix=f"/~{sandbox.name}",
        scenario=sandbox.scenario,
        clock=_clock(sandbox),
        rows={name: counts[name] for name in relations if name in counts and relations[name].schema},
        bytes=sandbox.bytes,
        requests=len(sandbox.journal),
        snapshots=list(sandbox.snapshots),
    )
