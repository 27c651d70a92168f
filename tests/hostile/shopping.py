"""What attackers ask of every operation of the contract, in a shop that has what its examples name."""

from random import Random
from typing import Any
from urllib.parse import quote

from hostile import asked
from hostile.asked import HEADERS, JSON, PREFIXES, TYPES, Ask, Asked, header_of
from hostile.words import dumped, json_text, number, segment

from mockserver.contract import Contract

OPERATIONS = tuple(Contract().operations)
EXAMPLES = {
    entity: operation.examples[parameter]
    for operation in OPERATIONS
    for parameter, entity in operation.entities.items()
}
SHOP: dict[str, Any] = {
    "customers": [
        {
            "id": "cus_ada",
            "email": "ada@example.com",
            "password": "correct horse",
            "shipping_addresses": [{"id": EXAMPLES["address"], "country_code": "de"}],
        }
    ],
    "carts": [
        {
            "id": EXAMPLES["cart"],
            "email": "ada@example.com",
            "items": [{"id": EXAMPLES["line_item"], "title": "A", "unit_price": 1000, "quantity": 2}],
            "shipping_address": {"country_code": "de"},
        }
    ],
    "orders": [
        {
            "id": EXAMPLES["order"],
            "email": "ada@example.com",
            "customer": {"id": "cus_ada"},
            "items": [
                {"id": "item_01HK3CR8ZP0W6N4T1YB7V9XEQD", "title": "A", "unit_price": 1000, "quantity": 3}
                | {"fulfilled_quantity": 3, "shipped_quantity": 3}
            ],
            "payments": [{"amount": 3000, "provider_id": "manual"}],
        }
    ],
    "order_edits": [{"id": EXAMPLES["order_edit"], "order_id": EXAMPLES["order"], "status": "requested"}],
    "gift_cards": [{"code": "ABCD-EFGH-JKLM-NPQR", "value": 1000, "balance": 1000}],
    "return_reasons": [{"id": EXAMPLES["return_reason"], "value": "wrong"}],
    "product_categories": [{"id": EXAMPLES["product_category"], "name": "A", "category_children": [{"name": "B"}]}],
    "product_collections": [{"id": EXAMPLES["product_collection"], "title": "A"}],
}
PLACES = ("/~me", "/~me/@logged-in", "/@logged-in", *PREFIXES)
QUERIES = (
    *asked.QUERIES,
    *("id", "updated_at[lte]", "cart_id", "region_id", "email", "display_id", "handle", "tags", "title", "is_return"),
    *("collection_id[]", "category_id[]", "type_id[]", "parent_category_id", "include_descendants_tree", "status[]"),
    *("discount_condition_id", "sales_channel_id[]", "inventory_quantity[gt]", "shipping_address[postal_code]"),
    "product_ids",
)


def operation(draw: Random) -> Asked:
    """Return a request to any operation, whose body and path are sound, nearly, or wild."""
    one = draw.choice(OPERATIONS)
    path = one.path
    for parameter in one.path_parameters:
        sound = one.examples[parameter]
        path = path.replace(f"{{{parameter}}}", quote(sound) if draw.random() < 0.7 else segment(draw)[:5000])
    body = b""
    if one.method == "POST":
        body = dumped(one.body or {}) if draw.random() < 0.4 else json_text(draw, one.body or {})
    headers = [(draw.choice(HEADERS), header_of(draw)) for _ in range(draw.choice((0, 0, 0, 1)))]
    headers += [("Content-Type", draw.choice((JSON, JSON, *TYPES)))] if body else []
    query = "&".join(_parameter(draw) for _ in range(draw.choice((0, 0, 1, 2, 3))))
    for name, value in one.query.items() if draw.random() < 0.7 else ():
        query += f"&{name}={quote(str(value))}"
    prefix = draw.choice(PLACES).replace("{odd}", segment(draw)[:200])
    return Asked(one.method, prefix + path, query, body, tuple(headers))


def shop(draw: Random) -> Asked:
    """Return the call that gives what the examples name, most of it."""
    some = {table: rows for table, rows in SHOP.items() if draw.random() < 0.8}
    body = json_text(draw, some) if draw.random() < 0.3 else dumped(some)
    return Asked("PATCH", "/__mock/sandboxes/me/state", "", body, (("Content-Type", JSON),))


def merchant(draw: Random) -> Asked:
    """Return what a merchant does to an order, or a look into the outbox."""
    order = f"/__mock/sandboxes/me/orders/{EXAMPLES['order']}"
    method, path, sound = draw.choice(
        (
            ("POST", f"{order}/capture", None),
            ("POST", f"{order}/ship", {"items": [{"item_id": "item_01HK3CR8ZP0W6N4T1YB7V9XEQD", "quantity": 1}]}),
            ("POST", f"{order}/cancel", None),
            ("POST", f"{order}/request-edit", {"items": [{"title": "B", "unit_price": 5, "quantity": 1}]}),
            ("GET", "/__mock/outbox", None),
        )
    )
    body = b"" if sound is None else json_text(draw, sound)
    return Asked(method, path, "", body, (("Content-Type", JSON),) if body else ())


def _parameter(draw: Random) -> str:
    name = draw.choice(QUERIES) if draw.random() < 0.9 else segment(draw)[:100]
    known = draw.choice(
        (*EXAMPLES.values(), "items,region", "variants.prices", "true", "5", "id", "-created_at", "2020-01-01")
    )
    return f"{name}={draw.choice((number(draw), segment(draw)[:5000], known, known))}"


ALL: tuple[Ask, ...] = (*[operation] * 12, shop, merchant)
