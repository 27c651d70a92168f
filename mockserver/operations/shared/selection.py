"""What `fields` and `expand` leave of an entity, as the real server treats them (tests/facts/server.md 4, "Retrieve")."""

from collections.abc import Callable, Collection, Container, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from ...contract import Contract, Document
from ...contract.operations import choices
from ...express.errors import invalid_data, unknown_error
from ...state.relations import Row, table_name
from ...state.tables import Tables

OFF = "tax_inclusive_pricing"  # a feature that a Medusa as it is installed does not have


def listed(text: str) -> list[str]:
    """Return the names in a list with commas; JavaScript swallows one of them."""
    return [name for name in text.split(",") if name and name != "__proto__"]


def chosen_fields(text: str, default: Iterable[str]) -> list[str]:
    """
    Return the fields that a query asks for: those that it names, or the default ones, changed.

    `*` is the default ones, `+name` one more, `-name` one less, as long as no name stands there without a sign; as soon
    as one does, signs mean nothing and the star neither (own-fields-plus-minus, own-fields-minus-and-name).
    """
    names = listed(text)
    if names and all(name[0] in "+-*" for name in names):
        less = {name[1:] for name in names if name[0] == "-"}
        more = [name[1:] for name in names if name[0] == "+" and name != "+"]
        return [name for name in (*default, *more) if name not in less]
    return [name.lstrip("+-") for name in names if name != "*"]


def refuse_fields(names: Collection[str]) -> None:
    """Refuse names that may not be asked for, fields and relations alike; none of them is all right."""
    if names:
        raise invalid_data(f"Requested fields [{', '.join(names)}] are not valid")


def ordered_by(order: str, known: Container[str] | None = None) -> str:
    """Return the column that an order names, `name` of `-name`; raise VendorError for one that is not `known`."""
    column = order.split("-")[1] if order.startswith("-") else order
    if known is not None and column not in known:
        raise invalid_data(f"Order field {column} is not valid")
    return column


@dataclass(slots=True)
class Selection:
    """
    What to show of one entity: its columns (None is all of them), and its relations with what to show of each.

    `merges` tells that rows of a relation which are shown without their ids are all one, the first.
    """

    table: str
    schema: Document
    columns: set[str] | None = None
    relations: dict[str, "Selection"] = field(default_factory=dict)
    fields: dict[str, "Selection"] = field(default_factory=dict)
    merges: bool = False

    def show(self, tables: Tables, row: Row) -> Row:
        """Return a row as an answer shows it: columns first, then relations by name."""
        columns = tables.relations[self.table].columns
        shown = {key: row[key] for key in columns if key in row and (self.columns is None or key in self.columns)}
        for name in sorted(self.relations):
            narrowed = self.fields.get(name)
            if narrowed is not None and not narrowed.columns:
                continue  # only relations of it were named as fields: nothing is left to show (fields=region.countries)
            selection = self.relations[name]
            if narrowed is not None:
                selection = replace(selection, columns=narrowed.columns, fields=narrowed.fields)
            found = tables.follow(self.table, row, name)
            if isinstance(found, list):
                if self.merges and "id" in selection.schema["properties"] and "id" not in (selection.columns or {"id"}):
                    found = found[:1]
                shown[name] = [selection.show(tables, one) for one in found]
            else:
                shown[name] = None if found is None else selection.show(tables, found)
        return shown

    def values(self, tables: Tables, name: str) -> Callable[[Row], list[Any]]:
        """
        Return what tells by which values a row is sorted: those of a column, or of a column of the rows that it leads to.

        Raises VendorError where the database cannot sort by it: it is none, or it is not among what is selected. Only where
        no relation is shown any column will do.
        """
        path, _, column = name.rpartition(".")
        selection = self.relations.get(path) if path else self
        if selection is None or _is_relation(_property(selection.schema, column)):
            raise unknown_error()
        if self.relations and selection.columns is not None and column not in selection.columns:
            raise unknown_error()
        if not path:
            return lambda row: [row.get(column)]

        def values_of(row: Row) -> list[Any]:
            found = tables.follow(self.table, row, path)
            return [one.get(column) for one in (found if isinstance(found, list) else filter(None, [found]))]

        return values_of


class Selector:
    """
    Knows an entity's columns and relations from the contract.

    `merges` is for the reads of the catalogue (`fields=countries.iso_2` shows one country: tests/facts/catalog.md 9); a
    payment collection shows all of its sessions.
    """

    def __init__(self, contract: Contract, schema: str, *, merges: bool = False) -> None:
        self._document = contract.document
        self._name = schema
        self._merges = merges

    def select(self, fields: Iterable[str], relations: Iterable[str] | None, default: Iterable[str]) -> Selection:
        """
        Return a selection; raise VendorError, an unknown error, for a field or relation that does not exist.

        Where no relations were asked for, it is the default ones and those that a field leads into
        (own-fields-relation-column).
        """
        selection = self._selection(self._name)
        selection.columns = {"id"}
        for name in fields:
            *path, column = name.split(".")
            chosen = self._descend(selection, path, into="fields")
            chosen.columns = chosen.columns or set()
            if not _is_relation(_property(chosen.schema, column)):  # `fields=region` selects no column of its own
                chosen.columns.add(column)
        for relation in (*default, *selection.fields) if relations is None else relations:
            self._descend(selection, relation.split("."), into="relations")
        return selection

    def _descend(self, selection: Selection, path: list[str], into: str) -> Selection:
        """Return the selection at the end of a path of relations, adding what is not there yet."""
        for step in path:
            property = _property(selection.schema, step)
            if not _is_relation(property):
                raise unknown_error()
            target = next(choice["$ref"] for choice in choices(property) if "$ref" in choice)
            branches: dict[str, Selection] = getattr(selection, into)
            selection = branches.setdefault(step, self._selection(target.rpartition("/")[2]))
        return selection

    def _selection(self, schema: str) -> Selection:
        return Selection(table_name(schema), self._document["components"]["schemas"][schema], merges=self._merges)


def _property(schema: Document, name: str) -> Document:
    """Return a property of a schema; raise VendorError for one that is neither column nor relation of the database."""
    properties: Document = schema.get("properties", {})
    property: Document = properties.get(name, {})
    if not property or property.get("x-featureFlag") == OFF:
        raise unknown_error()
    return property


def _is_relation(property: Document) -> bool:
    """Tell whether a property leads to other entities rather than holding a value."""
    return any("$ref" in choice for choice in choices(property))
