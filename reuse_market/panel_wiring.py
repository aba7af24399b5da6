"""Which upper room shows what on whose page. The only place that knows both ends."""

from __future__ import annotations

from reuse_market.accounts import evidence, searches
from reuse_market.accounts import panels as accounts
from reuse_market.catalogue import alerts
from reuse_market.claims import panels as claims
from reuse_market.claims import standby_views as standby
from reuse_market.claims.sharing import panels as sharing
from reuse_market.collection import panels as collection
from reuse_market.collection import papers_panels as papers
from reuse_market.collection.arrivals import panels as arrivals
from reuse_market.collection.revising import panels as revising
from reuse_market.collection.shipments import choosing
from reuse_market.desk import panels as desk
from reuse_market.lots import board_digest
from reuse_market.lots import panels as lots
from reuse_market.obligations.agec import panels as agec
from reuse_market.observatory import resource
from reuse_market.proofs import panels as proofs
from reuse_market.refurbishing import panels as refurbishing
from reuse_market.refurbishing import queries as bench
from reuse_market.refurbishing.solidarity import panels as solidarity
from reuse_market.regimes import queries as regimes
from reuse_market.reservations import panels as reservations
from reuse_market.reservations import papers_panels as reservation_papers
from reuse_market.reservations.fairness import panels as fairness
from reuse_market.reservations.handover import panels as handover
from reuse_market.reservations.invoices import panel as invoicing
from reuse_market.reservations.needs import supply as needs
from reuse_market.reservations.ordering import attestations
from reuse_market.reservations.ordering import panels as ordering
from reuse_market.web.panels import register as show


def register() -> None:
    """Register every panel; safe to repeat."""
    show("problem.not-committing", "accounts", accounts.who_commits)
    evidence.know_kinds(lambda kind: {**regimes.evidence_for(kind), **attestations.evidence_for(kind)})
    choosing.know_grades(bench.graded())
    searches.know_room("lots", board_digest.ROOM)
    searches.know_room("offers", alerts.ROOM)
    show("organisation.main", "capacity", accounts.capacity, order=40)
    show("organisation.main", "agec", agec.organisation, order=45)
    show("organisation.capacity", "capacity", accounts.capacity)
    show("organisation.capacity", "agec", agec.organisation, order=60)
    show("lot.action", "claims", claims.lot_action, order=20)
    show("lot.action", "interest", claims.interest_action, order=21)
    show("lot.main", "interest", claims.lot_interest, order=21)
    show("board.announced", "interest", claims.announced_interest)
    show("lot.main", "share", sharing.lot_share, order=19)
    show("claim.main", "share", sharing.claim_share, order=10)
    show("lot.withdraw", "claims", claims.lot_withdraw, order=20)
    show("lot.main", "claims", claims.lot_claims, order=20)
    show("lots.mine", "claims", claims.to_answer)
    show("lot.main", "collection", collection.lot_pickups, order=30)
    show("claim.main", "standby", standby.panel, order=5)
    show("claim.main", "collection", collection.claim_pickups, order=20)
    show("lot.main", "erasure", lots.lot_erasure, order=40)
    show("lot.main", "documents", papers.lot_documents, order=70)
    show("claim.main", "documents", papers.claim_documents, order=70)
    show("pickup.main", "containers", revising.sealed, order=40)
    show("pickup.main", "differences", revising.differences, order=50)
    show("pickup.main", "photos", collection.pickup_photos, order=60)
    show("pickup.main", "arrival", arrivals.arrival, order=5)
    show("pickup.main", "documents", papers.pickup_documents, order=70)
    show("reservation.main", "plan", handover.plan, order=20)
    show("reservation.main", "breakdown", handover.breakdown, order=30)
    show("reservation.main", "invoice", invoicing.invoice, order=60)
    show("reservation.main", "order", ordering.order, order=60)
    show("reservation.main", "documents", reservation_papers.gift_statement, order=70)
    show("lot.main", "workshop", refurbishing.workshop_of_lot, order=60)
    show("lot.main", "solidarity", solidarity.lot_share, order=61)
    show("triage.recycle", "workshop", refurbishing.triage_recycling)
    show("lot.main", "proofs", proofs.lot_timeline, order=80)
    show("lot.main", "papers", proofs.lot_papers, order=71)
    show("pickup.main", "proofs", proofs.pickup_proof, order=80)
    show("document.main", "proofs", proofs.paper_proof)
    for place in ("lot.main", "claim.main", "pickup.main", "reservation.main"):
        show(place, "act-for", desk.act_for, order=90)
    show("catalogue.action", "fairness", fairness.fair_group, order=10)
    needs.forecast_by(resource.coming)
    show("catalogue.action", "reservations", reservations.reserve_group, order=20)
