"""Budgets: many share one bound, and whoever keeps most loses its oldest first."""

from hypothesis import given
from hypothesis import strategies as st

from mockserver.state.budget import Budget, Kept


def test_the_fullest_loses_its_least_recently_used() -> None:
    """Use counts, reading does not; whoever is told learns what went."""
    gone: list[str] = []
    budget = Budget(4)
    full: Kept[str, str] = Kept(budget, gone.append)
    other: Kept[str, str] = Kept(budget, gone.append)
    for key in "abc":
        full.put(key, key.upper())
    full.use("a")
    full.get("b")
    other.put("x", "X")
    other.put("y", "Y")

    assert ["B"] == gone
    assert ["C", "A"] == list(full)
    assert ["X", "Y"] == list(other)


def test_what_is_put_again_is_no_more_than_before() -> None:
    """The new value counts, and it is the last to go."""
    kept: Kept[str, int] = Kept(Budget(2))
    for key, value in (("a", 1), ("b", 2), ("a", 3), ("c", 4)):
        kept.put(key, value)

    assert [("a", 3), ("c", 4)] == kept.items()


@given(
    st.integers(1, 8),
    st.lists(st.tuples(st.sampled_from(["put", "pop", "replace"]), st.integers(0, 2), st.integers(0, 5))),
)
def test_a_budget_counts_right_whatever_happens(limit: int, steps: list[tuple[str, int, int]]) -> None:
    """Never more than the limit in all, and the total is the sum."""
    budget = Budget(limit)
    many: list[Kept[int, int]] = [Kept(budget) for _ in range(3)]
    for step, which, key in steps:
        if step == "put":
            many[which].put(key, key)
        elif step == "pop":
            many[which].pop(key)
        else:
            many[which].replace((one, one) for one in range(key))
        assert sum(map(len, many)) == budget.total <= limit
