"""What is wrong with entities that somebody wrote: what the contract does not allow, and what nothing could hold."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ..contract import Contract
from ..errors import MockServerError
from .beyond import beyond_contract, stored_part
from .documents import Document
from .relations import Relations, Table

State = Mapping[str, Iterable[Document]]
Place = tuple[Any, ...]
MOST_NUMBER = 2**53
LONGEST_ID = 255  # characters
MOST_INSIDE = 300  # entities in one list inside another
UNSAID: Any = object()


def check(
    contract: Contract, relations: Relations, state: State, *, off_contract: bool = False
) -> Iterator[tuple[Place, str]]:
    """
    Yield place and sentence for each table that is none, and each field that the contract does not allow.

    Where `off_contract` is wanted, only for what cannot be stored or reckoned with, whatever is allowed.
    """
    for name, entities in state.items():
        try:
            schema = relations.entity(name).schema
        except MockServerError as error:
            yield (name,), str(error)
            continue
        for index, entity in enumerate(entities):
            if not off_contract:
                for place, text in contract.partial_violations(schema, stored_part(relations, name, entity)):
                    yield (name, index, *place), text
                for place, beyond in beyond_contract(relations, name, entity, (name, index)):
                    yield from ((place + where[2:], text) for where, text in check(contract, relations, beyond))
            yield from _unstorable(relations, name, entity, (name, index), is_checked=not off_contract)


def _unstorable(
    relations: Relations, name: str, entity: Document, where: Place, *, is_checked: bool
) -> Iterator[tuple[Place, str]]:
    """
    Yield place and sentence for what no column and no table holds.

    Of what `is_checked` the contract has seen to the shape, and only that is looked for which it does not know.
    """
    table = relations[name]
    yield from _wrong_columns(table, entity, where)
    yield from _given_up(table, entity, where)
    for column, (kind, may_be_null) in table.reckoned.items():
        value = entity.get(column, UNSAID)
        if value is not UNSAID and not (_IS[kind](value) or (value is None and (may_be_null or is_checked))):
            yield (*where, column), f"is no {kind}, with which the mock could reckon"
    for relation in table.relations.values():
        related, place = entity.get(relation.name), (*where, relation.name)
        if related is None:
            continue
        if not (relation.column or relation.theirs or relation.link):
            yield place, "is worked out from other rows, and cannot be given"
        items = related if relation.many and isinstance(related, list) else [related]
        if isinstance(related, list) and len(related) > MOST_INSIDE:
            yield place, f"has {len(related)} entries; {MOST_INSIDE} are the most"
        for index, one in enumerate(items):
            inner = (*place, index) if items is related else place
            if isinstance(one, dict) and (items is related or not relation.many):
                yield from _unstorable(relations, relation.table, one, inner, is_checked=is_checked)
            elif not is_checked or relation.name in table.beyond:
                yield inner, "is no list of mappings" if relation.many else "is no mapping"


def _wrong_columns(table: Table, entity: Document, where: Place) -> Iterator[tuple[Place, str]]:
    """Yield place and sentence for each column that tells a row from its like, or leads to another, and cannot; for secrets that are no texts."""
    for secret in table.secret & set(entity):
        if not isinstance(entity[secret], str):
            yield (*where, secret), "is no text"
    leading = [relation.column for relation in table.relations.values() if relation.column]
    for column in (*table.key, *leading):
        if column in entity and (entity[column] is not None or column in table.key):
            yield from (((*where, column), text) for text in no_id(entity[column]))


def _given_up(table: Table, entity: Document, where: Place) -> Iterator[tuple[Place, str]]:
    """Yield place and sentence for what always leads to a row, where an entity says that it leads to none."""
    for relation, names in table.by_column(table.needed):
        for name in (relation.column, *names):
            if name in entity and entity[name] in (None, []):
                yield (*where, name), f"leads nowhere; {table.schema} always has its {relation.name}"


def _is_number(value: Any) -> bool:
    """Tell whether a value is a number that JavaScript and Python reckon with alike."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= MOST_NUMBER


def no_id(value: Any) -> Iterator[str]:
    """Yield why a value is none that a path can name and a database hold."""
    if not isinstance(value, str) or not value or "\0" in value:
        yield "is no id"
    elif len(value) > LONGEST_ID:
        yield f"has {len(value)} characters; an id has {LONGEST_ID} at most"


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


_IS: Mapping[str, Callable[[Any], bool]] = {"number": _is_number, "text": _is_text}
