"""What a share shows on the pages of a lot and of a claim."""

from __future__ import annotations

from reuse_market.claims.models import Claim
from reuse_market.claims.sharing import lifecycle, reading
from reuse_market.kernel.actor import Actor
from reuse_market.lots.models import Lot
from reuse_market.web.panels import Panel


def lot_share(lot: Lot, actor: Actor) -> Panel | None:
    """The way to the proposal, for the holder and those who oversee."""
    share = reading.latest(lot.id) if lot.award_mode == "at_closing" else None
    if share is None or not lifecycle.sees_all(actor, share):
        return None
    return Panel("claims/_lot_share.html", {"share": share, "lot_reference": lot.reference})


def claim_share(claim: Claim, actor: Actor) -> Panel | None:
    """What a claimant obtained and which rule decided, once the share is accepted."""
    told = reading.told_of(claim) if actor.is_org(claim.organisation_id) else None
    return None if told is None else Panel("claims/_claim_share.html", {"told": told})
