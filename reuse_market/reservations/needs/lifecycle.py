"""The life of a need, and of a match proposed for it."""

from __future__ import annotations

from reuse_market.kernel.workflow import T, Workflow
from reuse_market.reservations.needs import policy as may
from reuse_market.reservations.needs.need_models import MATCH_STATES, NEED_STATES, Need, NeedMatch

LIVE = ("open", "matched")
ANSWERABLE = ("proposed",)
STANDING = ("proposed", "promised", "reserved")  # counted on for the need

NEED = Workflow[Need](
    "need",
    Need,
    NEED_STATES,
    [
        T("change", ["open"], "open", may.keeps, "need.changed"),
        T("attach", ["open"], "open", may.operator, "need.attached"),
        T("close", LIVE, "closed", may.keeps, "need.closed"),
        T("match", LIVE, "matched", may.system, "need.matched"),
        T("reopen", ["matched"], "open", may.system, "need.reopened"),
        T("meet", LIVE, "met", may.system, "need.met"),
    ],
)
MATCH = Workflow[NeedMatch](
    "need_match",
    NeedMatch,
    MATCH_STATES,
    [
        T("accept", ["proposed"], "reserved", may.structure, "need.match-accepted"),
        T("accept_promise", ["proposed"], "promised", may.structure, "need.match-accepted"),
        T("decline", ["proposed", "promised"], "declined", may.structure, "need.match-declined"),
        T("let_pass", ["proposed"], "declined", may.system, "need.match-declined"),
        T("withdraw", ["proposed", "promised"], "withdrawn", may.proposer, "need.match-withdrawn"),
        T("lapse", ["proposed", "promised"], "lapsed", may.system, "need.match-lapsed"),
        T("serve", ["reserved"], "served", may.system, "need.match-served"),
        T("keep", ["promised"], "kept", may.system, "need.match-kept"),
        T("end", ["reserved"], "over", may.system, "need.match-over"),
    ],
)
