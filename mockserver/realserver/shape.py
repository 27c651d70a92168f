"""What an answer has to be like before anybody looks into it: a server may show anything under a key, or nothing."""

import json
from typing import Any

import jsonschema_rs

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1}  # as the database has them


class Shape:
    """A JSON Schema, and the `name` of what follows it."""

    def __init__(self, name: str, schema: Schema) -> None:
        self.name = name
        self._schema = jsonschema_rs.Draft202012Validator(schema)

    def fits(self, document: Any) -> bool:
        """Tell whether a document is of this shape; one with half a surrogate pair, which no database holds, is of none."""
        try:
            json.dumps(document, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            return False
        return self._schema.is_valid(document)


def mapping(fields: Schema) -> Schema:
    """Return the schema of a mapping that has at least these fields, by their own schemas."""
    return {"type": "object", "required": list(fields), "properties": fields}


def rows(fields: Schema) -> Schema:
    """Return the schema of a list of such mappings."""
    return {"type": "array", "items": mapping(fields)}
