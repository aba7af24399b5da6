"""The life of a removal batch, and of a spare part."""

from __future__ import annotations

from reuse_market.kernel.workflow import T, Workflow
from reuse_market.refurbishing import policy as may
from reuse_market.refurbishing.models import BATCH_STATES, Part, RemovalBatch
from reuse_market.refurbishing.parts_models import PART_STATES

BATCHES = Workflow[RemovalBatch](
    "batch", RemovalBatch, BATCH_STATES, [T("remove", ["open"], "removed", may.may_remove, "batch.removed")]
)
PARTS = Workflow[Part](
    "part",
    Part,
    PART_STATES,
    [
        T("install", ["in_stock"], "installed", may.own_part, "part.installed"),
        T("remove", ["installed"], "in_stock", may.own_part, "part.removed"),
    ],
)
