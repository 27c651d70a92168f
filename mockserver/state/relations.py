"""The tables that the contract's entities live in, and how rows lead from one to another."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from ..contract import Document
from ..contract.operations import choices, is_list
from ..errors import MockServerError, unknown

Row = dict[str, Any]
Key = Any  # a text or a number; a tuple of them where a table has a key of several columns
_BORROWED = re.compile(r"#/components/schemas/\w+/properties/")
SESSIONS = "sessions"
_MESSAGES = ("Req", "Res")  # how the contract names what is sent and what is answered


@dataclass(frozen=True, slots=True)
class Relation:
    """
    How a row leads to rows of another table: by a column of its own, by one of `theirs`, or by a `link` table.

    `near` and `far` are the columns of a link table; a relation without any of the three is not stored. `own` tells that
    what it leads to belongs to this row alone; `where` narrows it. `replaces` tells that a list which is given is all there
    is, and not only what is merged in.
    """

    name: str
    table: str
    many: bool
    column: str = ""
    theirs: str = ""
    link: str = ""
    near: str = ""
    far: str = ""
    own: bool = False
    where: Mapping[str, Any] = field(default_factory=dict)
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """
    Rows of one kind. `schema` is the entity's name in the contract, '' for a link table.

    `inside` names the relations that the state of a sandbox shows inside a row, `beyond` those that the contract does not
    have, `needed` those that always lead to a row, `shown` what answers show of a row although it is stored nowhere, and
    `secret` what can be given and never is shown. `reckoned` are the columns that operations reckon with, each with the type
    that it holds whatever is allowed, and whether it may be null.
    """

    name: str
    schema: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    relations: Mapping[str, Relation] = field(default_factory=dict)
    inside: tuple[str, ...] = ()
    beyond: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()
    secret: frozenset[str] = frozenset()
    needed: tuple[str, ...] = ()
    reckoned: Mapping[str, tuple[str, bool]] = field(default_factory=dict)

    def key_of(self, row: Row) -> Key:
        """Return the key of a row: its own where it has one (`_key`), else what its key columns hold."""
        if "_key" in row:
            return row["_key"]
        return row[self.key[0]] if len(self.key) == 1 else tuple(row[column] for column in self.key)

    def by_column(self, names: Iterable[str]) -> Iterator[tuple[Relation, list[str]]]:
        """Yield some relations, each with the names of all that go by its column."""
        for one in map(self.relations.__getitem__, names):
            yield one, [name for name, other in self.relations.items() if other.column == one.column]


class Relations(dict[str, Table]):
    """
    The tables by name: `payment_collections` for the schema PaymentCollection, the link tables, and the mock's own.

    Raises MockServerError for a relation that is neither derived nor in relations.yaml, and for one that is there but not in the contract.
    """

    def __init__(self, document: Document, stated: Document | None = None) -> None:
        super().__init__()
        stated = stated or _stated()
        self._schemas = dict(_entities(document["components"]["schemas"], stated["keys"]))
        self._keys: Mapping[str, tuple[str, ...]] = {
            schema: tuple(stated["keys"].get(schema, ("id",))) for schema in self._schemas
        }
        for kind in ("keys", "inside", "needed", "texts", "shown", "beyond", "relations"):
            for schema in stated.get(kind, {}):
                if schema not in self._schemas:
                    raise MockServerError(f"relations.yaml: {kind}: {unknown('entity', schema, list(self._schemas))}")
        for schema, properties in self._schemas.items():
            self._add(schema, properties, stated)
        self["idempotency_keys"] = Table(
            "idempotency_keys", "", ("key",), ("key", "answer", "status", "point")
        )  # nobody's entity
        self[SESSIONS] = Table(SESSIONS, "", ("id",), ("id", "customer_id", "ends"))  # who is logged in, by cookie

    def entities(self) -> list[Table]:
        """Return the tables that hold entities of the contract, none of those that only link them."""
        return [table for table in self.values() if table.schema]

    def entity(self, name: str) -> Table:
        """Return such a table; raise MockServerError for an unknown name, with the nearest known one."""
        table = self.get(name)
        if table is None or not table.schema:
            raise MockServerError(unknown("table", name, [table.name for table in self.entities()]))
        return table

    def _add(self, schema: str, properties: Document, stated: Document) -> None:
        """Add the table of an entity, and those that link it to others."""
        targets = {name: target for name, property in properties.items() if (target := _target(property))}
        written = stated["relations"].get(schema, {})
        for name in written:
            if name not in targets:
                raise MockServerError(f"relations.yaml: {schema}: {unknown('relation', name, list(targets))}")
        columns = _in_order([name for name in properties if name not in targets])
        relations = {
            name: self._relation(schema, name, target, many=is_list(properties[name]), written=written.get(name))
            for name, target in targets.items()
        }
        beyond = stated.get("beyond", {}).get(schema, {})
        for name, more in beyond.items():
            relations[name] = self._relation(schema, name, more["target"], many=more["many"], written=more)
        names = {kind: frozenset(stated.get(kind, {}).get(schema, ())) for kind in ("shown", "secret")}
        inside, needed = (tuple(stated.get(kind, {}).get(schema, ())) for kind in ("inside", "needed"))
        table = Table(
            table_name(schema),
            schema,
            self._keys[schema],
            columns,
            relations,
            inside,
            frozenset(beyond),
            needed=needed,
            reckoned=dict(_reckoned(properties, stated.get("texts", {}).get(schema, ()))),
            **names,
        )
        self[table.name] = table
        for relation in relations.values():
            if relation.link and relation.link not in self:
                pair = (relation.near, relation.far)
                self[relation.link] = Table(relation.link, "", pair, pair)

    def _relation(self, schema: str, name: str, target: str, *, many: bool, written: Document | None) -> Relation:
        if target not in self._schemas:
            raise MockServerError(f"contract: {schema}.{name} leads to {target}, which has no id; give it a key")
        written = {"many": many, **(self._derived(schema, name, target, many) if written is None else written)}
        for word in ("stored", "target"):
            written.pop(word, None)
        if "link" in written:
            written |= {"near": self._reference(schema), "far": self._reference(target)}
            written["replaces"] = not written.get("own")
        return Relation(name, table_name(target), **written)

    def _derived(self, schema: str, name: str, target: str, many: bool) -> Document:  # noqa: FBT001
        """Return what the names of columns tell of a relation."""
        ours, theirs = f"{name}_{self._keys[target][0]}", self._reference(schema)
        if not many and ours in self._schemas[schema]:
            return {"column": ours}
        if many and theirs in self._schemas[target]:
            return {"theirs": theirs}
        raise MockServerError(
            f"relations.yaml: {schema}.{name} is not stated, and no column tells: neither {ours} of {schema} "
            f"nor {theirs} of {target}"
        )

    def _reference(self, schema: str) -> str:
        """Return the column by which others name a row: `payment_collection_id`."""
        return f"{_snake_case(schema)}_{self._keys[schema][0]}"


def _in_order(columns: list[str]) -> tuple[str, ...]:
    """Return columns as Medusa writes them: where a row has its times, they come right behind its id."""
    first = [name for name in ("id", "created_at", "updated_at", "deleted_at") if name in columns]
    return tuple(dict.fromkeys([*first, *columns])) if "created_at" in columns else tuple(columns)


def _reckoned(properties: Document, texts: Container[str]) -> Iterator[tuple[str, tuple[str, bool]]]:
    """Yield the columns that hold numbers, and these texts, each with its type and whether it may be null."""
    for name, property in properties.items():
        kinds = property.get("type", ())
        kinds = {kinds} if isinstance(kinds, str) else set(kinds)
        if kinds - {"null"} in ({"integer"}, {"number"}):
            yield name, ("number", "null" in kinds)
        elif name in texts:
            yield name, ("text", "null" in kinds)


def table_name(schema: str) -> str:
    """Return the name of an entity's table: `payment_collections` for PaymentCollection."""
    name = _snake_case(schema)
    if name.endswith("y") and name[-2] not in "aeiou":
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith("s") else f"{name}s"


def _snake_case(schema: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", schema).lower()


def _entities(schemas: Document, keys: Document) -> Iterator[tuple[str, Document]]:
    """Yield the entities of the contract with their properties: what has an id, or a key in relations.yaml."""
    for name, schema in schemas.items():
        properties = schema.get("properties", {})
        identity = properties.get("id")
        is_borrowed = identity is not None and _BORROWED.match(identity.get("$ref", ""))  # a selection of an entity
        if name in keys or (identity is not None and not is_borrowed and not name.endswith(_MESSAGES)):
            yield name, properties


def _target(property: Document) -> str:
    """Return the entity that a property leads to; '' where it holds a value."""
    for choice in choices(property):
        if "$ref" in choice and not _BORROWED.match(choice["$ref"]):
            return str(choice["$ref"].rpartition("/")[2])
    return ""


@lru_cache(maxsize=1)
def _stated() -> Document:
    with (files(__package__) / "relations.yaml").open(encoding="utf-8") as text:
        stated: Document = yaml.safe_load(text)
    return stated
