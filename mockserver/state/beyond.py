"""What answers and the Admin API show beyond an entity of the contract: accepted where somebody gives back what was shown."""

from collections.abc import Iterator
from typing import Any

from .documents import Document
from .relations import Relations

Place = tuple[Any, ...]


def stored_part(relations: Relations, name: str, entity: Any) -> Any:
    """Return what the contract knows of an entity, and of those inside it: neither what is worked out, nor relations beyond it."""
    if not isinstance(entity, dict):
        return entity
    table = relations[name]
    passed_over = table.shown | table.secret | table.beyond
    found: Document = {}
    for key, value in entity.items():
        if key in passed_over:
            continue
        relation = table.relations.get(key)
        if relation is None:
            found[key] = value
        elif isinstance(value, list):
            found[key] = [stored_part(relations, relation.table, one) for one in value]
        else:
            found[key] = stored_part(relations, relation.table, value)
    return found


def beyond_contract(
    relations: Relations, name: str, entity: Document, where: Place
) -> Iterator[tuple[Place, dict[str, list[Document]]]]:
    """Yield the entities that stand in relations beyond the contract, at any depth, as state by table, each with its place."""
    for relation in relations[name].relations.values():
        value = entity.get(relation.name)
        for index, one in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(one, dict):
                place = (*where, relation.name, *((index,) if isinstance(value, list) else ()))
                if relation.name in relations[name].beyond:
                    yield place, {relation.table: [one]}
                else:
                    yield from beyond_contract(relations, relation.table, one, place)
