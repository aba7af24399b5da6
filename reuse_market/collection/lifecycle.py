"""The life of a pick-up. Rows whose target is their source only say who may do it, and when."""

from __future__ import annotations

from reuse_market.collection import policy as may
from reuse_market.collection.models import STATES, Pickup
from reuse_market.kernel.workflow import T, Workflow

FLOW = Workflow[Pickup](
    "pickup",
    Pickup,
    STATES,
    [
        T("counter", ["proposed", "countered"], "countered", may.answers, "pickup.countered"),
        T("agree", ["proposed", "countered"], "agreed", may.answers, "pickup.agreed"),
        T(
            "cancel",
            ["proposed", "countered", "agreed", "failed"],
            "cancelled",
            may.engages,
            "pickup.cancelled",
        ),
        T("day_off", ["proposed", "countered", "agreed"], "cancelled", may.system, "pickup.cancelled"),
        T("fail", ["agreed"], "failed", may.party, "pickup.failed"),
        T("repropose", ["failed"], "proposed", may.engages, "pickup.reproposed"),
        T("expire", ["proposed", "countered"], "expired", may.system, "pickup.expired"),
        T("announce", ["agreed"], "agreed", may.comes, "pickup.announced"),
        T("ask_site", ["agreed"], "agreed", may.comes, "pickup.site-asked"),
        T("check_off", ["agreed"], "agreed", may.taker, "pickup.checked-off"),
        T("sign_as_driver", ["agreed"], "done", may.driver, "pickup.done"),
        T("sign_as_holder", ["done"], "done", may.signer, "pickup.countersigned"),
    ],
)
