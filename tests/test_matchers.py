"""Matchers: a match is "no differences", and every difference is a sentence."""

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


texts = st.sampled_from(["a", "b", "a*", "?", "[ab]", ""])
wanted = st.fixed_dictionaries(
    {},
    optional={
        "path": st.dictionaries(st.sampled_from(["id", "x"]), texts),
        "query": st.dictionaries(st.sampled_from(["q", "x"]), texts),
        "header": st.dictionaries(st.sampled_from(["X-Shop", "x"]), texts),
        "body": st.none() | st.dictionaries(st.sampled_from(["k", "x"]), texts | st.integers(0, 2)),
    },
)


@given(wanted, texts, texts, st.dictionaries(st.sampled_from(["k", "x"]), texts | st.integers(0, 2)))
def test_a_match_is_no_difference(said: dict[str, Any], id: str, shop: str, body: dict[str, Any]) -> None:
    """Whatever is wanted and whatever comes: the quick look and the sentences agree."""
    matcher = Matcher(said)
    visit = Visit({"id": id}, f"q={shop}", {"x-shop": shop}, body)

    assert matcher.matches(visit) is (not list(matcher.differences(visit)))
