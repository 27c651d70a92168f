"""Which fields, relations and order a query may ask of products (tests/facts/catalog.md 2, "Names allowed")."""

from ...contract import Document
from ...express.errors import unknown_error
from ..shared.goods import SCALARS
from ..shared.selection import chosen_fields, listed, ordered_by, refuse_fields

ALLOWED = (*SCALARS, "profile_id", "variants.title", "variants.prices.amount")
DEFAULT = (
    "variants", "variants.prices", "variants.options", "options", "options.values", "images", "tags", "collection",
    "type", "profiles",
)  # fmt: skip
EXPANDABLE = (*DEFAULT, "variants.inventory_items", "sales_channels", "categories")


def selected(asked: Document) -> tuple[list[str], list[str]]:
    """
    Return the fields and the relations that are shown; `collection.id` and `profile.id` tell of those ids that come with them.

    The id of the collection does where no field is named without a sign, that of the profile where none is named at all.

    Raises VendorError for names that may not be asked for, and for those that are let through and then fail: made-up names
    that begin like an allowed one, and `profile_id`, which is no column.
    """
    named = [] if asked["fields"] is None else listed(asked["fields"])
    fields = list(SCALARS) if asked["fields"] is None else chosen_fields(asked["fields"], SCALARS)
    fields += [name.lstrip("*") for name in named if name[0] == "*"]  # a relation, which is none of the fields
    relations = list(DEFAULT) if asked["expand"] is None else listed(asked["expand"])
    wrong = [name for name in fields if not name.startswith(ALLOWED)]
    wrong += [name for name in relations if name not in EXPANDABLE]
    refuse_fields(wrong)
    if any(name not in ALLOWED for name in fields) or any(name.lstrip("+") == "profile_id" for name in named):
        raise unknown_error()
    with_collection = asked["fields"] is None or (named and all(name[0] in "+-*" for name in named))
    fields += ["collection.id"] if with_collection else []
    fields += ["profile.id"] if not named else []
    return fields, relations


def order_of(order: str | None) -> str:
    """Return by what a list is sorted, `-` in front where it descends; raise VendorError for what may not be named."""
    if order is None:
        return "-created_at"
    ordered_by(order, ALLOWED)
    return order
