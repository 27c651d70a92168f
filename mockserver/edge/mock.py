"""Puts all parts of a mock together."""

from functools import partial

from ..clock import Clock
from ..control import Control, Controlled, Guard, Listeners, Waiters
from ..engine.choose import Chooser
from ..engine.serve import Engine
from ..express.express import Express
from ..scenarios import Catalogue, prepared, shipped_scenarios
from ..scenarios.watch import watch
from ..settings import Settings
from ..state.catalogue import Shop
from ..state.sandboxes import MEGABYTE, Sandboxes, Start
from .ahead import load_ahead
from .app import App
from .restocking import restock


class Mock:
    """A mock server: everything that is prepared at start, and `app`, the ASGI application that serves it."""

    def __init__(self, settings: Settings | None = None) -> None:
        """Prepare all; raise MockServerError for whatever is wrong with the settings or the scenario files."""
        settings = settings or Settings()
        self.contract, sampler, relations, compiler, shipped = prepared()
        self.scenarios = Catalogue(compiler, [shipped_scenarios(), *settings.scenarios], shipped)
        clock = Clock.at(settings.clock) if settings.clock else Clock()
        self.shop = Shop(
            self.contract,
            relations,
            sampler,
            seed=settings.seed,
            path=settings.data,
            server=f"http://localhost:{settings.port}",
        )
        self.sandboxes = Sandboxes(
            Start(settings.seed, clock, relations, self.shop.load(clock.now())),
            limit=settings.sandboxes,
            most=settings.state * MEGABYTE,
            journal=settings.journal,
        )
        express = Express(settings.cors, settings.seed, compress=settings.compress)
        chooser = Chooser(self.scenarios, settings.scenario, self.sandboxes, express.cors.allows)
        self.engine = Engine(self.contract, sampler, compiler, chooser, express)
        self.control = Control(
            Controlled(
                self.engine,
                self.scenarios,
                self.sandboxes,
                self.contract,
                Listeners(self.sandboxes),
                Waiters(self.sandboxes),
                settings.scenario,
                lambda: self.app.answering,
            ),
            Guard(settings.host, settings.control_token),
        )
        watches = (
            load_ahead,
            partial(watch, self.scenarios, self.control.tell_scenarios),
            partial(restock, self.shop, self.sandboxes),
        )
        self.app = App(self.engine, self.control, self.sandboxes.journals, watches)


def create_app(settings: Settings | None = None) -> App:
    """Return the ASGI application of a mock with these settings, for any ASGI server or test client."""
    return Mock(settings).app
