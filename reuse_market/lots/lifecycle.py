"""The life of a lot, once. "Awarded" and "collected" are no states: they derive from its units' counts."""

from __future__ import annotations

from reuse_market.kernel.workflow import T, Workflow
from reuse_market.lots import policy as may
from reuse_market.lots.models import STATES, TRIAGE_STATES, Lot, Triage

LIFE = Workflow[Lot](
    "lot",
    Lot,
    STATES,
    [
        T("announce", ["draft"], "planned", may.holder_commits, "lot.announced"),
        T("publish", ["draft", "planned"], "published", may.holder_commits, "lot.published"),
        T("withdraw", ["planned", "published"], "withdrawn", may.holder_commits, "lot.withdrawn"),
        T("close", ["published"], "closed", may.system, "lot.closed"),
        T("expire", ["planned", "published"], "expired", may.system, "lot.expired"),
    ],
)

TRIAGE = Workflow[Triage](
    "triage",
    Triage,
    TRIAGE_STATES,
    [
        T("sort", ["open"], "open", may.holder, "triage.sorted"),
        T("confirm", ["open"], "confirmed", may.holder, "triage.confirmed"),
        T("cancel", ["open"], "cancelled", may.holder, "triage.cancelled"),
        T("decide", ["confirmed"], "confirmed", may.holder_commits, "unit.discarded"),
        T("depart", ["confirmed"], "confirmed", may.holder_commits, "unit.departed"),
    ],
)
