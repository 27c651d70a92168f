"""The console at `/__mock/`, as people use it."""

import json
import re
import time
from contextlib import closing
from pathlib import Path

import pytest
from console.conftest import AUTHORIZE, scenario, view
from playwright.sync_api import Browser, Page, Route, expect
from processes import Server, running

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>'\"&lt;"


def rows(page: Page) -> list[str]:
    """Return the text of each request in the list, newest first."""
    return page.locator("#list tr").all_inner_texts()


def test_a_scenario_is_chosen_and_the_next_call_follows(page: Page, server: Server, complaints: list[str]) -> None:
    """Choose `declined`: the next call in that sandbox answers 422 and appears in the list; reset empties it."""
    scenario(page).select_option("declined")
    expect(page.locator("#base")).to_have_text(f"{server.url}/~me/@declined")
    expect(page.locator("#curl")).to_have_text(f"curl -X POST '{server.url}/~me/@declined{AUTHORIZE}'")
    expect(page.locator("#description")).to_have_text(
        "The payment provider declines every payment; the session keeps the status error."
    )
    expect(page.locator("#description code")).to_have_text("error")
    page.wait_for_function("async () => (await (await fetch('/__mock/sandboxes/me')).json()).scenario === 'declined'")
    assert 422 == server.ask("POST", f"/~me{AUTHORIZE}").status
    assert 200 == server.ask("POST", AUTHORIZE).status

    expect(page.locator("#list tr")).to_have_count(1)
    assert "422" in rows(page)[0]
    page.get_by_role("button", name="Reset").click()
    expect(page.locator("#list tr")).to_have_count(0)
    expect(page.locator("#empty")).to_be_visible()
    expect(scenario(page)).to_have_value("")
    assert 200 == server.ask("POST", f"/~me{AUTHORIZE}").status
    expect(page.locator("#list tr")).to_have_count(1)
    assert [] == complaints


def test_no_request_is_lost_while_the_list_is_fetched(page: Page, server: Server) -> None:
    """Each that comes in between the question and its answer stands in the list, once."""

    def slowly(route: Route) -> None:
        response = route.fetch()
        server.ask("POST", f"/~me/@busy{AUTHORIZE}")  # after the server has made the list, before the page has it
        page.wait_for_timeout(200)
        route.fulfill(response=response)

    server.ask("POST", f"/~me{AUTHORIZE}")
    expect(page.locator("#list tr")).to_have_count(1)
    page.route("**/__mock/journal?*", slowly)
    scenario(page).select_option("declined")

    expect(page.locator("#list tr")).to_have_count(2)
    page.wait_for_timeout(500)
    assert ["409", "200"] == page.locator("#list td.status").all_inner_texts()


def test_a_request_is_opened(page: Page, server: Server) -> None:
    """Request, answer and why; the row is marked."""
    server.ask("POST", f"/~me/@busy{AUTHORIZE}")
    page.get_by_role("button", name="POST paymentCollections.authorizePaymentSession").click()
    shown = page.locator("#entry")

    expect(shown).to_contain_text(re.compile(r"stub busy\.0 \(.*busy\.yaml:3\) matched, for the 1st time"))
    expect(shown).to_contain_text("invalid_state_error")
    expect(page.locator("#list tr.open")).to_have_count(1)
    expect(page.locator("#detail-title")).to_be_focused()


@pytest.mark.parametrize(
    ("prefix", "headers", "said"),
    [
        ("/~me/@busy", {}, "sandbox me, by the prefix of the path; scenario busy, by the prefix of the path"),
        (
            "",
            {"x_mock_sandbox": "me", "prefer": "code=409"},
            "sandbox me, by a header; scenario default, by the header Prefer",
        ),
        ("", {"cookie": "mock_sandbox=me; mock_scenario=busy"}, "sandbox me, by a cookie; scenario busy, by a cookie"),
        ("/~me", {}, "sandbox me, by the prefix of the path; scenario declined, as chosen for the sandbox"),
        ("/~me/@bsy", {}, "sandbox me, by the prefix of the path; scenario default, as what was asked for cannot be"),
    ],
)
def test_what_chose_is_shown(page: Page, server: Server, prefix: str, headers: dict[str, str], said: str) -> None:
    """Of the sandbox and of the scenario; the path has its prefix, in the list and in the details."""
    server.ask("PUT", "/__mock/sandboxes/me/scenario", {"scenario": "declined"})
    server.ask("POST", prefix + AUTHORIZE, **headers)
    button = page.locator("#list button")
    expect(button.locator(".path")).to_have_text(prefix + AUTHORIZE)
    button.click()

    expect(page.locator("#entry .soft").first).to_contain_text(said)
    expect(page.get_by_role("region", name="Request", exact=True)).to_contain_text(f"POST {prefix}{AUTHORIZE}\n")


def test_a_client_that_left_is_shown(page: Page, server: Server) -> None:
    """In the list once its answer finds nobody, in the details that stand open, and by a filter."""
    server.ask("GET", "/~me/store/regions")
    with closing(server.open(f"POST /~me/@slow{AUTHORIZE} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")):
        expect(page.locator("#list tr")).to_have_count(2)
        page.locator("#list button").first.click()
        expect(page.locator("#detail-title")).to_be_focused()
        expect(page.locator("#entry .notice")).to_have_count(0)
    expect(page.locator("#list td.status")).to_have_text(["200 aborted", "200"])
    expect(page.locator("#entry .notice")).to_have_text(
        re.compile(r"The client left after \d\.\d{3} s, before its answer was whole\.")
    )

    page.get_by_role("combobox", name="Status").select_option("aborted")
    expect(page.locator("#list tr")).to_have_count(1)


def test_why_not_is_shown(page: Page, server: Server) -> None:
    """What ruled the stubs out, nearest first."""
    server.ask("POST", f"/~me{AUTHORIZE}")
    page.get_by_role("button", name="POST paymentCollections.authorizePaymentSession").click()

    expect(page.locator("#entry .near li").first).to_have_text(
        re.compile(r"default\.\d: path\.session_id: wanted 'ps_mock_\d+', got 'ps_1'")
    )


def test_the_matrix_fills(page: Page, server: Server) -> None:
    """What was seen is counted, what is documented and unseen has a dot."""
    view(page, "Seen")
    for name in ("busy", "busy", "declined"):
        server.ask("POST", f"/~me/@{name}{AUTHORIZE}")
    line = page.get_by_role("row", name=re.compile(r"^paymentCollections\.authorizePaymentSession "))

    expect(line.locator("td.warn")).to_have_text(["2", "1"])
    expect(line.locator("td.none", has_text="·").first).to_be_visible()


def test_a_request_is_sent_from_the_page(page: Page) -> None:
    """With the values of its path and a body; it appears in the list."""
    view(page, "Send")
    page.get_by_role("combobox", name="Operation", exact=True).select_option(
        "paymentCollections.authorizePaymentSession"
    )
    page.get_by_label("session_id", exact=True).fill("ps_mine")
    page.locator("#try").get_by_role("button", name="Send").click()

    expect(page.locator("#answer")).to_contain_text("200")
    expect(page.locator("#answer")).to_contain_text('"id": "ps_mine"')
    expect(page.locator("#list tr")).to_have_count(1)
    page.get_by_role("combobox", name="Operation", exact=True).select_option("paymentCollections.managePaymentSession")
    page.get_by_label("id", exact=True).fill("paycol_new")  # the one of the last answer is paid
    page.get_by_role("textbox", name="Body").fill('{"provider_id": "nobody"}')
    page.locator("#try").get_by_role("button", name="Send").click()
    expect(page.locator("#answer")).to_contain_text("Payment provider not found")


def test_a_path_of_ones_own_is_shown(page: Page, server: Server, folder: Path) -> None:
    """In the list by its route, among what can be sent as soon as its file is saved, and in the matrix."""
    view(page, "Send")
    page.get_by_role("combobox", name="Operation", exact=True).select_option("regions.retrieve")
    page.get_by_label("id", exact=True).fill("reg_mine")
    route = "GET /store/loyalty/{id}"
    (folder / "mine.yaml").write_text(f"description: x\nstubs:\n  - {{route: '{route}', reply: {{body: '{{id}}!'}}}}\n")
    expect(scenario(page).locator("option[value=mine]")).to_have_count(1)
    scenario(page).select_option("mine")
    server.ask("GET", "/~me/store/loyalty/7")
    expect(page.locator("#operation optgroup").last).to_have_attribute("label", "paths of scenarios' own")
    expect(page.get_by_label("id", exact=True)).to_have_value("reg_mine")
    page.get_by_role("combobox", name="Operation", exact=True).select_option(route)
    page.get_by_label("id", exact=True).fill("8")
    page.locator("#try").get_by_role("button", name="Send").click()
    expect(page.locator("#answer pre")).to_have_text("8!")

    view(page, "Requests")
    expect(page.locator("#list .name")).to_have_text(["/store/loyalty/{id}"] * 2)
    view(page, "Seen")
    expect(page.locator("#seen tr", has_text=route).locator("td.good")).to_have_text("2")


def test_a_broken_file_is_shown_and_its_mending_too(page: Page, folder: Path) -> None:
    """With file and line, as soon as it is saved."""
    (folder / "mine.yaml").write_text("description: x\nstub: []\n")
    problems = page.locator("#problems")

    expect(problems).to_contain_text(f"{folder}/mine.yaml:2: no key 'stub'; did you mean 'stubs'?")
    (folder / "mine.yaml").write_text("description: x\n")
    expect(problems).to_be_hidden()
    expect(scenario(page).locator("option[value=mine]")).to_have_count(1)


def test_hostile_strings_run_nothing(page: Page, server: Server, folder: Path, complaints: list[str]) -> None:
    """In paths, headers, bodies, scenarios and errors: shown as they are, never as HTML."""
    (folder / "evil.yaml").write_text(f"description: x\n{json.dumps(HOSTILE)}: 1\n")
    path = AUTHORIZE.replace("ps_1", "%3Cimg%20src=x%20onerror=alert(1)%3E<script>")
    server.ask("POST", path, {"evil": HOSTILE}, x_evil=HOSTILE, x_mock_sandbox="me")
    page.locator("#list button").first.click()

    expect(page.locator("#entry")).to_contain_text(HOSTILE)
    expect(page.locator("#problems")).to_contain_text(f"evil.yaml:2: no key {HOSTILE!r}")
    page.locator("#sandbox").fill(HOSTILE[:64])
    page.locator("#sandbox").press("Enter")
    expect(page.locator("#failure")).to_contain_text(f"{HOSTILE[:64]} is no name for a sandbox")
    assert "mockserver" == page.title()
    assert 0 == page.locator("main img, body script").count()
    assert [] == [one for one in complaints if "status of 400" not in one]


@pytest.mark.parametrize("name", ["x';touch${IFS}owned;'", "%27%3Btouch%20x", "100%", "a b", "x" * 65])
def test_a_link_to_the_page_cannot_write_a_shell_line(page: Page, server: Server, name: str) -> None:
    """What follows # is a sandbox only when it can be the name of one: people paste the line that holds it."""
    for go in (lambda: page.goto(f"{server.url}/__mock/#{name}"), page.reload):
        go()
        expect(page.locator("#failure")).to_contain_text("is no name for a sandbox")
        expect(page.locator("#curl")).to_have_text(f"curl -X POST '{server.url}{AUTHORIZE}'")
        expect(page.get_by_role("combobox", name="Sandbox", exact=True)).to_have_value("shared")
        expect(scenario(page).locator("option")).not_to_have_count(0)
    page.goto(f"{server.url}/__mock/#me")
    expect(page.locator("#failure")).to_be_hidden()
    expect(page.locator("#base")).to_have_text(f"{server.url}/~me")


def test_keys_are_enough(page: Page, server: Server) -> None:
    """Tab leads to all, arrows through the list, Enter opens a request, Escape closes it and leads back to where one was."""
    for number in (1, 2):
        server.ask("POST", f"/~me{AUTHORIZE.replace('ps_1', f'ps_{number}')}")
    expect(page.locator("#list tr")).to_have_count(2)
    page.locator("nav a").first.focus()
    stops = []
    for _ in range(16):
        stops.append(
            page.evaluate("(one => one.id || one.name || one.ariaLabel || one.textContent)(document.activeElement)")
        )
        page.keyboard.press("Tab")

    assert ["Requests", "Scenario", "State", "Send", "Seen"] == stops[:5]
    assert ["sandbox", "scenario", "reset", "Copy the base URL", "More to copy"] == stops[5:10]
    assert ["filter-text", "filter-status", "filter-sandbox", "filter-unmatched"] == stops[10:14]
    assert all(stop.startswith("POST") for stop in stops[14:])
    page.locator("#list button").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#entry")).to_contain_text("/sessions/ps_1/authorize")
    expect(page.locator("#detail-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#detail")).to_be_hidden()
    expect(page.locator("#list button").nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#list button").first).to_be_focused()


def test_the_list_is_filtered(page: Page, server: Server) -> None:
    """By status or a class of it, by fault, by what no stub matched, by any text, over all sandboxes; what comes later is, too."""
    for path in (f"/~me/@busy{AUTHORIZE}", f"/~me{AUTHORIZE}", "/~me/nowhere", f"/~other/@outage{AUTHORIZE}"):
        server.ask("POST", path)
    with pytest.raises(OSError, match="reset"):
        server.ask("POST", f"/~me/@broken-wire{AUTHORIZE}")
    status, text = page.get_by_role("combobox", name="Status", exact=True), page.locator("#filter-text")

    def statuses(*wanted: str) -> None:
        expect(page.locator("#list td.status")).to_have_text(list(wanted))

    statuses("200 reset", "404", "200", "409")
    status.select_option("4xx")
    statuses("404", "409")
    expect(page.locator("#count")).to_have_text("2 of 4")
    server.ask("POST", f"/~me/@conflict{AUTHORIZE}")
    server.ask("POST", f"/~me{AUTHORIZE}")
    statuses("409", "404", "409")
    status.select_option("404")
    statuses("404")
    status.select_option("fault")
    statuses("200 reset")
    status.select_option("")
    page.get_by_label("no stub matched").check()
    statuses("200", "404", "200")
    page.get_by_label("no stub matched").uncheck()
    text.fill("@BUSY")
    statuses("409")
    text.fill("other")
    statuses()
    expect(page.locator("#empty")).to_have_text("None of 6 requests is as the filter wants it.")
    page.get_by_role("combobox", name="From", exact=True).select_option("all")
    statuses("500")
    expect(page.locator("#list td.scenario")).to_have_text("outage (prefix) in other")
    server.ask("POST", f"/~other{AUTHORIZE}")
    statuses("200", "500")


def test_a_filter_finds_what_is_not_in_the_list(page: Page, server: Server) -> None:
    """The list has the newest requests, and says of how many; the filter asks the server, and older ones are a button away."""
    server.ask("POST", f"/~me/@busy{AUTHORIZE}")
    asked = "GET /~me/store/regions HTTP/1.1\r\nHost: localhost\r\n\r\n" * 10
    for number in range(60):
        server.send(
            asked + f"GET /~me/store/regions/old_{number} HTTP/1.1\r\nHost: x.localhost\r\nConnection: close\r\n\r\n"
        )
    count, list_ = page.locator("#count"), page.locator("#list tr")
    page.reload()
    expect(count).to_have_text("the newest 500 of 661")
    expect(list_).to_have_count(500)
    page.get_by_role("combobox", name="Status", exact=True).select_option("4xx")
    expect(count).to_have_text("61 of 661")
    server.ask("POST", f"/~me{AUTHORIZE}")
    expect(count).to_have_text("61 of 662")
    page.locator("#filter-text").fill("@busy")
    expect(page.locator("#list td.status")).to_have_text(["409"])
    expect(count).to_have_text("1 of 662")

    page.locator("#filter-text").fill("")
    page.get_by_role("combobox", name="Status", exact=True).select_option("2xx")
    expect(count).to_have_text("the newest 500 of 601, among 662")
    page.get_by_role("button", name="Show older ones").click()
    expect(count).to_have_text("601 of 662")
    expect(list_).to_have_count(601)
    expect(page.get_by_role("button", name="Show older ones")).to_be_hidden()


def test_the_prefix_that_was_asked_for_is_shown(page: Page, server: Server) -> None:
    """Before the path that it led to, as it was sent, and only where it was asked for."""
    server.ask("POST", f"/~me/@busy{AUTHORIZE}")
    server.ask("POST", f"/%40busy/~me{AUTHORIZE}")
    server.ask("POST", AUTHORIZE, x_mock_sandbox="me")

    expect(page.locator("#list .path")).to_have_text([AUTHORIZE, f"/%40busy/~me{AUTHORIZE}", f"/~me/@busy{AUTHORIZE}"])
    expect(page.locator("#list .prefix")).to_have_text(["", "/%40busy/~me", "/~me/@busy"])


def test_a_request_that_is_open_stays_open(page: Page, server: Server) -> None:
    """While others come; it is closed by its button, and with the list that it stood in."""
    server.ask("POST", f"/~me{AUTHORIZE}")
    page.locator("#list button").click()
    server.ask("POST", f"/~me/@busy{AUTHORIZE}")
    expect(page.locator("#list tr")).to_have_count(2)
    expect(page.locator("#detail")).to_be_visible()
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#detail")).to_be_hidden()
    page.locator("#list button").first.click()
    expect(page.locator("#detail")).to_be_visible()
    page.get_by_role("button", name="Reset").click()

    expect(page.locator("#detail")).to_be_hidden()
    expect(page.locator("#empty")).to_contain_text("No requests yet.")


def until_chosen(server: Server, name: str | None) -> None:
    """Wait until the server has heard which scenario the page chose."""
    end = time.monotonic() + 10
    while server.ask("GET", "/__mock/sandboxes/me").document["scenario"] != name:
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_scenario_whose_file_was_deleted_is_said_to_be_gone(page: Page, server: Server, folder: Path) -> None:
    """It is still chosen, and refuses; the page says so and offers the server's."""
    (folder / "mine.yaml").write_text("description: x\n")
    scenario(page).select_option("mine")
    until_chosen(server, "mine")
    (folder / "mine.yaml").unlink()
    gone = page.locator("#gone")

    expect(gone).to_be_visible()
    expect(gone).to_contain_text("mine is chosen here, and is gone")
    assert 400 == server.ask("POST", f"/~me{AUTHORIZE}").status
    page.reload()
    expect(gone).to_contain_text("mine is chosen here, and is gone")
    expect(scenario(page)).to_have_value("mine")
    gone.get_by_role("button", name="Choose the server's scenario").click()
    expect(gone).to_be_hidden()
    expect(scenario(page)).to_have_value("")
    until_chosen(server, None)
    assert 200 == server.ask("POST", f"/~me{AUTHORIZE}").status


def test_another_sandbox_has_its_own_list(page: Page, server: Server) -> None:
    """The address names it, so it can be kept as a bookmark."""
    server.ask("POST", f"/~other{AUTHORIZE}")
    page.get_by_role("combobox", name="Sandbox", exact=True).fill("other")
    page.get_by_role("combobox", name="Sandbox", exact=True).press("Enter")

    expect(page.locator("#list tr")).to_have_count(1)
    assert page.url.endswith("/__mock/#other")
    expect(page.locator("#base")).to_have_text(f"{server.url}/~other")


def test_a_lost_connection_is_said_and_found_again(page: Page, server: Server) -> None:
    """The page says so when the server ends, and shows what the next one has seen when that is there."""
    server.ask("POST", f"/~me{AUTHORIZE}")
    expect(page.locator("#list tr")).to_have_count(1)
    server.process.kill()
    server.process.wait()

    expect(page.locator("#live")).to_have_text("not connected")
    with running("--port", str(server.port)) as again:
        expect(page.locator("#live")).to_have_text("live")
        expect(page.locator("#list tr")).to_have_count(0)
        again.ask("POST", f"/~me/@declined{AUTHORIZE}")
        expect(page.locator("#list tr")).to_have_count(1)


def test_a_token_is_asked_for_once(browser: Browser) -> None:
    """It is kept as long as the tab."""
    token = "a token that is long enough"  # noqa: S105
    with running("--control-token", token) as server, browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{server.url}/__mock/")
        page.get_by_label("This server wants the token").fill("not this one, though it is long")
        page.get_by_role("button", name="Continue").click()
        page.get_by_label("This server wants the token").fill(token)
        page.get_by_role("button", name="Continue").click()
        page.wait_for_selector("#live.on")
        page.evaluate("sessionStorage.clear()")
        page.reload()
        page.get_by_label("This server wants the token").press("Escape")
        expect(page.locator("#live")).to_have_text("not connected")
        page.wait_for_timeout(1500)  # longer than it takes to try again
        expect(page.locator("#login")).to_be_hidden()
        page.reload()
        page.get_by_label("This server wants the token").fill(token)
        page.get_by_role("button", name="Continue").click()
        page.wait_for_selector("#live.on")
        page.reload()
        page.wait_for_selector("#live.on")
        expect(page.locator("#login")).to_be_hidden()
