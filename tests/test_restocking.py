"""`--data`: a file that is saved while the server runs is live within a second, and a broken one changes nothing."""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from asking import Ask, ask_of, at
from processes import run, running

from mockserver import Settings
from mockserver.edge.mock import Mock
from mockserver.edge.restocking import restock

REGION = {"id": "reg_1", "name": "Here", "currency_code": "eur", "tax_rate": 0}


def seed(*titles: str, **said: Any) -> str:
    """Return a file of data with some products."""
    return json.dumps({"regions": [REGION], "products": [{"title": title} for title in titles], **said})


def titles(ask: Ask) -> list[str]:
    """Return what is for sale."""
    return [one["title"] for one in ask("GET", "/store/products?order=title").document["products"]]


class Edited:
    """A mock whose file of data is edited, and looked at a hundred times a second."""

    def __init__(self, path: Path) -> None:
        path.write_text(seed("A"))
        self.path = path
        self.mock = Mock(Settings(data=path))
        self.ask = ask_of(self.mock.app)

    def save(self, text: str | None, is_done: Callable[[], bool]) -> None:
        """Save the file, or delete it, and wait for what comes of it."""

        async def saved() -> None:
            task = asyncio.create_task(restock(self.mock.shop, self.mock.sandboxes))
            await asyncio.sleep(0.03)
            if text is None:
                self.path.unlink()
            else:
                self.path.write_text(text)
            async with asyncio.timeout(10):
                while not is_done():  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
            task.cancel()

        asyncio.run(saved())


@pytest.fixture
def edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Iterator[Edited]:
    """Return a mock with a file of data."""
    monkeypatch.setattr("mockserver.edge.restocking.PAUSE", 0.01)
    with caplog.at_level(logging.WARNING, logger="mockserver"):
        yield Edited(tmp_path / "data.json")


def test_what_is_saved_is_sold(edited: Edited, caplog: pytest.LogCaptureFixture) -> None:
    """In every sandbox, those that are there already and those that come; what a sandbox changed stays."""
    here, there = at(edited.ask, "/~here"), at(edited.ask, "/~there")
    edited.ask("PATCH", "/__mock/sandboxes/here/state", {"regions": [{"id": "reg_1", "name": "Mine"}]})
    edited.save(seed("A", "B"), lambda: bool(caplog.messages))

    assert [f"{edited.path} was read again"] == caplog.messages
    assert ["A", "B"] == titles(edited.ask) == titles(here) == titles(there)
    assert "Mine" == here("GET", "/store/regions/reg_1").document["region"]["name"]


def test_a_broken_file_changes_nothing(edited: Edited, caplog: pytest.LogCaptureFixture) -> None:
    """The log names the mistake, once; the data as it was stays in force."""
    edited.save(seed("A", categories=[{}]), lambda: bool(caplog.messages))

    assert [f"{edited.path}:1: categories.0: 'name' is missing; the data as it was stays in force"] == caplog.messages
    assert ["A"] == titles(edited.ask)


def test_nothing_ends_the_watching(
    edited: Edited, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What nobody foresaw is logged."""

    def fails(_now: int) -> Any:
        raise MemoryError

    monkeypatch.setattr(edited.mock.shop, "load", fails)
    edited.save(seed("B"), lambda: bool(caplog.messages))

    assert [f"{edited.path} could not be read again; the data as it was stays in force"] == caplog.messages


def test_a_file_that_is_gone_is_waited_for(edited: Edited, caplog: pytest.LogCaptureFixture) -> None:
    """As while a branch is checked out."""
    edited.save(None, lambda: edited.mock.shop.stamp() is None)

    assert [] == caplog.messages
    assert ["A"] == titles(edited.ask)


@pytest.mark.slow
def test_a_running_server_reads_it_again(tmp_path: Path) -> None:
    """Its pictures are at the port that it took, and what is saved is live within a second or so."""
    path = tmp_path / "data.json"
    picture = "/__mock/pictures/mug.svg"
    path.write_text(json.dumps({"products": [{"title": "A", "images": [picture]}]}))
    with running("--data", str(path)) as server:
        (product,) = server.ask("GET", "/store/products").document["products"]
        assert f"http://localhost:{server.port}{picture}" == product["thumbnail"]
        assert 200 == server.ask("GET", picture).status
        path.write_text(seed("B"))
        begin = time.monotonic()
        while ["B"] != titles(server.ask):
            assert time.monotonic() - begin < 5
            time.sleep(0.05)


@pytest.mark.slow
def test_a_file_that_cannot_be_read_ends_the_start(tmp_path: Path) -> None:
    """With exit status 2 and the mistake's line."""
    (tmp_path / "data.yaml").write_text("regions:\n  - {name: x}\n")
    done = run("serve", "--port", "0", "--data", str(tmp_path / "data.yaml"))
    assert 2 == done.returncode
    assert "data.yaml:2: regions.0: 'currency_code' is missing" in done.stderr
