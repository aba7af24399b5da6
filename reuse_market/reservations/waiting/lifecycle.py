"""The life of a place in the waiting list."""

from __future__ import annotations

from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import T, Workflow
from reuse_market.reservations.waiting import policy as may
from reuse_market.reservations.waiting.waiting_models import WAITING_STATES, WaitingEntry

OPEN = ("waiting", "offered")
UNKNOWN = N_("This place in the waiting list does not exist.")
WAITING = Workflow[WaitingEntry](
    "waiting",
    WaitingEntry,
    WAITING_STATES,
    [
        T("offer", ["waiting"], "offered", may.clock, "waiting.offered"),
        T("accept", ["offered"], "served", may.own, "waiting.served"),
        T("accept_part", ["offered"], "waiting", may.own, "waiting.served-in-part"),
        T("pass", ["offered"], "passed", may.own, "waiting.passed"),
        T("lapse", ["offered"], "lapsed", may.clock, "waiting.lapsed"),
        T("leave", ["waiting"], "left", may.own, "waiting.left"),
    ],
)
