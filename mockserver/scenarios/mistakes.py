"""Finds what cannot be meant in a scenario, apart from its replies: who shops, who is paid, what is compared."""

from collections.abc import Iterator

from ..errors import unknown
from ..state.check import no_id
from .comparisons import problems as comparison_problems
from .covering import Problem
from .format import ScenarioFormat, When
from .matchers import TEXTS
from .outcomes import ProviderFormat


def shopper_problems(written: ScenarioFormat) -> Iterator[Problem]:
    """Yield what keeps anybody from being logged in from the start."""
    known = [str(one["email"]).lower() for one in written.given.state().get("customers", ()) if "email" in one]
    if written.shopper is not None and written.shopper.lower() not in known:
        yield ("shopper",), unknown("customer of 'given' with the address", written.shopper, known)


def provider_problems(name: str, provider: ProviderFormat) -> Iterator[Problem]:
    """Yield why a provider cannot be called so, and what is wrong with the comparisons of its outcomes."""
    yield from ((("providers", name), text) for text in no_id(name))
    for action, many in provider.outcomes():
        for index, one in enumerate(many):
            wanted = one.when.model_dump() if one.when else {}
            for place, text in comparison_problems(wanted, is_text=False):
                yield ("providers", name, action, index, "when", *place), text


def when_problems(when: When) -> Iterator[Problem]:
    """Yield what is wrong with the comparisons of a stub."""
    for part, wanted in when.model_dump().items():
        for place, text in comparison_problems(wanted, is_text=False) if part not in TEXTS else ():
            yield ("when", part, *place), text
        for name, value in wanted.items() if part in TEXTS else ():
            for place, text in comparison_problems(value, is_text=True):
                yield ("when", part, name, *place), text
