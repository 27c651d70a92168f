"""Trees of categories: as deep as answers can show them, whoever writes them and in whatever order."""

import pytest
from asking import Ask

from mockserver.state.trees import MOST_LEVELS

STATE = "/__mock/sandboxes/shared/state"


def chain(first: int, last: int) -> list[dict[str, str]]:
    """Return categories, each below the one before."""
    return [{"id": f"c{number}", "parent_category_id": f"c{number - 1}"} for number in range(first, last + 1)]


def test_a_deep_tree_is_shown_whole(ask: Ask) -> None:
    """By its root, and in the list."""
    assert 200 == ask("PATCH", STATE, {"product_categories": [{"id": "c1"}, *chain(2, MOST_LEVELS)]}).status
    tree = "include_descendants_tree=true&parent_category_id=null"
    root = ask("GET", "/store/product-categories/c1").document["product_category"]
    listed = ask("GET", "/store/product-categories", query=tree)
    levels = 1
    while root["category_children"]:
        root, levels = root["category_children"][0], levels + 1

    assert (MOST_LEVELS, 200) == (levels, listed.status)


@pytest.mark.parametrize(
    "states",
    [
        [[{"id": "c1"}, *chain(2, MOST_LEVELS + 1)]],
        [[{"id": "c1"}, *chain(2, MOST_LEVELS)], chain(MOST_LEVELS + 1, MOST_LEVELS + 1)],
        [[{"id": "c1"}, *chain(2, MOST_LEVELS)], [{"id": "c0", "category_children": [{"id": "c1"}]}]],
        [[{"id": "c1"}, *chain(2, 60)], [{"id": "c70"}, *chain(71, 120)], [{"id": "c70", "parent_category_id": "c60"}]],
        [[{"id": "c1"}, *chain(2, 600)]],
    ],
    ids=["at once", "below", "above", "two trees", "far too deep"],
)
def test_a_tree_that_is_too_deep_is_refused(ask: Ask, states: list[list[dict[str, object]]]) -> None:
    """Whatever makes it so, and all stays as it was."""
    *before, last = states
    assert {200} >= {ask("PATCH", STATE, {"product_categories": state}).status for state in before}
    held = ask("GET", STATE).document
    refused = ask("PATCH", STATE, {"product_categories": last})

    assert 400 == refused.status
    assert f"is in a tree of more than {MOST_LEVELS} levels" in refused.document["message"]
    assert held == ask("GET", STATE).document


def test_a_category_below_itself_is_in_no_deep_tree(ask: Ask) -> None:
    """Nor are two that are below each other: each is shown once."""
    state = [{"id": "a", "parent_category_id": "b"}, {"id": "b", "parent_category_id": "a"}, {"id": "c", "parent_category_id": "c"}]  # fmt: skip
    assert 200 == ask("PATCH", STATE, {"product_categories": state}).status

    assert [200] * 3 == [ask("GET", f"/store/product-categories/{id}").status for id in "abc"]
