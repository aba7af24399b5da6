"""The life of a claim (on a first-come lot it is born awarded: nobody has to answer), and of an interest."""

from __future__ import annotations

from reuse_market.claims import policy as may
from reuse_market.claims.models import INTEREST_STATES, STATES, Claim, Interest
from reuse_market.kernel.workflow import T, Workflow

FLOW = Workflow[Claim](
    "claim",
    Claim,
    STATES,
    [
        T("award", ["submitted"], "awarded", may.holder, "claim.awarded"),
        T("decline", ["submitted"], "declined", may.holder, "claim.declined"),
        T("share", ["submitted"], "awarded", may.system, "claim.awarded"),  # by the proposal once accepted
        T("pass_over", ["submitted"], "declined", may.system, "claim.declined"),
        T("retract", ["submitted"], "released", may.claimant, "claim.retracted"),
        T("release", ["awarded"], "released", may.either, "claim.released"),
        T("expire", ["submitted"], "expired", may.system, "claim.expired"),
    ],
)

INTEREST = Workflow[Interest](
    "interest",
    Interest,
    INTEREST_STATES,
    [
        T("change", ["open"], "open", may.interested, "interest.changed"),
        T("withdraw", ["open"], "withdrawn", may.interested, "interest.withdrawn"),
        T("publish", ["open"], "published", may.system, "interest.published"),
        T("end", ["open"], "over", may.system, "interest.ended"),
    ],
)
