"""Parameters that take one of several forms; what is none of them is said in a JSON text of its own (tests/facts/catalog.md 2, 3, 8)."""

import re
from typing import Any

from ...express.errors import unknown_error
from . import javascript
from .query import Dates, InvalidParameter, Parameter
from .validation import NO_MAPPING, none_of

_NO_TEXT = "String validation failed: [object Object] is not a string"
_NO_LIST = "Cannot read properties of undefined (reading 'constructor')"
TEXT_COMPARISONS = ("lt", "gt", "gte", "lte", "contains", "starts_with", "ends_with")
_NO_TIME = re.compile(r"(?!\d{6}$|\d{8}$)\d+|\d{4}-\d{1,2}")  # a year, a month, milliseconds: all dates for JavaScript
NUMBER_COMPARISONS = ("lt", "gt", "gte", "lte")


class TextOrTexts(Parameter):
    """One text, or a list of them."""

    def read(self, value: Any) -> str | list[Any]:
        if isinstance(value, (str, list)):
            return value
        raise none_of(self.name, "String,String", {"String": [_NO_TEXT], "undefined": [_NO_LIST]})


class Comparable(Parameter):
    """One text, a list of them, or comparisons: `value[starts_with]=gi`."""

    def read(self, value: Any) -> Any:
        if isinstance(value, (str, list)):
            return value
        faults = [f"property {key} should not exist" for key in value if key not in TEXT_COMPARISONS]
        faults += [f"{key} must be a string" for key in TEXT_COMPARISONS if not isinstance(value.get(key, ""), str)]
        if faults:
            details = {"String": [_NO_TEXT], "undefined": [_NO_LIST], "StringComparisonOperator": faults}
            raise none_of(self.name, "String,String,StringComparisonOperator", details)
        return value


class Quantity(Parameter):
    """A number, or comparisons with numbers: `inventory_quantity[gt]=5`."""

    def read(self, value: Any) -> Any:
        if value == "":
            raise unknown_error()
        found = javascript.number(value) if isinstance(value, str) else None
        if found is not None:
            return found
        faults = [NO_MAPPING]
        if isinstance(value, dict):
            numbers = {key: javascript.number(value[key]) if isinstance(value[key], str) else None for key in value}
            faults = [f"property {key} should not exist" for key in value if key not in NUMBER_COMPARISONS]
            faults += [
                f"{key} must be a number conforming to the specified constraints"
                for key in NUMBER_COMPARISONS
                if key in numbers and numbers[key] is None
            ]
            if not faults:
                return numbers
        details = {
            "Number": [f"Number validation failed: {javascript.text(value)} is not a number"],
            "NumericalComparisonOperator": faults,
        }
        raise none_of(self.name, "Number,NumericalComparisonOperator", details)


class WrappedDates(Dates):
    """Times to compare with, where what is wrong with them stands alone; what the database will refuse is None."""

    def read(self, value: Any) -> Any:
        try:
            found = super().read(value)
        except InvalidParameter as invalid:
            faults = list(invalid.messages) if isinstance(value, dict) else [NO_MAPPING]
            raise none_of(self.name, "DateComparisonOperator", {"DateComparisonOperator": faults}) from None
        refused = {key: None for key, text in value.items() if _NO_TIME.fullmatch(str(text))}
        return {**found, **refused}
