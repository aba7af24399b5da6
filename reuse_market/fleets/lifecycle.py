"""The life of an import: read, judged (as often as the columns change), then done or cancelled.

A long one passes by `judging` and `applying`: asked for, and done by a job. And that of a renewal plan.
"""

from __future__ import annotations

from reuse_market.fleets import policy as may
from reuse_market.fleets.forecast_models import PLAN_STATES, RenewalPlan
from reuse_market.fleets.models import InventoryImport
from reuse_market.kernel.workflow import T, Workflow

IMPORTING = Workflow[InventoryImport](
    "inventory_import",
    InventoryImport,
    ("read", "judging", "judged", "applying", "done", "cancelled"),
    [
        T("judge", ["read", "judged"], "judged", may.holder, "fleet.import-judged"),
        T("ask-judging", ["read", "judged"], "judging", may.holder, "fleet.import-judging"),
        T("end-judging", ["judging"], "judged", may.holder, "fleet.import-judged"),
        T("stop-judging", ["judging"], "read", may.holder_or_system, "fleet.import-stopped"),
        T("ask-applying", ["judged"], "applying", may.holder, "fleet.import-applying"),
        T("stop-applying", ["applying"], "judged", may.holder_or_system, "fleet.import-stopped"),
        T("end-applying", ["applying"], "done", may.holder, "fleet.imported"),
        T("apply", ["judged"], "done", may.holder, "fleet.imported"),
        T(
            "cancel",
            ["read", "judging", "judged", "applying"],
            "cancelled",
            may.holder_or_system,
            "fleet.import-cancelled",
        ),
    ],
)
RENEWING = Workflow[RenewalPlan](
    "renewal_plan",
    RenewalPlan,
    PLAN_STATES,
    [
        T("change", ["announced"], "announced", may.holder, "fleet.renewal-changed"),
        T("finish", ["announced"], "done", may.holder_or_system, "fleet.renewal-done"),
        T("cancel", ["announced"], "cancelled", may.holder, "fleet.renewal-cancelled"),
    ],
)
