"""How values are drawn: a few short words for strategies, in which what is named twice comes twice as often."""

from typing import Any

from hypothesis import strategies as st

from ..asking import NOTHING
from .act import Act

Strategy = st.SearchStrategy[Any]


def any_of(*values: Any) -> Strategy:
    """Return a strategy for one of some values."""
    return st.sampled_from(values)


def one_of(*strategies: Strategy) -> Strategy:
    """Return a strategy for what one of some strategies draws; Hypothesis' own takes those that are named twice for one."""
    return st.sampled_from(range(len(strategies))).flatmap(strategies.__getitem__)


def unless(right: Strategy, wrong: Strategy) -> Strategy:
    """Return a strategy for what is right, and for what is wrong one time in five."""
    return one_of(right, right, right, right, wrong)


def all_of(**fields: Strategy) -> Strategy:
    """Return a strategy for mappings with all of some fields."""
    return st.fixed_dictionaries(fields)


def some_of(**fields: Strategy) -> Strategy:
    """Return a strategy for mappings with any of some fields."""
    return st.fixed_dictionaries({}, optional=fields)


def act(
    operation: str,
    path: Strategy,
    body: Strategy | None = None,
    query: Strategy | None = None,
    key: Strategy | None = None,
) -> Strategy:
    """Return a strategy for requests for an operation: nothing is sent of what is not said."""
    body = st.just(NOTHING) if body is None else body
    query = st.just(()) if query is None else query
    return st.builds(Act, st.just(operation), path, body, query, st.none() if key is None else key)
