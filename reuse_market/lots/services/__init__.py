"""The verbs of the room: drafting.py, lines.py, filling.py and valuing.py prepare a lot, planning.py announces
it, publishing.py shows and ends it."""

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
from reuse_market.lots.services.planning import (
    Expected,
    announce_lot,
    change_plan,
    draft_plan,
    expire_due_plans,
    remind_due,
)
from reuse_market.lots.services.publishing import (
    expire_due,
    give_back,
    publish_lot,
    settle,
    stream,
    withdraw_lot,
)
from reuse_market.lots.services.triaged import confirm_triage, decide_triage, depart_triage
from reuse_market.lots.services.triaging import (
    cancel_triage,
    describe_lines,
    sort_lines,
    split_line,
    start_triage,
)
from reuse_market.lots.services.valuing import value_lines

__all__ = [
    "cancel_triage",
    "confirm_triage",
    "decide_triage",
    "depart_triage",
    "describe_lines",
    "sort_lines",
    "split_line",
    "start_triage",
    "NOT_DRAFT",
    "Expected",
    "add_counted_line",
    "add_units",
    "announce_lot",
    "change_plan",
    "choose_outlet",
    "delete_draft",
    "draft_counted",
    "draft_from_units",
    "draft_lot",
    "draft_plan",
    "expire_due",
    "expire_due_plans",
    "give_back",
    "publish_lot",
    "remind_due",
    "remove_line",
    "set_conditions",
    "set_line",
    "set_lines",
    "settle",
    "stream",
    "value_lines",
    "withdraw_lot",
]
