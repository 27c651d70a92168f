"""The call about operations: what can be asked, and how."""

from starlette.responses import Response

from ..contract import Operation
from ..engine.preparing import at_leisure
from . import shapes
from .calls import Received, call, listing


@call("GET", "/operations", gives=shapes.OperationList)
async def list_operations(received: Received) -> Response:
    """List what can be asked: the operations of the contract, then paths that are scenarios' own."""
    operations = received.controlled.operations()
    return await at_leisure(lambda: listing("operations", map(_shown, operations)))


def _shown(operation: Operation) -> shapes.Operation:
    return shapes.Operation(
        operation=operation.name,
        method=operation.method,
        path=operation.path,
        examples=dict(operation.examples),
        query=dict(operation.query),
        body=operation.body,
    )
