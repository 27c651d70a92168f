"""Regions: what is given is listed, scenarios say otherwise, and both reads say who answered."""

import json
from dataclasses import replace
from typing import Any

import pytest
from asking import Ask, header, in_scenario

from mockserver.edge.mock import Mock
from mockserver.operations.regions import REGIONS
from mockserver.operations.shared.reads import list_rows

NORDICS = {
    "id": "reg_nordics",
    "name": "Nordics",
    "currency_code": "eur",
    "tax_rate": 25,
    "created_at": "2099-01-01T00:00:00.000Z",
}


def get(ask: Ask, path: str, **headers: str) -> tuple[int, Any, str]:
    """Return status, document and source of an answer."""
    answer = ask("GET", path, **headers)
    return answer.status, answer.document, header(answer, "x-mock-source")


def test_the_shop_has_two_regions(ask: Ask) -> None:
    """Without any scenario EU and NA are listed by the behaviour, and each is retrieved by its id."""
    status, document, source = get(ask, "/store/regions")

    assert (200, "behaviour") == (status, source)
    assert ["EU", "NA"] == [region["name"] for region in document["regions"]]
    assert ["regions", "count", "limit", "offset"] == list(document)
    for region in document["regions"]:
        assert (200, {"region": region}, "behaviour") == get(ask, f"/store/regions/{region['id']}")


def test_a_given_region_is_listed(ask: Ask) -> None:
    """A region that a scenario gives is beside the shop's, first because it is the newest, and found by its id."""
    given = in_scenario(ask, {"given": {"regions": [NORDICS]}})

    _, document, _ = get(given, "/store/regions?fields=name&expand=")
    assert ["Nordics", "EU", "NA"] == [region["name"] for region in document["regions"]]
    _, document, _ = get(given, "/store/regions/reg_nordics?expand=")
    assert 25 == document["region"]["tax_rate"]
    _, document, _ = get(given, "/store/regions?created_at[gt]=2098-01-01&fields=name&expand=")
    assert [1, "Nordics"] == [document["count"], document["regions"][0]["name"]]


def test_a_deleted_region_is_gone(ask: Ask) -> None:
    """One that is given as deleted is neither listed nor retrieved."""
    given = in_scenario(ask, {"given": {"regions": [NORDICS | {"deleted_at": "2099-01-02T00:00:00.000Z"}]}})

    assert 2 == get(given, "/store/regions")[1]["count"]
    assert 404 == get(given, "/store/regions/reg_nordics")[0]


@pytest.mark.parametrize("order", ["__proto__", "-__proto__", "-__proto__-x", "__proto__.__proto__"])
@pytest.mark.parametrize("query", ["", "&fields=name", "&expand=", "&fields=name&expand=currency"])
def test_nothing_is_sorted_by_what_javascript_swallows(ask: Ask, order: str, query: str) -> None:
    """The order is then that of the database; pages are cut as ever."""
    given = in_scenario(ask, {"given": {"regions": [NORDICS]}})
    _, document, _ = get(given, f"/store/regions?order={order}{query}")
    _, page, _ = get(given, f"/store/regions?order={order}{query}&offset=1&limit=1")

    assert ["EU", "NA", "Nordics"] == [region["name"] for region in document["regions"]]
    assert ([3, 1, 1], "NA") == ([page[name] for name in ("count", "offset", "limit")], page["regions"][0]["name"])


@pytest.mark.parametrize("order", ["constructor", "-toString", "hasOwnProperty", "prototype", "__proto__.name"])
def test_other_names_of_javascript_are_no_columns(ask: Ask, order: str) -> None:
    """They fail as any other name that is none, and nothing of them lasts."""
    status, document, _ = get(ask, f"/store/regions?order={order}")

    assert (500, "unknown_error") == (status, document["code"])
    assert 200 == get(ask, "/store/regions")[0]


def test_regions_without_a_value_come_last(ask: Ask) -> None:
    """A null is greater than all values, in the order of the database."""
    given = in_scenario(
        ask,
        {"given": {"regions": [NORDICS | {"tax_code": "VAT"}, NORDICS | {"id": "reg_2", "metadata": {"a": 1}}]}},
    )

    def first(order: str) -> Any:
        return get(given, f"/store/regions?order={order}&expand=&limit=1")[1]["regions"][0]

    assert "VAT" == first("tax_code")["tax_code"]
    assert first("-tax_code")["tax_code"] is None
    assert {"a": 1} == first("metadata")["metadata"]


def test_a_value_that_is_no_time_is_in_no_range(ask: Ask) -> None:
    """A region whose time is broken on purpose is listed, and compared with nothing."""
    broken = {
        "regions": [NORDICS | {"updated_at": None}, NORDICS | {"id": "reg_2", "updated_at": "soon"}],
        "off_contract": True,
    }
    given = in_scenario(ask, {"given": broken})

    assert 2 == get(given, "/store/regions?updated_at[gt]=1999&fields=id&expand=")[1]["count"]


def test_a_stub_answers_instead(ask: Ask) -> None:
    """A stub of `regions.list` is a 500 of the store's list, and leaves the retrieve as it is."""
    down = in_scenario(ask, {"stubs": [{"operation": "regions.list", "reply": {"status": 500}}]})
    id = get(ask, "/store/regions")[1]["regions"][0]["id"]

    unknown = {"code": "unknown_error", "type": "unknown_error", "message": "An unknown error occurred."}
    assert (500, unknown, "stub") == get(down, "/store/regions")
    assert 200 == get(down, f"/store/regions/{id}")[0]


def test_a_stub_changes_what_is_listed(ask: Ask) -> None:
    """A stub's body is merged into what the behaviour answers."""
    more = in_scenario(ask, {"stubs": [{"operation": "regions.list", "reply": {"body": {"count": 300}}}]})

    _, document, source = get(more, "/store/regions?limit=1")
    assert (300, 1, "stub") == (document["count"], len(document["regions"]), source)


def test_prefer_forces_a_status(ask: Ask) -> None:
    """`Prefer: code=404` is what the real server says of that region, whether it is there or not."""
    expected = {"type": "not_found", "message": "Region with reg_1 was not found"}

    assert (404, expected, "stub") == get(ask, "/store/regions/reg_1", Prefer="code=404")
    assert (404, expected, "behaviour") == get(ask, "/store/regions/reg_1")
    assert json.dumps(expected) == json.dumps(get(ask, "/store/regions/reg_1")[1])


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("fields=name,foo,bar", "Requested fields [foo, bar] are not valid"),
        ("fields=%2Bfoo", "Requested fields [foo] are not valid"),
        ("order=-foo", "Order field foo is not valid"),
        ("order=", "Order field  is not valid"),
    ],
)
def test_a_read_may_refuse_unknown_names(
    mock: Mock, ask: Ask, monkeypatch: pytest.MonkeyPatch, query: str, message: str
) -> None:
    """Where the table of a read says 400, a field or an order that is none is refused by its name, and others are not."""
    strict = replace(REGIONS, unknown=400)
    answers = mock.engine.behaviours
    monkeypatch.setitem(answers, "GetRegions", lambda context: list_rows(context, strict, ("regions", "count")))

    assert (400, {"type": "invalid_data", "message": message}, "behaviour") == get(ask, f"/store/regions?{query}")
    assert 200 == get(ask, "/store/regions?fields=name&order=name&expand=")[0]
