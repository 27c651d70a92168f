"""A storefront on medusa-react 9.0.18, unmodified, built for production and served from another origin, checks out in a browser."""

from collections.abc import Callable
from decimal import Decimal
from itertools import count

import pytest
from playwright.sync_api import Page, expect
from processes import Server

pytestmark = [pytest.mark.node, pytest.mark.browser]

NUMBERS = count()
MUG = "Enamel mug"
TOTAL = ".total dd"
PATIENCE = 15_000  # milliseconds: the client tries four times, which takes five and a half seconds
Visit = Callable[[str], str]


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """Return what the storefront's own scripts fell over."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


@pytest.fixture
def visit(page: Page, site: str, server: Server, complaints: list[str]) -> Visit:
    """Return what opens the storefront in a scenario, by its base URL alone; it returns the name of the sandbox."""

    def opened(scenario: str) -> str:
        sandbox = f"storefront-{next(NUMBERS)}"
        page.add_init_script(f"window.MEDUSA_URL = '{server.url}/~{sandbox}/@{scenario}'")
        page.goto(f"{site}/storefront/")
        expect(page.get_by_role("heading", name="For sale in EU")).to_be_visible()
        assert [] == complaints
        return sandbox

    return opened


def euros(page: Page, selector: str) -> Decimal:
    """Return the amount that stands in a place of the page."""
    return Decimal(page.locator(selector).inner_text().removeprefix("€"))


def put_into_cart(page: Page, title: str, number: int) -> None:
    """Open a product's page and put one into the cart, in which so many things are then."""
    page.get_by_role("link", name="A small shop").click()
    page.get_by_role("link", name=title).click()
    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_role("link", name=f"Cart ({number})")).to_be_visible()


def fill_in(page: Page, country: str) -> None:
    """Go from the cart to where it is asked how all is sent."""
    page.get_by_role("link", name="Cart (").click()
    page.get_by_role("link", name="Check out").click()
    said = {"E-mail": "grace@example.com", "First name": "Grace", "Last name": "Hopper"}
    for label, text in (said | {"Address": "Some Street 1", "Postal code": "10117", "City": "Somewhere"}).items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("Country").select_option(country)
    page.get_by_role("button", name="Continue").click()


def choose(page: Page, way: str) -> None:
    """Say how all is sent; then only the order has to be placed."""
    page.get_by_label(way).click()
    expect(page.get_by_label("manual")).to_be_checked()


def place_order(page: Page) -> None:
    """Put something into the cart and go all the way to the order."""
    put_into_cart(page, MUG, 1)
    fill_in(page, "de")
    choose(page, "Courier")
    page.get_by_role("button", name="Place order").click()


def test_an_order_is_placed(page: Page, visit: Visit, server: Server, complaints: list[str]) -> None:
    """From the list to the order's page: two products, one of them twice; prices and totals are those that the pages showed."""
    sandbox = visit("default")
    expect(page.locator(".products li")).to_have_count(8)
    pictures = page.locator(".products img")
    page.wait_for_function("[...document.images].every((one) => one.complete)")
    assert all(picture.evaluate("one => one.naturalWidth > 0") for picture in pictures.all())
    put_into_cart(page, MUG, 1)
    mug = euros(page, ".price")
    put_into_cart(page, "Wool blanket", 2)
    blanket = euros(page, ".price")
    page.get_by_role("link", name="Cart (2)").click()
    page.get_by_role("button", name=f"One more of {MUG}").click()
    expect(page.get_by_role("link", name="Cart (3)")).to_be_visible()
    assert 2 * mug + blanket == euros(page, TOTAL)
    fill_in(page, "de")
    choose(page, "Courier")
    assert 2 * mug + blanket + Decimal("12.90") == euros(page, TOTAL)
    total = euros(page, TOTAL)
    page.get_by_role("button", name="Place order").click()

    expect(page.get_by_role("heading", name="Thank you, Grace")).to_be_visible()
    assert total == euros(page, TOTAL)
    expect(page.get_by_role("link", name="Cart (0)")).to_be_visible()
    (order,) = server.ask("GET", f"/__mock/sandboxes/{sandbox}/state").document["orders"]
    assert page.url.endswith(f"#/orders/{order['id']}")
    page.reload()
    expect(page.get_by_role("listitem").filter(has_text=MUG)).to_have_text(f"2 of {MUG}, €{2 * mug}")
    assert [] == complaints


def test_a_region_is_switched(page: Page, visit: Visit) -> None:
    """The shop is in dollars then, what lies in the cart too; what is not sold there says so."""
    visit("default")
    put_into_cart(page, MUG, 1)
    page.get_by_label("Region").select_option("NA")
    expect(page.locator(".price")).to_have_text("$16.00")
    page.get_by_role("link", name="Cart (1)").click()
    expect(page.locator(TOTAL)).to_have_text("$16.00")
    fill_in(page, "us")
    choose(page, "Two days")
    page.get_by_role("button", name="Place order").click()

    expect(page.get_by_role("heading", name="Thank you, Grace")).to_be_visible()
    expect(page.locator(TOTAL)).to_have_text("$30.90")


@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        ("payment-declined", "Cart payment not authorized"),
        (
            "sold-out-at-checkout",
            "Variant with id: variant_01HK3CQKJ5S2Q7TGDGGK4V8K2M does not have the required inventory",
        ),
    ],
)
def test_an_order_that_cannot_be_placed(
    page: Page, visit: Visit, scenario: str, said: str, complaints: list[str]
) -> None:
    """The shopper is told why, and her cart is still there."""
    visit(scenario)
    place_order(page)

    expect(page.get_by_role("alert")).to_have_text(said, timeout=PATIENCE)
    page.reload()
    expect(page.get_by_role("link", name="Cart (1)")).to_be_visible()
    assert [] == complaints


@pytest.mark.parametrize("scenario", ["cart-conflict", "order-placed-but-answer-lost"])
def test_an_order_is_placed_all_the_same(page: Page, visit: Visit, server: Server, scenario: str) -> None:
    """medusa-react lets its client try three times more: the shopper notices nothing, and there is one order."""
    sandbox = visit(scenario)
    place_order(page)

    expect(page.get_by_role("heading", name="Thank you, Grace")).to_be_visible()
    assert 1 == len(server.ask("GET", f"/__mock/sandboxes/{sandbox}/state").document["orders"])


def test_a_bank_wants_to_be_asked(page: Page, visit: Visit) -> None:
    """3-D Secure: nothing is ordered yet; placed again, it is."""
    visit("requires-action")
    place_order(page)
    expect(page.get_by_role("status")).to_contain_text("requires_more")
    page.get_by_role("button", name="Place order").click()

    expect(page.get_by_role("heading", name="Thank you, Grace")).to_be_visible()


def test_nothing_can_be_sent(page: Page, visit: Visit) -> None:
    """The shopper is told so in place of a choice."""
    visit("no-shipping")
    put_into_cart(page, MUG, 1)
    fill_in(page, "de")

    expect(page.get_by_role("alert")).to_have_text("We cannot send this to you.")


def test_an_old_cart_is_gone(page: Page, visit: Visit, site: str) -> None:
    """A new one takes its place, in which things can be put."""
    page.goto(f"{site}/client/")
    page.evaluate("localStorage.setItem('cart_id', 'cart_of_last_year')")
    visit("cart-gone")
    put_into_cart(page, MUG, 1)

    assert "cart_of_last_year" != page.evaluate("localStorage.getItem('cart_id')")
