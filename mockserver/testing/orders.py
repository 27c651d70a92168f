"""What a test does to an order as its merchant."""

from collections.abc import Callable, Sequence
from typing import Any

__tracebackhide__ = True
Document = dict[str, Any]


class MerchantOrder:
    """
    One order of a sandbox, as its merchant deals with it.

    Each method returns the order, or its edit, as the customer reads it then, and raises MockServerError where Medusa, or
    the order's state, does not allow it; then nothing is changed.
    """

    def __init__(self, id: str, ask: Callable[[str, Document | None], Document]) -> None:
        self.id = id
        self._ask = ask

    def capture(self) -> Document:
        """Take the money of its payments."""
        return self._done("capture", "order")

    def ship(self, items: Sequence[Document] | None = None, tracking_numbers: Sequence[str] = ()) -> Document:
        """Send it, or only some `items`: `{"item_id": "item_1", "quantity": 1}`."""
        body = {} if items is None else {"items": list(items)}
        return self._done("ship", "order", {**body, "tracking_numbers": list(tracking_numbers)})

    def cancel(self) -> Document:
        """Call it off; its goods are back in stock."""
        return self._done("cancel", "order")

    def request_edit(self, items: Sequence[Document] | None = None, **body: Any) -> Document:
        """
        Ask its customer for a yes to other lines, with a payment collection where more is due.

        `items` are all lines that it is to have, as in `POST /__mock/sandboxes/NAME/orders/ID/request-edit`; without them
        one more of the first. `id="oe_1"` and `payment_collection={"id": "paycol_1"}` say what they are called.
        """
        return self._done("request-edit", "order_edit", {**({} if items is None else {"items": list(items)}), **body})

    def _done(self, what: str, gives: str, body: Document | None = None) -> Document:
        return dict(self._ask(f"/{what}", body)[gives])
