"""Matchers: a match is "no differences", and every difference is a sentence."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.scenarios.matchers import Matcher, Visit

VISIT = Visit({"id": "paycol_1"}, "a=1&b=", {"x-shop": "north"}, {"sessions": [{"amount": 5}, 2], "on": True})


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"path": {}},
        {"path": {"id": "paycol_?"}, "query": {"a": "[12]", "b": ""}},
        {"header": {"X-Shop": "n*"}},
        {"body": {"on": True}},
        {"body": {"sessions": [{"amount": 5}, 2]}},
    ],
)
def test_subsets_and_globs_match(wanted: dict[str, Any]) -> None:
    """Texts are globs, header names have no case, mappings are subsets at every depth."""
    assert Matcher(wanted).matches(VISIT)
    assert [] == list(Matcher(wanted).differences(VISIT))


@pytest.mark.parametrize(
    ("wanted", "difference"),
    [
        ({"path": {"id": "paycol_2"}}, "path.id: wanted 'paycol_2', got 'paycol_1'"),
        ({"query": {"c": "1"}}, "query.c: wanted '1', got nothing"),
        ({"header": {"x-shop": "N*"}}, "header.x-shop: wanted 'N*', got 'north'"),
        ({"body": {"on": 1}}, "body.on: wanted 1, got True"),
        ({"body": {"off": None}}, "body.off: wanted null, got nothing"),
        ({"body": {"sessions": [2]}}, "body.sessions: wanted [2], got [{'amount': 5}, 2]"),
        ({"body": {"sessions": [{"amount": 6}, 2]}}, "body.sessions.0.amount: wanted 6, got 5"),
        ({"body": ["a"]}, 'body: wanted ["a"], got {'),
        ({"body": []}, "body: wanted [], got {"),
        ({"body": {"sessions": "s*"}}, "body.sessions: wanted 's*', got [{'amount': 5}, 2]"),
        ({"body": {"on": {"x" * 300: 1}}}, "..., got True"),
    ],
)
def test_a_difference_says_what_was_wanted(wanted: dict[str, Any], difference: str) -> None:
    """Each value that rules a request out is named, with what was wanted and what came."""
    found = list(Matcher(wanted).differences(VISIT))

    assert not Matcher(wanted).matches(VISIT)
    assert 1 == len(found)
    assert difference in found[0]


def test_a_matcher_knows_its_only_text() -> None:
    """A text without wildcards is the one value that fits; globs and other parts have none."""
    matcher = Matcher({"path": {"id": "paycol_1", "session_id": "ps_*"}})

    assert "paycol_1" == matcher.literal("path", "id")
    assert [None, None, None] == [
        matcher.literal("path", "session_id"),
        matcher.literal("path", "other"),
        matcher.literal("header", "id"),
    ]


COMPARED = Visit(
    {"id": "paycol_1"},
    "limit=20&empty=",
    {"x-shop": "north"},
    {"amount": 500, "email": "a@b.c", "tags": ["x", {"n": 7}], "at": "2024-05-01", "on": True, "gone": None},
)


@pytest.mark.parametrize(
    ("wanted", "missed"),
    [
        ({"body": {"amount": {"gt": 499, "lte": 500}}}, {"body": {"amount": {"gt": 500}}}),
        ({"body": {"amount": {"gte": 500, "lt": 500.5}}}, {"body": {"amount": {"lt": 500}}}),
        ({"query": {"limit": {"gt": 19}}}, {"query": {"empty": {"gt": -1}}}),
        ({"body": {"at": {"gt": "2024-04-30"}}}, {"body": {"amount": {"gt": "2024-04-30"}}}),
        ({"body": {"on": {"not": {"gt": 0}}}}, {"body": {"on": {"gte": 1}}}),
        ({"body": {"nobody": {"not": 5}}}, {"body": {"amount": {"not": 500}}}),
        ({"path": {"id": {"not": "ps_*"}}}, {"path": {"id": {"not": "pay*"}}}),
        ({"body": {"amount": {"in": [1, 500]}}}, {"body": {"amount": {"in": ["500", 1]}}}),
        ({"query": {"limit": {"in": [10, 20]}}}, {"query": {"limit": {"in": [10, "3*"]}}}),
        ({"header": {"X-Shop": {"in": ["so*", "no*"]}}}, {"header": {"X-Shop": {"in": ["so*"]}}}),
        ({"body": {"email": {"equals": "a@b.c"}}}, {"body": {"email": {"equals": "a@*"}}}),
        ({"query": {"limit": {"equals": 20}}}, {"body": {"nobody": {"equals": None}}}),
        ({"body": {"email": {"matches": "^[a-z]+@"}}}, {"body": {"amount": {"matches": "5"}}}),
        ({"body": {"email": {"contains": "@"}}}, {"body": {"amount": {"contains": 5}}}),
        ({"query": {"limit": {"contains": 2}}}, {"query": {"limit": {"contains": 3}}}),
        ({"body": {"tags": {"contains": {"n": {"gt": 6}}}}}, {"body": {"tags": {"contains": "y"}}}),
        ({"body": {"nobody": {"absent": True}}}, {"body": {"gone": {"absent": True}}}),
        ({"body": {"gone": {"present": True}}}, {"header": {"x-none": {"present": True}}}),
        ({"body": {"absent": {"absent": True}, "on": True}}, {"body": {"absent": True}}),
    ],
)
def test_values_can_be_compared(wanted: dict[str, Any], missed: dict[str, Any]) -> None:
    """By size, by set, by regular expression, by what is in them, and by whether they are there at all."""
    assert [] == list(Matcher(wanted).differences(COMPARED))
    assert Matcher(wanted).matches(COMPARED)
    assert 1 == len(list(Matcher(missed).differences(COMPARED)))
    assert not Matcher(missed).matches(COMPARED)


@pytest.mark.parametrize(
    ("wanted", "difference"),
    [
        ({"body": {"amount": {"gt": 10000}}}, "body.amount: wanted > 10000, got 500"),
        ({"body": {"amount": {"not": 500}}}, "body.amount: wanted not 500, got 500"),
        ({"header": {"x-shop": {"in": ["a", "b*"]}}}, 'header.x-shop: wanted one of ["a", "b*"], got \'north\''),
        ({"query": {"q": {"matches": "^a"}}}, 'query.q: wanted what matches "^a", got nothing'),
        ({"body": {"amount": {"absent": True}}}, "body.amount: wanted nothing, got 500"),
        ({"body": {"tags": {"contains": "y"}}}, "body.tags: wanted what contains \"y\", got ['x', {'n': 7}]"),
        (
            {"body": {"card": {"n": {"gt": 1, "lt": 3}, "m": "x"}}},
            'card: wanted {"n": "> 1, < 3", "m": "x"}, got nothing',
        ),
    ],
)
def test_a_comparison_that_failed_is_said(wanted: dict[str, Any], difference: str) -> None:
    """Each word that does not hold, with what came."""
    (found,) = Matcher(wanted).differences(COMPARED)

    assert difference in found


@pytest.mark.parametrize(
    "value",
    [
        {"gt": 10000},
        {"gte": 1, "lt": 2},
        {"lt": 0},
        {"gt": "2024-01-01"},
        {"in": [7, 8]},
        {"not": "1"},
        {"matches": "^ps_[0-9]+$"},
        {"matches": "^visa\\.\\d+$"},
        {"contains": "card"},
        {"contains": {"n": 1}},
        {"equals": {"gt": 1}},
        {"present": True},
        {"absent": True},
    ],
)
def test_an_example_fits_what_it_is_of(value: dict[str, Any]) -> None:
    """A request can be made for a comparison, too."""
    matcher = Matcher({"body": {"x": value}, "header": {"y": value}})
    body, headers = matcher.example("body"), matcher.example("header")

    assert [] == list(matcher.differences(Visit({}, "", headers, body)))
    assert all(isinstance(text, str) for text in headers.values())


def test_an_example_may_not_be_found() -> None:
    """What no value that is tried fits is left to whoever asks, who finds that it does not match."""
    matcher = Matcher({"body": {"x": {"matches": "(a|b){3}c{2}"}, "y": {"gt": 3, "lt": 3.5}}})

    assert {"x", "y"} == matcher.example("body").keys()
    assert {"x": ["ps_1", 5]} == Matcher({"body": {"x": ["ps_*", 5]}}).example("body")


def test_a_pattern_takes_linear_time() -> None:
    """What other engines never finish is answered at once, and a text of megabytes is not looked at."""
    matcher = Matcher({"body": {"x": {"matches": "(a+)+$"}}})
    began = time.process_time()

    assert not matcher.matches(Visit({}, "", {}, {"x": "a" * 9_999 + "b"}))
    assert not matcher.matches(Visit({}, "", {}, {"x": "a" * 10_001}))
    assert matcher.matches(Visit({}, "", {}, {"x": "a" * 10_000}))
    assert time.process_time() - began < 1


texts = st.sampled_from(["a", "b", "a*", "?", "[ab]", ""])
compared = st.sampled_from([{"gt": 1}, {"not": "a"}, {"in": ["a", 2]}, {"absent": True}, {"contains": "b"}])
wanted = st.fixed_dictionaries(
    {},
    optional={
        "path": st.dictionaries(st.sampled_from(["id", "x"]), texts),
        "query": st.dictionaries(st.sampled_from(["q", "x"]), texts | compared),
        "header": st.dictionaries(st.sampled_from(["X-Shop", "x"]), texts),
        "body": st.none() | st.dictionaries(st.sampled_from(["k", "x"]), texts | st.integers(0, 2) | compared),
    },
)


@given(wanted, texts, texts, st.dictionaries(st.sampled_from(["k", "x"]), texts | st.integers(0, 2)))
def test_a_match_is_no_difference(said: dict[str, Any], id: str, shop: str, body: dict[str, Any]) -> None:
    """Whatever is wanted and whatever comes: the quick look and the sentences agree."""
    matcher = Matcher(said)
    visit = Visit({"id": id}, f"q={shop}", {"x-shop": shop}, body)

    assert matcher.matches(visit) is (not list(matcher.differences(visit)))
