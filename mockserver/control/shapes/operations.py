"""What is given about operations."""

from typing import Any

from pydantic import Field

from .base import Document, Output


class Operation(Output):
    """Something that can be asked, with examples that fit it."""

    operation: str
    method: str
    path: str
    examples: dict[str, str] = Field(description="What the parameters of the path look like.")
    query: Document = Field(description="What the query has to say.")
    body: Any = Field(description="What may be sent; null where nothing is.")


class OperationList(Output):
    """All that can be asked."""

    operations: list[Operation]
