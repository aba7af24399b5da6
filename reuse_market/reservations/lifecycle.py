"""The life of a reservation, and that of an orientation voucher."""

from __future__ import annotations

from reuse_market.kernel.workflow import T, Workflow
from reuse_market.reservations import policy as may
from reuse_market.reservations.models import STATES, VOUCHER_STATES, OrientationVoucher, Reservation

HOLDING = ("placed", "confirmed", "prepared")
SIGNABLE = ("confirmed", "prepared")

BOOKING = Workflow[Reservation](
    "reservation",
    Reservation,
    STATES,
    [
        T("accept", ["placed"], "placed", may.offered, "reservation.accepted"),
        T("confirm", ["placed"], "confirmed", may.confirming, "reservation.confirmed"),
        T("prepare", ["confirmed"], "prepared", may.seller, "reservation.prepared"),
        T("sign", SIGNABLE, "provided", may.signing_beneficiary, "reservation.provided"),
        T("sign_with_code", SIGNABLE, "provided", may.signing_seller, "reservation.provided"),
        T("sell_on_voucher", ["placed"], "provided", may.counter, "reservation.provided"),
        T("release", HOLDING, "released", may.either, "reservation.released"),
        T("take_back", ["placed"], "released", may.taking_back, "reservation.released"),
        T("expire", HOLDING, "expired", may.clock, "reservation.expired"),
    ],
)
VOUCHER = Workflow[OrientationVoucher](
    "voucher",
    OrientationVoucher,
    VOUCHER_STATES,
    [
        T("redeem", ["issued"], "used", may.redeemer, "voucher.used"),
        T("cancel", ["issued"], "cancelled", may.prescriber, "voucher.cancelled"),
        T("expire", ["issued"], "expired", may.clock, "voucher.expired"),
    ],
)
