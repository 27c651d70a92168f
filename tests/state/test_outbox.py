"""The outbox: bounded, and part of what a sandbox takes."""

import pytest

from mockserver.errors import StateFull
from mockserver.state import outbox
from mockserver.state.outbox import Outbox


def test_the_oldest_go_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are counted, and numbers go on; a cleared one begins anew."""
    monkeypatch.setattr(outbox, "MOST", 2)
    grown: list[int] = []
    box = Outbox(grown.append)
    for number in range(3):
        box.put("now", "customer.created", {"n": number})

    assert [(2, 1), (3, 2)] == [(one.number, one.data["n"]) for one in box]
    assert (2, 1) == (len(box), box.forgotten)
    box.clear()
    assert (0, 0, 0) == (len(box), box.forgotten, sum(grown))


def test_the_oldest_go_when_they_are_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few they are."""
    monkeypatch.setattr(outbox, "MOST_BYTES", 1500)
    box = Outbox(lambda _bytes: None)
    for number in range(5):
        box.put("now", "customer.updated", {"text": "x" * 500, "n": number})

    assert [4] == [one.data["n"] for one in box]
    assert 4 == box.forgotten


def test_nothing_is_kept_where_there_is_no_room() -> None:
    """What tells of it is what a full sandbox says."""

    def full(_bytes: int) -> None:
        raise StateFull("full")

    box = Outbox(full)
    with pytest.raises(StateFull):
        box.put("now", "customer.created", {})

    assert 0 == len(box)
