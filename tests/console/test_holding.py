"""A sandbox' state, clock and snapshots in the console."""

import json
import re

import pytest
from console.conftest import AUTHORIZE, scenario, view
from playwright.sync_api import Page, expect
from processes import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def holding(page: Page) -> Page:
    """Return the console with the state of a sandbox that nobody used."""
    view(page, "State")
    expect(page.locator("#tables")).to_contain_text("Nothing yet")
    return page


def test_a_state_is_shown_by_table(holding: Page, server: Server) -> None:
    """A row is opened, and stays open while requests change it."""
    expect(holding.get_by_role("button", name="Make it a scenario")).to_be_disabled()
    server.ask("GET", "/~me/store/payment-collections/paycol_1")
    holding.get_by_text("payment_collections 1").click()
    holding.locator("#tables .row summary").click()
    expect(holding.locator("#tables pre")).to_contain_text('"status": "not_paid"')
    server.ask("POST", f"/~me{AUTHORIZE}")

    expect(holding.locator("#tables pre")).to_contain_text('"status": "authorized"')
    holding.get_by_text("payment_collections 1").click()
    server.ask("GET", "/~me/store/payment-collections/paycol_2")
    expect(holding.get_by_text("payment_collections 2")).to_be_visible()
    expect(holding.locator("#tables pre")).to_be_hidden()


def test_the_merchants_part_is_done_beside_an_order(holding: Page, server: Server) -> None:
    """By a button; what cannot be is said in the server's own words."""
    order = {"id": "order_1", "items": [{"id": "item_1", "quantity": 1}]}
    said = json.dumps({"orders": [order]})
    server.ask("PATCH", "/__mock/sandboxes/me/state", said, Content_Type="application/json")
    holding.get_by_text("orders 1").click()
    holding.locator("#tables .row summary").filter(has_text="order_1").click()
    holding.get_by_role("button", name="Capture order_1").click()

    expect(holding.locator("#tables pre")).to_contain_text('"payment_status": "captured"')
    holding.get_by_role("button", name="Capture order_1").click()
    expect(holding.locator("#failure")).to_contain_text("order 'order_1' has no payment left to capture")


def test_a_state_becomes_a_scenario(holding: Page, server: Server) -> None:
    """Its text is there to be changed and saved; whoever chooses it meets that state."""
    server.ask("POST", f"/~me{AUTHORIZE}")
    holding.get_by_role("button", name="Make it a scenario").click()
    expect(holding.get_by_role("heading", name="New scenario")).to_be_visible()
    expect(holding.locator("#text")).to_have_value(re.compile("^description: As sandbox me was.\ngiven:\n"))
    expect(holding.get_by_label("Save as")).to_have_value("as-me")
    expect(holding.locator("#checked")).to_have_text("No mistakes")
    holding.get_by_role("button", name="Save and choose").click()
    expect(scenario(holding)).to_have_value("as-me")

    met = server.ask("GET", "/~other/@as-me/store/payment-collections/paycol_1").document
    assert "authorized" == met["payment_collection"]["status"]


def test_a_clock_is_set_advanced_and_frozen(holding: Page, server: Server) -> None:
    """What the page shows is what answers say; a time that is none is refused in words."""
    holding.get_by_role("button", name="Freeze").click()
    expect(holding.locator("#frozen")).to_have_text("frozen")
    holding.get_by_label("Set to").fill("2030-01-01T00:00:00Z")
    holding.get_by_role("button", name="Set", exact=True).click()
    expect(holding.locator("#now")).to_have_text("2030-01-01T00:00:00Z")
    holding.get_by_label("Advance by").fill("2h")
    holding.get_by_role("button", name="Advance").click()
    expect(holding.locator("#now")).to_have_text("2030-01-01T02:00:00Z")
    server.ask("POST", f"/~me{AUTHORIZE}")
    (made,) = server.ask("GET", "/__mock/sandboxes/me/state").document["payment_collections"]
    assert "2030-01-01T02:00:00.000Z" == made["updated_at"]
    holding.reload()
    expect(holding.locator("#now")).to_have_text("2030-01-01T02:00:00Z")
    holding.get_by_role("button", name="Let it run").click()
    expect(holding.locator("#frozen")).to_have_text("running")
    expect(holding.locator("#now")).to_have_text(re.compile("2030-01-01T02:00:0[1-9]Z"))
    holding.get_by_label("Set to").fill("tomorrow")
    holding.get_by_role("button", name="Set", exact=True).click()

    expect(holding.locator("#failure")).to_contain_text("tomorrow")


def test_snapshots_are_taken_restored_and_deleted(holding: Page, server: Server) -> None:
    """A sandbox is as it was when its snapshot was taken."""
    server.ask("GET", "/~me/store/payment-collections/paycol_1")
    holding.locator("#snapshot").fill("before")
    holding.get_by_role("button", name="Take").click()
    expect(holding.locator("#snapshots span")).to_have_text(["before"])
    expect(holding.locator("#snapshot")).to_have_value("")
    server.ask("GET", "/~me/store/payment-collections/paycol_2")
    expect(holding.get_by_text("payment_collections 2")).to_be_visible()
    holding.get_by_role("button", name="Restore before").click()
    expect(holding.get_by_text("payment_collections 1")).to_be_visible()
    holding.get_by_role("button", name="Delete before").click()
    expect(holding.locator("#snapshots span")).to_have_count(0)
    holding.locator("#snapshot").fill("a b")
    holding.get_by_role("button", name="Take").click()

    expect(holding.locator("#failure")).to_contain_text("'a b' is no name for a snapshot")
    expect(holding.locator("#snapshot")).to_have_value("a b")


def test_an_account_is_logged_in_and_its_mail_is_read(holding: Page, server: Server) -> None:
    """The cookie and the token stand for it; what Medusa would have mailed is listed, the newest first."""
    server.ask(
        "PATCH", "/__mock/sandboxes/me/state", {"customers": [{"email": "ada@example.com", "password": "secret"}]}
    )
    for _ in range(2):
        server.ask("POST", "/~me/store/customers/password-token", {"email": "ada@example.com"})
    holding.get_by_label("Account").fill("ada@example.com")
    holding.get_by_role("button", name="Log in", exact=True).click()
    expect(holding.locator("#cookie")).to_contain_text("connect.sid=s%3A")
    token = holding.locator("#bearer").text_content()
    seen = server.ask("GET", "/~me/store/auth", authorization=f"Bearer {token}")
    assert "ada@example.com" == seen.document["customer"]["email"]
    expect(holding.locator("#outbox summary code")).to_have_text(["customer.password_reset"] * 2)
    holding.locator("#outbox summary").first.click()
    expect(holding.locator("#outbox pre")).to_contain_text('"token": "ey')
    holding.get_by_label("Account").fill("eve@example.com")
    holding.get_by_role("button", name="Log in", exact=True).click()

    expect(holding.locator("#failure")).to_contain_text("no account with the address 'eve@example.com'")
    expect(holding.locator("#session")).to_be_hidden()


def test_each_view_has_an_address(page: Page) -> None:
    """It names the sandbox, too, and can be kept as a bookmark."""
    view(page, "State")
    assert page.url.endswith("#me/state")
    page.get_by_role("combobox", name="Sandbox", exact=True).fill("other")
    page.get_by_role("combobox", name="Sandbox", exact=True).press("Enter")
    expect(page.locator("#holding")).to_be_visible()
    assert page.url.endswith("#other/state")
    page.reload()

    expect(page.locator("#holding")).to_be_visible()
    expect(page.locator("#requests")).to_be_hidden()
    expect(page.get_by_role("link", name="State", exact=True)).to_have_attribute("aria-current", "page")
