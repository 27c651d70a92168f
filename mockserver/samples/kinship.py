"""Makes what a sample says twice say the same: the ids that were asked for, and those by which its parts name each other."""

from collections.abc import Mapping

from ..contract import Document, Operation, told_of

KEYS = ("id", "code")  # `region_id` holds the id of `region`, `currency_code` the code of `currency`


def name(document: Document, operation: Operation, parameters: Mapping[str, str]) -> None:
    """Put the path's values where an answer tells of them: the id of the entity that one names, a column such as `cart_id`."""
    for parameter, value in parameters.items():
        entity = told_of(document, operation.entities.get(parameter, ""))
        if entity is not None:
            entity["id"] = value
            continue
        for entity in document.values():
            if isinstance(entity, dict) and parameter in entity.keys() - {"id"}:
                entity[parameter] = value


def agree(entity: Document, column: str = "") -> None:
    """
    Let an entity name what it holds (`cart.region_id`), and what it holds name it (`cart.items[].cart_id`), at any depth.

    `column` is the one by which others name the entity.
    """
    for field, value in entity.items():
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, dict):
                _meet(entity, column, field, part)
                agree(part, f"{part.get('object', _singular(field))}_id")


def _meet(entity: Document, column: str, field: str, part: Document) -> None:
    """Let an entity and one of its parts name each other, where they have columns for it."""
    for key in KEYS:
        if key in part and f"{field}_{key}" in entity:
            entity[f"{field}_{key}"] = part[key]
    if column in part and "id" in entity:
        part[column] = entity["id"]


def _singular(field: str) -> str:
    return f"{field[:-3]}y" if field.endswith("ies") else field.removesuffix("s")
