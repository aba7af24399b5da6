"""The life of a removal batch."""

from __future__ import annotations

from reuse_market.kernel.workflow import T, Workflow
from reuse_market.refurbishing import policy as may
from reuse_market.refurbishing.models import BATCH_STATES, RemovalBatch

BATCHES = Workflow[RemovalBatch](
    "batch", RemovalBatch, BATCH_STATES, [T("remove", ["open"], "removed", may.may_remove, "batch.removed")]
)
