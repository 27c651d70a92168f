"""Describes the control API as an OpenAPI 3.1 document, from its calls."""

from functools import lru_cache
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from . import shapes
from .calls import CALLS, Call

Document = dict[str, Any]
REFERENCE = "#/components/schemas/{model}"
EVERYWHERE = (401, 403)
EXAMPLES = {"scenario": "busy", "sandbox": "shared", "snapshot": "before", "order": "order_lamp", "number": "1"}


@lru_cache(maxsize=1)
def control_document() -> Document:
    """Return the document: an operation for each call, its shapes as schemas, every status that it may answer."""
    shaped: list[type[BaseModel]] = [shapes.Problem]
    shaped += [shape for call in CALLS for shape in (call.gives, call.body) if shape]
    _, definitions = models_json_schema(
        [(shape, "validation") for shape in dict.fromkeys(shaped)], ref_template=REFERENCE
    )
    paths: Document = {}
    for call in CALLS:
        paths.setdefault(f"/__mock{call.path}", {})[call.method.lower()] = _operation(call)
    return {
        "openapi": "3.1.0",
        "info": {"title": "mockserver's control API", "version": "1"},
        "paths": paths,
        "components": {"schemas": definitions["$defs"]},
    }


def _operation(call: Call) -> Document:
    operation: Document = {"operationId": call.name, "summary": call.summary, "responses": _responses(call)}
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}, "example": EXAMPLES[name]}
        for name in call.pattern.groupindex
    ]
    if call.query:
        for name, schema in call.query.model_json_schema()["properties"].items():
            parameters.append({"name": name, "in": "query", "required": False, "schema": _plain(schema)})
    if parameters:
        operation["parameters"] = parameters
    if call.body:
        content = {"application/json": {"schema": _reference(call.body)}}
        operation["requestBody"] = {"required": not call.is_optional, "content": content}
    if call.text:
        content = {media_type: {"schema": {"type": "object"}} for media_type in call.text}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _responses(call: Call) -> Document:
    success: Document = {"description": HTTPStatus.OK.phrase}
    if call.gives:
        success["content"] = {"application/json": {"schema": _reference(call.gives)}}
    elif call.stream:
        success["content"] = {call.stream: {"schema": {}}}
    statuses = [200, 201] if call.created else [200] if call.gives or call.stream else [204]
    responses = {str(status): {**success, "description": HTTPStatus(status).phrase} for status in statuses}
    takes = (400, 413, 415) if call.body or call.text else ()
    for status in sorted({*EVERYWHERE, *call.refuses, *takes}):
        responses[str(status)] = {
            "description": HTTPStatus(status).phrase,
            "content": {"application/json": {"schema": _reference(shapes.Problem)}},
        }
    return responses


def _reference(shape: type[BaseModel]) -> Document:
    return {"$ref": REFERENCE.format(model=shape.__name__)}


def _plain(schema: Document) -> Document:
    """Return the schema of a query parameter, which is left out rather than null."""
    choices = [choice for choice in schema.get("anyOf", ()) if choice != {"type": "null"}]
    return choices[0] if choices else {key: value for key, value in schema.items() if key != "default"}
