"""Which upper room shows what on whose page. The only place that knows both ends."""

from __future__ import annotations

from reuse_market.claims import panels as claims
from reuse_market.collection import panels as collection
from reuse_market.proofs import panels as proofs
from reuse_market.refurbishing import panels as refurbishing
from reuse_market.reservations import panels as reservations
from reuse_market.web.panels import register as show


def register() -> None:
    """Register every panel; safe to repeat."""
    show("lot.action", "claims", claims.lot_action, order=20)
    show("lot.withdraw", "claims", claims.lot_withdraw, order=20)
    show("lot.main", "claims", claims.lot_claims, order=20)
    show("lot.main", "collection", collection.lot_pickups, order=30)
    show("claim.main", "collection", collection.claim_pickups, order=20)
    show("lot.main", "workshop", refurbishing.workshop_of_lot, order=60)
    show("lot.main", "proofs", proofs.lot_timeline, order=80)
    show("catalogue.action", "reservations", reservations.reserve_group, order=20)
