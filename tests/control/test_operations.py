"""The call that says what can be asked, which the console fills its form from."""

from asking import Ask


def test_what_can_be_asked_is_listed_with_examples(api: Ask) -> None:
    """All operations of the contract: a value for each part of their paths, what a query has to say, a body that fits."""
    listed = {one["operation"]: one for one in api("GET", "/operations").document["operations"]}

    assert 65 == len(listed)
    for one in listed.values():
        assert one["path"].count("{") == len(one["examples"]), one
    assert {
        "operation": "carts.updateLineItem",
        "method": "POST",
        "path": "/store/carts/{id}/line-items/{line_id}",
        "examples": {"id": "cart_01HK3CQKJ5S2Q7TGDGGK4V8K2M", "line_id": "item_01HK3CQKJ5S2Q7TGDGGK4V8K2M"},
        "query": {},
        "body": {"quantity": 2},
    } == listed["carts.updateLineItem"]
    assert {"display_id": 1, "email": "ada@example.com"} == listed["orders.lookupOrder"]["query"]
    assert listed["carts.complete"]["body"] is None


def test_paths_of_scenarios_own_are_listed(api: Ask) -> None:
    """After the operations, without examples."""
    stub = {"route": "GET /store/loyalty/{id}", "reply": {}}
    assert 201 == api("PUT", "/scenarios/mine", {"description": "x", "stubs": [stub]}).status
    last = api("GET", "/operations").document["operations"][-1]

    assert ("GET /store/loyalty/{id}", {}, None) == (last["operation"], last["examples"], last["body"])
