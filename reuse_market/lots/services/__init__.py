"""The verbs of the room: drafting.py and lines.py prepare a lot, publishing.py shows it and ends it."""

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

__all__ = [
    "NOT_DRAFT",
    "add_counted_line",
    "add_units",
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
    "withdraw_lot",
]
