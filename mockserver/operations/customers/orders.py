"""The orders of whoever is logged in (tests/facts/customers.md 7)."""

from collections.abc import Iterable

from ...contract import Document
from ...express.errors import unknown_error
from ...state.relations import Row
from ..context import Context
from ..orders.asked import ALWAYS, COLUMNS, DEFAULT, ITEM_TOTALS, REFUNDABLE, TOTALS, View
from ..orders.placing import ORDER
from ..orders.showing import show
from ..registry import operation
from ..shared import lists, query, shopper
from ..shared.selection import Selection, Selector, chosen_fields, listed
from .listing import PARAMETERS, found

ALL_TOTALS = (*TOTALS[:-1], "raw_discount_total", TOTALS[-1])
NAMED = (  # those that may be named among fields, in the order in which they are then shown
    "discount_total", "gift_card_total", "paid_total", "refundable_amount", "refunded_total", "shipping_total",
    "subtotal", "tax_total", "total",
)  # fmt: skip
SEARCHED = {"customer", "shipping_address"}
KNOWN = ALWAYS | DEFAULT | {"billing_address"}  # relations that orders show in a way of their own


@operation("GetCustomersCustomerOrders")
@shopper.for_customers
def list_orders(context: Context, id: str) -> Document:
    """Answer a page of the orders of whoever is logged in, those made last first; the e-mail of an order does not matter."""
    asked = query.read(context.visit.query, PARAMETERS)
    fields = None if asked["fields"] is None else chosen_fields(asked["fields"], COLUMNS)
    expand = None if asked["expand"] is None else listed(asked["expand"])
    more = _more(context, fields or (), expand or ())
    view = _view(fields, expand, is_searched=asked["q"] is not None)
    rows = found(context, id, asked)
    page = lists.page(rows, asked["offset"], asked["limit"])
    orders = [_shown(context, row, view, more) for row in page]
    return {"orders": orders, "count": len(rows), "offset": asked["offset"], "limit": asked["limit"]}


def _view(fields: list[str] | None, expand: list[str] | None, *, is_searched: bool) -> View:
    """Return what is shown of each order: what totals are worked out of always is, and all totals where none is named."""
    relations = ALWAYS | (DEFAULT if expand is None else {name for name in expand if name in KNOWN})
    if is_searched:
        relations |= SEARCHED
    wanted = {"id", "created_at", "tax_rate", *(COLUMNS if fields is None else fields)}
    columns = tuple(name for name in ORDER if name in wanted)
    named = [name for name in NAMED if fields is not None and name in fields]
    if not named and REFUNDABLE not in wanted:
        return View(columns, frozenset(relations), totals=ALL_TOTALS)
    lines = ITEM_TOTALS if {"subtotal", "total"} & set(named) else ()
    totals = [
        one for name in named for one in ((name, "gift_card_tax_total") if name == "gift_card_total" else (name,))
    ]
    return View(
        columns,
        frozenset(relations),
        totals=tuple(totals),
        item_totals=("refundable",) if REFUNDABLE in wanted else lines,
        method_totals=False,
        with_product=True,
    )


def _more(context: Context, fields: Iterable[str], expand: Iterable[str]) -> Selection:
    """Return the relations that orders show as any row does; raise VendorError for names that there are not, or that break the server."""
    selector = Selector(context.contract, "Order")
    plain = [name for name in fields if name not in NAMED and "." not in name]
    if any(name in ALL_TOTALS or name not in (*ORDER, *_relations(context)) for name in plain):
        raise unknown_error()
    selector.select((), [name for name in expand if name not in KNOWN], ())
    return selector.select((), [name for name in expand if name.partition(".")[0] not in KNOWN], ())


def _relations(context: Context) -> Iterable[str]:
    return context.tables.relations["orders"].relations


def _shown(context: Context, row: Row, view: View, more: Selection) -> Document:
    """Return an order with what more is asked for among its relations, which stand in the order of their names."""
    shown = show(context, row, view)
    others = {name: value for name, value in more.show(context.tables, row).items() if name in more.relations}
    if not others:
        return shown
    scalars = [name for name in shown if name in (*view.columns, "object")]
    relations = sorted({*others, *(name for name in shown if name not in (*scalars, *view.totals))})
    whole = {**shown, **others}
    return {name: whole[name] for name in (*scalars, *relations, *view.totals)}
