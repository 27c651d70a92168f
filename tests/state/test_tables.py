"""Tables: whatever happens in many sandboxes over one catalogue, each reads what a copy of everything would read."""

import json
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from mockserver.contract import Contract
from mockserver.state.relations import Relations, Row
from mockserver.state.rows import Catalogue, size_of
from mockserver.state.tables import Tables

RELATIONS = Relations(Contract().document)
TABLES = {  # each with its own columns, and values that are few enough to meet again
    "countries": st.fixed_dictionaries(
        {"region_id": st.sampled_from([None, "r1", "r2"]), "name": st.sampled_from("ab")}
    ),
    "regions": st.fixed_dictionaries({"currency_code": st.sampled_from(["c1", "c2", "c3"]), "metadata": st.just({})}),
    "currencies": st.fixed_dictionaries({"name": st.sampled_from("ab")}),
    "payment_providers": st.fixed_dictionaries({"is_installed": st.booleans()}),
    "region_payment_providers": st.just({}),
}
FOLLOWED = {"countries": ["region"], "regions": ["countries", "currency", "payment_providers", "tax_rates"]}
KEYS: dict[str, st.SearchStrategy[Row]] = {
    "countries": st.builds(lambda key: {"iso_2": key}, st.sampled_from(["k1", "k2", "k3"])),
    "regions": st.builds(lambda key: {"id": key}, st.sampled_from(["r1", "r2", "r3"])),
    "currencies": st.builds(lambda key: {"code": key}, st.sampled_from(["c1", "c2", "c3"])),
    "payment_providers": st.builds(lambda key: {"id": key}, st.sampled_from(["p1", "p2"])),
    "region_payment_providers": st.builds(
        lambda one, other: {"region_id": one, "payment_provider_id": other},
        st.sampled_from(["r1", "r2", "r3"]),
        st.sampled_from(["p1", "p2"]),
    ),
}
names = st.sampled_from(list(TABLES))
which = st.integers(0, 2)


class Naive:
    """What a sandbox would be that copies everything: rows in lists by table."""

    def __init__(self, rows: dict[str, dict[Any, Row]]) -> None:
        self.rows = deepcopy(rows)
        self.snapshots: dict[str, dict[str, dict[Any, Row]]] = {}

    def where(self, table: str, **columns: Any) -> list[Row]:
        return [
            row
            for row in self.rows.get(table, {}).values()
            if all(row.get(column) == value for column, value in columns.items())
        ]

    def follow(self, row: Row, relation: str) -> Any:
        if relation == "region":
            return self.rows.get("regions", {}).get(row["region_id"])
        if relation == "currency":
            return self.rows.get("currencies", {}).get(row["currency_code"])
        if relation == "countries":
            return self.where("countries", region_id=row["id"])
        links = self.where("region_payment_providers", region_id=row["id"]) if relation == "payment_providers" else []
        found = (self.rows.get("payment_providers", {}).get(link["payment_provider_id"]) for link in links)
        return [row for row in found if row]


class Sandboxes(RuleBasedStateMachine):
    """Three sandboxes over one catalogue, each beside its naive twin."""

    @initialize(
        rows=st.lists(names.flatmap(lambda name: st.tuples(st.just(name), KEYS[name], TABLES[name])), max_size=9)
    )
    def begin(self, rows: list[tuple[str, Row, Row]]) -> None:
        below: dict[str, dict[Any, Row]] = {}
        for name, key, columns in rows:
            row = {**key, **columns}
            below.setdefault(name, {})[RELATIONS[name].key_of(row)] = row
        catalogue = Catalogue(below)
        self.frozen = json.dumps(below, default=str, skipkeys=True)
        self.below = below
        self.real = [Tables(RELATIONS, catalogue) for _ in range(3)]
        self.naive = [Naive(below) for _ in range(3)]
        self.copies: list[dict[str, Any]] = [{} for _ in range(3)]

    def write(self, number: int, name: str, key: Row, columns: Row, *, is_delete: bool = False) -> None:
        """Insert, update or delete on both."""
        tables, rows = self.real[number], self.naive[number].rows.setdefault(name, {})
        wanted = RELATIONS[name].key_of(key)
        if is_delete:
            if wanted in rows:
                tables.delete(name, wanted)
                del rows[wanted]
            else:
                with pytest.raises(KeyError):
                    tables.delete(name, wanted)
        elif wanted in rows:
            with pytest.raises(KeyError):
                tables.insert(name, {**key, **columns})
            assert tables.update(name, wanted, **columns) == {**rows[wanted], **columns}
            rows[wanted] = {**rows[wanted], **columns}
        else:
            with pytest.raises(KeyError):
                tables.update(name, wanted, **columns)
            rows[wanted] = tables.insert(name, {**key, **columns})

    writes = names.flatmap(lambda name: st.tuples(st.just(name), KEYS[name], TABLES[name], st.booleans()))

    @rule(number=which, writes=st.lists(writes, min_size=1, max_size=4))
    def written(self, number: int, writes: list[tuple[str, Row, Row, bool]]) -> None:
        for name, key, columns, is_delete in writes:
            self.write(number, name, key, columns, is_delete=is_delete)

    @rule(number=which, first=st.lists(writes, max_size=3), kept=st.booleans(), rest=st.lists(writes, max_size=3))
    def dropped(self, number: int, first: list[Any], kept: bool, rest: list[Any]) -> None:  # noqa: FBT001
        """Raise in the middle of a change: what was kept before stays."""
        naive = self.naive[number]
        before = deepcopy(naive.rows)
        with suppress(ZeroDivisionError), self.real[number].change() as change:
            for name, key, columns, is_delete in first:
                self.write(number, name, key, columns, is_delete=is_delete)
            if kept:
                change.keep()
                before = deepcopy(naive.rows)
            for name, key, columns, is_delete in rest:
                self.write(number, name, key, columns, is_delete=is_delete)
            raise ZeroDivisionError
        naive.rows = before

    @rule(number=which, first=st.lists(writes, max_size=3), rest=st.lists(writes, max_size=3))
    def undone(self, number: int, first: list[Any], rest: list[Any]) -> None:
        """Undo what was done so far, and go on: what comes after it counts."""
        naive = self.naive[number]
        before = deepcopy(naive.rows)
        with self.real[number].change() as change:
            for name, key, columns, is_delete in first:
                self.write(number, name, key, columns, is_delete=is_delete)
            change.drop()
            naive.rows = before
            for name, key, columns, is_delete in rest:
                self.write(number, name, key, columns, is_delete=is_delete)

    @rule(number=which, name=st.sampled_from("xy"))
    def copied(self, number: int, name: str) -> None:
        self.copies[number][name] = self.real[number].copy()
        self.naive[number].snapshots[name] = deepcopy(self.naive[number].rows)

    @rule(number=which, name=st.sampled_from("xy"))
    def put_back(self, number: int, name: str) -> None:
        if name in self.copies[number]:
            self.real[number].put_back(self.copies[number][name])
            self.naive[number].rows = deepcopy(self.naive[number].snapshots[name])

    @rule(number=which)
    def cleared(self, number: int) -> None:
        self.real[number].clear()
        self.naive[number].rows = deepcopy(self.below)

    @invariant()
    def all_read_alike(self) -> None:
        """Rows, their order, what they lead to; the catalogue is as it was; bytes are those of the rows that are held."""
        for tables, naive in zip(self.real, self.naive, strict=True):
            for name in TABLES:
                rows = naive.where(name)
                assert rows == tables.all(name) == tables.where(name)
                for row in rows:
                    key = RELATIONS[name].key_of(row)
                    assert row == tables.get(name, key)
                    plain = {column: value for column, value in row.items() if column != "metadata"}
                    for column, value in plain.items():
                        assert naive.where(name, **{column: value}) == tables.where(name, **{column: value})
                    assert [row] == tables.where(name, **plain)
                    for relation in FOLLOWED.get(name, ()):
                        assert naive.follow(row, relation) == tables.follow(name, row, relation)
                assert {json.dumps(row) for row in tables.changed(name)} <= {json.dumps(row) for row in rows}
            assert tables.bytes == sum(size_of(row) for name in TABLES for row in tables.changed(name))
        assert self.frozen == json.dumps(self.below, default=str, skipkeys=True)


Sandboxes.TestCase.settings = settings(max_examples=100, stateful_step_count=20, deadline=None)
test_each_sandbox_reads_what_a_copy_of_everything_would_read = Sandboxes.TestCase


def test_nothing_is_written_that_finds_no_room() -> None:
    """Where there is no room for a row, the change that wanted it leaves nothing behind."""

    def grew(by: int) -> None:
        if tables.bytes + by > 1000:
            raise MemoryError

    tables = Tables(RELATIONS, Catalogue(), grew)
    tables.insert("currencies", {"code": "c1", "name": "x" * 100})
    held = tables.bytes
    with suppress(MemoryError), tables.change():
        tables.delete("currencies", "c1")
        tables.insert("currencies", {"code": "c2", "name": "x"})
        tables.insert("currencies", {"code": "c3", "name": "x" * 2000})

    assert ["c1"] == [row["code"] for row in tables.all("currencies")]
    assert held == tables.bytes


def test_a_private_key_tells_two_rows_with_one_id_apart() -> None:
    """`_key` is the key of a row whose id another one has already."""
    tables = Tables(RELATIONS, Catalogue())
    tables.insert("payment_sessions", {"id": "ps_1"})
    tables.insert("payment_sessions", {"id": "ps_1", "_key": "paycol_2 ps_1"})
    tables.insert("payment_collection_sessions", {"payment_collection_id": "b", "payment_session_id": "paycol_2 ps_1"})

    assert 2 == len(tables.where("payment_sessions", id="ps_1"))
    (session,) = tables.follow("payment_collections", {"id": "b"}, "payment_sessions")
    assert "paycol_2 ps_1" == session["_key"]


def test_a_relation_that_is_worked_out_leads_nowhere() -> None:
    """`returnable_items` is no column and no table: an operation works it out."""
    assert [] == Tables(RELATIONS, Catalogue()).follow("orders", {"id": "order_1"}, "returnable_items")


def test_of_several_only_those_that_fit() -> None:
    """A cart's payment session is the one of its sessions that was picked."""
    tables = Tables(RELATIONS, Catalogue())
    for id, is_selected in (("ps_1", None), ("ps_2", True)):
        tables.insert("payment_sessions", {"id": id, "cart_id": "cart_1", "is_selected": is_selected})

    assert "ps_2" == tables.follow("carts", {"id": "cart_1"}, "payment_session")["id"]


def test_a_column_may_hold_mappings_and_nothing() -> None:
    """Rows are found by the values that can be asked for, whatever the others hold."""
    tables = Tables(RELATIONS, Catalogue())
    for id, metadata in (("r1", {"a": 1}), ("r2", None)):
        tables.insert("regions", {"id": id, "metadata": metadata})
    assert ["r2"] == [row["id"] for row in tables.where("regions", metadata=None)]
    tables.update("regions", "r1", metadata=None)
    tables.update("regions", "r2", metadata={})

    assert ["r1"] == [row["id"] for row in tables.where("regions", metadata=None)]


@contextmanager
def measured() -> Iterator[list[int]]:
    """Measure what is allocated and kept meanwhile, in bytes."""
    kept: list[int] = []
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    yield kept
    kept.append(tracemalloc.get_traced_memory()[0] - before)
    tracemalloc.stop()


def test_ten_thousand_sandboxes_share_one_catalogue() -> None:
    """Each costs what it changed: over 16,000 rows, a sandbox with a row of its own takes less than a hundredth of a copy."""
    rows = {f"c{number}": {"code": f"c{number}", "name": f"name {number}"} for number in range(16_000)}
    catalogue = Catalogue({"currencies": rows})
    Tables(RELATIONS, catalogue).where("currencies", name="name 7")
    with measured() as copy:
        copied = {key: dict(row) for key, row in rows.items()}
    many = []
    with measured() as all_:
        for _ in range(10_000):
            tables = Tables(RELATIONS, catalogue)
            tables.update("currencies", "c7", name="mine")
            many.append(tables)

    assert len(copied) == len(rows)
    assert ["mine"] == [row["name"] for row in many[-1].where("currencies", code="c7")]
    assert all_[0] / len(many) < copy[0] / 100
