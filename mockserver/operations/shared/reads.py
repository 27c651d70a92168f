"""Lists and retrieves as tables of facts: an operation that only reads says what it takes and shows, and no more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from ...contract import Document, fill
from ...express.errors import not_found, unknown_error
from ...state.relations import Row, table_name
from ..context import Context
from . import lists, query
from .rows import find, is_there
from .selection import Selection, Selector, chosen_fields, listed, ordered_by, refuse_fields

# what assigns nothing to an object of JavaScript: nothing is left to sort by (tests/facts/catalog.md 9)
UNSORTED = ("__proto__", "__proto__.__proto__")


@dataclass(frozen=True, slots=True)
class Read:
    """
    What the reads of a resource take and show.

    `entity` is the contract's name of what is read. `parameters` stand in the order of their messages; `filters` names
    those that a row's column of that name has to fit. `fields` and `relations` are shown where nobody asks for others,
    `expandable` are the relations that may be asked for. `unknown` is the status of a field or an order that is none.
    `searched` are the columns in which `q` looks; the filters in `replaced` mean nothing beside it. `linked` names, by
    parameter, a table of links that holds the rows which are wanted. No parameters at all: the query is not looked at.
    """

    entity: str
    parameters: tuple[query.Parameter, ...] | None
    fields: tuple[str, ...]
    relations: tuple[str, ...] = ()
    expandable: tuple[str, ...] = ()
    filters: tuple[str, ...] = ("created_at", "updated_at")
    unknown: Literal[400, 500] = 400
    searched: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    linked: Mapping[str, str] = field(default_factory=dict)

    @property
    def table(self) -> str:
        return table_name(self.entity)


def list_rows(context: Context, read: Read, envelope: tuple[str, ...]) -> Document:
    """
    Answer a page of rows under the first key of an envelope, with what its other keys name: count, offset, limit.

    Those made last come first, unless `order` says otherwise; where it names what nothing is sorted by, as they are stored.
    """
    asked = query.read(context.visit.query, read.parameters or ())
    selection = _selection(context, read, asked, always=("id", "created_at"))
    order = "-created_at" if asked.get("order") is None else asked["order"]
    column = ordered_by(order, read.fields if read.unknown == 400 else None)  # noqa: PLR2004
    values_of = None if column in UNSORTED else selection.values(context.tables, column)
    rows = _found(context, read, asked)
    if values_of is not None:
        rows = lists.ordered(rows, values_of, descending=order.startswith("-"))
    shown = lists.page(rows, asked["offset"], asked["limit"])
    found = {envelope[0]: [selection.show(context.tables, row) for row in shown], "count": len(rows), **asked}
    return {key: found[key] for key in envelope}


def _found(context: Context, read: Read, asked: Document) -> list[Row]:
    """Return the rows that are there and fit what was asked for."""
    wanted = {name: asked[name] for name in read.filters if asked.get(name) is not None}
    if any(isinstance(value, Mapping) and None in value.values() for value in wanted.values()):
        raise unknown_error()
    if asked.get("q"):
        wanted = {name: value for name, value in wanted.items() if name not in read.replaced}
    rows = [row for row in lists.narrowed(context.tables, read.table, wanted) if is_there(row)]
    rows = [row for row in rows if all(lists.fits(row.get(name), value) for name, value in wanted.items())]
    if asked.get("q"):
        pattern = lists.Like(asked["q"])
        rows = [row for row in rows if any(pattern.fits(row.get(column)) for column in read.searched)]
    for parameter, link in read.linked.items():
        if asked.get(parameter) is not None:
            linked = context.tables.where(link, **{parameter: asked[parameter]})
            ids = {one for row in linked for one in row.values()}
            rows = [row for row in rows if row["id"] in ids]
    return rows


def retrieve_row(context: Context, read: Read, key: str) -> Document:
    """Answer the row that the path names, under a key; where there is none, the 404 that the contract has for it."""
    asked = {} if read.parameters is None else query.read(context.visit.query, read.parameters)
    selection = _selection(context, read, asked, always=("id",))
    row = find(context.tables, read.table, next(iter(context.visit.path.values())))
    if row is None:
        raise not_found(fill(context.contract.default_reply(context.operation, 404), context.visit.path)["message"])
    return {key: selection.show(context.tables, row)}


def _selection(context: Context, read: Read, asked: Document, always: Iterable[str]) -> Selection:
    """Return what is shown of each row; raise VendorError for a field or a relation that may not be asked for."""
    fields = read.fields if asked.get("fields") is None else chosen_fields(asked["fields"], read.fields)
    relations = None if asked.get("expand") is None else listed(asked["expand"])
    if read.unknown == 400:  # noqa: PLR2004
        refuse_fields([name for name in fields if name not in read.fields])
    refuse_fields([name for name in relations or () if name not in read.expandable])
    return Selector(context.contract, read.entity, merges=True).select((*always, *fields), relations, read.relations)
