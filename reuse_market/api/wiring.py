"""Which upper room offers what on whose objects: `actions` of the API. The only place that knows both ends."""

from __future__ import annotations

from reuse_market.accounts import people_api as people
from reuse_market.accounts import searches_api as searches
from reuse_market.catalogue import api_photos as photos
from reuse_market.claims import api as claims
from reuse_market.claims import standby_api as standby
from reuse_market.collection import api as collection
from reuse_market.collection import api_papers as papers
from reuse_market.collection.revising import api as revising
from reuse_market.desk import admission_api as admission
from reuse_market.refurbishing.api import removals, solidarity
from reuse_market.reservations import api as reservations
from reuse_market.reservations.fairness import api as fairness
from reuse_market.reservations.handover import api as handover
from reuse_market.reservations.invoices import api as invoices
from reuse_market.reservations.ordering import api as ordering
from reuse_market.reservations.returns import api as returns
from reuse_market.reservations.waiting import api as waiting
from reuse_market.web.rest import offer_actions


def register() -> None:
    """Register every maker of actions; safe to repeat."""
    offer_actions("organisations", "accounts", people.organisation_actions)
    offer_actions("organisations", "desk", admission.organisation_actions)
    offer_actions("organisations", "searches", searches.organisation_actions)
    offer_actions("lots", "claims", claims.lot_actions)
    offer_actions("claims", "standby", standby.claim_actions)
    offer_actions("claims", "collection", collection.claim_actions)
    offer_actions("pickups", "revising", revising.pickup_actions)
    offer_actions("claims", "papers", papers.claim_actions)
    offer_actions("lots", "papers", papers.lot_actions)
    offer_actions("lots", "solidarity", solidarity.lot_actions)
    offer_actions("organisations", "fairness", fairness.organisation_actions)
    offer_actions("offers", "reservations", reservations.offer_actions)
    offer_actions("offers", "waiting", waiting.offer_actions)
    offer_actions("offers", "photos", photos.offer_actions)
    offer_actions("reservations", "invoices", invoices.actions_of)
    offer_actions("reservations", "ordering", ordering.reservation_actions)
    offer_actions("reservations", "handover", handover.actions_of)
    offer_actions("reservations", "returns", returns.reservation_actions)
    offer_actions("triages", "removals", removals.triage_actions)
    offer_actions("units", "reservations", reservations.unit_actions)
