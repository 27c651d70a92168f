"""Scenarios that are seen, written and saved in the console."""

import re
from pathlib import Path

import pytest
from console.conftest import AUTHORIZE, scenario, view
from playwright.sync_api import Page, expect
from processes import Server

pytestmark = pytest.mark.browser

MINE = "description: Mine.\nstubs:\n  - operation: authorizePaymentSession\n    reply: {status: 409}\n"


@pytest.fixture
def writing(page: Page) -> Page:
    """Return the console with the text of the server's default scenario."""
    view(page, "Scenario")
    expect(page.locator("#checked")).to_have_text("No mistakes")
    return page


def test_a_file_is_shown_as_it_is_written(writing: Page) -> None:
    """Its text and its path; that of the one that is chosen, as soon as it is."""
    expect(writing.locator("#origin")).to_have_text(re.compile(r"default\.yaml$"))
    scenario(writing).select_option("busy")

    expect(writing.get_by_role("heading", name="Scenario busy")).to_be_visible()
    text = (Path(__file__).parents[2] / "scenarios" / "busy.yaml").read_text()
    expect(writing.locator("#text")).to_have_value(text)
    expect(writing.get_by_label("Save as")).to_have_value("busy-mine")
    expect(writing.get_by_role("button", name="Remove")).to_be_hidden()


def test_mistakes_are_shown_while_one_types(writing: Page) -> None:
    """Each with its line in the server's own words, and a way there; a name that is taken is one, too."""
    text = writing.locator("#text")
    text.fill("description: x\nunknown_ids: never\nstub: []\n")
    expect(writing.locator("#checked")).to_have_text("2 mistakes")
    expect(writing.locator("#mistakes li").nth(1)).to_contain_text("line 3no key 'stub'; did you mean 'stubs'?")
    writing.locator("#mistakes button").nth(1).click()
    expect(text).to_be_focused()
    selected = "one => one.value.slice(one.selectionStart, one.selectionEnd)"
    assert "stub: []" == text.evaluate(selected)
    text.fill("description: x\n")
    expect(writing.locator("#checked")).to_have_text("No mistakes")
    writing.get_by_label("Save as").fill("busy")
    expect(writing.locator("#mistakes")).to_contain_text("name'busy' is a file, ")
    writing.locator("#mistakes button").click()
    expect(writing.get_by_label("Save as")).to_be_focused()
    writing.get_by_role("button", name="Save and choose").click()

    expect(writing.locator("#failure")).to_contain_text("scenario 'busy' is a file, ")
    expect(scenario(writing)).to_have_value("")


def test_a_text_is_saved_chosen_changed_and_removed(writing: Page, server: Server) -> None:
    """It answers at once; removed, the server's own scenario is chosen again."""
    writing.locator("#text").fill(MINE)
    writing.get_by_label("Save as").fill("mine")
    writing.get_by_role("button", name="Save and choose").click()
    expect(writing.get_by_role("heading", name="Scenario mine")).to_be_visible()
    expect(scenario(writing)).to_have_value("mine")
    assert 409 == server.ask("POST", f"/~me{AUTHORIZE}").status
    writing.locator("#text").fill(MINE.replace("409", "422"))
    writing.locator("#text").press("Tab")
    writing.get_by_role("button", name="Save and choose").click()
    writing.wait_for_function(
        "async () => (await (await fetch('/__mock/scenarios/mine/text')).json()).text.includes('422')"
    )
    assert 422 == server.ask("POST", f"/~me{AUTHORIZE}").status
    writing.get_by_role("button", name="Remove").click()

    expect(writing.get_by_role("heading", name="Scenario default")).to_be_visible()
    expect(scenario(writing)).to_have_value("")
    expect(scenario(writing).locator("option[value=mine]")).to_have_count(0)
    assert 200 == server.ask("POST", f"/~me{AUTHORIZE}").status


def test_a_text_that_somebody_changed_is_not_lost(writing: Page, folder: Path) -> None:
    """Neither when another scenario is chosen, nor when files change; it goes when its writer drops it."""
    writing.locator("#text").fill(MINE)
    scenario(writing).select_option("busy")
    unsaved = writing.locator("#unsaved")
    expect(unsaved).to_contain_text("This text is not saved. busy is chosen now.")
    (folder / "other.yaml").write_text("description: x\n")
    expect(scenario(writing).locator("option[value=other]")).to_have_count(1)
    view(writing, "Requests")
    view(writing, "Scenario")
    expect(writing.locator("#text")).to_have_value(MINE)
    unsaved.get_by_role("button", name="Drop my changes").click()

    expect(unsaved).to_be_hidden()
    expect(writing.locator("#text")).to_have_value(re.compile("The first two"))


def test_a_text_is_downloaded_as_a_file(writing: Page, tmp_path: Path) -> None:
    """Under the name that it is to be saved as."""
    writing.locator("#text").fill(MINE)
    writing.get_by_label("Save as").fill("mine")
    with writing.expect_download() as download:
        writing.get_by_role("button", name="Download").click()

    assert "mine.yaml" == download.value.suggested_filename
    download.value.save_as(tmp_path / "got")
    assert MINE == (tmp_path / "got").read_text()


def test_a_text_is_copied(writing: Page) -> None:
    """As the base URL is; where a page may not write the clipboard, the text is selected."""
    writing.context.grant_permissions(["clipboard-read", "clipboard-write"])
    writing.locator("#text").fill(MINE)
    writing.locator("#edit .copy").click()
    expect(writing.locator("#edit .copy")).to_have_text("Copied")
    assert MINE == writing.evaluate("navigator.clipboard.readText()")
    writing.get_by_role("button", name="Copy the base URL", exact=True).click()
    assert writing.locator("#follows").inner_text() == writing.evaluate("navigator.clipboard.readText()")
    writing.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    expect(writing.locator("#edit .copy")).to_have_text("Copy")
    writing.locator("#edit .copy").click()

    expect(writing.locator("#edit .copy")).to_have_text("Selected")
    assert MINE == writing.locator("#text").evaluate("one => one.value.slice(one.selectionStart, one.selectionEnd)")
