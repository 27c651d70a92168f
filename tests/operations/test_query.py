"""How a query is read: what qs makes of it, and what each kind of parameter takes."""

from typing import Any

import pytest

from mockserver.errors import VendorError
from mockserver.operations.shared.javascript import date, number, numeric
from mockserver.operations.shared.lists import fits
from mockserver.operations.shared.query import Boolean, Integer, Parameter, Text, Texts, parse, read


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("a=x&b=&c", {"a": "x", "b": "", "c": ""}),
        ("a=x+y%20z%26", {"a": "x y z&"}),
        ("a=x&a=y", {"a": ["x", "y"]}),
        ("a[]=x", {"a": ["x"]}),
        ("a[]=x&a[]=y&a=z", {"a": ["x", "y", "z"]}),
        ("a[1]=y&a[0]=x", {"a": ["x", "y"]}),
        ("a[0][b]=1&a[0][c]=2", {"a": [{"b": "1", "c": "2"}]}),
        ("a[b]=1&a[c][]=2", {"a": {"b": "1", "c": ["2"]}}),
        ("a[b]=1&a=2", {"a": [{"b": "1"}, "2"]}),
        ("a[b]=1&a[0]=2", {"a": {"0": "2", "b": "1"}}),
        ("a[0]=2&a[b]=1", {"a": {"0": "2", "b": "1"}}),
        ("a[b][c][d][e][f][g][h]=1", {"a": {"b": {"c": {"d": {"e": {"f": {"[g][h]": "1"}}}}}}}),
        ("[a]=1&=2&__proto__=3&b[__proto__]=4", {"a": "1"}),
        ("a=%E0%A4%A", {"a": "%E0%A4%A"}),
        ("&".join(f"a{number}=" for number in range(1001)), {f"a{number}": "" for number in range(1000)}),
    ],
)
def test_a_query_is_taken_apart_as_qs_does(query: str, expected: dict[str, Any]) -> None:
    """Lists, mappings, their order, depth and number are those of Express's own parser."""
    assert expected == parse(query)


@pytest.mark.parametrize(
    ("parameter", "query", "expected"),
    [
        (Texts("a"), "a[]=x,y", ["x", "y"]),
        (Texts("a"), "a=x&a=y,z", ["x", "y,z"]),
        (Texts("a"), "a=x", "a must be an array"),
        (Integer("a"), "a=1e1", 10),
        (Integer("a"), "a=1.5", "a must be an integer number"),
        (Integer("a", default=7), "", 7),
        (Boolean("a"), "a=true", True),
        (Boolean("a"), "a=false", False),
        (Boolean("a"), "a=TRUE", None),
        (Boolean("a"), "a[]=true", None),
        (Text("a"), "b=1&a[]=x&c=1", "property b should not exist, property c should not exist, a must be a string"),
    ],
)
def test_a_parameter_takes_its_kind(parameter: Parameter, query: str, expected: Any) -> None:
    """Each kind has its message; a list of one text is split at its commas; unknown names come first."""
    try:
        answer = read(query, [parameter])["a"]
    except VendorError as error:
        answer = error.message

    assert expected == answer


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0), (" \ufeff2\n", 2), ("0X1f", 31), ("-0x1", None), ("0b11", 3), ("1.", 1), (".5", 0.5), ("1e400", None),
        ("1_0", None), ("-2.5e1", -25), ("1e3n", None), ("٣", None), ("123456789012345678", 123456789012345680),
        ("0x20000000000001", 2**53), (f"0x{'f' * 300}", None), (f"{'1' * 20_000}x", None),
    ],
)  # fmt: skip
def test_numbers_are_javascripts(text: str, expected: float | None) -> None:
    """What `Number()` makes of a text, in JavaScript's own digits."""
    assert expected == number(text)


@pytest.mark.parametrize(
    ("value", "expected"), [(2.5, 2.5), ("2", 2), ("two", None), (True, None), (None, None), ([2], None), ({}, None)]
)
def test_a_number_is_one_or_says_one(value: Any, expected: float | None) -> None:
    """A truth value is none, nor is a list, though JavaScript would make a number of both."""
    assert expected == numeric(value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-02", 86_400_000),
        ("2020", 1_577_836_800_000),
        ("2020-2-30", 1_583_020_800_000),  # a day that February has not is one of March
        ("12", 1_007_164_800_000),  # December 2001
        ("1970-01-01T02:00:00.5+02:00", 500),
        ("1970-01-01 24:00", 86_400_000),
        ("+275760-09-13", 8_640_000_000_000_000),
        ("+275760-09-14", None),
        ("Thu, 01 Jan 1970 00:00:01 +0000", 1000),
        ("Thu, 01 Jan 1970 00:00:01", 1000),
        ("1970-01-32", None),
        ("13", None),
        ("1 Jan 2020 00:00:00 +9999999999999999", None),
        ("Wed, 01 Jan 99999999999999999999 00:00:00", None),
        ("soon", None),
    ],
)
def test_dates_are_javascripts(text: str, expected: int | None) -> None:
    """What `new Date()` makes of the forms that clients send, in milliseconds."""
    assert expected == date(text)


def test_a_filter_wants_a_value_one_of_a_list_or_a_range() -> None:
    """A column is compared with what the parameter holds."""
    assert fits("a", "a")
    assert fits("a", ["b", "a"])
    assert not fits("c", ["b", "a"])
    assert fits("1970-01-01T00:00:01.000Z", {"gte": 1000, "lt": 1001})
    assert not fits("1970-01-01T00:00:01.000Z", {"gt": 1000})
