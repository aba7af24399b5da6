"""The life of an import: read, judged (as often as the columns change), then done or cancelled."""

from __future__ import annotations

from reuse_market.fleets import policy as may
from reuse_market.fleets.models import InventoryImport
from reuse_market.kernel.workflow import T, Workflow

IMPORTING = Workflow[InventoryImport](
    "inventory_import",
    InventoryImport,
    ("read", "judged", "done", "cancelled"),
    [
        T("judge", ["read", "judged"], "judged", may.holder, "fleet.import-judged"),
        T("apply", ["judged"], "done", may.holder, "fleet.imported"),
        T("cancel", ["read", "judged"], "cancelled", may.holder_or_system, "fleet.import-cancelled"),
    ],
)
