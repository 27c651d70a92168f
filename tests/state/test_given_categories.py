"""Categories that are given, partly written."""

from asking import Ask

STATE = "/__mock/sandboxes/shared/state"


def test_a_given_category_stands_behind_its_siblings(ask: Ask) -> None:
    """It is seen by all, unless it says otherwise; children are inside it, or name it, or hold it."""
    children = [
        {"id": "pcat_a", "name": "A", "handle": "a"},
        {"id": "pcat_b", "name": "B", "handle": "b", "is_internal": True},
    ]
    ask(
        "PATCH",
        STATE,
        {"product_categories": [{"id": "pcat_1", "name": "One", "handle": "one", "category_children": children}]},
    )
    ask(
        "PATCH",
        STATE,
        {"product_categories": [{"id": "pcat_c", "name": "C", "handle": "c", "parent_category_id": "pcat_1"}]},
    )
    ask(
        "PATCH",
        STATE,
        {"product_categories": [{"id": "pcat_d", "name": "D", "handle": "d", "parent_category": {"id": "pcat_1"}}]},
    )
    category = ask("GET", "/store/product-categories/pcat_1").document["product_category"]
    roots = [one["id"] for one in ask("GET", "/store/product-categories").document["product_categories"]]

    assert ["pcat_a", "pcat_c", "pcat_d"] == [one["id"] for one in category["category_children"]]
    assert {"pcat_1", "pcat_a"} <= set(roots)
