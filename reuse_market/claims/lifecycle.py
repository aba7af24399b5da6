"""The life of a claim. On a first-come lot it is born awarded: nobody has to answer."""

from __future__ import annotations

from reuse_market.claims import policy as may
from reuse_market.claims.models import STATES, Claim
from reuse_market.kernel.workflow import T, Workflow

FLOW = Workflow[Claim](
    "claim",
    Claim,
    STATES,
    [
        T("award", ["submitted"], "awarded", may.holder, "claim.awarded"),
        T("decline", ["submitted"], "declined", may.holder, "claim.declined"),
        T("retract", ["submitted"], "released", may.claimant, "claim.retracted"),
        T("release", ["awarded"], "released", may.either, "claim.released"),
        T("expire", ["submitted"], "expired", may.system, "claim.expired"),
    ],
)
