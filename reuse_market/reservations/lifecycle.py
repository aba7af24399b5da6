"""The life of a reservation."""

from __future__ import annotations

from reuse_market.kernel.workflow import T, Workflow
from reuse_market.reservations import policy as may
from reuse_market.reservations.models import STATES, Reservation

HOLDING = ("placed", "confirmed", "prepared")
SIGNABLE = ("confirmed", "prepared")

BOOKING = Workflow[Reservation](
    "reservation",
    Reservation,
    STATES,
    [
        T("confirm", ["placed"], "confirmed", may.seller, "reservation.confirmed"),
        T("prepare", ["confirmed"], "prepared", may.seller, "reservation.prepared"),
        T("sign", SIGNABLE, "provided", may.beneficiary, "reservation.provided"),
        T("sign_with_code", SIGNABLE, "provided", may.seller, "reservation.provided"),
        T("release", HOLDING, "released", may.either, "reservation.released"),
        T("expire", ["placed", "confirmed"], "expired", may.clock, "reservation.expired"),
    ],
)
