"""Puts into sandboxes of a mock what the examples of the contract speak of, so that operations find it."""

from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from typing import Any

import yaml

from ..realserver.shape import TEXT, Shape, mapping
from ..realserver.target import Target

SESSION = Shape("session", mapping({"cookie": TEXT}))


def stand(target: Target, sandbox: str) -> Mapping[str, str] | None:
    """
    Give a sandbox a cart, an order and what else examples name.

    Return the headers of the customer among them, logged in; None where the mock's control API is closed to us.
    """
    place = f"/__mock/sandboxes/{sandbox}"
    if target.ask("PATCH", f"{place}/state", _standing()).status != HTTPStatus.OK:
        return None
    customer = {"email": _standing()["customers"][0]["email"]}
    session = target.ask("POST", f"{place}/sessions", customer).document
    return {"Cookie": session["cookie"]} if SESSION.fits(session) else {}


@cache
def _standing() -> Mapping[str, list[Any]]:
    """Return entities by table, as a scenario's `given` has them."""
    text = files(__package__).joinpath("standing.yaml").read_text(encoding="utf-8")
    entities: Mapping[str, list[Any]] = yaml.safe_load(text)
    return entities
