"""What follows from the rest of what a shop sells by, where somebody partly writes it: carts, orders, shipping options, categories."""

from .documents import Document
from .relations import Row
from .tables import Tables
from .writes import Writes, begun


def default_region(writer: Writes, currency_code: str) -> Row:
    """Return the region that sells in a currency: the catalogue's, or one that is made for it."""
    model = model_of(writer, currency_code)
    if model is not None:
        return model
    id = writer.sample("regions", currency_code)["id"]
    entity = {"id": id, "currency_code": currency_code}
    return writer.tables.get("regions", id) or writer.write("regions", entity, currency_code)


def model_of(writer: Writes, currency_code: str) -> Row | None:
    """Return the catalogue's region that sells in a currency, as it is now."""
    catalogue = writer.tables.catalogue.rows("regions")
    regions = writer.tables.where("regions", currency_code=currency_code)
    return next((region for region in regions if region["id"] in catalogue), None)


def cart(writer: Writes, entity: Document) -> Document:
    """Return a new cart, which is sold in the first region and sales channel, and is its email's, where it does not say so."""
    nothing = ("payment_id", "completed_at", "payment_authorized_at", "idempotency_key", "metadata", "deleted_at")
    new: Document = {"type": "default", **_first(writer, "carts", entity, "sales_channel", "region")}
    if entity.get("email") and not entity.get("customer"):
        known = writer.tables.where("customers", email=entity["email"])
        new |= {"customer_id": known[0]["id"]} if known else {"customer": {"email": entity["email"]}}
    return begun(writer, nothing, {**new, **entity})


def next_display_id(tables: Tables) -> int:
    """Return the number of the next order: one more than any has."""
    return max((int(one["display_id"]) for one in tables.all("orders")), default=0) + 1


def order(writer: Writes, entity: Document) -> Document:
    """Return a new order, placed just now with the next number, and where it does not say so of its currency's region, or the dollar's."""
    nothing = ("cart_id", "tax_rate", "draft_order_id", "canceled_at", "billing_address_id", "shipping_address_id")
    new: Document = {"metadata": {}, "display_id": next_display_id(writer.tables), "status": "pending"}
    new |= {"fulfillment_status": "not_fulfilled", "payment_status": "awaiting"}
    known = writer.tables.get("regions", entity.get("region_id"))
    if known is None and not entity.get("region"):
        known = default_region(writer, entity.get("currency_code", "usd"))
    new |= {} if known is None else {"region_id": known["id"], "currency_code": known["currency_code"]}
    new |= _first(writer, "orders", entity, "sales_channel")
    return begun(writer, nothing, {**new, **entity})


def shipping_option(writer: Writes, entity: Document) -> Document:
    """Return a new shipping option, which is of the first region and the first profile, where it does not say so."""
    return {**_first(writer, "shipping_options", entity, "region", "profile"), **entity}


def shipping_method(writer: Writes, entity: Document) -> Document:
    """Return a new shipping method, which is the first of the shop's, where it does not say so."""
    return {**_first(writer, "shipping_methods", entity, "shipping_option"), **entity}


def product(writer: Writes, entity: Document) -> Document:
    """Return a new product, which is shipped as the first profile says, where it does not say so."""
    return {**_first(writer, "products", entity, "profile"), **entity}


def variant(_writer: Writes, entity: Document) -> Document:
    """Return a new variant, which is nowhere among its like, where it does not say so."""
    return {"variant_rank": None, **entity}


def category(writer: Writes, entity: Document) -> Document:
    """Return a new category, which is seen by all, and stands behind all others, where it does not say so."""
    rank = sum(1 for _ in writer.tables.all("product_categories"))
    plain: Document = {"rank": rank, "description": "", "is_active": True, "is_internal": False}
    return plain | ({} if entity.get("parent_category") else {"parent_category_id": None}) | entity


def _first(writer: Writes, name: str, entity: Document, *relations: str) -> Document:
    """Return the ids of what the catalogue has first of some relations, but of those that the entity holds whole."""
    found = {}
    for relation, names in writer.tables.relations[name].by_column(relations):
        first = next(iter(writer.tables.catalogue.rows(relation.table)), None)
        if first is not None and not any(map(entity.get, names)):
            found[relation.column] = first
    return found
