"""The life of a shipment: sent → answered | voided."""

from __future__ import annotations

from reuse_market.collection.shipment_models import SHIPMENT_STATES, Shipment
from reuse_market.collection.shipments import policy as may
from reuse_market.kernel.workflow import T, Workflow

FLOW = Workflow[Shipment](
    "shipment",
    Shipment,
    SHIPMENT_STATES,
    [
        # Some of its units are answered for: it stays open until the last one is.
        T("answer", ["sent"], "sent", may.answers, "shipment.answering"),
        T("close", ["sent"], "answered", may.answers, "shipment.answered"),
        T("void", ["sent"], "voided", may.sends, "shipment.voided"),
    ],
)
