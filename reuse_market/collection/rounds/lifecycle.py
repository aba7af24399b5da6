"""The life of a round, and of a question put to the planner."""

from __future__ import annotations

from reuse_market.collection.round_models import PLAN_STATES, ROUND_STATES, Round, RoundPlan
from reuse_market.collection.rounds import policy as may
from reuse_market.kernel.workflow import T, Workflow

FLOW = Workflow[Round](
    "round",
    Round,
    ROUND_STATES,
    [
        T("change", ["draft"], "draft", may.keeps, "round.changed"),
        T("plan", ["draft"], "planned", may.engages, "round.planned"),
        T("reopen", ["planned"], "draft", may.engages, "round.reopened"),
        T("start", ["planned"], "under_way", may.drives, "round.started"),
        T("finish", ["under_way"], "done", may.system, "round.done"),
        T("cancel", ["draft", "planned", "under_way"], "cancelled", may.engages, "round.cancelled"),
    ],
)

PLANNING = Workflow[RoundPlan](
    "round_plan",
    RoundPlan,
    PLAN_STATES,
    [
        T("begin", ["asked", "running"], "running", may.system, "round.plan-begun"),
        T("answer", ["running"], "answered", may.system, "round.plan-answered"),
        T("fail", ["running"], "failed", may.system, "round.plan-failed"),
    ],
)
