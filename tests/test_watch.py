"""Watching scenario files: what is said of them, and when."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from mockserver.contract import Contract
from mockserver.samples.sampler import Sampler
from mockserver.scenarios import Catalogue, Compiler
from mockserver.scenarios.catalogue import Read
from mockserver.scenarios.watch import watch


@pytest.fixture
def catalogue(contract: Contract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Catalogue:
    """Return a catalogue of a folder without files, which is looked at a hundred times a second."""
    monkeypatch.setattr("mockserver.scenarios.watch.PAUSE", 0.01)
    monkeypatch.setattr("mockserver.scenarios.watch.SETTLED", 0.0)
    return Catalogue(Compiler(contract, Sampler(contract)), [tmp_path])


def test_nothing_ends_the_watching(
    catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What nobody foresaw is logged, and the files are looked at again."""
    read, failures = catalogue.read, [MemoryError()]

    def fails_once(settled: float) -> Read:
        if failures:
            raise failures.pop()
        return read(settled)

    monkeypatch.setattr(catalogue, "read", fails_once)

    async def edited() -> None:
        task = asyncio.create_task(watch(catalogue, lambda: None))
        (tmp_path / "one.yaml").write_text("description: x")
        async with asyncio.timeout(10):
            while "one" not in catalogue:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        task.cancel()

    with caplog.at_level(logging.ERROR, logger="mockserver"):
        asyncio.run(edited())

    assert ["scenario files could not be looked at; they will be again"] == caplog.messages


def test_each_mistake_is_said_once(catalogue: Catalogue, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """And that all is right again, once; whoever listens is told of each change."""
    told: list[int] = []

    async def saved(name: str, text: str, is_read: Callable[[], bool]) -> None:
        (tmp_path / f"{name}.yaml").write_text(text)
        async with asyncio.timeout(10):
            while not is_read():  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)

    async def edited() -> None:
        task = asyncio.create_task(watch(catalogue, lambda: told.append(len(catalogue.problems))))
        await saved("one", "stub: []", lambda: len(catalogue.problems) > 0)
        one = len(catalogue.problems)
        await saved("two", "stubz: []", lambda: len(catalogue.problems) > one)
        await saved("one", "description: x", lambda: "one" in catalogue)
        await saved("two", "description: x", lambda: not catalogue.problems)
        changes = len(told)
        await saved("two", "description: x", lambda: not catalogue.is_stale())  # saved as it was: no news
        assert changes == len(told)
        task.cancel()

    with caplog.at_level(logging.WARNING, logger="mockserver"):
        asyncio.run(edited())

    assert len(set(caplog.messages)) == len(caplog.messages)
    assert [message for message in caplog.messages if "two.yaml" in message]
    assert "all scenario files are right again" == caplog.messages[-1]
    assert 4 <= len(told)
    assert 0 == told[-1]
