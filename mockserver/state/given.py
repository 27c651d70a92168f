"""Stores entities that were partly written: missing fields are filled in with samples, what follows from the others is worked out."""

from collections.abc import Container, Iterable
from typing import Any

from ..errors import MockServerError
from ..samples.sampler import Sampler
from . import leading, parts, trees
from .alike import as_in_shop
from .check import State
from .derived import completed
from .documents import Document, nested
from .relations import Key, Relation, Row
from .rows import ABSENT
from .tables import Tables

EVERY = "*"  # an id that stands for all rows of a table


class Writer:
    """
    Stores entities in one sandbox, in its terms: its seed, and its time in milliseconds.

    What it is given may say nothing of columns, and hold other entities inside it as the API shows them.
    """

    def __init__(self, tables: Tables, sampler: Sampler, seed: str, now: int) -> None:
        self.tables = tables
        self.now = now
        self._sampler = sampler
        self._seed = seed
        self._said: dict[tuple[str, Key], Document] = {}
        self._written: list[tuple[str, Key]] = []  # rows, since all that they need was there

    def give(self, state: State) -> None:
        """
        Store entities by table; merged by their ids into what is there, that of the id `*` into every row.

        What an entity says of itself holds, whatever others show of it inside them. Raises MockServerError for an id of what
        an entity needs, and nothing has.
        """
        self._said = {
            (name, key): one for name, all in state.items() for one in all if (key := self._key_of(name, one))
        }
        for name, entities in state.items():
            for index, entity in enumerate(entities):
                if not self._give_every(name, entity):
                    self.write(name, entity, f"given {index}")
        self._settle(state)

    def begin(self, state: State) -> None:
        """Store entities by table, merged into the catalogue; what the sandbox itself holds stays, but for what `*` says of all."""
        for name, entities in state.items():
            for index, entity in enumerate(entities):
                if self._give_every(name, entity):
                    continue
                key = self._key_of(name, entity) or self._sampled_key(name, f"given {index}")
                if self.tables.own(name, key) is ABSENT:
                    self.write(name, entity, f"given {index}")
        self._settle(state, "given")

    def _settle(self, state: State, *where: str) -> None:
        """Let all that was written lead to what it needs, and no further than answers go; `where` is where the state stands."""
        leading.refuse_unknown(self.tables, state, where)
        trees.refuse_deep(self.tables, [key for name, key in self._written if name == trees.TABLE])
        while self._written:
            leading.complete(self, *self._written.pop())

    def _give_every(self, name: str, entity: Document) -> bool:
        """Merge an entity with the id `*` into every row of its table; tell whether it has that id."""
        table = self.tables.relations[name]
        if self._key_of(name, entity) != EVERY:
            return False
        said = {key: value for key, value in entity.items() if key not in table.key}
        for row in self.tables.all(name):
            self.write(name, {**parts.columns((*table.key, "_key"), row), **said}, "")
        return True

    def install(self, providers: Iterable[str]) -> None:
        """Store payment providers, and let them join all regions that do not say their own."""
        for provider in providers:
            if self.tables.get("payment_providers", provider) is None:
                self.tables.insert("payment_providers", {"id": provider, "is_installed": True})
                for region in self.tables.all("regions"):
                    if not region.get("_own_providers"):
                        self._link("regions", region, "payment_providers", provider)

    def sample(self, name: str, hint: str, /, **columns: Any) -> Row:
        """Return a row that is not stored yet: its missing fields depend on the seed and the hint alone."""
        table = self.tables.relations[name]
        return parts.ordered(
            table, {**self._sampler.entity(table.schema, hint, self._seed, self.now, columns), **columns}
        )

    def new(self, name: str, hint: str, /, **columns: Any) -> Row:
        """Return such a row with an id that no other has."""
        attempt, key_of = 1, self.tables.relations[name].key_of
        row = self.sample(name, hint, **columns)
        while self.tables.get(name, key_of(row)) is not None:
            attempt += 1
            again = self.sample(name, f"{hint} {attempt}", **columns)
            row = again if key_of(again) != key_of(row) else {**row, "_key": f"{hint} {attempt}"}
        return row

    def write(self, name: str, entity: Document, hint: str, /, **fixed: Any) -> Row:
        """
        Store an entity with all that is inside it, merged by its id into one that is there; return its row.

        `hint` tells one without an id from its like; `fixed` is what nobody can say otherwise.
        """
        table = self.tables.relations[name]
        key = fixed.get("_key", self._key_of(name, entity))
        stored = None if key is None else self.tables.get(name, key)
        if key is None:
            made = self.new(
                name, hint, **parts.columns((*table.key, *table.columns), entity)
            )  # samples only what is missing
            entity = {**entity, **parts.columns((*table.key, "_key"), made)}
        whole = completed(self, name, entity, stored)
        columns = {**parts.columns(table.columns, whole), **parts.private(whole), **fixed}
        row = stored or self.sample(name, str(table.key_of(columns)), **columns)
        row = parts.ordered(table, {**row, **columns})
        for relation in table.relations.values():
            if relation.column and relation.name in whole:
                row[relation.column] = self._one(
                    name, row, relation, parts.listed(whole[relation.name], name, relation)
                )
        self._store(name, row)
        for relation in table.relations.values():
            if relation.name in whole and not relation.column:
                self._others(name, row, relation, parts.listed(whole[relation.name], name, relation))
        return row

    def _store(self, name: str, row: Row) -> None:
        """Store a row, though it may have been stored meanwhile, as one that stands inside itself."""
        key = self.tables.relations[name].key_of(row)
        stored = self.tables.get(name, key)
        self._written.append((name, key))
        if stored is None:
            self.tables.insert(name, row)
        elif row != stored:
            self.tables.update(name, key, **row)

    def _one(self, name: str, row: Row, relation: Relation, entities: list[Document]) -> Key:
        """
        Return the key of what a row is to lead to by its column.

        What says something and no id is the row's own, beginning as what it led to so far: it never changes another's.
        """
        before = row.get(relation.column)
        entities = [self._inner(relation.table, one) for one in entities]
        if not entities or not entities[0]:
            return before if entities else None
        target = self.tables.relations[relation.table]
        hint = f"{self.tables.relations[name].key_of(row)} {relation.name}"
        key = self._key_of(relation.table, entities[0])
        if key is not None:
            return target.key_of(self.write(relation.table, entities[0], str(key)))
        own = target.key_of(self.sample(relation.table, hint))
        current = self.tables.get(relation.table, before)
        if own == target.key_of(self.sample(relation.table, f"{hint} 2")):
            own = (
                own if before is None else before
            )  # of a kind that is known by its name, a currency say, none is its own
        whole = entities[0]
        if current is not None and own != before:
            whole = {**parts.without(nested(self.tables, relation.table, current), whole, target.relations), **whole}
        return target.key_of(self.write(relation.table, {**whole, target.key[0]: own}, hint))

    def _others(self, name: str, row: Row, relation: Relation, entities: list[Document]) -> None:
        """Store what a row leads to by others' columns, or by a table that links them; merged by their ids."""
        if not relation.theirs and not relation.link:
            raise MockServerError(f"{name}.{relation.name} is worked out from other rows, and cannot be given")
        parent = self.tables.relations[name].key_of(row)
        fixed = {relation.theirs: parent, **relation.where} if relation.theirs else {}
        kept = set()
        for index, one in enumerate(self._inner(relation.table, one) for one in entities):
            is_named = self.tables.relations[relation.table].key != ("id",)  # a country, which every region may have
            private = self._private_key(name, row, relation, one) if relation.own or is_named else {}
            child = self.write(relation.table, one, f"{parent} {index}", **fixed, **private)
            if relation.link:
                self._link(name, row, relation.name, self.tables.relations[relation.table].key_of(child))
            kept.add(self.tables.relations[relation.table].key_of(child))
        if relation.replaces:
            self._leave_others(relation, parent, kept)

    def _inner(self, name: str, entity: Document) -> Document:
        """Return what counts of an entity that stands inside another."""
        entity = as_in_shop(self.tables, name, entity)
        said = self._said.get((name, self._key_of(name, entity)))
        if said is None:
            return entity
        keys = self.tables.relations[name].key
        return {column: value for column, value in entity.items() if column in keys or column not in said}

    def _leave_others(self, relation: Relation, parent: Key, kept: Container[Key]) -> None:
        """Let whatever a row led to and is not kept lead nowhere any more; what belonged to it alone is gone."""
        if relation.link:
            for link in self.tables.where(relation.link, **{relation.near: parent}):
                if link[relation.far] not in kept:
                    self.tables.delete(relation.link, self.tables.relations[relation.link].key_of(link))
        else:
            target = self.tables.relations[relation.table]
            for row in self.tables.where(relation.table, **{relation.theirs: parent}):
                if target.key_of(row) not in kept:
                    self.tables.delete(relation.table, target.key_of(row))

    def _private_key(self, name: str, row: Row, relation: Relation, entity: Document) -> Document:
        """Return the key of a child where its id does not tell it from a row that belongs elsewhere."""
        key, columns = self._key_of(relation.table, entity), self.tables.relations[relation.table].key
        related = self.tables.follow(name, row, relation.name)
        for sibling in related if relation.many else filter(None, [related]):
            if all(sibling[column] == entity.get(column) for column in columns):
                return parts.columns(["_key"], sibling)
        if key is None or self.tables.get(relation.table, key) is None:
            return {}
        return {"_key": f"{self.tables.relations[name].key_of(row)} {key}"}

    def _link(self, name: str, row: Row, relation_name: str, key: Key) -> None:
        relation = self.tables.relations[name].relations[relation_name]
        link = {relation.near: self.tables.relations[name].key_of(row), relation.far: key}
        if self.tables.get(relation.link, self.tables.relations[relation.link].key_of(link)) is None:
            self.tables.insert(relation.link, link)

    def _key_of(self, name: str, entity: Document) -> Key:
        """Return the key that an entity says, or None; raise MockServerError for one that can be none."""
        key = [entity.get(column) for column in self.tables.relations[name].key]
        if any(isinstance(value, (dict, list)) for value in key):
            raise MockServerError(f"{name}: {key[0]!r} is no {self.tables.relations[name].key[0]}")
        if None in key:
            return None
        return key[0] if len(key) == 1 else tuple(key)

    def _sampled_key(self, name: str, hint: str) -> Key:
        return self.tables.relations[name].key_of(self.sample(name, hint))
