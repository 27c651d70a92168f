"""The call about operations: what can be asked, and how."""

from . import shapes
from .calls import Received, call


@call("GET", "/operations", gives=shapes.OperationList)
async def list_operations(received: Received) -> shapes.OperationList:
    """List what can be asked: the operations of the contract, then paths that are scenarios' own."""
    return shapes.OperationList(
        operations=[
            shapes.Operation(
                operation=one.name,
                method=one.method,
                path=one.path,
                examples=dict(one.examples),
                query=dict(one.query),
                body=one.body,
            )
            for one in received.controlled.operations()
        ]
    )
