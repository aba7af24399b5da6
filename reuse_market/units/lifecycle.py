"""The life of a unit, once (design: discarded → listed → awarded → collected → in_workshop → ready → held → provided).

Actions that give birth (import, count, extra) have no source and live in services.
"""

from __future__ import annotations

from reuse_market.kernel.workflow import T, Workflow
from reuse_market.units import policy as may
from reuse_market.units.models import STATES, Unit

LIFE = Workflow[Unit](
    "unit",
    Unit,
    STATES,
    [
        T("discard", ["in_use"], "discarded", may.owner, "unit.discarded"),
        T("annul_discard", ["discarded"], "in_use", may.owner, "unit.discard-annulled"),
        T("publish", ["discarded"], "listed", may.owner, "lot.published"),
        T("award", ["listed"], "awarded", may.owner_party_or_system, "claim.awarded"),
        T("release", ["awarded"], "listed", may.owner_party_or_system, "claim.released"),
        T("release_to_holder", ["awarded"], "discarded", may.owner_party_or_system, "claim.released"),
        T("withdraw", ["listed", "awarded"], "discarded", may.owner_or_system, "lot.withdrawn"),
        T("expire", ["listed"], "discarded", may.owner_or_system, "lot.expired"),
        T("collect", ["awarded"], "collected", may.party, "pickup.collected"),
        T("provide_as_is", ["awarded"], "provided", may.party, "unit.provided-as-is"),
        T("refuse", ["awarded"], "discarded", may.party, "pickup.refused"),
        T("miss", ["awarded"], "missing", may.party, "pickup.missing"),
        T("find_at_holder", ["missing"], "discarded", may.owner, "unit.found"),
        # By a revised handover note: what the pick-up said is superseded, custody and ownership with it.
        T("revise_taken", ["missing", "discarded"], "collected", may.revising, "pickup.revised"),
        T(
            "revise_missing",
            ["collected", "in_workshop", "discarded"],
            "missing",
            may.revising,
            "pickup.revised",
        ),
        T(
            "revise_refused",
            ["collected", "in_workshop", "missing"],
            "discarded",
            may.revising,
            "pickup.revised",
        ),
        T("receive", ["collected"], "in_workshop", may.custodian, "workshop.received"),
        # A shipment between actors: the receiver answers; what was in the shop window is judged anew there.
        T("arrive", ["ready"], "in_workshop", may.party, "shipment.received"),
        T(
            "miss_in_shipment",
            ["collected", "in_workshop", "ready"],
            "missing",
            may.party,
            "shipment.missing",
        ),
        T("lose", ["collected", "in_workshop", "ready"], "missing", may.custodian, "unit.lost"),
        T("find_at_actor", ["missing"], "in_workshop", may.custodian, "unit.found"),
        T("make_ready", ["in_workshop"], "ready", may.custodian, "unit.ready"),
        T("back_to_workshop", ["ready"], "in_workshop", may.custodian, "unit.back-to-workshop"),
        T("hold", ["ready"], "held", may.party, "reservation.placed"),
        T("release_hold", ["held"], "ready", may.custodian_party_or_system, "reservation.released"),
        T("provide", ["held"], "provided", may.custodian_or_party, "unit.provided"),
        T("take_back", ["provided"], "in_workshop", may.party, "unit.returned"),
        T("hand_back", ["in_workshop"], "provided", may.repairer, "unit.handed-back"),
        T("dismantle", ["in_workshop"], "parts", may.custodian, "unit.dismantled"),
        T(
            "declare_waste",
            ["discarded", "collected", "in_workshop"],
            "waste",
            may.custodian,
            "unit.waste-declared",
        ),
        T("remove", ["waste"], "recycled", may.custodian, "waste.removed"),
        T("merge", ["in_use"], "merged", may.owner, "unit.merged"),
    ],
)
