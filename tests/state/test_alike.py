"""What is given as another server shows it: rows that every shop has one of, and what is shown inside others."""

from typing import Any

import pytest
from asking import Ask

STATE = "/__mock/sandboxes/shared/state"
PRODUCT = {"id": "prod_1", "title": "Kettle", "status": "published", "handle": "kettle", "variants": []}


def _give(ask: Ask, **state: Any) -> None:
    answer = ask("PATCH", STATE, state)
    assert 200 == answer.status, answer.document


@pytest.mark.parametrize(
    ("channel", "found"),
    [
        ({"id": "sc_theirs", "name": "Default Sales Channel"}, 1),
        ({"id": "sc_theirs", "name": "Kiosk"}, 0),
        ({"id": "sc_theirs"}, 0),
    ],
)
def test_the_shops_own_channel_is_known_by_its_name(ask: Ask, channel: dict[str, Any], found: int) -> None:
    """A product that another server sells in it is sold here; one of a channel with another name is not."""
    _give(ask, products=[{**PRODUCT, "sales_channels": [channel]}])

    assert found == ask("GET", "/store/products", None, "handle=kettle").document["count"]


def test_the_shops_own_profile_is_known_by_its_type(ask: Ask) -> None:
    """Though its id is another server's."""
    profile = {"id": "sp_theirs", "type": "default", "name": "Default Shipping Profile"}
    _give(ask, products=[{**PRODUCT, "profile": profile, "profile_id": "sp_theirs"}])
    shown = ask("GET", "/store/products/prod_1").document["product"]

    assert "sp_theirs" not in {one["id"] for one in shown["profiles"]}
    assert 1 == len(shown["profiles"])


@pytest.mark.parametrize("order", [("regions", "gift_cards"), ("gift_cards", "regions")])
def test_what_an_entity_says_of_itself_holds(ask: Ask, order: tuple[str, str]) -> None:
    """Whatever is shown of it inside another that is given beside it."""
    id = ask("GET", "/store/regions").document["regions"][0]["id"]
    state = {
        "regions": [{"id": id, "tax_rate": 10}],
        "gift_cards": [{"id": "gift_1", "code": "GIFT", "region": {"id": id, "tax_rate": 0}}],
    }
    _give(ask, **{name: state[name] for name in order})

    assert 10 == ask("GET", f"/store/regions/{id}").document["region"]["tax_rate"]
    assert id == ask("GET", "/store/gift-cards/GIFT").document["gift_card"]["region"]["id"]
