"""The life of a return."""

from __future__ import annotations

from reuse_market.kernel.workflow import T, Workflow
from reuse_market.reservations.models import UnitReturn
from reuse_market.reservations.return_models import RETURN_STATES
from reuse_market.reservations.returns import policy as may

RUNNING = ("asked", "accepted", "received")

FLOW = Workflow[UnitReturn](
    "return",
    UnitReturn,
    RETURN_STATES,
    [
        T("accept", ["asked"], "accepted", may.seller, "return.accepted"),
        T("refuse", ["asked"], "refused", may.seller, "return.refused"),
        T("receive", ["accepted"], "received", may.own_seller, "return.received"),
        T("settle", ["received"], "settled", may.own_seller, "return.settled"),
        T("cancel", ["asked", "accepted"], "cancelled", may.asking, "return.cancelled"),
    ],
)
