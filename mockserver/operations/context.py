"""What a behaviour is given: one value, so that a new field changes no signature."""

from dataclasses import dataclass

from ..contract import Document, Operation
from ..matchers import Visit
from ..samples import Sampler
from ..sandboxes import Sandbox


@dataclass(frozen=True, slots=True)
class Context:
    """A visit to an operation, and the world it happens in."""

    operation: Operation
    visit: Visit
    sandbox: Sandbox
    sampler: Sampler

    def sample(self) -> Document:
        """Return a valid answer with the ids that were asked for, to be changed where it matters."""
        sandbox = self.sandbox
        return self.sampler.answer(self.operation, self.visit.path, sandbox.seed, sandbox.clock.now())
