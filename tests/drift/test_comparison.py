"""How two answers are compared: ids by what they stand for, times by shape, everything else by value."""

from typing import Any

import pytest

from mockserver.drift.comparison import Answered, Names, compare, differences

A, B, C = (f"ps_{letter * 26}" for letter in "ABC")
TIME, LATER = "2024-01-06T03:57:20.000Z", "2024-01-06T03:57:21.125Z"


@pytest.mark.parametrize(
    ("real", "mock"),
    [
        ({"id": A, "of": [A]}, {"id": B, "of": [B]}),
        ({"at": TIME}, {"at": LATER}),
        ([{"id": A, "amount": 1}, {"id": B, "amount": 2}], [{"id": C, "amount": 2}, {"id": A, "amount": 1}]),
        ([1, "a", None], [1, "a", None]),
        ([{"iso_2": "dk"}, {"iso_2": "de"}], [{"iso_2": "de"}, {"iso_2": "dk"}]),
        ([{"rate": 1}, {"rate": 2}], [{"rate": 2}, {"rate": 1}]),
        ({"usage_count": 0}, {"usage_count": 1}),
        ([{"display_id": 7}, {"display_id": 7}], [{"display_id": 1}, {"display_id": 1}]),
        ({"key": "1b671a64-40d5-491e-99b0-da01ff1f3341"}, {"key": "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d"}),
        ({"access_token": "eyJh.eyJi.c-_"}, {"access_token": "eyJh.eyJj.d"}),
    ],
)
def test_alike(real: Any, mock: Any) -> None:
    """New ids stand for one another, times are times, PostgreSQL promises no order."""
    assert [] == list(compare("x", real, mock, Names()))


@pytest.mark.parametrize(
    ("real", "mock", "line"),
    [
        ({"id": A, "of": A}, {"id": B, "of": C}, f'x.of: real "{A}", mock "{C}"'),
        ({"id": A}, {"id": f"pay_{'A' * 26}"}, f'x.id: real "{A}", mock "pay_'),
        ({"at": TIME}, {"at": None}, f'x.at: real "{TIME}", mock null'),
        ({"at": TIME}, {"at": "soon"}, f'x.at: real "{TIME}", mock "soon"'),
        ([1], [1, 2], "x: real has 1 items, mock has 2"),
        ({"a": 1}, {"a": 1.0}, "x.a: real 1, mock 1.0"),
        ({"a": 1}, {"a": True}, "x.a: real 1, mock true"),
        ({"usage_count": 0}, {"usage_count": None}, "x.usage_count: real 0, mock null"),
        (
            [{"display_id": 7}, {"display_id": 8}],
            [{"display_id": 1}, {"display_id": 1}],
            "x[].display_id: real 8, mock 1",
        ),
        ({"a": "x" * 300}, {"a": "y"}, f'x.a: real "{"x" * 159}..., mock "y"'),
    ],
)
def test_different(real: Any, mock: Any, line: str) -> None:
    """Each difference is one line: where, and what each server says."""
    (found,) = compare("x", real, mock, Names())

    assert str(found).startswith(line)


def test_ids_keep_what_they_stand_for() -> None:
    """An id that was paired once cannot stand for something else later; texts around it are compared with it."""
    names = Names()
    assert [] == list(compare("x", f"{A}", f"{B}", names))

    assert [] == list(compare("x", f"no session {A} here", f"no session {B} here", names))
    assert 1 == len(list(compare("x", A, C, names)))


def test_pages_are_alike_when_status_and_type_are() -> None:
    """Medusa shows a stack trace outside production; nobody compares those."""
    real, mock = Answered(400, "text/html", "<pre>at /srv</pre>"), Answered(400, "text/html", "<pre>Bad Request</pre>")

    assert [] == list(differences(real, mock, Names()))
    assert ["media type"] == [one.where for one in differences(real, Answered(400, "text/plain", ""), Names())]
