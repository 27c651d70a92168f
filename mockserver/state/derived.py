"""What follows from the rest of an entity: amounts, statuses and payments of a payment collection, all that a region has."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..clock import isoformat
from . import accounts, aftermath, promotions, selling
from .documents import Document, nested
from .relations import Row
from .selling import default_region, model_of
from .writes import Writes

RELATIONS = ("payment_sessions", "payments", "region", "currency")


def pending(provider: str) -> Document:
    """Return what Medusa writes into a new session of a payment collection (tests/facts/server.md 2)."""
    data = {"status": "pending"} if provider == "manual" else {}
    return {"provider_id": provider, "status": "pending", "is_initiated": True, "data": data}


def payment(writer: Writes, session: Row, currency_code: str, hint: str = "") -> Row:
    """Return the payment that an authorized session leaves behind; not stored yet. `hint` tells the second from the first."""
    key = writer.tables.relations["payment_sessions"].key_of(session)
    return writer.new(
        "payments",
        f"{key}{hint}",
        amount=session["amount"],
        currency_code=currency_code,
        provider_id=session["provider_id"],
        data=session["data"],
        _session=key,
    )


def region(writer: Writes, entity: Document, stored: Row | None) -> Document:
    """
    Return a region with all that it has: a new one is as the catalogue's of its currency, where it does not say otherwise.

    It has the payment providers that are installed, unless it says its own.
    """
    own = entity.get("payment_providers")
    if stored is not None:
        before = {one["id"] for one in writer.tables.follow("regions", stored, "payment_providers")}
        return {**entity, "_own_providers": True} if {one.get("id") for one in own or ()} - before else entity
    code = entity.get("currency_code", (entity.get("currency") or {}).get("code", "usd"))
    model = model_of(writer, code)
    whole = {
        "currency": {"code": code},
        **({} if model is None else nested(writer.tables, "regions", model)),
        "currency_code": code,
        "payment_providers": [{"id": one["id"]} for one in writer.tables.all("payment_providers")],
        "created_at": isoformat(writer.now),
        "updated_at": isoformat(writer.now),
        **entity,
    }
    return {**whole, "_own_providers": own is not None}


def payment_collection(writer: Writes, entity: Document, stored: Row | None) -> Document:
    """
    Return a collection whose amounts, status, payments and region follow from what is written, and from what is stored.

    Missing amounts follow from one another: one session takes the collection's, the collection takes its sessions' sum.
    A session that is authorized has its time and its payment, and counts towards the authorized amount. What followed from
    sessions that are written anew follows from them again.
    """
    id = str(entity["id"])
    whole = dict(stored or writer.sample("payment_collections", id, id=entity["id"], type="order_edit"))
    whole |= _region(writer, whole, entity, stored)
    sessions = _sessions(writer, entity, stored)
    _settle_amounts(whole, sessions, entity, stored)
    is_worked_out = stored is None or bool(entity.get("payment_sessions"))
    authorized = [session for session in sessions if session["payment_authorized_at"] and is_worked_out]
    if is_worked_out:
        whole |= {"status": "not_paid", "authorized_amount": None}
    if authorized:
        total = sum(session["amount"] or 0 for session in authorized)
        status = "authorized" if total == whole["amount"] else "partially_authorized"
        whole |= {"status": status, "authorized_amount": total}
    whole |= {key: value for key, value in entity.items() if key not in RELATIONS}
    return {**whole, "payment_sessions": sessions, "payments": _payments(writer, entity, whole, authorized, stored)}


def _region(writer: Writes, whole: Document, entity: Document, stored: Row | None) -> Document:
    """Return the columns that name a collection's region and its currency, and what is written of the region."""
    code = str(entity.get("currency_code", whole["currency_code"]))
    region = dict(entity.get("region") or {})
    if "region_id" in entity and "id" not in region:
        region["id"] = entity["region_id"]
    if not region:
        chosen = None if stored else default_region(writer, code)
        return {} if chosen is None else {"region_id": chosen["id"], "currency_code": chosen["currency_code"]}
    known = writer.tables.get("regions", region["id"]) if "id" in region else None
    if "id" not in region:
        base = whole["region_id"] if stored else default_region(writer, str(region.get("currency_code", code)))["id"]
        known = writer.tables.get("regions", base)
        whole["region_id"] = base
    elif known is None:
        region = {"currency_code": code, **region}
    if stored:
        return {"region": region}
    return {"region": region, "currency_code": region.get("currency_code", (known or {}).get("currency_code", code))}


def _sessions(writer: Writes, entity: Document, stored: Row | None) -> list[Row]:
    """
    Return the collection's sessions, with what is written of them merged in by their ids, and what is new behind them.

    New ones without an amount have none yet.
    """
    old = [] if stored is None else writer.tables.follow("payment_collections", stored, "payment_sessions")
    merged: dict[Any, Row] = {session["id"]: dict(session) for session in old}
    for one in entity.get("payment_sessions") or ():
        hint = f"{entity['id']} {len(merged)}"
        id = one["id"] if "id" in one else writer.new("payment_sessions", hint)["id"]
        before = merged.get(id) or _without_amount(
            writer.sample("payment_sessions", str(id), **pending("manual"), id=id)
        )
        merged[id] = session = {**before, **one}
        is_timed = session["payment_authorized_at"] or "payment_authorized_at" in one
        if session["status"] == "authorized" and not is_timed:
            session["payment_authorized_at"] = isoformat(writer.now)
    return list(merged.values())


def _without_amount(session: Row) -> Row:
    return {column: value for column, value in session.items() if column != "amount"}


def _settle_amounts(whole: Document, sessions: list[Row], entity: Document, stored: Row | None) -> None:
    """Give the collection or its sessions the amounts that nobody wrote down."""
    amounts = [session["amount"] for session in sessions if session.get("amount") is not None]
    if "amount" in entity:
        whole["amount"] = entity["amount"]
    elif stored is None and sessions and len(amounts) == len(sessions):
        whole["amount"] = sum(amounts)
    open_ones = [session for session in sessions if "amount" not in session]
    rest = whole["amount"] - sum(amounts)
    for position, session in enumerate(open_ones):
        session["amount"] = rest // len(open_ones) + (rest % len(open_ones) if position == 0 else 0)


def _payments(
    writer: Writes, entity: Document, whole: Document, authorized: Iterable[Row], stored: Row | None
) -> list[Document]:
    """Return the payments that are written, or those that sessions leave behind which were authorized just now."""
    known = [] if stored is None else writer.tables.follow("payment_collections", stored, "payments")
    if entity.get("payments") is None:
        paid = {one.get("_session") for one in known}
        made = [payment(writer, session, whole["currency_code"]) for session in authorized]
        return [one for one in made if one["_session"] not in paid]
    ids = {one["id"] for one in known}
    due = {"amount": whole["amount"], "currency_code": whole["currency_code"], "provider_id": "manual"}
    return [one if one.get("id") in ids else {**due, **one} for one in entity["payments"]]


Begin = Callable[[Writes, Document], Document]
Derive = Callable[[Writes, Document, Row | None], Document]
BEGUN: Mapping[str, Begin] = {  # what follows once, when an entity is new
    "carts": selling.cart,
    "discounts": promotions.discount,
    "gift_cards": promotions.gift_card,
    "line_items": aftermath.line_item,
    "order_edits": aftermath.order_edit,
    "orders": selling.order,
    "product_categories": selling.category,
    "product_variants": selling.variant,
    "products": selling.product,
    "returns": aftermath.return_,
    "shipping_methods": selling.shipping_method,
    "shipping_options": selling.shipping_option,
    "swaps": aftermath.swap,
}
DERIVED: Mapping[str, Derive] = {  # and what follows from what is stored as well
    "customers": accounts.customer,
    "payment_collections": payment_collection,
    "regions": region,
}


def completed(writer: Writes, name: str, entity: Document, stored: Row | None) -> Document:
    """Return an entity of a table with what follows from the rest of it, and from the row that is stored, if there is one."""
    if stored is None and name in BEGUN:
        return BEGUN[name](writer, entity)
    return DERIVED[name](writer, entity, stored) if name in DERIVED else entity
