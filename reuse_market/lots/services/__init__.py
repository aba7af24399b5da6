"""The verbs of the room: drafting.py, lines.py and valuing.py prepare a lot, publishing.py shows and ends it."""

from reuse_market.lots.services.destining import choose_outlet
from reuse_market.lots.services.drafting import NOT_DRAFT, delete_draft, draft_lot, set_conditions
from reuse_market.lots.services.lines import (
    add_counted_line,
    add_units,
    draft_counted,
    draft_from_units,
    remove_line,
    set_line,
    set_lines,
)
from reuse_market.lots.services.publishing import expire_due, publish_lot, settle, stream, withdraw_lot
from reuse_market.lots.services.valuing import value_lines

__all__ = [
    "NOT_DRAFT",
    "add_counted_line",
    "add_units",
    "choose_outlet",
    "delete_draft",
    "draft_counted",
    "draft_from_units",
    "draft_lot",
    "expire_due",
    "publish_lot",
    "remove_line",
    "set_conditions",
    "set_line",
    "set_lines",
    "settle",
    "stream",
    "value_lines",
    "withdraw_lot",
]
