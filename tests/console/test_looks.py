"""What the console looks like: narrow and wide, in the light and in the dark, and for those who do not look at it."""

from pathlib import Path

import pytest
from console.conftest import AUTHORIZE, view
from packages import installed
from playwright.sync_api import Page, expect
from processes import Server

pytestmark = pytest.mark.browser

VIEWS = ("Requests", "Scenario", "State", "Send", "Seen")
FINDINGS = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations.flatMap(
    (one) => one.nodes.map((node) => `${one.id}: ${node.target.join(' ')}: ${node.failureSummary}`))"""


@pytest.fixture(scope="session")
def axe() -> str:
    """Return the script of axe-core, in the version that package.json names."""
    return (installed(Path(__file__).parent) / "axe-core" / "axe.min.js").read_text()


@pytest.fixture
def busy(page: Page, server: Server, folder: Path) -> Page:
    """Return the console with all in it that it can show: requests with long values, mistakes, a snapshot, an open row."""
    (folder / "broken.yaml").write_text(f"description: {'x' * 200}\nstub: []\n")
    for path in (
        f"/@busy{AUTHORIZE}",
        f"/@outage{AUTHORIZE}",
        AUTHORIZE.replace("ps_1", "ps_" + "x" * 300),
        "/nowhere",
    ):
        server.ask("POST", f"/~me{path}")
    expect(page.locator("#list tr")).to_have_count(4)
    expect(page.locator("#problems")).to_be_visible()
    page.locator("#more summary").click()
    page.locator("#list button").nth(1).click()
    expect(page.locator("#detail")).to_be_visible()
    view(page, "Scenario")
    expect(page.locator("#text")).not_to_have_value("")
    page.locator("#text").fill(f"description: x\n{'y' * 300}: 1\n")
    expect(page.locator("#mistakes li")).to_have_count(1)
    view(page, "State")
    page.locator("#snapshot").fill("s" * 60)
    page.get_by_role("button", name="Take").click()
    expect(page.locator("#snapshots li")).to_have_count(1)
    page.locator("#tables summary").first.click()
    page.locator("#tables .row summary").first.click()
    expect(page.locator("#tables pre")).to_be_visible()
    view(page, "Send")
    page.locator("#try").get_by_role("button", name="Send").click()
    expect(page.locator("#answer pre")).to_be_visible()
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_people_from_using_it(busy: Page, axe: str, scheme: str) -> None:
    """axe-core finds no fault in any view: names, roles, landmarks, contrast, what can be reached."""
    busy.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    busy.evaluate(axe)
    for name in VIEWS:
        view(busy, name)
        for width in (360, 1280):
            busy.set_viewport_size({"width": width, "height": 800})

            assert [] == busy.evaluate(FINDINGS), (name, width)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_empty_one_is_as_usable(page: Page, axe: str, scheme: str) -> None:
    """Before anything was asked or written."""
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.evaluate(axe)
    for name in VIEWS:
        view(page, name)

        assert [] == page.evaluate(FINDINGS), name


def test_nothing_is_wider_than_the_window(busy: Page) -> None:
    """From 360 to 1600 pixels the page never scrolls sideways, however long the values in it; the matrix does so in itself."""
    for name in VIEWS:
        view(busy, name)
        for width in (360, 480, 640, 800, 1024, 1280, 1600):
            busy.set_viewport_size({"width": width, "height": 800})

            assert busy.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
            for one in busy.locator("main section:visible").all():
                assert one.evaluate("one => one.scrollWidth <= one.clientWidth"), (name, width)
            list_ = busy.locator("#requests .scroll")
            assert list_.evaluate("one => one.scrollWidth <= one.clientWidth"), (name, width)


def test_details_stand_beside_the_list_where_there_is_room(busy: Page) -> None:
    """And below it where there is none."""
    view(busy, "Requests")
    for width, is_beside in ((360, False), (800, False), (1280, True), (1600, True)):
        busy.set_viewport_size({"width": width, "height": 800})
        list_, detail = busy.locator("#requests > section").all()
        places = list_.bounding_box(), detail.bounding_box()
        assert places[0]
        assert places[1]

        assert is_beside is (places[1]["x"] >= places[0]["x"] + places[0]["width"]), width
        assert is_beside is not (places[1]["y"] >= places[0]["y"] + places[0]["height"]), width
