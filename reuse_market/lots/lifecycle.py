"""The life of a lot, once. "Awarded" and "collected" are no states: they derive from its units' counts."""

from __future__ import annotations

from reuse_market.kernel.workflow import T, Workflow
from reuse_market.lots import policy as may
from reuse_market.lots.models import STATES, Lot

LIFE = Workflow[Lot](
    "lot",
    Lot,
    STATES,
    [
        T("publish", ["draft"], "published", may.holder_commits, "lot.published"),
        T("withdraw", ["published"], "withdrawn", may.holder_commits, "lot.withdrawn"),
        T("close", ["published"], "closed", may.system, "lot.closed"),
        T("expire", ["published"], "expired", may.system, "lot.expired"),
    ],
)
