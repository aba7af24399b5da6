"""What collection shows on pages of lower rooms: a lot's pick-ups, a claim's pick-ups and next step."""

from __future__ import annotations

from reuse_market.accounts.policy import oversees
from reuse_market.claims.models import Claim
from reuse_market.collection import photos, policy, queries, wording
from reuse_market.collection.models import Pickup
from reuse_market.collection.words import REASONS
from reuse_market.documents.views import reading_language
from reuse_market.kernel.actor import Actor
from reuse_market.lots.models import Lot
from reuse_market.web.panels import Panel


def lot_pickups(lot: Lot, actor: Actor) -> Panel | None:
    """To the holder and those who oversee: all; to a reuse actor: its own. Nothing to others."""
    if actor.person_id is None:
        return None
    all_seen = actor.is_org(lot.holder_id) or oversees(actor)
    views = [v for v in queries.of_lot(lot.id) if all_seen or actor.is_org(v.actor_id)]
    if not views:
        return None
    context = {"views": views, "wording": wording, "organisation_id": actor.organisation_id}
    return Panel("collection/_lot_pickups.html", context)


def pickup_photos(pickup: Pickup, actor: Actor) -> Panel | None:
    """The pictures taken at the door, for both sides."""
    found = photos.of_pickup(pickup, actor)
    if not found:
        return None
    context = {
        "photos": found, "reference": pickup.reference, "wording": wording, "reasons": REASONS,
        "language": reading_language(),
    }  # fmt: skip
    return Panel("collection/_photo_panel.html", context)


def claim_pickups(claim: Claim, actor: Actor) -> Panel | None:
    """The claim's pick-ups, and the button to propose one while an awarded device waits for it."""
    views = queries.of_claim(claim.id)
    party = actor.is_org(claim.holder_id) or actor.is_org(claim.organisation_id)
    waiting = sum(len(ids) for ids in queries.without_pickup(claim.reference).values()) if party else 0
    if not views and not waiting:
        return None
    context = {
        "views": views, "wording": wording, "organisation_id": actor.organisation_id, "waiting": waiting,
        "claim_reference": claim.reference,
        "may_propose": policy.engages(actor, policy.Sides(claim.holder_id, claim.organisation_id)),
    }  # fmt: skip
    return Panel("collection/_claim_pickups.html", context)
