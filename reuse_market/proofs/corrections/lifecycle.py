"""The life of a correction: at once while nobody else has signed; else the other side answers, or time does."""

from __future__ import annotations

from reuse_market.kernel.workflow import T, Workflow
from reuse_market.proofs.correction_models import CORRECTION_STATES, Correction
from reuse_market.proofs.corrections import policy as may

FLOW = Workflow[Correction](
    "correction",
    Correction,
    CORRECTION_STATES,
    [
        T("apply", ["proposed"], "approved", may.alone, "event.corrected"),
        T("approve", ["proposed"], "approved", may.answers, "event.corrected"),
        T("decline", ["proposed"], "declined", may.answers, "correction.declined"),
        T("withdraw", ["proposed"], "withdrawn", may.author, "correction.withdrawn"),
        T("expire", ["proposed"], "expired", may.system, "correction.expired"),
    ],
)
