"""Makes whole entities of partly written ones: what is not said is sampled, what follows from the rest is worked out."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from ..clock import isoformat
from ..samples.sampler import Sampler
from .entities import PaymentCollection, Row

Said = dict[str, Any]
RELATIONS = ("payment_sessions", "payments", "region", "currency")


class Fixtures:
    """Makes entities in one sandbox' terms: its seed, its time, the providers of the scenario that is on."""

    def __init__(self, sampler: Sampler, seed: str, now: int, providers: Iterable[str] = ("manual",)) -> None:
        self._sampler = sampler
        self._seed = seed
        self._now = now
        self._providers = providers

    def payment_collection(self, said: Said) -> PaymentCollection:
        """
        Return a collection with its sessions, payments and region.

        Unsaid amounts follow from one another: one session takes the collection's, the collection takes its sessions' sum.
        A session that is authorized has its time and its payment, and counts towards the authorized amount.
        """
        id = said.get("id") or self.row("PaymentCollection", "given")["id"]
        sessions = [
            self._session(session, f"{id} {index}") for index, session in enumerate(said.get("payment_sessions") or ())
        ]
        row = self.row("PaymentCollection", id) | {"id": id, "status": "not_paid", "type": "order_edit"}
        _settle_amounts(row, sessions, said)
        region = self.region(said.get("region") or {}, str(said.get("currency_code", row["currency_code"])))
        row |= {"currency_code": region["currency_code"], "region_id": region["id"]}
        authorized = [session for session in sessions if session["payment_authorized_at"]]
        if authorized:
            row["authorized_amount"] = sum(session["amount"] or 0 for session in authorized)
            row["status"] = "authorized" if row["authorized_amount"] == row["amount"] else "partially_authorized"
        row |= {key: value for key, value in said.items() if key not in RELATIONS}
        if said.get("payments") is not None:
            payments = [self._payment(payment, row, f"{id} {index}") for index, payment in enumerate(said["payments"])]
        else:
            payments = [self.payment(session, row) for session in authorized]
        return PaymentCollection(row, sessions, payments, region)

    def merged(self, stored: PaymentCollection, said: Said) -> PaymentCollection:
        """
        Return a stored collection with what is said merged in: sessions and payments by id, the region key by key.

        What followed from sessions that are said anew follows from them again: payments, status, authorized amount.
        """
        before = stored.document()
        whole = {**before, **said, "region": {**before["region"], **(said.get("region") or {})}}
        whole["payment_sessions"] = _by_id(before["payment_sessions"], said.get("payment_sessions"))
        whole["payments"] = _by_id(before["payments"], said.get("payments"))
        is_worked_out = bool(said.get("payment_sessions")) and "payments" not in said
        if said.get("payment_sessions"):
            _forget_what_follows(whole, said)
        if is_worked_out:
            del whole["payments"]
        merged = self.payment_collection(whole)
        if is_worked_out:
            paid = {payment.get("session_id") for payment in stored.payments}
            merged.payments = stored.payments + [new for new in merged.payments if new["session_id"] not in paid]
        merged.invented, merged.made = stored.invented, stored.made
        return merged

    def _session(self, said: Said, key: str) -> Row:
        row = self.session(str(said.get("id") or self.row("PaymentSession", key)["id"]), None, "manual") | said
        if row["status"] == "authorized" and "payment_authorized_at" not in said:
            row["payment_authorized_at"] = isoformat(self._now)
        return row

    def session(self, id: str, amount: int | None, provider: str) -> Row:
        """Return a pending session as Medusa inserts it for a payment collection (SERVER.md 2)."""
        sample = self.row("PaymentSession", id)
        return sample | {
            "id": id,
            "provider_id": provider,
            "status": "pending",
            "is_initiated": True,
            "data": {"status": "pending"} if provider == "manual" else {},
            "amount": amount,
        }

    def _payment(self, said: Said, row: Row, key: str) -> Row:
        due = {"amount": row["amount"], "currency_code": row["currency_code"], "provider_id": "manual"}
        return {**self.row("Payment", key), **due, **said}

    def payment(self, session: Row, row: Row, key: str = "") -> Row:
        """Return the payment that an authorized session leaves behind; `key` tells the second from the first."""
        return self.row("Payment", f"{session['id']}{key}") | {
            "created_at": isoformat(self._now),
            "updated_at": isoformat(self._now),
            "session_id": session["id"],  # ours: Medusa does not link the two, and no answer shows it
            "amount": session["amount"],
            "currency_code": row["currency_code"],
            "provider_id": session["provider_id"],
            "data": session["data"],
        }

    def region(self, said: Said, currency_code: str) -> Row:
        """Return a region with its providers, countries and all else that can be expanded."""
        currency_code = said.get("currency_code", currency_code)
        known = _regions().get(currency_code, {})
        region = self.row("Region", currency_code) | {"currency_code": currency_code}
        region |= {"name": known["name"]} if known else {}
        region |= said
        countries = [country | {"region_id": region["id"]} for country in known.get("countries", ())]
        currency = known.get("currency") or self.row("Currency", currency_code) | {"code": currency_code}
        return {
            **{key: value for key, value in region.items() if key not in ("payment_providers", "countries")},
            "countries": said.get("countries", countries),
            "currency": currency,
            "fulfillment_providers": [{"id": "manual", "is_installed": True}],
            "payment_providers": said.get(
                "payment_providers", [{"id": provider, "is_installed": True} for provider in self._providers]
            ),
            "tax_provider": None,
            "tax_rates": [],
        }

    def row(self, schema: str, key: str) -> Row:
        """Return the sampled fields of an entity."""
        return self._sampler.entity(schema, key, self._seed, self._now)


def _by_id(before: Iterable[Row], said: Iterable[Said] | None) -> list[Said]:
    """Return rows with what is said of the same ids merged in, and what is new behind them."""
    merged: dict[Any, Said] = {row["id"]: dict(row) for row in before}
    for index, one in enumerate(said or ()):
        id = one.get("id", index)  # without an id it is a new one
        merged[id] = merged.get(id, {}) | one
    return list(merged.values())


def _forget_what_follows(whole: Said, said: Said) -> None:
    """Take out what is worked out from sessions, where it is not said itself."""
    for key in ("status", "authorized_amount"):
        if key not in said:
            del whole[key]
    for session in whole["payment_sessions"]:
        if session.get("status") == "authorized" and not session.get("payment_authorized_at"):
            session.pop("payment_authorized_at", None)


def _settle_amounts(row: Row, sessions: list[Row], said: Said) -> None:
    """Give the collection or its sessions the amounts that nobody wrote down."""
    said_amounts = [session["amount"] for session in sessions if session["amount"] is not None]
    if "amount" in said:
        row["amount"] = said["amount"]
    elif sessions and len(said_amounts) == len(sessions):
        row["amount"] = sum(said_amounts)
    unsaid = [
        session
        for session, written in zip(sessions, said.get("payment_sessions") or (), strict=True)
        if "amount" not in written
    ]
    rest = row["amount"] - sum(said_amounts)
    for position, session in enumerate(unsaid):
        session["amount"] = rest // len(unsaid) + (rest % len(unsaid) if position == 0 else 0)


@lru_cache(maxsize=1)
def _regions() -> Mapping[str, Any]:
    with (files(__package__) / "shop" / "regions.yaml").open(encoding="utf-8") as text:
        return yaml.safe_load(text)  # type: ignore[no-any-return]
